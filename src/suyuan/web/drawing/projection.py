"""From latitude and longitude to pixels.

Lambert's conformal conic projection with standard parallels 25° and 47° N, as maps of China use
(J. P. Snyder, Map Projections: A Working Manual, USGS 1395, §15); for points over half the globe,
plate carrée.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

type Degrees = tuple[float, float]  # latitude, longitude
type Pixels = tuple[float, float]  # x to the right, y down

_SOUTH, _NORTH = math.radians(25), math.radians(47)
_MERIDIAN = math.radians(108)
_LEAST_SPAN = 0.055  # radians of the sphere, some 350 km: one place alone still has surroundings
_STEPS = (0.5, 1, 2, 5, 10, 15, 30)


def _tangent(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_N = math.log(math.cos(_SOUTH) / math.cos(_NORTH)) / math.log(_tangent(_NORTH) / _tangent(_SOUTH))
_F = math.cos(_SOUTH) * _tangent(_SOUTH) ** _N / _N
_RHO0 = _F / _tangent(math.radians(36)) ** _N


class Conic:
    """Lambert's conformal conic; y grows to the south."""

    def forward(self, latitude: float, longitude: float) -> Pixels:
        """Project degrees onto the unit cone."""
        phi = math.radians(max(-60.0, min(88.0, latitude)))
        rho = _F / _tangent(phi) ** _N
        theta = _N * (math.radians(longitude) - _MERIDIAN)
        return rho * math.sin(theta), rho * math.cos(theta) - _RHO0

    def inverse(self, x: float, y: float) -> Degrees:
        """Return the degrees of a point on the cone."""
        down = _RHO0 + y
        rho = math.hypot(x, down) or 1e-9
        phi = 2 * math.atan((_F / rho) ** (1 / _N)) - math.pi / 2
        theta = math.atan2(x, down)
        return math.degrees(phi), math.degrees(theta / _N + _MERIDIAN)


class Plate:
    """Plate carrée, for points too far apart for one cone."""

    def forward(self, latitude: float, longitude: float) -> Pixels:
        """Project degrees as they are."""
        return math.radians(longitude), -math.radians(latitude)

    def inverse(self, x: float, y: float) -> Degrees:
        """Return the degrees of a point."""
        return -math.degrees(y), math.degrees(x)


@dataclass(frozen=True, slots=True)
class Frame:
    """A projection fitted to a picture of `width` by `height` pixels."""

    projection: Conic | Plate
    width: int
    height: int
    scale: float
    left: float
    top: float

    def pixels(self, latitude: float, longitude: float) -> Pixels:
        """Return where degrees are in the picture."""
        x, y = self.projection.forward(latitude, longitude)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def degrees(self, x: float, y: float) -> Degrees:
        """Return the degrees under a pixel."""
        return self.projection.inverse(x / self.scale + self.left, y / self.scale + self.top)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a pixel is inside the picture."""
        return 0 <= x <= self.width and 0 <= y <= self.height


def fit(points: Sequence[Degrees], *, width: int, height: int, margin: tuple[int, int]) -> Frame:
    """Fit a frame to `points` (at least one), with `margin` pixels at the sides and ends."""
    projection = _projection_for(points)
    projected = [projection.forward(latitude, longitude) for latitude, longitude in points]
    xs, ys = [x for x, _y in projected], [y for _x, y in projected]
    span_x = max(max(xs) - min(xs), _LEAST_SPAN)
    span_y = max(max(ys) - min(ys), _LEAST_SPAN / 2)
    scale = min((width - 2 * margin[0]) / span_x, (height - 2 * margin[1]) / span_y)
    left = (max(xs) + min(xs)) / 2 - width / 2 / scale
    top = (max(ys) + min(ys)) / 2 - height / 2 / scale
    return Frame(projection, width, height, scale, left, top)


def _projection_for(points: Sequence[Degrees]) -> Conic | Plate:
    longitudes = [longitude for _latitude, longitude in points]
    near = all(-5 <= latitude <= 70 for latitude, _longitude in points)
    near = near and all(50 <= longitude <= 170 for longitude in longitudes)
    return Conic() if near else Plate()


@dataclass(frozen=True, slots=True)
class GridLine:
    """A parallel or a meridian as it crosses the picture."""

    label: str
    points: Sequence[Pixels]
    mark: Pixels  # where its label stands
    is_parallel: bool


def graticule(frame: Frame) -> Iterator[GridLine]:
    """Yield some five parallels and meridians across the frame."""
    edge = [
        frame.degrees(frame.width * x / 8, frame.height * y / 8)
        for x in range(9)
        for y in range(9)
        if x in {0, 8} or y in {0, 8}
    ]
    south, north = min(at[0] for at in edge), max(at[0] for at in edge)
    west, east = min(at[1] for at in edge), max(at[1] for at in edge)
    step = _step(min(north - south, east - west))
    for latitude in _multiples(south, north, step):
        line = _sampled(frame, [(latitude, west + (east - west) * i / 40) for i in range(41)])
        if line:
            yield GridLine(_degrees(latitude, "N", "S"), line, line[0], is_parallel=True)
    for longitude in _multiples(west, east, step):
        line = _sampled(frame, [(south + (north - south) * i / 40, longitude) for i in range(41)])
        if line:
            yield GridLine(_degrees(longitude, "E", "W"), line, line[0], is_parallel=False)


def _step(span: float) -> float:
    return next((step for step in _STEPS if span / step <= 5), _STEPS[-1])


def _multiples(low: float, high: float, step: float) -> Iterator[float]:
    for index in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield index * step


def _degrees(value: float, positive: str, negative: str) -> str:
    side = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(value):g}°{side}"


def _sampled(frame: Frame, samples: Sequence[Degrees]) -> list[Pixels]:
    """Return the samples in and around the picture, so that lines reach its edges."""
    pixels = [frame.pixels(*sample) for sample in samples]
    inside = [index for index, at in enumerate(pixels) if frame.holds(*at)]
    if len(inside) < 2:
        return []
    return pixels[max(0, inside[0] - 1) : inside[-1] + 2]
