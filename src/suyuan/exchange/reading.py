"""From a table of texts to an import's preview: each row read, compared, judged.

Owns: what a heading, an empty cell, a missing column and a repeated key mean.

A column that is not in the file leaves its field as it is. An empty cell in a column that is there
means the field's empty value, but in a creation the field's default. A product's row without a
GTIN means the product with that Chinese name and a restricted-circulation number, or a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.exchange import sheets
from suyuan.exchange.checks import World
from suyuan.exchange.columns import FAULT_HEADINGS, Column, Sheet, folded
from suyuan.exchange.outcomes import Act, Fault, Outcome, Preview
from suyuan.exchange.sheets import Key, Values
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.kernel.spreadsheets import Row, Table

_PASSED_OVER: Final = frozenset(
    folded(heading) for headings in FAULT_HEADINGS.values() for heading in headings
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row asks for: its key and the values of the file's columns."""

    row: int
    key: Key
    values: Values


def columns_of(sheet: Sheet, headings: Iterable[str]) -> list[Column | None]:
    """Return the column of each heading; None for those that an error file adds.

    Raises:
        Invalid: `column_unknown`, `column_twice`, `column_missing`.
    """
    found: list[Column | None] = []
    for place, heading in enumerate(headings, start=1):
        column = sheet.column(heading)
        if column is None and folded(heading) not in _PASSED_OVER:
            raise Invalid("column_unknown", place=f"row 1, column {place}", given=heading[:40])
        if column is not None and column in found:
            raise Invalid("column_twice", place=f"row 1, column {place}", given=heading[:40])
        found.append(column)
    missing = [column for column in sheet.keys if column not in found]
    if missing:
        raise Invalid("column_missing", place="row 1", given=missing[0].name)
    return found


def _value(column: Column, text: str) -> Any:
    """Read one cell; GTINs become 14 digits.

    Raises:
        Invalid: with the column's name as place.
    """
    value = column.rule.read(text, column.name)
    if column.name == "gtin" and value:
        try:
            return Gtin.parse(value).value
        except IdentifierError as error:
            raise Invalid(error.code, place="gtin", **error.data) from error
    if column.needed and value in (None, ""):
        raise Invalid("required", place=column.name)
    return value


def _wanted(sheet: Sheet, columns: list[Column | None], row: Row) -> Wanted:
    number, cells = row
    values: Values = {}
    for place, column in enumerate(columns):
        if column is not None:
            values[column.name] = _value(column, cells[place] if place < len(cells) else "")
    return Wanted(number, sheets.key_of(sheet.kind, values), values)


def _raw_key(sheet: Sheet, columns: list[Column | None], cells: list[str]) -> Key:
    """Return the key columns' texts of a row that could not be read."""
    texts = {
        column.name: cells[place][:40]
        for place, column in enumerate(columns)
        if column is not None and column.key and place < len(cells)
    }
    return tuple(texts.get(column.name, "") for column in sheet.keys)


def refused(row: int, key: Key, error: SuyuanError) -> Outcome:
    """Return the outcome of a row that an error refuses."""
    data = {name: str(value) for name, value in error.data.items()}
    return Outcome(row, Act.ERROR, key, fault=Fault(error.code, error.place, data))


def read_rows(sheet: Sheet, table: Table) -> tuple[list[Wanted], list[Outcome]]:
    """Return what the rows ask for, and the outcomes of those that cannot be read.

    Raises:
        Invalid: the whole file is refused; see `kernel.spreadsheets` and `columns_of`.
    """
    columns = columns_of(sheet, table.headings)
    wanted: list[Wanted] = []
    outcomes: list[Outcome] = []
    for row in table.rows:
        try:
            wanted.append(_wanted(sheet, columns, row))
        except SuyuanError as error:
            outcomes.append(refused(row[0], _raw_key(sheet, columns, row[1]), error))
    return wanted, outcomes


