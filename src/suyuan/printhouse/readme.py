"""The two READMEs of a package: what a print house has to know, in Chinese and in English.

They are files for people of another firm, not screens: both go into every package, in whatever
language it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from suyuan.printhouse.models import Package

_BOM: Final = "\ufeff"  # without it Notepad on older Windows reads Chinese as Latin text


class Named(Protocol):
    """A column of `codes.csv`."""

    @property
    def name(self) -> str:
        """Its heading."""


_COLUMNS_ZH: Final[Mapping[str, str]] = {
    "roll": "卷号",
    "sequence": "包内序号，从 1 起连续",
    "serial": "序列号，印在标签上供人阅读",
    "link": "二维码内容，须逐字印出，不要改动、缩短或加参数",
    "inner": "内码，印在刮层之下；不要与外码分开保存",
    "case": "所属箱码（SSCC，18 位）",
    "pallet": "所属托盘码（SSCC，18 位）",
}
_COLUMNS_EN: Final[Mapping[str, str]] = {
    "roll": "number of the roll",
    "sequence": "number within the package, from 1 without gaps",
    "serial": "serial number, printed for people to read",
    "link": "content of the QR code: print it exactly, add nothing, shorten nothing",
    "inner": "hidden code, printed under the scratch layer; never keep it apart from its line",
    "case": "the case that the item belongs in (SSCC, 18 digits)",
    "pallet": "the pallet that the case belongs on (SSCC, 18 digits)",
}

_ZH: Final = """{organisation} 印刷码包 {number}

印刷厂：{print_house}
产品：{name_zh}（GTIN {gtin}）
码单：{order}{lot_zh}
数量：{lines} 枚，共 {rolls} 卷（卷号 {first_roll} 至 {last_roll}），每卷 {roll_size} 枚

文件
  codes.csv      全部编码，每行一枚，UTF-8，各行等长，数字前补零
{units_zh}  manifest.json  清单：各卷的起止序号与序列号、各文件的 SHA-256

codes.csv 的列
{columns}

请注意
1. 每枚编码只印一次。按序号顺序印刷、收卷，卷号与 codes.csv 一致。
2. 印坏的标签不要重印同一编码，作废即可；{organisation} 会将其停用。
3. 印完请回传一份表格（CSV 或 XLSX）。列名与内容可任选其一：
   a) 编码, 状态            状态填“使用”或“作废”
   b) 起始序号, 结束序号, 状态
   c) 卷号, 使用数, 作废数
   三种写法可以放在同一张表里。未列出的编码会被计为“缺失”。
4. 剩余和作废的标签请销毁或退回；印完后请删除本包及其解压文件。
5. 密码另行告知，请勿与本包同路发送。
"""
_EN: Final = """{organisation}: print package {number}

Print house: {print_house}
Product: {name_en} (GTIN {gtin})
Code order: {order}{lot_en}
Quantity: {lines} codes on {rolls} rolls (numbers {first_roll} to {last_roll}) of {roll_size} each

Files
  codes.csv      all codes, one a line, UTF-8, lines of equal length, numbers with leading zeros
{units_en}  manifest.json  the first and last sequence and serial of each roll, SHA-256 of each file

Columns of codes.csv
{columns}

Please mind
1. Print each code once. Print and wind in sequence; roll numbers are those of codes.csv.
2. Do not print a spoiled label's code again; report it, and {organisation} will withdraw it.
3. When done, send back a table (CSV or XLSX), by any of these columns:
   a) code, status            status is "used" or "spoiled"
   b) from, to, status        sequences
   c) roll, used, spoiled     counts
   They may be mixed in one table. Codes it says nothing of count as missing.
4. Destroy or return what is left or spoiled; delete this package and what was unpacked.
5. The password comes by another way; never send it along with the package.
"""
_UNITS_ZH: Final = "  units.csv      托盘与箱的编码（SSCC），及各自的起止序号，按装箱顺序排列\n"
_UNITS_EN: Final = (
    "  units.csv      pallets and cases (SSCC) with their first and last sequence, in order\n"
)


def text(package: Package, columns: Iterable[Named], name: str) -> bytes:
    """Return the README with this file name, in UTF-8 with a byte order mark."""
    chinese = name.endswith(".zh.txt")
    words = _COLUMNS_ZH if chinese else _COLUMNS_EN
    facts = package.facts
    lot = facts["lot"]
    with_units = package.set_plan_id is not None
    told = (_ZH if chinese else _EN).format(
        organisation=facts["organisation"]["zh" if chinese else "en"],
        print_house=facts["print_house"]["zh" if chinese else "en"],
        number=package.number,
        name_zh=facts["name_zh"],
        name_en=facts["name_en"] or facts["name_zh"],
        gtin=facts["gtin"],
        order=facts["order"],
        lot_zh=f"，批次 {lot}" if lot else "",
        lot_en=f", lot {lot}" if lot else "",
        lines=f"{package.lines:,}",
        rolls=f"{package.rolls:,}",
        first_roll=package.first_roll,
        last_roll=package.last_roll,
        roll_size=f"{package.roll_size:,}",
        units_zh=_UNITS_ZH if with_units else "",
        units_en=_UNITS_EN if with_units else "",
        columns="\n".join(f"  {column.name:<9} {words[column.name]}" for column in columns),
    )
    return (_BOM + told).replace("\n", "\r\n").encode()
