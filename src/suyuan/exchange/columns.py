"""The columns of each kind of sheet: field, Chinese and English heading, rule.

One table serves import and export, so that what goes out comes back in. A heading is found
whatever its case and spaces, in Chinese, in English, or as the field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from suyuan.masterdata import fields
from suyuan.masterdata.rules import Rule, Text

# What an error file adds, and what an import therefore passes over.
FAULT_HEADINGS: Final = {
    "zh": ("原行号", "问题代码", "问题位置", "问题说明"),
    "en": ("Fault row", "Fault code", "Fault place", "Fault reason"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `key` columns find the row, the others are its fields."""

    name: str
    zh: str
    en: str
    rule: Rule
    key: bool = False
    needed: bool = False

    def heading(self, language: str) -> str:
        """Return the heading in `language`."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of rows that can be imported and exported."""

    kind: str
    columns: tuple[Column, ...]

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that find a row."""
        return tuple(column for column in self.columns if column.key)

    @property
    def values(self) -> tuple[Column, ...]:
        """The columns that an update may change."""
        return tuple(column for column in self.columns if not column.key)

    def column(self, heading: str) -> Column | None:
        """Return the column with this heading."""
        wanted = folded(heading)
        for column in self.columns:
            if wanted in {column.name, folded(column.zh), folded(column.en)}:
                return column
        return None


def folded(heading: str) -> str:
    """Return a heading without case and spaces."""
    return "".join(heading.split()).casefold()


_GTIN: Final = Text(14)  # checked as a GTIN where it is read; here only as a text

_HEADINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "own": ("自有产品", "Own product"),
        "name_zh": ("中文名称", "Chinese name"),
        "name_en": ("英文名称", "English name"),
        "description_zh": ("中文描述", "Chinese description"),
        "description_en": ("英文描述", "English description"),
        "brand_zh": ("中文品牌", "Chinese brand"),
        "brand_en": ("英文品牌", "English brand"),
        "category": ("品类", "Category"),
        "granularity": ("追溯粒度", "Granularity"),
        "shelf_life_days": ("保质期(天)", "Shelf life (days)"),
        "net_content": ("净含量", "Net content"),
        "origin_zh": ("中文产地", "Chinese origin"),
        "origin_en": ("英文产地", "English origin"),
        "storage_zh": ("中文贮存条件", "Chinese storage"),
        "storage_en": ("英文贮存条件", "English storage"),
        "inner_code": ("刮开码", "Hidden code"),
        "inner_hint_zh": ("刮开码位置(中文)", "Where the hidden code is (Chinese)"),
        "inner_hint_en": ("刮开码位置(英文)", "Where the hidden code is (English)"),
        "active": ("启用", "Active"),
        "uom": ("计量单位", "Unit"),
        "supplier": ("供应商代码", "Supplier code"),
        "kind": ("类型", "Kind"),
        "gln": ("GLN", "GLN"),
        "address": ("地址", "Address"),
        "contact": ("联系方式", "Contact"),
        "party": ("往来单位代码", "Party code"),
        "region": ("行政区划代码", "Region code"),
        "latitude": ("纬度", "Latitude"),
        "longitude": ("经度", "Longitude"),
        "produced_on": ("生产日期", "Produced on"),
        "received_on": ("收货日期", "Received on"),
        "expires_on": ("到期日期", "Expires on"),
        "line": ("产线", "Line"),
        "team": ("班组", "Team"),
        "location": ("地点代码", "Location code"),
        "notes": ("备注", "Notes"),
        "quantity": ("数量", "Quantity"),
        "certificate": ("证明编号", "Certificate"),
    }
)


def _fields(rules: Mapping[str, Rule]) -> tuple[Column, ...]:
    return tuple(
        Column(name, *_HEADINGS[name], rule, needed=rule.required and not rule.empty)
        for name, rule in rules.items()
    )


_SHEETS: Final = (
    Sheet("products", (Column("gtin", "GTIN", "GTIN", _GTIN, key=True), *_fields(fields.PRODUCT))),
    Sheet(
        "materials",
        (
            Column("code", "原料代码", "Material code", fields.CODE, key=True, needed=True),
            Column("gtin", "GTIN", "GTIN", _GTIN),
            *_fields(fields.MATERIAL),
        ),
    ),
    Sheet(
        "parties",
        (
            Column("code", "往来单位代码", "Party code", fields.CODE, key=True, needed=True),
            *_fields(fields.PARTY),
        ),
    ),
    Sheet(
        "locations",
        (
            Column("code", "地点代码", "Location code", fields.CODE, key=True, needed=True),
            *_fields(fields.LOCATION),
        ),
    ),
    Sheet(
        "lots",
        (
            Column("gtin", "GTIN", "GTIN", _GTIN, key=True, needed=True),
            Column("code", "批号", "Lot code", fields.LOT_CODE, key=True, needed=True),
            *_fields(fields.LOT),
        ),
    ),
    Sheet(
        "material_lots",
        (
            Column("material", "原料代码", "Material code", fields.CODE, key=True, needed=True),
            Column("code", "批号", "Lot code", fields.LOT_CODE, key=True, needed=True),
            *_fields(fields.MATERIAL_LOT),
        ),
    ),
)
SHEETS: Final[Mapping[str, Sheet]] = MappingProxyType({sheet.kind: sheet for sheet in _SHEETS})
