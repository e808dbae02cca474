"""What the public may read about a product, a lot and the places of a journey.

Owns: the values below and their memory (30 seconds for products and lots, 60 for places).
Does not own: verdicts; they never rest on what is remembered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from suyuan.kernel.errors import NotFound
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Granularity, Location, LocationKind, Product, ProductPicture
from suyuan.masterdata.regions import REGIONS
from suyuan.tenancy.models import CompanyPrefix, Organisation
from suyuan.verification.memory import Memory

_OWN_NAMED: Final = frozenset({LocationKind.FARM, LocationKind.FACTORY, LocationKind.LINE})


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A published product, as its page shows it; read only."""

    organisation: Organisation
    product: Product
    pictures: tuple[ProductPicture, ...]

    @property
    def by_item(self) -> bool:
        """Whether its items carry serials of this installation."""
        return self.product.serial_key_id is not None

    @property
    def granularity(self) -> Granularity:
        """How fine it is followed."""
        return Granularity(self.product.granularity)


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot, as a page shows it."""

    code: str
    produced_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """As much of a location as anybody may know: its region, and its name if it is our own."""

    region: str
    name_zh: str = ""
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def name(self, language: str) -> str:
        """Return what to call it: its own name, or its region's."""
        english = language.startswith("en")
        if self.name_zh:
            return (self.name_en or self.name_zh) if english else self.name_zh
        area = REGIONS.get(self.region)
        return area.name(language) if area else ""


_products: Memory[str, ProductFacts] = Memory(seconds=30, kept=4096)
_lots: Memory[tuple[int, str, str], LotFacts] = Memory(seconds=30, kept=8192)
_places: Memory[int, Mapping[str, PublicPlace]] = Memory(seconds=60, kept=64)


def product_facts(gtin: str) -> ProductFacts | None:
    """Return the published product with a GTIN of 14 digits, if any organisation answers for it."""
    return _products.get(gtin, lambda: _read_product(gtin))


def _read_product(gtin: str) -> ProductFacts | None:
    publication = masterdata.published(gtin)
    if publication is None:
        return None
    product = publication.product
    return ProductFacts(
        organisation=publication.organisation,
        product=product,
        pictures=tuple(masterdata.pictures_of(product.organisation_id, product.id)),
    )


def lot_facts(organisation_id: int, gtin: str, code: str) -> LotFacts | None:
    """Return what is known of a lot, or None."""
    if not code:
        return None
    key = (organisation_id, gtin, code)
    return _lots.get(key, lambda: _read_lot(*key))


def _read_lot(organisation_id: int, gtin: str, code: str) -> LotFacts | None:
    try:
        lot = masterdata.get_lot(organisation_id, gtin, code)
    except NotFound:
        return None
    return LotFacts(code=lot.code, produced_on=lot.produced_on, expires_on=lot.expires_on)


def public_places(organisation_id: int) -> Mapping[str, PublicPlace]:
    """Return the organisation's locations by identifier, reduced to what anybody may know."""
    found = _places.get(organisation_id, lambda: _read_places(organisation_id))
    return found or {}


def _read_places(organisation_id: int) -> Mapping[str, PublicPlace]:
    rows = masterdata.locations_by_identifier(organisation_id)
    return {identifier: _public(location) for identifier, location in rows.items()}


def _public(location: Location) -> PublicPlace:
    """Name our own farms and factories; of everything else give the region and no more.

    A location without a party is the organisation's own. Partners' names are their business, and
    a shop's or a buyer's place is never shown closer than its city.
    """
    own = location.party_id is None and location.kind in _OWN_NAMED
    area = REGIONS.get(location.region)
    return PublicPlace(
        region=location.region,
        name_zh=location.name_zh if own else "",
        name_en=location.name_en if own else "",
        latitude=area.latitude if area else None,
        longitude=area.longitude if area else None,
    )


def unit_owner(sscc: str) -> Organisation | None:
    """Return whose numbers an SSCC of 18 digits is from; says nothing about the unit itself."""
    prefixes = [sscc[1 : 1 + length] for length in range(4, 13)]
    held = (
        CompanyPrefix.objects.filter(prefix__in=prefixes)
        .select_related("organisation")
        .order_by("-prefix")
        .first()
    )
    if held is not None:
        return held.organisation
    # The prefix of who has none from GS1: `issuing.numbers.unit_prefix`.
    if sscc[1] != "2" or sscc[6] != "0":
        return None
    return Organisation.objects.filter(company_number=int(sscc[2:6]), sandbox_of=None).first()
