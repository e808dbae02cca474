"""Reads of masterdata: one gate for each object, lists, look-ups by identifier.

Invariant: every query begins with the organisation, but `published`, which reads the one global
table. What is unknown and what is another organisation's raise the same `NotFound`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.kernel.errors import NotFound
from suyuan.masterdata.models import (
    Location,
    Lot,
    Material,
    MaterialLot,
    Party,
    Product,
    ProductPicture,
    Publication,
)


def _gate[M: Model](rows: QuerySet[M], kind: str, *, lock: bool = False, **key: Any) -> M:
    """Return the one row with the key, locked until the transaction ends where asked.

    SQLite needs no row lock: its writing transactions exclude each other.
    """
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(**key).first()
    if row is None:
        raise NotFound(kind=kind)
    return row


def number_of(text: str, kind: str) -> str:
    """Return the 14 digits of a GTIN that is looked up; raises `NotFound` for a malformed one."""
    try:
        return Gtin.parse(text).value
    except IdentifierError as error:
        raise NotFound(kind=kind) from error


def get_product(organisation_id: int, gtin: str, *, lock: bool = False) -> Product:
    """Return a product by GTIN, of 8 to 14 digits.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    rows = Product.objects.filter(organisation_id=organisation_id)
    return _gate(rows, "product", lock=lock, gtin=number_of(gtin, "product"))


def get_material(organisation_id: int, code: str) -> Material:
    """Return a material by code; raises `NotFound`."""
    rows = Material.objects.filter(organisation_id=organisation_id)
    return _gate(rows, "material", code=code)


def get_party(organisation_id: int, code: str) -> Party:
    """Return a party by code; raises `NotFound`."""
    rows = Party.objects.filter(organisation_id=organisation_id).select_related("organisation")
    return _gate(rows, "party", code=code)


def get_location(organisation_id: int, code: str) -> Location:
    """Return a location by code; raises `NotFound`."""
    rows = Location.objects.filter(organisation_id=organisation_id).select_related(
        "organisation", "party"
    )
    return _gate(rows, "location", code=code)


def get_lot(organisation_id: int, gtin: str, code: str) -> Lot:
    """Return a product's lot, with product and location; raises `NotFound`."""
    rows = Lot.objects.filter(organisation_id=organisation_id).select_related("product", "location")
    return _gate(rows, "lot", product__gtin=number_of(gtin, "lot"), code=code)


def get_material_lot(organisation_id: int, material: str, code: str) -> MaterialLot:
    """Return a lot by its material's code and its own, with both; raises `NotFound`."""
    rows = MaterialLot.objects.filter(organisation_id=organisation_id).select_related(
        "material", "supplier"
    )
    return _gate(rows, "material_lot", material__code=material, code=code)


def get_picture(organisation_id: int, gtin: str, digest: str) -> ProductPicture:
    """Return a product's picture by the digest of its large size; raises `NotFound`."""
    product = get_product(organisation_id, gtin)
    rows = ProductPicture.objects.filter(organisation_id=organisation_id)
    return _gate(rows, "picture", product_id=product.id, large=digest)


def _matching(text: str, *fields: str) -> Q:
    """Match rows that have `text` in a field; NUL, which PostgreSQL refuses, matches none."""
    text = text.strip()
    if not text:
        return Q()
    if "\0" in text:
        return Q(organisation_id__in=[])
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    return found


def list_products(
    organisation_id: int,
    *,
    text: str = "",
    category: str = "",
    granularity: str = "",
    own: bool | None = None,
    active: bool | None = None,
) -> QuerySet[Product]:
    """Return products by name, filtered by what is given."""
    exact = {
        "category": category or None,
        "granularity": granularity or None,
        "own": own,
        "active": active,
    }
    return (
        Product.objects.filter(organisation_id=organisation_id)
        .filter(**{name: value for name, value in exact.items() if value is not None})
        .filter(_matching(text, "gtin", "name_zh", "name_en", "brand_zh", "brand_en"))
        .order_by("name_zh", "gtin")
    )


def list_materials(
    organisation_id: int, *, text: str = "", supplier: str = ""
) -> QuerySet[Material]:
    """Return materials by code, with their suppliers."""
    rows = Material.objects.filter(organisation_id=organisation_id).select_related("supplier")
    if supplier:
        rows = rows.filter(supplier__code=supplier)
    return rows.filter(_matching(text, "code", "gtin", "name_zh", "name_en")).order_by("code")


