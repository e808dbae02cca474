"""Small charts: horizontal bars and a sparkline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from suyuan.web.drawing.svg import clipped, element, linked, short, text_width

_ROW, _BAR = 42, 9


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: `shown` is written after the bar instead of the plain value."""

    label: str
    value: float
    shown: str = ""
    tone: str = ""  # good, bad, warn, info, special, quiet
    href: str = ""


def bars(rows: Sequence[Bar], *, title: str, width: int = 320, name: str = "bars") -> SafeString:
    """Draw one bar a row, to the scale of the largest; `title` says what is counted."""
    height = _ROW * len(rows) + 2
    most = max((row.value for row in rows), default=0) or 1
    parts: list[object] = [element("title", {"id": f"{name}-title"}, [title])]
    for index, row in enumerate(rows):
        length = max(2.0, width * row.value / most) if row.value > 0 else 0.0
        parts.append(_bar(row, float(index * _ROW), width, length))
    attributes = {
        "class": "sy-bars",
        "viewBox": f"0 0 {width} {height}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)


def _bar(row: Bar, top: float, width: int, length: float) -> SafeString:
    written = row.shown or f"{row.value:,g}"
    room = width - text_width(written, 12.5) - 14
    bar = {"x": 0, "y": top + 21, "height": _BAR, "rx": 3}
    tone = f" bar-{row.tone}" if row.tone.isalnum() else ""
    value = {"class": "value", "x": width, "y": top + 15, "text-anchor": "end"}
    parts = [
        element("title", {}, [f"{row.label}: {written}"]),
        element("text", {"x": 0, "y": top + 15}, [clipped(row.label, 12.5, room)]),
        element("text", value, [written]),
        element("rect", {"class": "track", **bar, "width": width}),
        element("rect", {"class": f"bar{tone}", **bar, "width": length}),
    ]
    # The title names the link: a label that differs from the text shown would hide it from speech.
    return linked(row.href, "", parts)


def sparkline(values: Sequence[float], *, title: str, width: int = 160) -> SafeString:
    """Draw a course of values, the oldest first; `title` says what, and from when to when."""
    height = 30
    if len(values) < 2:
        values = [*values, *values] or [0, 0]
    most = max(values) or 1
    step = width / (len(values) - 1)
    points = [
        f"{short(index * step)},{short(height - 3 - (height - 6) * value / most)}"
        for index, value in enumerate(values)
    ]
    area = f"0,{height} {' '.join(points)} {width},{height}"
    attributes = {
        "class": "sy-spark",
        "viewBox": f"0 0 {width} {height}",
        "preserveAspectRatio": "none",
        "role": "img",
        "aria-label": title,
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element(
        "svg",
        attributes,
        [
            element("polygon", {"class": "area", "points": area}),
            element("polyline", {"class": "line", "points": " ".join(points)}),
        ],
    )
