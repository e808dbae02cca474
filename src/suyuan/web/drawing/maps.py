"""A map without borders: a graticule, places by their coordinates, and the ways between them.

A published map of China needs an approval number, so no outline of any land is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, override

from suyuan.web.drawing import labels
from suyuan.web.drawing.projection import Frame, Pixels, fit, graticule
from suyuan.web.drawing.svg import element, linked, short, text_width

_NAME_SIZE, _NOTE_SIZE, _LINE = 13.0, 11.0, 15.0
_STOP_RADIUS = 11.0
_BEND = 0.14
_LEAST_BUBBLE, _MOST_BUBBLE = 9.0, 30.0
_MANY = 40  # beyond so many places, a label that finds no room is left out


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map.

    Attributes:
        lat: Degrees north. lon: Degrees east.
        label: The place's name. note: A second, smaller line, such as a time.
        kind: A word for the colour: a whereabouts (`in_house`, `in_transit`, `sold`, …) or a tone.
        count: How many units are here; sizes a circle when the point has no `order`.
        order: The stop's number in a journey, from 1; 0 for a circle.
        href: Where a click leads.
    """

    lat: float
    lon: float
    label: str
    kind: str = ""
    count: int = 0
    order: int = 0
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """All points of one place, drawn as one mark."""

    points: Sequence[Point]
    radius: float
    origin: Pixels  # where the place is
    at: Pixels  # where the mark is drawn

    @property
    def is_stop(self) -> bool:
        return bool(self.points[0].order)

    @property
    def title(self) -> str:
        lines = []
        for point in self.points:
            number = f"{point.order} " if point.order else ""
            count = f" {point.count:,}" if point.count else ""
            lines.append(f"{number}{point.label}{count} {point.note}".strip())
        return ", ".join(lines)


def graticule_map(
    points: Sequence[Point],
    routes: Sequence[Sequence[int]] = (),
    *,
    width: int = 880,
    height: int = 480,
    language: str = "zh-hans",
    name: str = "map",
) -> SafeString:
    """Draw places, and routes as lists of indexes into `points`, fitted to them.

    Places at one position share a mark. `name` keeps the ids of two maps on a page apart. Without
    points the picture is empty: show an empty state instead.
    """
    with override(language):
        title, description = _title(points), _description(points)
    if not points:
        return _picture(width, height, name, title, description, [])
    frame = fit(
        [(point.lat, point.lon) for point in points],
        width=width,
        height=height,
        margin=_margin(points, width, height),
    )
    marks = _marks(points, frame)
    places = {id(point): mark.at for mark in marks for point in mark.points}
    arcs = list(_arcs(points, routes, places))
    parts = [
        *_grid(frame),
        *_leaders(marks),
        *(part for arc in arcs for part in _drawn(arc)),
        *_labelled(marks, arcs, frame),
    ]
    return _picture(width, height, name, title, description, parts)


