"""Categories of goods: names, the usual granularity, and which record rules to look at.

A hint names a regulation and what its records are usually kept for. It is a template, never a rule
in code: it was not read at its source, so screens ask the operator to confirm it with the text in
force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Hint:
    """A regulation that may ask for records, and how long they are usually kept under it."""

    code: str
    name_zh: str
    name_en: str
    kept_zh: str
    kept_en: str

    def name(self, language: str) -> str:
        """Return the regulation's name in `language`."""
        return self.name_en if language.startswith("en") else self.name_zh

    def kept(self, language: str) -> str:
        """Return how long records are kept, in `language`."""
        return self.kept_en if language.startswith("en") else self.kept_zh


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of goods."""

    code: str
    name_zh: str
    name_en: str
    granularity: str
    hints: tuple[Hint, ...] = ()

    def name(self, language: str) -> str:
        """Return the category's name in `language`."""
        return self.name_en if language.startswith("en") else self.name_zh


_FOOD = Hint(
    "food_safety_law",
    "《食品安全法》第五十、五十一、五十三条",
    "Food Safety Law, arts. 50, 51, 53",
    "保质期满后六个月；没有明确保质期的，两年",
    "shelf life and six months more; two years when no shelf life is stated",
)
_INFANT = Hint(
    "infant_formula_records",
    "《婴幼儿配方乳粉追溯信息记录规范》",
    "Record rules for infant formula traceability",
    "三年以上",
    "three years or more",
)
_DRUG = Hint(
    "drug_traceability",
    "药品追溯系列标准 NMPAB/T 1002 至 1005",
    "Drug traceability standards NMPAB/T 1002 to 1005",
    "《药品经营质量管理规范》：五年",
    "GSP: five years",
)
_COSMETICS = Hint(
    "cosmetics_regulation",
    "《化妆品监督管理条例》第三十一、三十八条",
    "Cosmetics Supervision Regulation, arts. 31, 38",
    "使用期限届满后一年；使用期限不足一年的，两年",
    "use-by and one year more; two years when it is under one year",
)
_FARM = Hint(
    "farm_products_law",
    "《农产品质量安全法》",
    "Agricultural Product Quality and Safety Law",
    "两年",
    "two years",
)
_SHOP = Hint(
    "e_commerce_law",
    "《电子商务法》第三十一条",
    "E-Commerce Law, art. 31",
    "三年",
    "three years",
)

_ROWS: Final = (
    Category("food", "食品", "Food", "batch", (_FOOD, _SHOP)),
    Category("infant_formula", "婴幼儿配方乳粉", "Infant formula", "item", (_INFANT, _FOOD, _SHOP)),
    Category("dairy", "乳制品", "Dairy", "batch", (_FOOD, _SHOP)),
    Category("honey", "蜂产品", "Honey and bee products", "item", (_FOOD, _FARM, _SHOP)),
    Category("beverage", "饮料", "Beverages", "batch", (_FOOD, _SHOP)),
    Category("liquor", "酒类", "Wine and spirits", "item", (_FOOD, _SHOP)),
    Category("tea", "茶叶", "Tea", "batch", (_FOOD, _FARM, _SHOP)),
    Category("edible_oil", "粮油", "Grain and edible oil", "batch", (_FOOD, _SHOP)),
    Category("meat", "肉制品", "Meat products", "batch", (_FOOD, _SHOP)),
    Category("aquatic", "水产品", "Fish and seafood", "batch", (_FOOD, _FARM, _SHOP)),
    Category("agricultural", "初级农产品", "Farm produce", "batch", (_FARM, _SHOP)),
    Category("health_food", "保健食品", "Health food", "item", (_FOOD, _SHOP)),
    Category("drug", "药品", "Medicines", "item", (_DRUG, _SHOP)),
    Category("medical_device", "医疗器械", "Medical devices", "item", (_SHOP,)),
    Category("cosmetics", "化妆品", "Cosmetics", "item", (_COSMETICS, _SHOP)),
    Category("pet_food", "宠物食品", "Pet food", "batch", (_SHOP,)),
    Category("apparel", "服装鞋帽", "Clothing and shoes", "item", (_SHOP,)),
    Category("jewellery", "珠宝首饰", "Jewellery", "item", (_SHOP,)),
    Category("electronics", "电子产品", "Electronics", "item", (_SHOP,)),
    Category("toys", "玩具", "Toys", "batch", (_SHOP,)),
    Category("mother_baby", "母婴用品", "Mother and baby goods", "batch", (_SHOP,)),
    Category("household", "家居日用", "Household goods", "batch", (_SHOP,)),
    Category("auto_parts", "汽车配件", "Car parts", "item", (_SHOP,)),
    Category("agri_inputs", "农资", "Seed, fertiliser, pesticide", "item", (_FARM,)),
    Category("general", "其他商品", "Other goods", "batch", (_SHOP,)),
)
CATEGORIES: Final[Mapping[str, Category]] = MappingProxyType({row.code: row for row in _ROWS})
