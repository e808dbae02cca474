"""Master data in the words of EPCIS: vocabularies with attributes of the CBV.

Owns: how products, lots, materials, locations and parties become elements of vocabularies.
Does not own: what a query asks for (core.epcis.vocabulary_query), the form of identifiers.

A location is a read point and a business location; a party with or without a GLN stands in source
and destination lists; a product's class holds its lots' classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from suyuan.core.epcis.vocabulary_query import VocabularyQuery
from suyuan.core.epcis.xml.vocabularies import (
    BUSINESS_LOCATION,
    EPC_CLASS,
    READ_POINT,
    SOURCE_DEST,
    VocabularyElement,
)
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata.models import Location, Lot, Material, MaterialLot, Party, Product

CBV: Final = "urn:epcglobal:cbv:mda#"
OWN: Final = "urn:suyuan:mda#"  # what the CBV has no attribute for
MOST_ELEMENTS: Final = 10_000
"""What one answer holds at the most, whatever the query says."""


class VocabularyTooLarge(SuyuanError):
    """More elements than may be told at once."""

    code = "query_too_large"
    status = 413


def vocabulary_elements(
    organisation_id: int, query: VocabularyQuery, *, language: str
) -> list[VocabularyElement]:
    """Return the elements that a query asks for, with what it asks of them.

    Raises:
        VocabularyTooLarge: more than the query's own bound, or than `MOST_ELEMENTS`.
    """
    most = min(query.most or MOST_ELEMENTS, MOST_ELEMENTS)
    found: list[VocabularyElement] = []
    for element, ancestors in _elements(organisation_id, query, language):
        if not query.selects(element, ancestors):
            continue
        if len(found) == most:
            raise VocabularyTooLarge(most=most)
        found.append(query.told(element))
    return found


type _Placed = tuple[VocabularyElement, tuple[str, ...]]
"""An element, and the names of those that it lies in."""


def _elements(organisation_id: int, query: VocabularyQuery, language: str) -> Iterator[_Placed]:
    if query.wants(BUSINESS_LOCATION) or query.wants(READ_POINT):
        yield from _locations(organisation_id, query, language)
    if query.wants(EPC_CLASS):
        yield from _classes(organisation_id, query, language)
    if query.wants(SOURCE_DEST):
        yield from _parties(organisation_id, language)


def _locations(organisation_id: int, query: VocabularyQuery, language: str) -> Iterator[_Placed]:
    rows = Location.objects.filter(organisation_id=organisation_id).order_by("code")
    for row in rows.select_related("organisation", "party").iterator(chunk_size=1_000):
        attributes = {CBV + "name": row.name(language), OWN + "kind": row.kind}
        if row.party is not None:
            attributes[OWN + "party"] = row.party.name(language)
        if (area := row.area) is not None:
            attributes |= {
                CBV + "countryCode": "CN",
                CBV + "state": area.province.name(language),
            }
            if not area.is_province:
                attributes[CBV + "city"] = area.name(language)
        if row.latitude is not None and row.longitude is not None:
            attributes |= {
                CBV + "latitude": f"{row.latitude:+.6f}",
                CBV + "longitude": f"{row.longitude:+.6f}",
            }
        for vocabulary in (BUSINESS_LOCATION, READ_POINT):
            if query.wants(vocabulary):
                yield VocabularyElement(vocabulary, row.identifier, attributes), ()


def _parties(organisation_id: int, language: str) -> Iterator[_Placed]:
    rows = Party.objects.filter(organisation_id=organisation_id).order_by("code")
    for row in rows.select_related("organisation").iterator(chunk_size=1_000):
        attributes = {CBV + "name": row.name(language), OWN + "kind": row.kind}
        if row.address:
            attributes[CBV + "streetAddressOne"] = row.address
        yield VocabularyElement(SOURCE_DEST, row.identifier, attributes), ()


def _classes(organisation_id: int, query: VocabularyQuery, language: str) -> Iterator[_Placed]:
    """Yield the classes of products and materials, and those of their lots within them."""
    lots = _children(organisation_id) if query.with_children else {}
    products = Product.objects.filter(organisation_id=organisation_id).order_by("gtin")
    for product in products.iterator(chunk_size=1_000):
        name = product.identity.digital_link()
        yield (
            VocabularyElement(
                EPC_CLASS, name, _product(product, language), tuple(lots.get(product.gtin, ()))
            ),
            (),
        )
    materials = Material.objects.filter(organisation_id=organisation_id).order_by("gtin")
    for material in materials.select_related("supplier").iterator(chunk_size=1_000):
        identity = Identity(Scheme.GTIN, material.gtin)
        attributes = {CBV + "descriptionShort": material.name(language)}
        if material.supplier is not None:
            attributes[CBV + "manufacturerOfTradeItemPartyName"] = material.supplier.name(language)
        children = tuple(lots.get(material.gtin, ()))
        yield VocabularyElement(EPC_CLASS, identity.digital_link(), attributes, children), ()
    yield from _lots(organisation_id)


def _product(row: Product, language: str) -> dict[str, str]:
    told: Mapping[str, str] = {
        CBV + "descriptionShort": row.name(language),
        CBV + "tradeItemDescription": row.description(language),
        CBV + "netContentDescription": row.net_content,
        OWN + "category": row.category,
        OWN + "brand": row.brand(language),
        OWN + "origin": row.origin(language),
        OWN + "storage": row.storage(language),
    }
    return {name: value for name, value in told.items() if value}


def _lots(organisation_id: int) -> Iterator[_Placed]:
    lots = Lot.objects.filter(organisation_id=organisation_id).order_by("product_id", "code")
    for lot in lots.select_related("product").iterator(chunk_size=1_000):
        attributes = {
            CBV + "lotNumber": lot.code,
            CBV + "productionDate": lot.produced_on.isoformat(),
        }
        if lot.expires_on is not None:
            attributes[CBV + "itemExpirationDate"] = lot.expires_on.isoformat()
        yield _lot(lot.identity, attributes)
    rows = MaterialLot.objects.filter(organisation_id=organisation_id)
    for row in rows.order_by("material_id", "code").select_related("material").iterator(1_000):
        attributes = {CBV + "lotNumber": row.code}
        if row.expires_on is not None:
            attributes[CBV + "itemExpirationDate"] = row.expires_on.isoformat()
        yield _lot(row.identity, attributes)


def _lot(identity: Identity, attributes: Mapping[str, str]) -> _Placed:
    product = Identity(Scheme.GTIN, identity.primary).digital_link()
    return VocabularyElement(EPC_CLASS, identity.digital_link(), attributes), (product,)


def _children(organisation_id: int) -> Mapping[str, list[str]]:
    """Return the names of the lots of each GTIN."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for rows, gtin in (
        (Lot.objects.filter(organisation_id=organisation_id), "product__gtin"),
        (MaterialLot.objects.filter(organisation_id=organisation_id), "material__gtin"),
    ):
        for number, code in rows.order_by("code").values_list(gtin, "code").iterator(1_000):
            found[number].append(Identity(Scheme.LGTIN, number, code).digital_link())
    return found