def _margin(points: Sequence[Point], width: int, height: int) -> tuple[int, int]:
    """Leave room for the longest label beside the outermost mark."""
    longest = max(text_width(point.label, _NAME_SIZE) for point in points)
    return int(min(max(longest + 36, 64), width / 4)), min(64, height // 6)


def _picture(  # the frame of every drawing is its name for a screen reader too
    width: int, height: int, name: str, title: str, description: str, parts: Sequence[object]
) -> SafeString:
    attributes = {
        "class": "sy-map",
        "viewBox": f"0 0 {width} {height}",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-desc",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    titles = (
        element("title", {"id": f"{name}-title"}, [title]),
        element("desc", {"id": f"{name}-desc"}, [description or title]),
    )
    return element("svg", attributes, [*titles, *parts])


def _title(points: Sequence[Point]) -> str:
    if any(point.order for point in points):
        return gettext("Map of the journey")
    return gettext("Map of the places")


def _description(points: Sequence[Point]) -> str:
    stops = sorted((point for point in points if point.order), key=lambda point: point.order)
    if stops:
        return " → ".join(point.label for point in stops)
    parts = []
    for point in sorted(points, key=lambda point: -point.count):
        units = ngettext("%(count)s unit", "%(count)s units", point.count)
        parts.append(f"{point.label}: {units % {'count': f'{point.count:,}'}}")
    return "; ".join(parts)


def _marks(points: Sequence[Point], frame: Frame) -> list[_Mark]:
    groups: dict[tuple[float, float, bool, str], list[Point]] = {}
    for point in points:
        kind = "" if point.order else point.kind
        key = (round(point.lat, 3), round(point.lon, 3), bool(point.order), kind)
        groups.setdefault(key, []).append(point)
    most = max((sum(p.count for p in group) for group in groups.values()), default=0)
    members = list(groups.values())
    radii = [_radius(group, most) for group in members]
    origins = [frame.pixels(group[0].lat, group[0].lon) for group in members]
    places = labels.spread(origins, radii)
    return [
        _Mark(group, radius, origin, place)
        for group, radius, origin, place in zip(members, radii, origins, places, strict=True)
    ]


def _radius(group: Sequence[Point], most: int) -> float:
    if group[0].order:
        return max(_STOP_RADIUS, text_width(_numbers(group), 11.5) / 2 + 5)
    share = sum(point.count for point in group) / most if most else 0.0
    return _LEAST_BUBBLE + (_MOST_BUBBLE - _LEAST_BUBBLE) * math.sqrt(share)


def _numbers(group: Sequence[Point]) -> str:
    orders = sorted(point.order for point in group)
    if len(orders) > 2:
        unbroken = orders[-1] - orders[0] < len(orders)
        return f"{orders[0]}–{orders[-1]}" if unbroken else f"{orders[0]}…"
    return ",".join(str(order) for order in orders)


def _grid(frame: Frame) -> Iterator[SafeString]:
    for line in graticule(frame):
        path = " ".join(f"{short(x)},{short(y)}" for x, y in line.points)
        yield element("polyline", {"class": "grid", "points": path})
        x, y = line.mark
        if line.is_parallel and 12 <= y <= frame.height - 22:
            yield element("text", {"class": "grid-text", "x": 6, "y": y - 4}, [line.label])
        elif not line.is_parallel and 20 <= x <= frame.width - 40:
            label = {"class": "grid-text", "x": x + 4, "y": frame.height - 7}
            yield element("text", label, [line.label])


def _leaders(marks: Sequence[_Mark]) -> Iterator[SafeString]:
    for mark in marks:
        if math.dist(mark.origin, mark.at) > 4:
            yield _line(mark.origin, mark.at)
            x, y = mark.origin
            yield element("circle", {"class": "leader", "cx": x, "cy": y, "r": 2})


def _line(start: Pixels, end: Pixels) -> SafeString:
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    return element("line", {"class": "leader", **ends})


@dataclass(frozen=True, slots=True)
class _Arc:
    """The way between two stops: bent a little to its left, so that there and back stay apart."""

    start: Pixels
    end: Pixels

    @property
    def control(self) -> Pixels:
        (x0, y0), (x1, y1) = self.start, self.end
        return (x0 + x1) / 2 + (y1 - y0) * _BEND, (y0 + y1) / 2 - (x1 - x0) * _BEND

    def at(self, t: float) -> Pixels:
        """Return the point at `t` in 0…1 of the quadratic curve."""
        (x0, y0), (cx, cy), (x1, y1) = self.start, self.control, self.end
        u = 1 - t
        x = u * u * x0 + 2 * u * t * cx + t * t * x1
        return x, u * u * y0 + 2 * u * t * cy + t * t * y1


def _arcs(
    points: Sequence[Point], routes: Sequence[Sequence[int]], places: dict[int, Pixels]
) -> Iterator[_Arc]:
    for route in routes:
        stops = [places[id(points[index])] for index in route]
        for start, end in pairwise(stops):
            if math.dist(start, end) > _STOP_RADIUS:
                yield _Arc(start, end)


def _drawn(arc: _Arc) -> Iterator[SafeString]:
    (x0, y0), (cx, cy), (x1, y1) = arc.start, arc.control, arc.end
    path = f"M{short(x0)} {short(y0)}Q{short(cx)} {short(cy)} {short(x1)} {short(y1)}"
    yield element("path", {"class": "route-halo", "d": path})
    yield element("path", {"class": "route", "d": path})
    if math.dist(arc.start, arc.end) < 4 * _STOP_RADIUS:
        return
    x, y = arc.at(0.5)
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
    turn = f"translate({short(x)} {short(y)}) rotate({short(angle)})"
    yield element("path", {"class": "arrow", "d": "M-5 -5.500L7 0L-5 5.500Z", "transform": turn})


def _labelled(marks: Sequence[_Mark], arcs: Sequence[_Arc], frame: Frame) -> list[SafeString]:
    """Draw the marks with their labels, the largest first, so that they choose first."""
    # The foot of the picture belongs to the degrees.
    picture = (float(frame.width), float(frame.height) - 20)
    taken = [labels.around(mark.at, mark.radius + 2) for mark in marks]
    taken += [labels.around(arc.at(step / 24), 4) for arc in arcs for step in range(1, 24)]
    drawn: list[SafeString] = []
    for mark in sorted(marks, key=lambda mark: -mark.radius):
        lines = _lines(mark)
        size = (
            max(text_width(text, text_size) for text, text_size in lines) + 6,
            _LINE * len(lines) + 1,
        )
        placed, covered = labels.place(mark.at, mark.radius, size, taken=taken, picture=picture)
        parts = _mark(mark)
        written = [_inside(mark)]
        if not (covered and len(marks) > _MANY):
            taken.append(placed.box)
            if placed.tied:
                taken += _along(mark.at, placed.box)
                # Beneath the mark, which covers the line's end.
                parts.insert(1, _line(mark.at, _nearest(mark.at, placed.box)))
            parts += _label(mark, lines, placed)
            written += [text for text, _size in lines]
        # A space between the texts, or they are read as one word.
        spaced = [piece for part in parts for piece in (part, " ")]
        drawn.append(linked(mark.points[0].href, _spoken(mark, written), spaced))
    return drawn


def _spoken(mark: _Mark, written: Sequence[str]) -> str:
    """Return a mark's name for a screen reader, which begins with what is written at it."""
    text = " ".join(filter(None, written))
    return text if text == mark.title else f"{text}: {mark.title}"


def _along(mark: Pixels, box: labels.Box) -> list[labels.Box]:
    """Return small boxes along the line that ties a label to its mark."""
    end = _nearest(mark, box)
    return [
        labels.around(
            (mark[0] + (end[0] - mark[0]) * step / 8, mark[1] + (end[1] - mark[1]) * step / 8), 2
        )
        for step in range(1, 8)
    ]


def _nearest(mark: Pixels, box: labels.Box) -> Pixels:
    x, y = mark
    return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)


