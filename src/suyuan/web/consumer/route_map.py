"""Draw the journey's route: regions as numbered stops on a plain graticule.

Owns: what the route shows, and that drawings are kept: there are few different routes.
Does not own: the drawing (web.drawing).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.utils.safestring import SafeString

from suyuan.masterdata.regions import REGIONS
from suyuan.web.drawing.maps import Point, graticule_map

# About a telephone's width, so that names have the size of the page's small print.
_WIDTH: Final = 420
_HEIGHT: Final = 280


@lru_cache(maxsize=512)
def route_map(stops: tuple[str, ...], language: str) -> SafeString | None:
    """Return the route through regions as SVG; None for less than two different places.

    A place that is passed twice has the number of its first time.
    """
    places = tuple(dict.fromkeys(stops))
    if len(places) < 2:
        return None
    points = [
        Point(
            lat=REGIONS[place].latitude,
            lon=REGIONS[place].longitude,
            label=REGIONS[place].name(language),
            order=order,
        )
        for order, place in enumerate(places, start=1)
    ]
    way = [places.index(stop) for stop in stops]
    return graticule_map(
        points, [way], width=_WIDTH, height=_HEIGHT, language=language, name="route"
    )
