"""A picture with the places on it marked: outlines with numbers that lead to what they are."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from suyuan.web.drawing.svg import element, linked, short

type Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One outline; `tone` is good, bad, warn, info, special or quiet."""

    number: int
    corners: Sequence[Corner]
    tone: str
    label: str
    href: str = ""


def marked(
    jpeg: bytes, size: tuple[int, int], marks: Sequence[Mark], *, title: str, name: str
) -> SafeString:
    """Draw a picture within the page itself, so that it need not be kept anywhere.

    Args:
        jpeg: the picture; it is stretched to `size`.
        size: width and height to which the corners refer.
        marks: what to outline.
        title: what a screen reader says of the whole.
        name: unlike that of any other picture on the page.
    """
    width, height = size
    source = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    parts: list[object] = [
        element("title", {"id": f"{name}-title"}, [title]),
        element("image", {"href": source, "width": width, "height": height}),
    ]
    parts += (_mark(mark, max(width, height)) for mark in marks)
    attributes = {
        "class": "sy-marked",
        "viewBox": f"0 0 {width} {height}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)


def _mark(mark: Mark, side: int) -> SafeString:
    xs, ys = [x for x, _ in mark.corners], [y for _, y in mark.corners]
    # Large enough to read and to hit, small enough to leave the code to be seen.
    radius = min(side / 45, max(max(xs) - min(xs), max(ys) - min(ys)) / 3)
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    tone = f"mark-{mark.tone}" if mark.tone.isalnum() else ""
    outline = " ".join(f"{short(x)},{short(y)}" for x, y in mark.corners)
    text = {
        "x": short(middle[0]),
        "y": short(middle[1]),
        "font-size": short(radius * 1.1),
        "class": "number",
    }
    parts = [
        element("title", {}, [mark.label]),
        element("polygon", {"points": outline, "class": f"outline {tone}"}),
        element(
            "circle",
            {
                "cx": short(middle[0]),
                "cy": short(middle[1]),
                "r": short(radius),
                "class": f"dot {tone}",
            },
        ),
        element("text", text, [str(mark.number)]),
    ]
    return linked(mark.href, mark.label, parts)
