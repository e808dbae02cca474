"""The search box's look into masterdata: what a typed text may mean.

One short query for each kind; codes that begin with the text come before names that have it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from suyuan.masterdata.models import Location, Lot, Material, MaterialLot, Party, Product

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Found:
    """A row that the text may mean.

    Attributes:
        kind: `product`, `lot`, `material`, `material_lot`, `party` or `location`.
        key: The natural key that the row's address is made of: (GTIN,), (GTIN, lot), (code,) or
            (material's code, lot).
        name_zh: For people; of a lot, its product's or material's.
        name_en: The same in English, or empty.
        row: The row itself.
    """

    kind: str
    key: tuple[str, ...]
    name_zh: str
    name_en: str
    row: Product | Lot | Material | MaterialLot | Party | Location

    def name(self, language: str) -> str:
        """Return the name in `language`, or the Chinese one."""
        return (self.name_en or self.name_zh) if language.startswith("en") else self.name_zh


def search(organisation_id: int, text: str, limit: int = 20) -> list[Found]:
    """Return what `text` may mean, at most `limit` rows, exact codes first.

    Args:
        organisation_id: Where to look.
        text: A code, the beginning of a GTIN, a GLN, or a part of a name.
        limit: The most rows in all.
    """
    text = text.strip()
    if not text or "\0" in text or len(text) > _LONGEST:
        return []
    found = [
        *_products(organisation_id, text, limit),
        *_lots(organisation_id, text, limit),
        *_material_rows(organisation_id, text, limit),
        *_places(organisation_id, text, limit),
    ]
    found.sort(key=lambda row: not any(part.lstrip("0") == text.lstrip("0") for part in row.key))
    return found[:limit]


def _named(text: str) -> Q:
    return Q(name_zh__icontains=text) | Q(name_en__icontains=text)


def _number(text: str) -> Q:
    """Match GTINs that begin with the digits, however many zeros are written in front."""
    if not (text.isascii() and text.isdigit()) or not (digits := text.lstrip("0")):
        return Q()
    forms = Q()
    for zeros in ("", "0", "00", "000000"):
        forms |= Q(gtin__startswith=zeros + digits)
    return forms


def _products(organisation_id: int, text: str, limit: int) -> list[Found]:
    rows = Product.objects.filter(organisation_id=organisation_id)
    matched = (
        rows.filter(_number(text) | _named(text)) if _number(text) else rows.filter(_named(text))
    )
    return [
        Found("product", (row.gtin,), row.name_zh, row.name_en, row)
        for row in matched.order_by("name_zh")[:limit]
    ]


def _lots(organisation_id: int, text: str, limit: int) -> list[Found]:
    lots = Lot.objects.filter(organisation_id=organisation_id, code__istartswith=text)
    material_lots = MaterialLot.objects.filter(
        organisation_id=organisation_id, code__istartswith=text
    )
    return [
        *(
            Found(
                "lot", (row.product.gtin, row.code), row.product.name_zh, row.product.name_en, row
            )
            for row in lots.select_related("product").order_by("-produced_on")[:limit]
        ),
        *(
            Found(
                "material_lot",
                (row.material.code, row.code),
                row.material.name_zh,
                row.material.name_en,
                row,
            )
            for row in material_lots.select_related("material").order_by("-received_on")[:limit]
        ),
    ]


def _material_rows(organisation_id: int, text: str, limit: int) -> list[Found]:
    matched = Q(code__istartswith=text) | _named(text)
    if number := _number(text):
        matched |= number
    rows = Material.objects.filter(organisation_id=organisation_id).filter(matched)
    return [
        Found("material", (row.code,), row.name_zh, row.name_en, row)
        for row in rows.order_by("code")[:limit]
    ]


def _places(organisation_id: int, text: str, limit: int) -> list[Found]:
    matched = Q(code__istartswith=text) | Q(gln=text) | _named(text)
    parties: QuerySet[Party] = Party.objects.filter(organisation_id=organisation_id).filter(matched)
    locations: QuerySet[Location] = Location.objects.filter(organisation_id=organisation_id).filter(
        matched
    )
    return [
        *(
            Found("party", (row.code,), row.name_zh, row.name_en, row)
            for row in parties.order_by("code")[:limit]
        ),
        *(
            Found("location", (row.code,), row.name_zh, row.name_en, row)
            for row in locations.order_by("code")[:limit]
        ),
    ]
