"""The fields of each kind of row, and the rule of each field, in one table.

Forms, spreadsheets and the API read this table, so that all of them take and refuse the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.categories import CATEGORIES
from suyuan.masterdata.models import Granularity, InnerCode, LocationKind, PartyKind
from suyuan.masterdata.regions import REGIONS
from suyuan.masterdata.rules import (
    Choice,
    Code,
    Day,
    Degrees,
    Flag,
    GlnText,
    LotCode,
    Quantity,
    Rule,
    Text,
    Whole,
)

_LONGEST_SHELF_LIFE: Final = 36_500

PRODUCT: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "own": Flag(empty=True),
        "name_zh": Text(120, required=True),
        "name_en": Text(120),
        "description_zh": Text(2000, lines=True),
        "description_en": Text(2000, lines=True),
        "brand_zh": Text(80),
        "brand_en": Text(80),
        "category": Choice(CATEGORIES, empty="general"),
        "granularity": Choice(Granularity.values, empty=Granularity.BATCH.value),
        "shelf_life_days": Whole(1, _LONGEST_SHELF_LIFE),
        "net_content": Text(60),
        "origin_zh": Text(120),
        "origin_en": Text(120),
        "storage_zh": Text(300),
        "storage_en": Text(300),
        "inner_code": Choice(InnerCode.values, empty=InnerCode.NONE.value),
        "inner_hint_zh": Text(120),
        "inner_hint_en": Text(120),
        "active": Flag(empty=True),
    }
)
MATERIAL: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "name_zh": Text(120, required=True),
        "name_en": Text(120),
        "uom": Text(12),
        "supplier": Code(required=False),
    }
)
PARTY: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "kind": Choice(PartyKind.values),
        "name_zh": Text(120, required=True),
        "name_en": Text(120),
        "gln": GlnText(),
        "address": Text(300),
        "contact": Text(200),
    }
)
LOCATION: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "party": Code(required=False),
        "name_zh": Text(120, required=True),
        "name_en": Text(120),
        "gln": GlnText(),
        "kind": Choice(LocationKind.values, empty=LocationKind.OTHER.value),
        "region": Choice(REGIONS, required=False),
        "latitude": Degrees(90.0),
        "longitude": Degrees(180.0),
    }
)
LOT: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "produced_on": Day(required=True),
        "expires_on": Day(),
        "line": Text(60),
        "team": Text(60),
        "location": Code(required=False),
        "notes": Text(1000, lines=True),
    }
)
MATERIAL_LOT: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "supplier": Code(required=False),
        "produced_on": Day(),
        "received_on": Day(),
        "expires_on": Day(),
        "quantity": Quantity(),
        "certificate": Text(80),
        "notes": Text(1000, lines=True),
    }
)
CODE: Final = Code()
LOT_CODE: Final = LotCode()


def checked(rules: Mapping[str, Rule], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given values clean.

    Raises:
        Invalid: with the field's name as place; `unknown_field` for a name not in `rules`.
    """
    for name in given:
        if name not in rules:
            raise Invalid("unknown_field", place=name[:40])
    return {name: rules[name].check(value, name) for name, value in given.items()}


def complete(rules: Mapping[str, Rule], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for every field: the given one clean, or the rule's empty one.

    Raises:
        Invalid: as `checked`, and `required` for a field that has no empty value.
    """
    empties = {name: rule.empty for name, rule in rules.items() if name not in given}
    return checked(rules, {**empties, **given})


def checked_gtin(text: str, place: str = "gtin") -> str:
    """Return 14 digits.

    Raises:
        Invalid: the codes of `Gtin.parse`.
    """
    try:
        return Gtin.parse(text.strip()).value
    except IdentifierError as error:
        raise Invalid(error.code, place=place, **error.data) from error
