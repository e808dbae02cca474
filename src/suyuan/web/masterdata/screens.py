"""The screens of each kind, as a table: how it is listed, found, filled in and written.

Owns: what differs between kinds, so that one view serves all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from suyuan.exchange.sheets import values_of
from suyuan.masterdata import selectors, services
from suyuan.masterdata.categories import CATEGORIES
from suyuan.masterdata.models import Location, Lot, Material, MaterialLot, Party, Product
from suyuan.tenancy.actor import Actor
from suyuan.web.masterdata import forms
from suyuan.web.masterdata.words import FIELDS, GRANULARITIES, LOCATION_KINDS, PARTY_KINDS, Text
from suyuan.web.vocabulary import amount


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list: a text, as a badge or a code where that reads better."""

    text: object
    tone: str = ""
    is_code: bool = False
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: where it leads, its name, its code, the other cells with headings."""

    href: str
    main: str
    sub: str
    cells: tuple[tuple[Text, Cell], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One kind.

    Attributes:
        kind: The plural, as in addresses and sheets.
        singular: Names the routes of one row.
        keys: The names of the natural key in addresses.
        sorts: Words of the query string → columns to order by.
    """

    kind: str
    singular: str
    keys: tuple[str, ...]
    headings: tuple[Text, ...]
    cells: Callable[[Any], Iterable[Cell]]
    name: Callable[[Any], str]
    key_of: Callable[[Any], tuple[str, ...]]
    rows: Callable[..., QuerySet[Any]]
    get: Callable[..., Any]
    form: type[forms.RowForm]
    filters: type[forms.TextFilter]
    sorts: Mapping[str, tuple[str, ...]]
    create: Callable[..., Any]
    update: Callable[..., Any]

    def address(self, actor: Actor, row: Any, action: str = "") -> str:
        """Return the address of a row's page, or of an action on it."""
        names = dict(zip(self.keys, self.key_of(row), strict=True))
        name = f"masterdata:{self.singular}{action}"
        return reverse(name, kwargs={"org": actor.organisation.slug, **names})

    def find(self, actor: Actor, key: Mapping[str, str]) -> Any:
        """Return the row with a natural key; raises `NotFound`."""
        return self.get(actor.organisation_id, *(key[name] for name in self.keys))

    def line(self, actor: Actor, row: Any) -> Line:
        """Return how a row is listed."""
        return Line(
            self.address(actor, row),
            self.name(row),
            " / ".join(self.key_of(row)),
            tuple(zip(self.headings, self.cells(row), strict=True)),
        )

    def initial(self, row: Any) -> dict[str, Any]:
        """Return a row's values for its form."""
        return values_of(self.kind, row)


def _language() -> str:
    return get_language() or ""


def _named(row: Product | Material | Party | Location) -> str:
    return row.name(_language())


def _category(code: str) -> str:
    category = CATEGORIES.get(code)
    return category.name(_language()) if category else code


def _product_cells(row: Product) -> Iterable[Cell]:
    item = row.granularity == "item"
    yield Cell(_category(row.category))
    yield Cell(GRANULARITIES.get(row.granularity, row.granularity), "info" if item else "quiet")
    yield Cell(_("Own"), "good") if row.own else Cell(_("Traded"), "quiet")
    yield Cell(_("In use")) if row.active else Cell(_("Not in use"), "warn")


def _material_cells(row: Material) -> Iterable[Cell]:
    yield Cell(row.gtin, is_code=True)
    yield Cell(row.uom or "—")
    yield Cell(_named(row.supplier) if row.supplier_id else "—")


def _party_cells(row: Party) -> Iterable[Cell]:
    yield Cell(PARTY_KINDS.get(row.kind, row.kind), "info")
    yield Cell(row.gln or "—", is_code=True)
    yield Cell(row.address or "—")


def _location_cells(row: Location) -> Iterable[Cell]:
    yield Cell(LOCATION_KINDS.get(row.kind, row.kind), "info")
    yield Cell(row.area.name(_language()) if row.area else "—")
    yield Cell(_named(row.party) if row.party_id else "—")
    yield Cell(row.gln or "—", is_code=True)


