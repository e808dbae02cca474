"""A scope as people look at it: numbers that lead to their lists, places by name, a map.

Owns: what a preview and a frozen case show alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.core.identifiers import IdentifierError, Identity, parse_identity
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Location, Party
from suyuan.masterdata.regions import REGIONS
from suyuan.process.references import region_of
from suyuan.recalls.summary import Summary
from suyuan.web.drawing.maps import Point, graticule_map

_TONES = {
    Whereabouts.IN_HOUSE: ("good", "building-warehouse"),
    Whereabouts.IN_TRANSIT: ("warn", "truck"),
    Whereabouts.SOLD: ("bad", "shopping-cart"),
    Whereabouts.RETURNED: ("info", "truck-return"),
    Whereabouts.DESTROYED: ("none", "trash"),
    Whereabouts.NOT_SEEN: ("none", "help-circle"),
}


class Count(NamedTuple):
    """A number of items in one state, and its list."""

    whereabouts: str
    items: int
    href: str
    tone: str
    icon: str


class PlaceLine(NamedTuple):
    """A place with affected items, and their list."""

    whereabouts: str
    name: str
    identifier: str
    region: str
    items: int
    certainty: str
    href: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the templates show of a scope."""

    summary: Summary
    counts: list[Count]
    places: list[PlaceLine]
    map: SafeString | None
    graded: bool  # whether to show how sure the scope is


class Names:
    """Names of places and goods by the texts in events, each read once."""

    def __init__(self, organisation_id: int) -> None:
        """Read locations and parties: an organisation has hundreds."""
        self.organisation_id = self._organisation_id = organisation_id
        self.language = get_language() or ""
        self.locations: dict[str, Location] = masterdata.locations_by_identifier(organisation_id)
        self._parties: dict[str, Party] = masterdata.parties_by_identifier(organisation_id)

    def place(self, identifier: str) -> str:
        """Return a place's or a party's name; what is unknown shows its identifier."""
        if not identifier:
            return _("No place recorded")
        if region := region_of(identifier):
            return REGIONS[region].name(self.language)
        row = self.locations.get(identifier) or self._parties.get(identifier)
        return row.name(self.language) if row else identifier

    def region(self, identifier: str) -> str:
        """Return the name of a place's region, "" if unknown."""
        row = self.locations.get(identifier)
        if row is None or row.area is None:
            return ""
        return row.area.name_en if self.language.startswith("en") else row.area.name_zh

    def goods(self, texts: Sequence[str]) -> dict[str, str]:
        """Return the names of the products or materials behind canonical texts."""
        known = {text: found for text in texts if (found := read(text))}
        gtins = {identity.primary for identity in known.values()}
        rows: dict[str, str] = {}
        for table in (masterdata.materials_by_gtin, masterdata.products_by_gtin):
            rows |= {
                gtin: row.name(self.language)
                for gtin, row in table(self._organisation_id, gtins).items()
            }
        return {text: rows.get(identity.primary, "") for text, identity in known.items()}


def read(text: str) -> Identity | None:
    """Return the identity behind a canonical text, None for anything else."""
    try:
        return parse_identity(text)
    except IdentifierError:
        return None


def picture(
    summary: Summary,
    names: Names,
    list_href: Callable[..., str],
    destinations: Sequence[tuple[str, str, int]] = (),
) -> Picture:
    """Make the picture of a scope.

    Args:
        summary: Its counts.
        names: Of places.
        list_href: Returns the address of the list of items with given filters.
        destinations: Where parcels went, (whereabouts, identifier, items): regions of buyers are
            drawn beside the places.
    """
    counts = [
        Count(
            word,
            count,
            list_href(whereabouts=word),
            *_TONES[Whereabouts(word)],
        )
        for word, count in summary.whereabouts.items()
    ]
    places = [
        PlaceLine(
            place.whereabouts,
            names.place(place.location),
            place.location,
            names.region(place.location),
            place.items,
            place.certainty,
            list_href(whereabouts=place.whereabouts, place=place.location),
        )
        for place in summary.places
    ]
    return Picture(
        summary=summary,
        counts=counts,
        places=places,
        map=_map([*_points(places, names), *_regions(destinations, names)], names.language),
        graded=bool(summary.certainty),
    )


def _points(places: list[PlaceLine], names: Names) -> Iterator[Point]:
    for place in places:
        location = names.locations.get(place.identifier)
        position = location.position if location else None
        if position is not None:
            yield Point(
                lat=position.latitude,
                lon=position.longitude,
                label=place.name,
                kind=place.whereabouts,
                count=place.items,
                href=place.href,
            )


def _regions(destinations: Sequence[tuple[str, str, int]], names: Names) -> Iterator[Point]:
    """Draw what went to buyers, province by province: of a buyer nothing finer is known."""
    totals: Counter[tuple[str, str]] = Counter()
    for whereabouts, identifier, items in destinations:
        region = REGIONS.get(region_of(identifier))
        if region is not None:
            totals[whereabouts, region.province.code] += items
    for (whereabouts, code), items in sorted(totals.items()):
        province = REGIONS[code]
        yield Point(
            lat=province.latitude,
            lon=province.longitude,
            label=province.name(names.language),
            kind=whereabouts,
            count=items,
        )


def _map(points: Sequence[Point], language: str) -> SafeString | None:
    return graticule_map(points, language=language, name="scope") if points else None


def with_query(path: str, **query: str | list[str]) -> str:
    """Return an address with a query string."""
    return f"{path}?{urlencode(query, doseq=True)}"
