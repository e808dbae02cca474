"""The brand: its products, what they are made of, and who works there.

All numbers are under 952, the GS1 prefix for demonstrations: no real firm has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from suyuan.core.identifiers import check_digit
from suyuan.tenancy.rights import Role

SLUG: Final = "muyeyuan"
NAME_ZH, NAME_EN = "牧野原", "Muyeyuan"
PREFIX: Final = "9521234"
PASSWORD: Final = "muye-demo-2026"  # noqa: S105 - printed; refused on a public address
OWNER: Final = "demo@muyeyuan.example"


def gtin(item: int) -> str:
    """Return the brand's GTIN with an item reference, 14 digits."""
    body = f"0{PREFIX}{item:05}"
    return body + check_digit(body)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the organisation."""

    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product; `cases` are made in each lot, each of `per_case`, `per_pallet` on a pallet."""

    key: str
    gtin: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    category: str
    granularity: str
    net_content: str
    shelf_life_days: int
    origin_zh: str
    origin_en: str
    storage_zh: str
    storage_en: str
    shape: str
    cases: int = 0
    per_case: int = 0
    per_pallet: int = 0
    scratch: bool = False  # whether labels have a hidden code, too


@dataclass(frozen=True, slots=True)
class DemoMaterial:
    """A material and the supplier that it comes from."""

    code: str
    name_zh: str
    name_en: str
    uom: str
    supplier: str


PEOPLE: Final = (
    Person(OWNER, "陈牧", Role.OWNER),
    Person("planner@muyeyuan.example", "林小满", Role.PLANNER),
    Person("production@muyeyuan.example", "巴特尔", Role.PRODUCTION),
    Person("warehouse@muyeyuan.example", "赵立冬", Role.WAREHOUSE),
    Person("quality@muyeyuan.example", "苏禾", Role.QUALITY),
    Person("service@muyeyuan.example", "何雨晴", Role.CUSTOMER_SERVICE),
    Person("marketing@muyeyuan.example", "周野", Role.MARKETING),
    Person("auditor@muyeyuan.example", "高审之", Role.AUDITOR),
)

_DRY_ZH = "阴凉干燥处密封保存；开罐后请在四周内食用完。"
_DRY_EN = "Keep sealed in a cool, dry place; use within four weeks of opening."

