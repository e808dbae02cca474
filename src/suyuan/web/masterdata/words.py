"""The words of masterdata's screens: fields, kinds, acts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.exchange.outcomes import Act
from suyuan.masterdata.categories import CATEGORIES
from suyuan.masterdata.models import Granularity, InnerCode, LocationKind, PartyKind
from suyuan.masterdata.regions import REGIONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Text = str | _StrPromise

FIELDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "gtin": "GTIN",
        "code": pgettext_lazy("masterdata", "Code"),
        "own": _("Our own product"),
        "name_zh": _("Chinese name"),
        "name_en": _("English name"),
        "description_zh": _("Chinese description"),
        "description_en": _("English description"),
        "brand_zh": _("Chinese brand"),
        "brand_en": _("English brand"),
        "category": _("Category"),
        "granularity": _("Granularity"),
        "shelf_life_days": _("Shelf life in days"),
        "net_content": _("Net content"),
        "origin_zh": _("Chinese origin"),
        "origin_en": _("English origin"),
        "storage_zh": _("Chinese storage advice"),
        "storage_en": _("English storage advice"),
        "inner_code": _("Hidden code"),
        "inner_hint_zh": _("Where the hidden code is, in Chinese"),
        "inner_hint_en": _("Where the hidden code is, in English"),
        "active": _("In use"),
        "uom": _("Unit of measure"),
        "supplier": pgettext_lazy("masterdata", "Supplier"),
        "kind": pgettext_lazy("masterdata", "Kind"),
        "gln": "GLN",
        "address": pgettext_lazy("masterdata", "Address"),
        "contact": pgettext_lazy("masterdata", "Contact"),
        "party": pgettext_lazy("masterdata", "Party"),
        "region": _("Province or city"),
        "latitude": _("Latitude in degrees"),
        "longitude": _("Longitude in degrees"),
        "product": pgettext_lazy("masterdata", "Product"),
        "material": pgettext_lazy("masterdata", "Material"),
        "lot": pgettext_lazy("masterdata", "Lot"),
        "produced_on": _("Produced on"),
        "received_on": _("Received on"),
        "expires_on": _("Expires on"),
        "line": _("Production line"),
        "team": _("Team"),
        "location": pgettext_lazy("masterdata", "Location"),
        "notes": _("Notes"),
        "quantity": pgettext_lazy("masterdata", "Quantity"),
        "certificate": _("Certificate number"),
        "picture": _("Picture"),
    }
)

HELPS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "gtin": _(
            "8 to 14 digits. Left empty, the product gets a number for restricted circulation: "
            "it works in Suyuan, but GS1 does not know it, and a shop's till may read it as "
            "another shop's goods. It never changes later."
        ),
        "code": _("Letters, digits, dot, hyphen, underscore. It never changes later."),
        "own": _(
            "You answer for it in public: consumers who scan its code see your page. "
            "Leave it out for goods that you only trade."
        ),
        "granularity": _(
            "By item, each piece has a code of its own and can be verified; by batch, all pieces "
            "of a batch share one. Once codes are issued, item cannot become batch."
        ),
        "inner_code": _(
            "A second code on each item's label, under a layer to be scratched off. The first one"
            " who enters it opens it for good, so a copied label is found out. Consumers are asked"
            " for it as soon as you choose it, also for goods that are out already."
        ),
        "inner_hint_zh": _("Such as “瓶盖内侧的银色涂层下”. Shown where consumers enter the code."),
        "inner_hint_en": _("Such as “under the silver layer inside the cap”."),
        "uom": _("Such as KGM for kilograms, LTR for litres, H87 for pieces."),
        "gln": _("13 digits; leave it empty if there is none."),
        "region": _("Used on maps where no coordinates are given."),
        "expires_on": _("Left empty in a new lot, the product's shelf life gives it."),
    }
)

GRANULARITIES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        Granularity.ITEM.value: _("Each item"),
        Granularity.BATCH.value: _("Each batch"),
    }
)
INNER_CODES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        InnerCode.NONE.value: _("No hidden code"),
        InnerCode.SCRATCH.value: _("Scratch-off code on each label"),
    }
)
PARTY_KINDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        PartyKind.SUPPLIER.value: pgettext_lazy("party kind", "Supplier"),
        PartyKind.FACTORY.value: pgettext_lazy("party kind", "Factory"),
        PartyKind.WAREHOUSE.value: pgettext_lazy("party kind", "Warehouse"),
        PartyKind.SHIPPER.value: pgettext_lazy("party kind", "Shipper"),
        PartyKind.DEALER.value: pgettext_lazy("party kind", "Dealer"),
        PartyKind.SHOP.value: pgettext_lazy("party kind", "Shop"),
        PartyKind.PRINTER.value: pgettext_lazy("party kind", "Print house"),
    }
)
LOCATION_KINDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        LocationKind.FARM.value: pgettext_lazy("location kind", "Farm"),
        LocationKind.FACTORY.value: pgettext_lazy("location kind", "Factory"),
        LocationKind.LINE.value: pgettext_lazy("location kind", "Line"),
        LocationKind.WAREHOUSE.value: pgettext_lazy("location kind", "Warehouse"),
        LocationKind.DOCK.value: pgettext_lazy("location kind", "Dock"),
        LocationKind.HUB.value: pgettext_lazy("location kind", "Hub"),
        LocationKind.SHOP.value: pgettext_lazy("location kind", "Shop"),
        LocationKind.OFFICE.value: pgettext_lazy("location kind", "Office"),
        LocationKind.OTHER.value: pgettext_lazy("location kind", "Other place"),
    }
)
ACTS: Final[Mapping[str, tuple[Text, str]]] = MappingProxyType(
    {
        Act.CREATE.value: (pgettext_lazy("import", "New"), "good"),
        Act.UPDATE.value: (pgettext_lazy("import", "Change"), "info"),
        Act.UNCHANGED.value: (pgettext_lazy("import", "Unchanged"), "quiet"),
        Act.ERROR.value: (pgettext_lazy("import", "Refused"), "bad"),
    }
)
_OPTIONS: Final[Mapping[tuple[str, str], Mapping[str, Text]]] = MappingProxyType(
    {
        ("products", "granularity"): GRANULARITIES,
        ("products", "inner_code"): INNER_CODES,
        ("parties", "kind"): PARTY_KINDS,
        ("locations", "kind"): LOCATION_KINDS,
    }
)
_FLAGS: Final = frozenset({"own", "active"})


def value(kind: str, name: str, stored: object) -> object:
    """Return a field's value as people say it: options, categories, regions, yes and no.

    Args:
        kind: The kind of the row, in the plural.
        name: The field.
        stored: Its value, or the text that a spreadsheet has for it.
    """
    language = get_language() or ""
    text = str(stored)
    if options := _OPTIONS.get((kind, name)):
        return options.get(text, stored)
    if name in _FLAGS and text:
        return gettext("Yes") if stored in (True, "1") else gettext("No")
    if name == "category" and text in CATEGORIES:
        return CATEGORIES[text].name(language)
    if name == "region" and text in REGIONS:
        return REGIONS[text].name(language)
    return stored


PLURALS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "products": pgettext_lazy("masterdata", "Products"),
        "materials": pgettext_lazy("masterdata", "Materials"),
        "parties": pgettext_lazy("masterdata", "Parties"),
        "locations": pgettext_lazy("masterdata", "Locations"),
        "lots": pgettext_lazy("masterdata", "Lots"),
        "material_lots": pgettext_lazy("masterdata", "Material lots"),
    }
)
EXPLANATIONS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "products": _("What you sell, and whether each item or each batch has an identity."),
        "materials": _("What goes into your products, and who supplies it."),
        "parties": _("Suppliers, factories, warehouses, shippers, dealers and shops."),
        "locations": _("Where things happen, with coordinates for the maps."),
        "lots": _("What was produced, when and where."),
        "material_lots": _("What was received from suppliers, lot by lot."),
    }
)
NEW: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "products": _("New product"),
        "materials": _("New material"),
        "parties": _("New party"),
        "locations": _("New location"),
        "lots": _("New lot"),
        "material_lots": _("New material lot"),
    }
)
EMPTY: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "products": _("No product yet"),
        "materials": _("No material yet"),
        "parties": _("No party yet"),
        "locations": _("No location yet"),
        "lots": _("No lot yet"),
        "material_lots": _("No material lot yet"),
    }
)
ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "products": "tag",
        "materials": "leaf",
        "parties": "users",
        "locations": "map-pin",
        "lots": "stack-2",
        "material_lots": "packages",
    }
)
