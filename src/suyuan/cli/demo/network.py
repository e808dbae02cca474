"""Who the brand works with, and where: parties, locations, the cities that buyers live in.

Firms are invented; their GLNs lie under 952, the prefix for demonstrations. Coordinates are those
of a town, roughly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from suyuan.cli.demo.brand import PREFIX
from suyuan.core.identifiers import check_digit


def own_gln(number: int) -> str:
    """Return a GLN of the brand."""
    body = f"{PREFIX}{number:05}"
    return body + check_digit(body)


def partner_gln(number: int) -> str:
    """Return a GLN of another firm."""
    body = f"9525{number:08}"
    return body + check_digit(body)


@dataclass(frozen=True, slots=True)
class DemoParty:
    """A firm."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A location; without a party it is the brand's own."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    region: str
    latitude: float
    longitude: float
    party: str = ""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse, how long goods take to it, and which shippers fetch parcels there."""

    place: str
    token: str
    days_from_factory: float
    shippers: tuple[str, ...]
    regions: tuple[str, ...]


PARTIES: Final = (
    DemoParty("SUP-RANCH", "supplier", "白音牧业", "Baiyin Ranching", "内蒙古呼和浩特和林格尔"),
    DemoParty("SUP-WHEY", "supplier", "青岛海澜乳原料", "Qingdao Hailan Dairy Ingredients", "青岛"),
    DemoParty("SUP-LACTOSE", "supplier", "天津滨禾配料", "Tianjin Binhe Ingredients", "天津"),
    DemoParty("SUP-DHA", "supplier", "厦门汇藻生物", "Xiamen Huizao Biotech", "厦门"),
    DemoParty("SUP-CAN", "supplier", "苏州固安包装", "Suzhou Gu'an Packaging", "苏州"),
    DemoParty("SUP-GRAIN", "supplier", "宜宾江禾粮业", "Yibin Jianghe Grain", "宜宾"),
    DemoParty("SUP-POTTERY", "supplier", "云窑陶瓷", "Yunyao Pottery", "宜宾"),
    DemoParty("SUP-CULTURE", "supplier", "上海益沃菌种", "Shanghai Yiwo Cultures", "上海"),
    DemoParty("SUP-BEES", "supplier", "黄龙塬蜂农合作社", "Huanglong Beekeepers", "延安黄龙"),
    DemoParty("FAC-DISTIL", "factory", "塬上酒坊", "Plateau Distillery", "四川宜宾"),
    DemoParty("3PL-TJ", "warehouse", "渤海仓配", "Bohai Fulfilment", "天津武清"),
    DemoParty("3PL-JX", "warehouse", "钱江仓配", "Qianjiang Fulfilment", "浙江嘉兴"),
    DemoParty("3PL-GZ", "warehouse", "南粤仓配", "Nanyue Fulfilment", "广州南沙"),
    DemoParty("SHIP-XD", "shipper", "迅蹄快运", "Swifthoof Express", "北京"),
    DemoParty("SHIP-YL", "shipper", "云鹿速递", "Yunlu Parcel", "上海"),
    DemoParty("SHIP-BM", "shipper", "白马冷链", "White Horse Cold Chain", "广州"),
    DemoParty("DL-BJ", "dealer", "京禾商贸（华北）", "Jinghe Trading (North)", "北京"),
    DemoParty("DL-SY", "dealer", "辽沃商贸（东北）", "Liaowo Trading (North-east)", "沈阳"),
    DemoParty("DL-ZZ", "dealer", "中原亲禾（华中）", "Zhongyuan Qinhe (Central)", "郑州"),
    DemoParty("DL-CD", "dealer", "蜀悦商贸（西南）", "Shuyue Trading (South-west)", "成都"),
    DemoParty("DL-XA", "dealer", "秦塬商贸（西北）", "Qinyuan Trading (North-west)", "西安"),
    DemoParty("DL-SZ", "dealer", "湾区优选（华南）", "Bay Select (South)", "深圳"),
    DemoParty("SHOP-WEB", "shop", "牧野原官方商城", "Muyeyuan online store"),
    DemoParty("SHOP-BABY", "shop", "牧野原母婴旗舰店", "Muyeyuan mother and baby store"),
    DemoParty("SHOP-HZ", "shop", "牧野原杭州体验店", "Muyeyuan shop, Hangzhou", "杭州"),
    DemoParty("PRINT-SX", "printer", "鉴湖防伪印务", "Jianhu Security Printing", "浙江绍兴"),
)

_TOLD_OF_RECALLS: Final = ("factory", "warehouse", "dealer", "shop")


def recall_desk(party: DemoParty) -> str:
    """Return whom a recall is told to; "" of firms that hold no goods for the brand."""
    return f"recall@{party.code.lower()}.example" if party.kind in _TOLD_OF_RECALLS else ""


FACTORY, LINE_1, LINE_2 = "FAC-HHHT", "LINE-1", "LINE-2"
DISTILLERY, HONEY_HOUSE = "FAC-YB", "FAC-YA"
SHOP: Final = "SHOP-HZ"
PRINT_HOUSE: Final = "PRINT-SX"

PLACES: Final = (
    DemoPlace("FARM-BY", "farm", "白音牧场", "Baiyin ranch", "150100", 40.38, 111.82),
    DemoPlace(FACTORY, "factory", "呼和浩特工厂", "Hohhot plant", "150100", 40.78, 111.62),
    DemoPlace(
        LINE_1, "line", "呼和浩特一号线（制粉）", "Hohhot line 1 (powder)", "150100", 40.78, 111.62
    ),
    DemoPlace(
        LINE_2, "line", "呼和浩特二号线（酸奶）", "Hohhot line 2 (yoghurt)", "150100", 40.78, 111.62
    ),
    DemoPlace(
        HONEY_HOUSE, "factory", "延安蜂蜜工坊", "Yan'an honey house", "610600", 35.58, 109.84
    ),
    DemoPlace(
        DISTILLERY, "factory", "宜宾酒坊", "Yibin distillery", "511500", 28.77, 104.62, "FAC-DISTIL"
    ),
    DemoPlace(
        "WH-TJ", "warehouse", "天津武清仓", "Tianjin warehouse", "120000", 39.38, 117.04, "3PL-TJ"
    ),
    DemoPlace(
        "WH-JX", "warehouse", "嘉兴仓", "Jiaxing warehouse", "330400", 30.77, 120.75, "3PL-JX"
    ),
    DemoPlace(
        "WH-GZ", "warehouse", "广州南沙仓", "Guangzhou warehouse", "440100", 22.80, 113.53, "3PL-GZ"
    ),
    DemoPlace("HUB-BJ", "hub", "北京分拨中心", "Beijing hub", "110000", 39.72, 116.53, "SHIP-XD"),
    DemoPlace("HUB-WH", "hub", "武汉分拨中心", "Wuhan hub", "420100", 30.49, 114.16, "SHIP-YL"),
    DemoPlace("HUB-CD", "hub", "成都分拨中心", "Chengdu hub", "510100", 30.57, 103.95, "SHIP-XD"),
    DemoPlace("HUB-SH", "hub", "上海分拨中心", "Shanghai hub", "310000", 31.17, 121.29, "SHIP-YL"),
    DemoPlace("HUB-GZ", "hub", "广州分拨中心", "Guangzhou hub", "440100", 23.38, 113.27, "SHIP-BM"),
    DemoPlace(
        "DL-BJ", "warehouse", "京禾仓库", "Jinghe store room", "110000", 39.80, 116.50, "DL-BJ"
    ),
    DemoPlace(
        "DL-SY", "warehouse", "辽沃仓库", "Liaowo store room", "210100", 41.73, 123.45, "DL-SY"
    ),
    DemoPlace(
        "DL-ZZ", "warehouse", "亲禾仓库", "Qinhe store room", "410100", 34.72, 113.73, "DL-ZZ"
    ),
    DemoPlace(
        "DL-CD", "warehouse", "蜀悦仓库", "Shuyue store room", "510100", 30.63, 104.10, "DL-CD"
    ),
    DemoPlace(
        "DL-XA", "warehouse", "秦塬仓库", "Qinyuan store room", "610100", 34.31, 108.96, "DL-XA"
    ),
    DemoPlace(
        "DL-SZ",
        "warehouse",
        "湾区优选仓库",
        "Bay Select store room",
        "440300",
        22.68,
        114.05,
        "DL-SZ",
    ),
    DemoPlace(SHOP, "shop", "杭州体验店", "Hangzhou shop", "330100", 30.25, 120.16, "SHOP-HZ"),
)

WAREHOUSES: Final = (
    Warehouse("WH-TJ", "天津仓 WMS", 1.4, ("SHIP-XD", "SHIP-YL"), ("1", "2", "61", "62", "64")),
    Warehouse("WH-JX", "嘉兴仓 WMS", 2.3, ("SHIP-YL", "SHIP-XD"), ("3", "41", "42")),
    Warehouse("WH-GZ", "广州仓 WMS", 3.6, ("SHIP-BM", "SHIP-XD"), ("43", "44", "45", "46", "5")),
)
DEALERS: Final = ("DL-BJ", "DL-SY", "DL-ZZ", "DL-CD", "DL-XA", "DL-SZ")
DEALERS_OF: Final = {
    "WH-TJ": ("DL-BJ", "DL-SY", "DL-XA"),
    "WH-JX": ("DL-ZZ",),
    "WH-GZ": ("DL-CD", "DL-SZ"),
}
HUB_OF: Final = {
    "1": "HUB-BJ",
    "2": "HUB-BJ",
    "3": "HUB-SH",
    "4": "HUB-WH",
    "5": "HUB-CD",
    "6": "HUB-CD",
}
SHIPPER_TOKEN: Final = "承运商轨迹推送"  # noqa: S105 - a token's label

CITIES: Final = (
    "110000 310000 440100 440300 330100 510100 500000 420100 610100 320100 320500 410100 430100 "
    "370200 210100 120000 350200 330200 340100 370100 450100 530100 520100 230100 220100 130100 "
    "360100 350100 140100 441900 440600 320200 210200 460100 620100 640100 150100 150200 330300 "
    "371300 441300 430700"
).split()
"""Where buyers live, the largest market first."""