def _lines(mark: _Mark) -> list[tuple[str, float]]:
    first = mark.points[0]
    notes = [point.note for point in mark.points if point.note]
    lines = [(first.label, _NAME_SIZE)]
    lines += [(note, _NOTE_SIZE) for note in notes[:2]]
    if len(notes) > 2:
        lines.append((f"+{len(notes) - 2}", _NOTE_SIZE))
    return lines


def _inside(mark: _Mark) -> str:
    """Return what stands in the mark: a stop's number, or a count where it has room."""
    if mark.is_stop:
        return _numbers(mark.points)
    count = sum(point.count for point in mark.points)
    text = f"{count:,}" if count else ""
    return text if text_width(text, 11.5) <= 2 * mark.radius - 8 else ""


def _mark(mark: _Mark) -> list[SafeString]:
    x, y = mark.at
    first = mark.points[0]
    kind = f" sy-kind-{first.kind}" if first.kind.replace("_", "").isalnum() else ""
    css = "stop" if mark.is_stop else "bubble"
    circle = {"class": css + kind, "cx": x, "cy": y, "r": mark.radius}
    parts = [element("title", {}, [mark.title]), element("circle", circle)]
    if inside := _inside(mark):
        number = {"class": "stop-number", "x": x, "y": y + 4}
        parts.append(element("text", number, [inside]))
    return parts


def _label(
    mark: _Mark, lines: Sequence[tuple[str, float]], placed: labels.Placed
) -> list[SafeString]:
    box = placed.box
    middle = (box.left + box.right) / 2
    x = mark.at[0]
    anchor, at = "middle", middle
    if box.left >= x:
        anchor, at = "start", box.left + 1
    elif box.right <= x:
        anchor, at = "end", box.right - 1
    parts = []
    for index, (text, size) in enumerate(lines):
        css = "halo name" if size == _NAME_SIZE else "halo sub"
        baseline = box.top + _LINE * index + 12
        attributes = {"class": css, "x": at, "y": baseline, "text-anchor": anchor}
        parts.append(element("text", attributes, [text]))
    return parts
