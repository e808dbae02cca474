"""How long things take: spans on a common scale of time, a distribution, a course by weeks.

Owns: the drawings and the scale. Texts come with the data, but for the marks of the scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from suyuan.web.drawing.svg import clipped, element, linked, short, text_width

_SIZE: Final = 12.5
_ROW: Final = 46
_HEAD: Final = 24
_SCALE: Final = (
    (1.0, _("1 s")),
    (60.0, _("1 min")),
    (3_600.0, _("1 h")),
    (86_400.0, _("1 d")),
    (604_800.0, _("1 w")),
    (2_592_000.0, _("30 d")),
    (31_536_000.0, _("1 y")),
)


@dataclass(frozen=True, slots=True)
class Span:
    """One row: from the shortest tenth to the longest, in seconds."""

    label: str
    p10: float
    p50: float
    p90: float
    p99: float
    shown: str = ""  # written at the row's end
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a distribution; `edge` is written under its left side."""

    edge: str
    value: int
    shown: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One week in a course."""

    label: str
    value: float
    shown: str


class _LogScale:
    """From seconds to pixels, each factor of ten as wide as the next."""

    def __init__(self, least: float, most: float, width: int) -> None:
        low = max((s for s, _text in _SCALE if s <= max(least, 1.0)), default=1.0)
        high = min((s for s, _text in _SCALE if s >= most), default=most)
        self.low, self.high = low, max(high, low * 10)
        self._width = width

    def at(self, seconds: float) -> float:
        inside = min(max(seconds, self.low), self.high)
        return self._width * math.log(inside / self.low) / math.log(self.high / self.low)

    def marks(self) -> list[tuple[float, object]]:
        return [(self.at(s), text) for s, text in _SCALE if self.low <= s <= self.high]


def spans(rows: Sequence[Span], *, title: str, width: int = 720, name: str = "spans") -> SafeString:
    """Draw each row as a line from p10 to p99, thick up to p90, with a mark at the median."""
    scale = _LogScale(
        min((row.p10 for row in rows), default=1.0), max((row.p99 for row in rows), default=1.0),
        width - 24,
    )  # fmt: skip
    height = _HEAD + _ROW * len(rows) + 4
    parts: list[object] = [element("title", {"id": f"{name}-title"}, [title])]
    for x, text in scale.marks():
        parts.append(_mark(x + 12, str(text), width, height))
    parts += [_span(row, _HEAD + at * _ROW, scale, width) for at, row in enumerate(rows)]
    attributes = {
        "class": "sy-spans",
        "viewBox": f"0 0 {width} {height}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)


def _mark(x: float, text: str, width: int, height: int) -> SafeString:
    half = text_width(text, 11) / 2
    anchor = "start" if x < half else "end" if x > width - half else "middle"
    label = {"class": "scale", "x": x, "y": 12, "text-anchor": anchor}
    line = {"class": "grid", "x1": x, "x2": x, "y1": 18, "y2": height}
    return element("g", {}, [element("line", line), element("text", label, [text])])


def _span(row: Span, top: int, scale: _LogScale, width: int) -> SafeString:
    y = float(top + 30)
    left, middle, right, end = (12 + scale.at(v) for v in (row.p10, row.p50, row.p90, row.p99))
    room = width - text_width(row.shown, _SIZE) - 40
    tone = f" span-{row.tone}" if row.tone.isalnum() else ""
    box = {"x": left, "y": y - 6, "width": max(3.0, right - left), "height": 12, "rx": 3}
    value = {"class": "value", "x": width - 12, "y": top + 16, "text-anchor": "end"}
    said = f"{row.label}: {row.shown}"
    # The title names the link: what it says begins with what is shown.
    return linked(
        row.href,
        "",
        [
            element("title", {}, [said]),
            element("text", {"x": 12, "y": top + 16}, [clipped(row.label, _SIZE, room)]),
            element("text", value, [row.shown]),
            element("line", {"class": "tail", "x1": right, "x2": end, "y1": y, "y2": y}),
            element("line", {"class": "tail", "x1": end, "x2": end, "y1": y - 5, "y2": y + 5}),
            element("rect", {"class": f"box{tone}", **box}),
            element("rect", {"class": "median", "x": middle - 1.5, "y": y - 9, "width": 3,
                             "height": 18, "rx": 1.5}),
        ],
    )  # fmt: skip


def histogram(
    columns: Sequence[Column], *, title: str, width: int = 720, name: str = "histogram"
) -> SafeString:
    """Draw a distribution: a bar for each bin, its number above, where it begins below."""
    tall, foot = 150, 22
    most = max((column.value for column in columns), default=0) or 1
    step = width / max(1, len(columns))
    parts: list[object] = [element("title", {"id": f"{name}-title"}, [title])]
    for at, column in enumerate(columns):
        long = max(2.0, (tall - 22) * column.value / most) if column.value else 0.0
        x = at * step
        bar = {"class": "bar", "x": x + 2, "y": tall - long, "width": step - 4, "height": long,
               "rx": 2}  # fmt: skip
        value = {"class": "value", "x": x + step / 2, "y": tall - long - 5, "text-anchor": "middle"}
        room = step - 2
        written = column.shown if text_width(column.shown, 11) <= room else ""
        said = f"{column.edge}: {column.shown}"
        drawn = [
            element("title", {}, [said]),
            # The whole height takes a click, however short the bar.
            element("rect", {"class": "reach", "x": x, "y": 0, "width": step, "height": tall}),
            element("rect", bar),
            element("text", value, [written]) if column.value else "",
            element("text", {"class": "scale", "x": x + 2, "y": tall + 15},
                    [column.edge if text_width(column.edge, 11) <= room else ""]),
        ]  # fmt: skip
        parts.append(linked(column.href if column.value else "", "", drawn))
    parts.append(element("line", {"class": "axis", "x1": 0, "x2": width, "y1": tall, "y2": tall}))
    attributes = {
        "class": "sy-histogram",
        "viewBox": f"0 0 {width} {tall + foot}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)


def course(
    points: Sequence[Point], *, title: str, width: int = 720, name: str = "course"
) -> SafeString:
    """Draw values by week, the earliest first, as dots on a line; each says its week and value."""
    tall, foot, side = 130, 22, 30
    most = max((point.value for point in points), default=0) or 1
    step = (width - 2 * side) / max(1, len(points) - 1)
    spots = [
        (side + at * step if len(points) > 1 else width / 2, 112 - 88 * point.value / most)
        for at, point in enumerate(points)
    ]
    parts: list[object] = [element("title", {"id": f"{name}-title"}, [title])]
    parts.append(element("line", {"class": "axis", "x1": 0, "x2": width, "y1": tall, "y2": tall}))
    line = " ".join(f"{short(x)},{short(y)}" for x, y in spots)
    parts.append(element("polyline", {"class": "line", "points": line}))
    every = max(1, -(-len(points) // 10))  # labels that would run into each other are left out
    for at, (point, (x, y)) in enumerate(zip(points, spots, strict=True)):
        drawn: list[object] = [
            element("title", {}, [f"{point.label}: {point.shown}"]),
            element("circle", {"class": "dot", "cx": x, "cy": y, "r": 4}),
        ]
        if at % every == 0:
            below = {"class": "scale", "x": x, "y": tall + 15, "text-anchor": "middle"}
            above = {"class": "value", "x": x, "y": y - 9, "text-anchor": "middle"}
            drawn.append(element("text", below, [point.label]))
            drawn.append(element("text", above, [point.shown]))
        parts.append(element("g", {}, drawn))
    attributes = {
        "class": "sy-course",
        "viewBox": f"0 0 {width} {tall + foot}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)