def _lot_cells(row: Lot) -> Iterable[Cell]:
    yield Cell(row.code, is_code=True)
    yield Cell(row.produced_on, is_day=True)
    yield Cell(row.expires_on, is_day=True)
    yield Cell(_named(row.location) if row.location_id else "—")
    yield Cell(" ".join(filter(None, (row.line, row.team))) or "—")


def _material_lot_cells(row: MaterialLot) -> Iterable[Cell]:
    yield Cell(row.code, is_code=True)
    yield Cell(row.received_on, is_day=True)
    yield Cell(row.expires_on, is_day=True)
    quantity = "" if row.quantity is None else amount(f"{row.quantity} {row.material.uom}")
    yield Cell(quantity or "—")
    yield Cell(_named(row.supplier) if row.supplier_id else "—")


_BY_CODE: Final = {
    "code": ("code",),
    "name": ("name_zh", "code"),
    "new": ("-created_at", "id"),
}

PRODUCTS: Final = Screen(
    "products",
    "product",
    ("gtin",),
    (FIELDS["category"], FIELDS["granularity"], _("Whose"), _("State")),
    _product_cells,
    _named,
    lambda row: (row.gtin,),
    selectors.list_products,
    selectors.get_product,
    forms.ProductForm,
    forms.ProductFilter,
    {"name": ("name_zh", "gtin"), "code": ("gtin",), "new": ("-created_at", "id")},
    services.create_product,
    services.update_product,
)
MATERIALS: Final = Screen(
    "materials",
    "material",
    ("code",),
    ("GTIN", FIELDS["uom"], FIELDS["supplier"]),
    _material_cells,
    _named,
    lambda row: (row.code,),
    selectors.list_materials,
    selectors.get_material,
    forms.MaterialForm,
    forms.TextFilter,
    _BY_CODE,
    services.create_material,
    services.update_material,
)
PARTIES: Final = Screen(
    "parties",
    "party",
    ("code",),
    (FIELDS["kind"], "GLN", FIELDS["address"]),
    _party_cells,
    _named,
    lambda row: (row.code,),
    selectors.list_parties,
    selectors.get_party,
    forms.PartyForm,
    forms.PartyFilter,
    _BY_CODE,
    services.create_party,
    services.update_party,
)
LOCATIONS: Final = Screen(
    "locations",
    "location",
    ("code",),
    (FIELDS["kind"], FIELDS["region"], FIELDS["party"], "GLN"),
    _location_cells,
    _named,
    lambda row: (row.code,),
    selectors.list_locations,
    selectors.get_location,
    forms.LocationForm,
    forms.LocationFilter,
    _BY_CODE,
    services.create_location,
    services.update_location,
)
_LOT_SORTS: Final = {"code": ("code", "id"), "new": ("-created_at", "id")}
LOTS: Final = Screen(
    "lots",
    "lot",
    ("gtin", "code"),
    (
        FIELDS["lot"],
        FIELDS["produced_on"],
        FIELDS["expires_on"],
        FIELDS["location"],
        _("Line and team"),
    ),
    _lot_cells,
    lambda row: _named(row.product),
    lambda row: (row.product.gtin, row.code),
    selectors.list_lots,
    selectors.get_lot,
    forms.LotForm,
    forms.TextFilter,
    {"made": ("-produced_on", "code", "id"), **_LOT_SORTS},
    services.create_lot,
    services.update_lot,
)
MATERIAL_LOTS: Final = Screen(
    "material_lots",
    "material_lot",
    ("material", "code"),
    (
        FIELDS["lot"],
        FIELDS["received_on"],
        FIELDS["expires_on"],
        FIELDS["quantity"],
        FIELDS["supplier"],
    ),
    _material_lot_cells,
    lambda row: _named(row.material),
    lambda row: (row.material.code, row.code),
    selectors.list_material_lots,
    selectors.get_material_lot,
    forms.MaterialLotForm,
    forms.TextFilter,
    {"received": ("-received_on", "code", "id"), **_LOT_SORTS},
    services.create_material_lot,
    services.update_material_lot,
)
SCREENS: Final[Mapping[str, Screen]] = MappingProxyType(
    {
        screen.kind: screen
        for screen in (PRODUCTS, MATERIALS, PARTIES, LOCATIONS, LOTS, MATERIAL_LOTS)
    }
)
