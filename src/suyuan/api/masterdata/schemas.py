"""What masterdata's operations take and give.

A field that is not sent is left as it is, or takes its default in a creation. Relations are codes.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from suyuan.exchange.sheets import values_of
from suyuan.masterdata.models import Record

type Limit = Annotated[int, Field(ge=1, le=200)]
type Offset = Annotated[int, Field(ge=0, le=10_000_000)]


class _In(Schema):
    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        return self.model_dump(exclude_unset=True)


class ProductChange(_In):
    """Fields of a product to change."""

    own: bool = True
    name_zh: str = ""
    name_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    brand_zh: str = ""
    brand_en: str = ""
    category: str = "general"
    granularity: str = "batch"
    shelf_life_days: int | None = None
    net_content: str = ""
    origin_zh: str = ""
    origin_en: str = ""
    storage_zh: str = ""
    storage_en: str = ""
    inner_code: str = "none"
    inner_hint_zh: str = ""
    inner_hint_en: str = ""
    active: bool = True


class ProductIn(ProductChange):
    """A new product; without a GTIN it gets a restricted-circulation number."""

    gtin: str = ""


class MaterialChange(_In):
    """Fields of a material to change; `supplier` is a party's code."""

    name_zh: str = ""
    name_en: str = ""
    uom: str = ""
    supplier: str = ""


class MaterialIn(MaterialChange):
    """A new material."""

    code: str
    gtin: str = ""


class PartyChange(_In):
    """Fields of a party to change."""

    kind: str = ""
    name_zh: str = ""
    name_en: str = ""
    gln: str = ""
    address: str = ""
    contact: str = ""


class PartyIn(PartyChange):
    """A new party."""

    code: str


class LocationChange(_In):
    """Fields of a location to change; `party` is a code, `region` six digits of GB/T 2260."""

    party: str = ""
    name_zh: str = ""
    name_en: str = ""
    gln: str = ""
    kind: str = "other"
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None


class LocationIn(LocationChange):
    """A new location."""

    code: str


class LotChange(_In):
    """Fields of a product's lot to change; `location` is a code."""

    produced_on: date | None = None
    expires_on: date | None = None
    line: str = ""
    team: str = ""
    location: str = ""
    notes: str = ""


class MaterialLotChange(_In):
    """Fields of a material's lot to change; `supplier` is a party's code."""

    supplier: str = ""
    produced_on: date | None = None
    received_on: date | None = None
    expires_on: date | None = None
    quantity: Decimal | None = None
    certificate: str = ""
    notes: str = ""


class MaterialLotIn(MaterialLotChange):
    """A new lot of a material; `material` is its code."""

    material: str
    code: str


class _Stamped(Schema):
    identifier: str
    changed_at: datetime


class ProductOut(ProductIn, _Stamped):
    """A product."""

    codes_issued: bool


class MaterialOut(MaterialIn, _Stamped):
    """A material."""


class PartyOut(PartyIn, _Stamped):
    """A party."""


class LocationOut(LocationIn, _Stamped):
    """A location."""


class LotOut(LotChange, _Stamped):
    """A product's lot."""

    gtin: str
    code: str


class MaterialLotOut(MaterialLotIn, _Stamped):
    """A material's lot."""


class Page[Row](Schema):
    """A part of a list; `total` counts all of it."""

    items: list[Row]
    total: int


def shown(kind: str, row: Record) -> dict[str, Any]:
    """Return a row as its `Out` schema takes it."""
    named = getattr(row, "identity", None)
    identifier = named.digital_link() if named else getattr(row, "identifier", "")
    extra = {"codes_issued": getattr(row, "codes_issued", None)} if kind == "products" else {}
    return {
        **values_of(kind, row),
        **extra,
        "identifier": identifier,
        "changed_at": row.changed_at,
    }


def page(kind: str, rows: Any, limit: int, offset: int) -> dict[str, Any]:
    """Return a part of a list."""
    items = [shown(kind, row) for row in rows[offset : offset + limit]]
    return {"items": items, "total": rows.count()}
