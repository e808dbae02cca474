"""Read what a proxy says about where a client is.

Owns: the spellings in which proxies and CDNs name a Chinese province or city.
Accepted: a GB/T 2260 code of a province, city or district ("330100", "330106"), ISO 3166-2
("CN-ZJ", "ZJ"), and the names of `masterdata.regions`, Chinese with or without 省/市, English.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from suyuan.masterdata.regions import REGIONS

# ISO 3166-2:CN, by the two letters and by the two digits used before 2017.
_ISO: Final = (
    "BJ11 TJ12 HE13 SX14 NM15 LN21 JL22 HL23 SH31 JS32 ZJ33 AH34 FJ35 JX36 SD37 HA41 HB42 HN43 "
    "GD44 GX45 HI46 CQ50 SC51 GZ52 YN53 XZ54 SN61 GS62 QH63 NX64 XJ65 TW71 HK81 MO82"
)
_LONGEST: Final = 60
_ENDINGS: Final = ("特别行政区", "壮族自治区", "维吾尔自治区", "回族自治区", "自治区", "省", "市")


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name.casefold().replace(" ", "").replace("'", "")


def _names() -> dict[str, str]:
    # Cities first: what a province and its city share (吉林) is the province, the safer guess.
    found: dict[str, str] = {}
    for region in sorted(REGIONS.values(), key=lambda region: region.is_province):
        found[_stem(region.name_zh)] = region.code
        found[_stem(region.name_en)] = region.code
    for word in _ISO.split():
        found[word[:2].casefold()] = f"{word[2:]}0000"
    return found


_BY_NAME: Final = _names()


@lru_cache(maxsize=1024)
def region_code(text: str) -> str:
    """Return the code of `masterdata.regions` that a header's value means; "" if none.

    A city or district that the table does not have becomes its province.
    """
    text = unquote(text.strip())
    if not text or len(text) > _LONGEST:
        return ""
    if len(text) == 6 and text.isascii() and text.isdigit():
        candidates = (text, f"{text[:4]}00", f"{text[:2]}0000")
        return next((code for code in candidates if code in REGIONS), "")
    return _BY_NAME.get(_stem(text.removeprefix("CN-").removeprefix("cn-")), "")
