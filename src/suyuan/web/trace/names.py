"""Names for identifiers, in the reader's language.

Owns: one object per request that turns the identifier texts of events into what people call the
places and goods; two queries for all places, two for all goods that were asked for. Whoever speaks
for a partner is told no name that it could not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.core.identifiers import Gtin, IdentifierError, Identity, Scheme, parse_epc
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Location, Material, Party, Product
from suyuan.masterdata.regions import REGIONS
from suyuan.partners.knowing import knowable
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation

# How a destination says that only the province or city is known: its code at the end.
_REGION: Final = re.compile(r"[:/](?:region[:/])?([1-9][0-9]{5})$")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as people call it.

    Attributes:
        name: its name; of an unknown place what stands in the event, shortened.
        region: province or city, "" if unknown.
        latitude: degrees north, None if unknown; longitude likewise.
        href: its page, "" if it has none or the reader may not see it.
        known: whether masterdata knows it.
    """

    name: str
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    href: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Good:
    """A product or material as people call it; `kind` is "product", "material" or ""."""

    name: str
    kind: str = ""
    href: str = ""
    own: bool = False


class Names:
    """Names of one organisation, for one request."""

    def __init__(self, actor: Actor) -> None:
        """Begin with nothing looked up."""
        self._actor = actor
        self._here = actor.organisation_id
        self._limits = knowable(actor)
        self._goods: dict[str, Good] = {}
        self.language = get_language() or ""
        self.org = actor.organisation.slug

    @cached_property
    def _locations(self) -> dict[str, Location]:
        return self._known(masterdata.locations_by_identifier(self._here))

    @cached_property
    def _parties(self) -> dict[str, Party]:
        return self._known(masterdata.parties_by_identifier(self._here))

    def _known[Row](self, rows: dict[str, Row]) -> dict[str, Row]:
        """Return those rows of which the reader may learn the names."""
        if self._limits is None:
            return rows
        places = self._limits.places
        return {text: row for text, row in rows.items() if _identity(text) in places}

    def place(self, text: str) -> PlaceName:
        """Return what a location's, party's or region's identifier means."""
        plain = _without_extension(text)
        location = self._locations.get(text) or self._locations.get(plain)
        if location is not None:
            return self._location(location)
        party = self._parties.get(text) or self._parties.get(plain)
        if party is not None:
            return PlaceName(party.name(self.language), href=self._page("party", party.code))
        found = _REGION.search(text)
        region = REGIONS.get(found[1]) if found else None
        if region is not None:
            name = region.name(self.language)
            return PlaceName(name, name, region.latitude, region.longitude)
        return PlaceName(short_text(text), known=False)

    def places(self) -> list[tuple[Location, str]]:
        """Return every location once, by name, for a filter."""
        rows = {row.id: row for row in self._locations.values()}.values()
        named = [(row, row.name(self.language)) for row in rows]
        return sorted(named, key=lambda pair: pair[1])

    def location_texts(self, code: str) -> list[str]:
        """Return every text that stands for the location with a code."""
        return [text for text, row in self._locations.items() if row.code == code]

    def learn(self, gtins: Iterable[str]) -> None:
        """Look up many goods with two queries."""
        missing = {gtin for gtin in gtins if gtin} - self._goods.keys()
        if not missing:
            return
        told = missing if self._limits is None else self._limits.gtins(missing)
        products = masterdata.products_by_gtin(self._here, told)
        materials = masterdata.materials_by_gtin(self._here, told - products.keys())
        self._goods |= {gtin: self._product(row) for gtin, row in products.items()}
        self._goods |= {gtin: self._material(row) for gtin, row in materials.items()}
        for gtin in missing - self._goods.keys():
            self._goods[gtin] = Good(_("Unknown product %(gtin)s") % {"gtin": _printed(gtin)})

    def good(self, gtin: str) -> Good:
        """Return what a GTIN of 14 digits is called; `learn` many before asking for many."""
        self.learn([gtin])
        return self._goods.get(gtin, Good(gtin))

    def _location(self, row: Location) -> PlaceName:
        position, area = row.position, row.area
        return PlaceName(
            name=row.name(self.language),
            region=area.name(self.language) if area else "",
            latitude=position.latitude if position else None,
            longitude=position.longitude if position else None,
            href=self._page("location", row.code),
        )

    def _product(self, row: Product) -> Good:
        href = self._page("product", gtin=row.gtin)
        return Good(row.name(self.language), "product", href, own=row.own)

    def _material(self, row: Material) -> Good:
        return Good(row.name(self.language), "material", self._page("material", row.code))

    def _page(self, kind: str, code: str = "", **arguments: str) -> str:
        if not self._actor.may(Right.MASTERDATA_VIEW):
            return ""
        return navigation.href(
            f"masterdata:{kind}", self._actor, **({"code": code} if code else arguments)
        )


def _identity(text: str) -> Identity | None:
    try:
        return parse_epc(text)
    except IdentifierError:
        return None


def _without_extension(text: str) -> str:
    """Return the identifier of the place that a part of a place (GLN and extension) is in."""
    try:
        identity = parse_epc(text)
        return Identity(identity.scheme, identity.primary).digital_link()
    except IdentifierError:
        return text


def _printed(gtin: str) -> str:
    try:
        return Gtin.parse(gtin).display
    except IdentifierError:
        return gtin


def short_text(text: str) -> str:
    """Return what tells an unknown identifier from others: its key, or a URI's last part."""
    try:
        identity = parse_epc(text)
    except IdentifierError:
        return text
    if identity.scheme is Scheme.URI:
        return identity.primary.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    key = identity.primary if identity.scheme is not Scheme.GTIN else _printed(identity.primary)
    return f"{key} {identity.secondary}".strip()
