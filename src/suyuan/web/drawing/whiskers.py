"""Rates as bars, with whiskers for how sure they are and a mark to compare with.

Owns: the drawing. Beside each bar stands its text, so that nothing is told by the drawing alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from suyuan.web.drawing.svg import clipped, element, linked, text_width

_ROW, _BAR, _TOP = 46, 10, 22
_SIZE = 12.5
_BEYOND = 2.2  # a whisker longer than so many times the longest bar is cut, with an arrow


@dataclass(frozen=True, slots=True)
class Whisker:
    """One row.

    Attributes:
        label: what it is of.
        value: the rate; its bar.
        low: lower end of the interval. high: upper end, maybe infinite.
        shown: written beside the label, with the interval and the sample size.
        tone: good, bad, warn, info, special, quiet or "".
        href: where a click leads.
    """

    label: str
    value: float
    low: float
    high: float
    shown: str
    tone: str = ""
    href: str = ""


def whiskers(
    rows: Sequence[Whisker],
    *,
    title: str,
    mark: float | None = None,
    width: int = 360,
    name: str = "whiskers",
) -> SafeString:
    """Draw one bar a row with its interval; `mark` is drawn through all of them."""
    height = _ROW * len(rows) + 4
    scale = _Scale(rows, mark, width)
    parts: list[object] = [element("title", {"id": f"{name}-title"}, [title])]
    parts += [_row(row, float(index * _ROW), scale) for index, row in enumerate(rows)]
    if mark is not None:
        parts += [_mark(scale.at(mark), float(index * _ROW)) for index in range(len(rows))]
    attributes = {
        "class": "sy-bars sy-whiskers",
        "viewBox": f"0 0 {width} {height}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    return element("svg", attributes, parts)


class _Scale:
    """From a rate to a pixel; what lies beyond the edge is cut there."""

    def __init__(self, rows: Sequence[Whisker], mark: float | None, width: int) -> None:
        longest = max([row.value for row in rows] + [mark or 0.0]) or _widest(rows) or 1.0
        reach = max((row.high for row in rows if math.isfinite(row.high)), default=longest)
        self.most = max(longest * 1.05, min(reach, longest * _BEYOND))
        self.width = width

    def at(self, value: float) -> float:
        """Return the pixel of a rate."""
        return self.width * min(value, self.most) / self.most

    def cuts(self, value: float) -> bool:
        """Tell whether a rate lies beyond the edge."""
        return value > self.most * 1.001


def _widest(rows: Sequence[Whisker]) -> float:
    """Return the largest end of an interval: what to scale by where every rate is nought."""
    return max((row.high for row in rows if math.isfinite(row.high)), default=0.0)


def _row(row: Whisker, top: float, scale: _Scale) -> SafeString:
    room = scale.width - text_width(row.shown, _SIZE) - 14
    bar = {"x": 0, "y": top + _TOP, "height": _BAR, "rx": 3}
    tone = f" bar-{row.tone}" if row.tone.isalnum() else ""
    value = {"class": "value", "x": scale.width, "y": top + 15, "text-anchor": "end"}
    label = clipped(row.label, _SIZE, room)
    whole = [] if label == row.label else [element("title", {}, [f"{row.label} {row.shown}"])]
    # The whole row is what a finger meets, not its ink.
    hit = {"x": 0, "y": top, "width": scale.width, "height": _ROW}
    parts = [
        *whole,
        element("rect", {**hit, "fill": "none", "pointer-events": "all"}),
        element("text", {"x": 0, "y": top + 15}, [f"{label} "]),
        element("text", value, [row.shown]),
        element("rect", {"class": "track", **bar, "width": scale.width}),
        element("rect", {"class": f"bar{tone}", **bar, "width": scale.at(row.value)}),
        *_interval(row, top + _TOP + _BAR / 2, scale),
    ]
    return linked(row.href, "", parts)  # its words are its name


def _interval(row: Whisker, middle: float, scale: _Scale) -> list[SafeString]:
    low, high = scale.at(row.low), scale.at(row.high)
    line = {"class": "whisker", "fill": "none"}
    parts = [
        element("path", {**line, "d": f"M{low:.1f} {middle:.1f}H{high:.1f}"}),
        element("path", {**line, "d": f"M{low:.1f} {middle - 5:.1f}v10"}),
    ]
    if scale.cuts(row.high):
        tip = f"M{high - 6:.1f} {middle - 5:.1f}L{high - 1:.1f} {middle:.1f}l-5 5"
        parts.append(element("path", {**line, "d": tip}))
    else:
        parts.append(element("path", {**line, "d": f"M{high:.1f} {middle - 5:.1f}v10"}))
    return parts


def _mark(x: float, top: float) -> SafeString:
    line = f"M{x:.1f} {top + _TOP - 4:.1f}v{_BAR + 8}"
    return element("path", {"class": "mark", "d": line, "pointer-events": "none"})
