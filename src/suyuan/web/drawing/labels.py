"""Where labels and marks go so that they do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from suyuan.web.drawing.projection import Pixels

_DISTANCES = (5.0, 16.0, 34.0, 60.0, 92.0)
_FAR = 12.0  # a label farther off than this is tied to its mark by a line


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def outside(self, width: float, height: float) -> float:
        """Return how far the box reaches beyond a picture, in pixels."""
        over = max(0.0, -self.left) + max(0.0, -self.top)
        return over + max(0.0, self.right - width) + max(0.0, self.bottom - height)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label stands, and whether a line ties it to its mark."""

    box: Box
    tied: bool


def around(mark: Pixels, radius: float) -> Box:
    """Return the box of a round mark."""
    x, y = mark
    return Box(x - radius, y - radius, x + radius, y + radius)


def spread(marks: Sequence[Pixels], radii: Sequence[float], *, rounds: int = 40) -> list[Pixels]:
    """Push marks apart until none covers another; they move no more than that needs."""
    places = [list(mark) for mark in marks]
    for _round in range(rounds):
        moved = False
        for first in range(len(places)):
            for second in range(first + 1, len(places)):
                moved |= _push(places, first, second, radii[first] + radii[second] + 2)
        if not moved:
            break
    return [(x, y) for x, y in places]


def _push(places: list[list[float]], first: int, second: int, least: float) -> bool:
    dx = places[second][0] - places[first][0]
    dy = places[second][1] - places[first][1]
    distance = math.hypot(dx, dy)
    if distance >= least:
        return False
    if distance < 0.01:  # the same place: any direction, but always the same one
        angle = 0.7 + 2.4 * second
        dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
    push = (least - min(distance, least)) / 2 + 0.1
    for index, sign in ((first, -1), (second, 1)):
        places[index][0] += sign * push * dx / distance
        places[index][1] += sign * push * dy / distance
    return True


def place(
    mark: Pixels,
    radius: float,
    size: tuple[float, float],
    *,
    taken: Sequence[Box],
    picture: tuple[float, float],
) -> tuple[Placed, float]:
    """Find a free place for a label near its mark; return it and how much it still covers."""
    best: tuple[float, Placed] | None = None
    for tried, (box, distance) in enumerate(_candidates(mark, radius, size)):
        covered = sum(box.overlap(other) for other in taken)
        cost = covered + 60 * box.outside(*picture)
        placed = Placed(box, tied=distance > _FAR)
        if cost == 0:
            return placed, 0.0
        # Nearer and earlier places win among those that cover as much.
        cost += tried
        if best is None or cost < best[0]:
            best = (cost, placed)
    cost, placed = best or (0.0, Placed(around(mark, radius), tied=False))
    return placed, cost


def _candidates(
    mark: Pixels, radius: float, size: tuple[float, float]
) -> Iterator[tuple[Box, float]]:
    x, y = mark
    width, height = size
    for distance in _DISTANCES:
        reach = radius + distance
        slant = reach * 0.75
        corners = (
            (x + reach, y - height / 2),
            (x - reach - width, y - height / 2),
            (x - width / 2, y - reach - height),
            (x - width / 2, y + reach),
            (x + slant, y - slant - height),
            (x + slant, y + slant),
            (x - slant - width, y - slant - height),
            (x - slant - width, y + slant),
        )
        for left, top in corners:
            yield Box(left, top, left + width, top + height), distance