def list_parties(organisation_id: int, *, text: str = "", kind: str = "") -> QuerySet[Party]:
    """Return parties by code."""
    rows = Party.objects.filter(organisation_id=organisation_id).select_related("organisation")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(_matching(text, "code", "gln", "name_zh", "name_en")).order_by("code")


def list_locations(
    organisation_id: int, *, text: str = "", kind: str = "", party: str = "", region: str = ""
) -> QuerySet[Location]:
    """Return locations by code, with their parties; `region` may be a province or a city."""
    rows = Location.objects.filter(organisation_id=organisation_id).select_related(
        "organisation", "party"
    )
    if kind:
        rows = rows.filter(kind=kind)
    if party:
        rows = rows.filter(party__code=party)
    if region:
        rows = rows.filter(region__startswith=region.removesuffix("0000"))
    return rows.filter(_matching(text, "code", "gln", "name_zh", "name_en")).order_by("code")


def list_lots(organisation_id: int, *, text: str = "", gtin: str = "") -> QuerySet[Lot]:
    """Return lots, the latest production first, with products and locations."""
    rows = Lot.objects.filter(organisation_id=organisation_id).select_related("product", "location")
    if gtin:
        rows = rows.filter(product__gtin=gtin)
    fields = ("code", "product__gtin", "product__name_zh", "product__name_en")
    return rows.filter(_matching(text, *fields)).order_by("-produced_on", "code", "id")


def list_material_lots(
    organisation_id: int, *, text: str = "", material: str = "", supplier: str = ""
) -> QuerySet[MaterialLot]:
    """Return material lots, the latest receipt first, with materials and suppliers."""
    rows = MaterialLot.objects.filter(organisation_id=organisation_id).select_related(
        "material", "supplier"
    )
    if material:
        rows = rows.filter(material__code=material)
    if supplier:
        rows = rows.filter(supplier__code=supplier)
    fields = ("code", "material__code", "material__name_zh", "material__name_en")
    return rows.filter(_matching(text, *fields)).order_by("-received_on", "code", "id")


def pictures_of(organisation_id: int, product_id: int) -> list[ProductPicture]:
    """Return a product's pictures in order."""
    rows = ProductPicture.objects.filter(organisation_id=organisation_id, product_id=product_id)
    return list(rows.order_by("position", "id"))


def locations_by_identifier(organisation_id: int) -> dict[str, Location]:
    """Return all locations by the texts that stand for them in events, in one query.

    A location with a GLN is there twice: events captured before it had one say its code.
    """
    found: dict[str, Location] = {}
    for row in list_locations(organisation_id):
        found[f"urn:suyuan:{row.organisation.urn_slug}:location:{row.code}"] = row
        found[row.identifier] = row
    return found


def parties_by_identifier(organisation_id: int) -> dict[str, Party]:
    """Return all parties by the texts that stand for them in events, in one query."""
    found: dict[str, Party] = {}
    for row in list_parties(organisation_id):
        found[f"urn:suyuan:{row.organisation.urn_slug}:party:{row.code}"] = row
        found[row.identifier] = row
    return found


def products_by_gtin(organisation_id: int, gtins: Iterable[str]) -> dict[str, Product]:
    """Return the products among `gtins` (14 digits), in one query."""
    rows = Product.objects.filter(organisation_id=organisation_id, gtin__in=set(gtins))
    return {row.gtin: row for row in rows}


def materials_by_gtin(organisation_id: int, gtins: Iterable[str]) -> dict[str, Material]:
    """Return the materials among `gtins` (14 digits), in one query."""
    rows = Material.objects.filter(organisation_id=organisation_id, gtin__in=set(gtins))
    return {row.gtin: row for row in rows}


def lots_by_code(
    organisation_id: int, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Lot]:
    """Return the lots among `keys` (GTIN of 14 digits, code), in one query."""
    wanted = set(keys)
    rows = Lot.objects.filter(
        organisation_id=organisation_id,
        product__gtin__in={gtin for gtin, _ in wanted},
        code__in={code for _, code in wanted},
    ).select_related("product")
    return {key: row for row in rows if (key := (row.product.gtin, row.code)) in wanted}


def published(gtin: str) -> Publication | None:
    """Return which organisation answers for a GTIN (14 digits) in public, with its product.

    Also of a product that is no longer in use: what was sold of it must still be verified.
    """
    return Publication.objects.filter(gtin=gtin).select_related("organisation", "product").first()


def public_picture(digest: str) -> ProductPicture | None:
    """Return the picture with this file name if its product is the organisation's own."""
    row = (
        ProductPicture.objects.filter(Q(small=digest) | Q(large=digest))
        .select_related("product")
        .first()
    )
    return row if row is not None and row.product.own else None