def _numbered(organisation_id: int, wanted: list[Wanted]) -> tuple[list[Wanted], list[Outcome]]:
    """Find the products that rows without a GTIN mean."""
    names = {
        row.values["name_zh"] for row in wanted if row.key == ("",) and "name_zh" in row.values
    }
    known = sheets.unnumbered(organisation_id, names)
    numbered: list[Wanted] = []
    outcomes: list[Outcome] = []
    for row in wanted:
        gtins = known.get(row.values.get("name_zh", ""), []) if row.key == ("",) else []
        if len(gtins) > 1:
            error = Invalid("product_ambiguous", place="gtin", given=row.values["name_zh"])
            outcomes.append(refused(row.row, row.key, error))
        elif gtins:
            values = {**row.values, "gtin": gtins[0]}
            numbered.append(Wanted(row.row, (gtins[0],), values))
        else:
            numbered.append(row)
    return numbered, outcomes


def preview(
    organisation_id: int, sheet: Sheet, table: Table, *, lock: bool = False
) -> tuple[Preview, dict[int, Values]]:
    """Judge every row; return the preview, and the values of each row to be written by its number.

    Args:
        organisation_id: Whose rows.
        sheet: What kind.
        table: The file.
        lock: Keep the rows from changing until the transaction ends.

    Raises:
        Invalid: the whole file is refused.
    """
    wanted, outcomes = read_rows(sheet, table)
    if sheet.kind == "products":
        wanted, ambiguous = _numbered(organisation_id, wanted)
        outcomes += ambiguous
    known = sheets.existing(organisation_id, sheet.kind, (row.key for row in wanted), lock=lock)
    world = World(organisation_id, sheet, (row.values for row in wanted))
    seen: dict[Key, int] = {}
    unchanged = 0
    to_write: dict[int, Values] = {}
    for row in wanted:
        before, stored = known.get(row.key, (None, None))
        try:
            _once(seen, row)
            merged = _merged(sheet, row.values, stored)
            world.check(row.key, merged, before)
        except SuyuanError as error:
            outcomes.append(refused(row.row, row.key, error))
            continue
        changes = _changes(sheet, row.values, stored)
        if stored is not None and not changes:
            unchanged += 1
            continue
        act = Act.CREATE if stored is None else Act.UPDATE
        outcomes.append(Outcome(row.row, act, row.key, changes))
        to_write[row.row] = (
            row.values if stored is None else {name: row.values[name] for name in changes}
        )
    outcomes.sort(key=lambda outcome: outcome.row)
    return Preview(sheet.kind, tuple(outcomes), unchanged), to_write


def _once(seen: dict[Key, int], row: Wanted) -> None:
    key = row.key if any(row.key) else ("", str(row.values.get("name_zh", "")))
    first = seen.setdefault(key, row.row)
    if first != row.row:
        raise Invalid("row_twice", place=f"row {first}", first=first)


def _merged(sheet: Sheet, values: Values, stored: Mapping[str, Any] | None) -> Values:
    """Return the row as it would be.

    Raises:
        Invalid: `required`, for a creation without a needed column.
    """
    base = stored or {column.name: column.rule.empty for column in sheet.columns}
    merged = {**base, **values}
    # A material keeps its number when the cell is empty: numbers never change.
    if stored is not None and "gtin" in stored and not merged["gtin"]:
        merged["gtin"] = stored["gtin"]
    for column in sheet.columns:
        if column.needed and merged[column.name] in (None, ""):
            raise Invalid("required", place=column.name)
    return merged


def _changes(
    sheet: Sheet, values: Values, stored: Mapping[str, Any] | None
) -> dict[str, tuple[str, str]]:
    changes: dict[str, tuple[str, str]] = {}
    for column in sheet.values:
        if column.name not in values or (column.name == "gtin" and stored is not None):
            continue
        after = column.rule.write(values[column.name])
        before = "" if stored is None else column.rule.write(stored[column.name])
        if before != after:
            changes[column.name] = (before, after)
    return changes
