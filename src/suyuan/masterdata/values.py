"""The shapes that services take: one typed dictionary for each kind of row.

Relations are given by natural key (`supplier`, `party`, `location` are codes), because that is
what a form, a spreadsheet and another system know. A missing key means "leave as it is" in an
update and "the default" in a creation.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypedDict

Granularity = Literal["item", "batch"]


class ProductFields(TypedDict, total=False):
    """A product apart from its number."""

    own: bool
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    brand_zh: str
    brand_en: str
    category: str
    granularity: str
    shelf_life_days: int | None
    net_content: str
    origin_zh: str
    origin_en: str
    storage_zh: str
    storage_en: str
    inner_code: str
    inner_hint_zh: str
    inner_hint_en: str
    active: bool


class MaterialFields(TypedDict, total=False):
    """A material apart from its number and code."""

    name_zh: str
    name_en: str
    uom: str
    supplier: str


class PartyFields(TypedDict, total=False):
    """A party apart from its code."""

    kind: str
    name_zh: str
    name_en: str
    gln: str
    address: str
    contact: str


class LocationFields(TypedDict, total=False):
    """A location apart from its code."""

    party: str
    name_zh: str
    name_en: str
    gln: str
    kind: str
    region: str
    latitude: float | None
    longitude: float | None


class LotFields(TypedDict, total=False):
    """A product's lot apart from product and code."""

    produced_on: date
    expires_on: date | None
    line: str
    team: str
    location: str
    notes: str


class MaterialLotFields(TypedDict, total=False):
    """A material's lot apart from material and code."""

    supplier: str
    produced_on: date | None
    received_on: date | None
    expires_on: date | None
    quantity: Decimal | None
    certificate: str
    notes: str
