"""Provinces and large cities of China: GB/T 2260 codes, names, a representative point.

The point (WGS 84 degrees, the seat of government to about a kilometre) is for drawing a mark and
for telling roughly where something is; no border is kept or drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Region:
    """A province-level unit or a city.

    Attributes:
        code: Six digits; the first two name the province.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    code: str
    name_zh: str
    name_en: str
    latitude: float
    longitude: float

    def name(self, language: str) -> str:
        """Return the region's name in `language`."""
        return self.name_en if language.startswith("en") else self.name_zh

    @property
    def province(self) -> Region:
        """The province-level unit that it is or lies in."""
        return REGIONS[f"{self.code[:2]}0000"]

    @property
    def is_province(self) -> bool:
        """Whether it is itself of province level."""
        return self.code.endswith("0000")


_PROVINCES: Final = """\
110000 北京市 Beijing 39.904 116.407
120000 天津市 Tianjin 39.085 117.199
130000 河北省 Hebei 38.042 114.514
140000 山西省 Shanxi 37.870 112.549
150000 内蒙古自治区 Inner_Mongolia 40.842 111.749
210000 辽宁省 Liaoning 41.805 123.431
220000 吉林省 Jilin 43.817 125.323
230000 黑龙江省 Heilongjiang 45.804 126.535
310000 上海市 Shanghai 31.230 121.474
320000 江苏省 Jiangsu 32.060 118.797
330000 浙江省 Zhejiang 30.274 120.155
340000 安徽省 Anhui 31.820 117.227
350000 福建省 Fujian 26.075 119.297
360000 江西省 Jiangxi 28.683 115.858
370000 山东省 Shandong 36.651 117.120
410000 河南省 Henan 34.747 113.625
420000 湖北省 Hubei 30.593 114.305
430000 湖南省 Hunan 28.228 112.939
440000 广东省 Guangdong 23.129 113.264
450000 广西壮族自治区 Guangxi 22.817 108.366
460000 海南省 Hainan 20.044 110.199
500000 重庆市 Chongqing 29.563 106.551
510000 四川省 Sichuan 30.573 104.066
520000 贵州省 Guizhou 26.647 106.630
530000 云南省 Yunnan 25.040 102.712
540000 西藏自治区 Tibet 29.650 91.117
610000 陕西省 Shaanxi 34.265 108.954
620000 甘肃省 Gansu 36.061 103.834
630000 青海省 Qinghai 36.617 101.778
640000 宁夏回族自治区 Ningxia 38.487 106.231
650000 新疆维吾尔自治区 Xinjiang 43.825 87.617
710000 台湾省 Taiwan 25.033 121.565
810000 香港特别行政区 Hong_Kong 22.279 114.165
820000 澳门特别行政区 Macao 22.199 113.544
"""

_CITIES: Final = """\
130100 石家庄市 Shijiazhuang 38.042 114.514
130200 唐山市 Tangshan 39.631 118.180
130600 保定市 Baoding 38.874 115.464
131000 廊坊市 Langfang 39.538 116.684
140100 太原市 Taiyuan 37.870 112.549
150100 呼和浩特市 Hohhot 40.842 111.749
150200 包头市 Baotou 40.658 109.840
210100 沈阳市 Shenyang 41.805 123.431
210200 大连市 Dalian 38.914 121.615
220100 长春市 Changchun 43.817 125.323
230100 哈尔滨市 Harbin 45.804 126.535
230200 齐齐哈尔市 Qiqihar 47.354 123.918
320100 南京市 Nanjing 32.060 118.797
320200 无锡市 Wuxi 31.491 120.312
320300 徐州市 Xuzhou 34.204 117.284
320400 常州市 Changzhou 31.811 119.974
320500 苏州市 Suzhou 31.299 120.585
320600 南通市 Nantong 31.980 120.894
330100 杭州市 Hangzhou 30.274 120.155
330200 宁波市 Ningbo 29.868 121.544
330300 温州市 Wenzhou 27.994 120.699
330400 嘉兴市 Jiaxing 30.746 120.755
330600 绍兴市 Shaoxing 30.030 120.580
330700 金华市 Jinhua 29.079 119.647
340100 合肥市 Hefei 31.820 117.227
340200 芜湖市 Wuhu 31.353 118.433
350100 福州市 Fuzhou 26.075 119.297
350200 厦门市 Xiamen 24.480 118.089
350500 泉州市 Quanzhou 24.874 118.676
360100 南昌市 Nanchang 28.683 115.858
360700 赣州市 Ganzhou 25.831 114.935
370100 济南市 Jinan 36.651 117.120
370200 青岛市 Qingdao 36.067 120.383
370600 烟台市 Yantai 37.464 121.448
370700 潍坊市 Weifang 36.707 119.162
371300 临沂市 Linyi 35.104 118.356
410100 郑州市 Zhengzhou 34.747 113.625
410300 洛阳市 Luoyang 34.620 112.454
420100 武汉市 Wuhan 30.593 114.305
420500 宜昌市 Yichang 30.692 111.287
430100 长沙市 Changsha 28.228 112.939
430700 常德市 Changde 29.032 111.699
440100 广州市 Guangzhou 23.129 113.264
440300 深圳市 Shenzhen 22.543 114.058
440400 珠海市 Zhuhai 22.271 113.577
440500 汕头市 Shantou 23.354 116.682
440600 佛山市 Foshan 23.021 113.121
441300 惠州市 Huizhou 23.112 114.416
441900 东莞市 Dongguan 23.021 113.752
442000 中山市 Zhongshan 22.517 113.393
450100 南宁市 Nanning 22.817 108.366
450300 桂林市 Guilin 25.274 110.290
460100 海口市 Haikou 20.044 110.199
460200 三亚市 Sanya 18.253 109.512
510100 成都市 Chengdu 30.573 104.066
510700 绵阳市 Mianyang 31.468 104.679
511500 宜宾市 Yibin 28.752 104.643
520100 贵阳市 Guiyang 26.647 106.630
520300 遵义市 Zunyi 27.726 106.927
530100 昆明市 Kunming 25.040 102.712
530800 普洱市 Pu'er 22.825 100.966
540100 拉萨市 Lhasa 29.650 91.117
610100 西安市 Xi'an 34.265 108.954
610400 咸阳市 Xianyang 34.330 108.709
610600 延安市 Yan'an 36.585 109.490
620100 兰州市 Lanzhou 36.061 103.834
630100 西宁市 Xining 36.617 101.778
640100 银川市 Yinchuan 38.487 106.231
650100 乌鲁木齐市 Urumqi 43.825 87.617
"""


def _read(rows: str) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for row in rows.splitlines():
        code, name_zh, name_en, latitude, longitude = row.split()
        english = name_en.replace("_", " ")
        found[code] = Region(code, name_zh, english, float(latitude), float(longitude))
    return found


PROVINCES: Final[Mapping[str, Region]] = MappingProxyType(_read(_PROVINCES))
REGIONS: Final[Mapping[str, Region]] = MappingProxyType(_read(_PROVINCES) | _read(_CITIES))