STAGE_1: Final = DemoProduct(
    key="stage1",
    gtin=gtin(1),
    name_zh="牧野原 初野 婴儿配方奶粉（0～6 月龄，1 段）800 g",
    name_en="Muyeyuan First Meadow infant formula, stage 1 (0–6 months), 800 g",
    description_zh="自有牧场的生牛乳，挤出后两小时内降温，一次成粉。每一罐都有自己的身份：原料、生产、"
    "检验、仓储和运输，扫罐底二维码即可查看。\n母乳是婴儿最理想的食物，请在医生指导下选用。",
    description_en="Raw milk from our own ranch, cooled within two hours of milking and dried "
    "once. Each tin has an identity of its own: scan the code on its base for its materials, "
    "making, tests and journey.\nBreast milk is best for babies; ask a doctor before use.",
    category="infant_formula",
    granularity="item",
    net_content="800 g",
    shelf_life_days=720,
    origin_zh="内蒙古呼和浩特",
    origin_en="Hohhot, Inner Mongolia",
    storage_zh=_DRY_ZH,
    storage_en=_DRY_EN,
    shape="tin",
    cases=90,
    per_case=6,
    per_pallet=30,
)
STAGE_2: Final = DemoProduct(
    key="stage2",
    gtin=gtin(2),
    name_zh="牧野原 初野 较大婴儿配方奶粉（6～12 月龄，2 段）400 g",
    name_en="Muyeyuan First Meadow follow-on formula, stage 2 (6–12 months), 400 g",
    description_zh="适合添加辅食阶段的宝宝。乳清蛋白与酪蛋白比例经过调整，添加藻油 DHA。"
    "小罐装，出行方便。",
    description_en="For babies who have begun solid food. Adjusted whey and casein, with DHA from "
    "algal oil, in a small tin for days away from home.",
    category="infant_formula",
    granularity="item",
    net_content="400 g",
    shelf_life_days=720,
    origin_zh="内蒙古呼和浩特",
    origin_en="Hohhot, Inner Mongolia",
    storage_zh=_DRY_ZH,
    storage_en=_DRY_EN,
    shape="small_tin",
    cases=50,
    per_case=12,
    per_pallet=25,
)
LIQUOR: Final = DemoProduct(
    key="liquor",
    gtin=gtin(3),
    name_zh="牧野原 塬上二十年 高粱酒 53%vol 500 mL",
    name_en="Muyeyuan Plateau Twenty sorghum liquor, 53% vol, 500 mL",
    description_zh="整粒红高粱，石窖固态发酵，陶坛陈放。每瓶一码，开瓶前请先验真；同一瓶在多地被反复查询时，"
    "页面会告诉您。\n未成年人请勿饮酒。",
    description_en="Whole red sorghum, fermented in stone pits, aged in clay jars. One code for "
    "each bottle: verify before you open it, and the page says if the same code has been seen "
    "elsewhere.\nNot for minors.",
    category="liquor",
    granularity="item",
    net_content="500 mL",
    shelf_life_days=7300,
    origin_zh="四川宜宾",
    origin_en="Yibin, Sichuan",
    storage_zh="直立存放，避光避热。",
    storage_en="Store upright, away from light and heat.",
    shape="bottle",
    cases=100,
    per_case=6,
    per_pallet=50,
    scratch=True,
)
YOGHURT: Final = DemoProduct(
    key="yoghurt",
    gtin=gtin(4),
    name_zh="牧野原 慢发酵 原味酸奶 180 g",
    name_en="Muyeyuan Slow-set plain yoghurt, 180 g",
    description_zh="只有生牛乳、白砂糖和菌种。42 ℃ 慢发酵十二小时，全程冷链。",
    description_en="Raw milk, sugar and cultures, nothing else. Set slowly for twelve hours at "
    "42 °C, chilled all the way.",
    category="dairy",
    granularity="item",
    net_content="180 g",
    shelf_life_days=28,
    origin_zh="内蒙古呼和浩特",
    origin_en="Hohhot, Inner Mongolia",
    storage_zh="2～6 ℃ 冷藏。",
    storage_en="Keep at 2–6 °C.",
    shape="cup",
    cases=20,
    per_case=24,
    per_pallet=20,
)
HONEY: Final = DemoProduct(
    key="honey",
    gtin=gtin(5),
    name_zh="牧野原 塬上槐花蜜 500 g",
    name_en="Muyeyuan Loess acacia honey, 500 g",
    description_zh="黄土塬上的刺槐，一年一次花期，成熟封盖蜜。低温过滤，不加一滴糖。",
    description_en="From black locusts on the loess plateau, in flower once a year; capped in the "
    "hive, filtered cold, with nothing added.",
    category="honey",
    granularity="batch",
    net_content="500 g",
    shelf_life_days=730,
    origin_zh="陕西延安",
    origin_en="Yan'an, Shaanxi",
    storage_zh="常温避光；结晶属正常现象。",
    storage_en="Keep at room temperature, away from light; setting is natural.",
    shape="jar",
)
PRODUCTS: Final = (STAGE_1, STAGE_2, LIQUOR, YOGHURT, HONEY)

MATERIALS: Final = (
    DemoMaterial("RAW-MILK", "生牛乳", "Raw milk", "KGM", "SUP-RANCH"),
    DemoMaterial("WHEY", "脱盐乳清粉 D90", "Demineralised whey powder D90", "KGM", "SUP-WHEY"),
    DemoMaterial("LACTOSE", "乳糖", "Lactose", "KGM", "SUP-LACTOSE"),
    DemoMaterial("DHA", "藻油 DHA 微囊粉", "Algal DHA powder", "KGM", "SUP-DHA"),
    DemoMaterial("PREMIX", "复合维生素矿物质", "Vitamin and mineral premix", "KGM", "SUP-LACTOSE"),
    DemoMaterial("TIN", "马口铁罐", "Tin cans", "H87", "SUP-CAN"),
    DemoMaterial("SORGHUM", "红高粱", "Red sorghum", "KGM", "SUP-GRAIN"),
    DemoMaterial("DAQU", "中高温大曲", "Daqu starter", "KGM", "SUP-GRAIN"),
    DemoMaterial("BOTTLE", "陶瓷酒瓶", "Ceramic bottles", "H87", "SUP-POTTERY"),
    DemoMaterial("CULTURE", "酸奶发酵菌种", "Yoghurt cultures", "KGM", "SUP-CULTURE"),
    DemoMaterial("SUGAR", "白砂糖", "White sugar", "KGM", "SUP-LACTOSE"),
    DemoMaterial("CUP", "纸塑酸奶杯", "Yoghurt cups", "H87", "SUP-CAN"),
    DemoMaterial("RAW-HONEY", "原料槐花蜜", "Raw acacia honey", "KGM", "SUP-BEES"),
    DemoMaterial("JAR", "玻璃蜜瓶", "Glass jars", "H87", "SUP-POTTERY"),
)
