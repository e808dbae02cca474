"""Bindings in a spreadsheet: kind, value, unit and note, a row each.

Owns: the headings, and the way from a file to what `services.bind_all` takes.
Does not own: reading files (kernel.spreadsheets), the rules (judging).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from suyuan.carriers.judging import Wanted
from suyuan.carriers.values import likely_kind
from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import read_table

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("kind", "类型", "载体类型"),
    "value": ("value", "载体值", "值"),
    "unit": ("unit", "单品", "单品或物流单元", "item"),
    "note": ("note", "备注"),
}
_NEEDED: Final = ("value", "unit")
_NAMES: Final = {word: name for name, words in HEADINGS.items() for word in words}


def read_bindings(body: bytes) -> list[Wanted]:
    """Return the rows of a CSV or XLSX file, numbered as a spreadsheet program shows them.

    An empty kind, or no such column, leaves it to what the value looks like.

    Raises:
        Invalid: the file cannot be read (`kernel.spreadsheets`), `column_unknown`,
            `column_twice`, `column_missing`.
    """
    table = read_table(body)
    columns: list[str] = []
    for place, heading in enumerate(table.headings, start=1):
        name = _NAMES.get(heading.strip().lower())
        if name is None:
            raise Invalid("column_unknown", place=f"row 1, column {place}", given=heading[:40])
        if name in columns:
            raise Invalid("column_twice", place=f"row 1, column {place}", given=heading[:40])
        columns.append(name)
    for name in _NEEDED:
        if name not in columns:
            raise Invalid("column_missing", place="row 1", given=name)
    return [_wanted(number, columns, cells) for number, cells in table.rows]


def _wanted(number: int, columns: list[str], cells: list[str]) -> Wanted:
    given = dict(zip(columns, cells, strict=False))
    value = given.get("value", "")
    return Wanted(
        kind=given.get("kind", "").strip() or likely_kind(value),
        value=value,
        unit=given.get("unit", ""),
        note=given.get("note", ""),
        row=number,
    )
