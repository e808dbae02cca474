"""An encoder's report as a spreadsheet: the UID of a chip and the item that it is on, a row each.

Owns: the headings. Does not own: reading files (kernel.spreadsheets), the rules (services.chips).
Columns of encoders' programs that say nothing about either are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import read_table
from suyuan.nfc.services import ChipRow

_UID: Final = "uid"
_UNIT: Final = "unit"
HEADINGS: Final[Mapping[str, str]] = {
    "uid": _UID,
    "chip": _UID,
    "chip uid": _UID,
    "tag uid": _UID,
    "nfc uid": _UID,
    "芯片": _UID,
    "芯片 uid": _UID,
    "芯片号": _UID,
    "serial": _UNIT,
    "link": _UNIT,
    "url": _UNIT,
    "unit": _UNIT,
    "item": _UNIT,
    "序列号": _UNIT,
    "链接": _UNIT,
    "单品": _UNIT,
}


def read_report(body: bytes) -> list[ChipRow]:
    """Return the rows of a CSV or XLSX file, numbered as a spreadsheet program shows them.

    Raises:
        Invalid: the file cannot be read (`kernel.spreadsheets`), `column_twice` or
            `column_missing` (`uid`).
    """
    table = read_table(body)
    columns: dict[str, int] = {}
    for place, heading in enumerate(table.headings):
        name = HEADINGS.get(" ".join(heading.split()).lower())
        if name is None:
            continue
        if name in columns:
            at = f"row 1, column {place + 1}"
            raise Invalid("column_twice", place=at, given=heading[:40])
        columns[name] = place
    if _UID not in columns:
        raise Invalid("column_missing", place="row 1", given=_UID)

    def cell(cells: list[str], name: str) -> str:
        at = columns.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    return [ChipRow(number, cell(cells, _UID), cell(cells, _UNIT)) for number, cells in table.rows]
