"""Spreadsheets as rows of text: CSV and XLSX in, XLSX out.

Owns: encodings, limits, what a cell may be.
Does not own: the escape of cells that a spreadsheet program would run, and CSV out
(kernel.tabular); what the columns mean (who reads them).

A real formula in an XLSX file has a value that nobody reviewed; it is refused.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from suyuan.kernel.errors import Invalid
from suyuan.kernel.tabular import escape, unescape

MOST_BYTES: Final = 20 * 2**20
MOST_UNPACKED: Final = 200 * 2**20
MOST_SHARED_TEXT: Final = 64 * 2**20
MOST_PARTS: Final = 2_000
# What an import may bring: all its rows are written in one transaction, during which an
# installation on SQLite takes no other write; so many take some five seconds.
MOST_ROWS: Final = 10_000
MOST_XLSX_ROWS: Final = 100_000  # openpyxl takes ten seconds for them, whoever asks for more
MOST_COLUMNS: Final = 60
_MOST_CELL: Final = 10_000
_DELIMITERS: Final = (",", "\t", ";")
_BROKEN_XLSX = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
)

type Row = tuple[int, list[str]]
"""A row's number as a spreadsheet program shows it, and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its headings and its rows; rows without any text are left out."""

    headings: tuple[str, ...]
    rows: Iterator[Row]


def read_table(body: bytes, *, most_rows: int | None = None) -> Table:
    """Read a CSV or an XLSX file, told apart by its first bytes.

    Args:
        body: The file.
        most_rows: How many rows may follow the headings; None for `MOST_ROWS`. An XLSX file never
            has more than `MOST_XLSX_ROWS`.

    Raises:
        Invalid: `file_too_large`, `file_empty`, `encoding_unknown`, `csv_malformed`,
            `xlsx_malformed`, `xlsx_unpacks_too_large`; while rows are read also `too_many_rows`,
            `too_many_columns`, `cell_too_long`, `cell_formula`, `cell_error`.
    """
    if len(body) > MOST_BYTES:
        raise Invalid("file_too_large", limit_mb=MOST_BYTES // 2**20)
    most = MOST_ROWS if most_rows is None else most_rows
    if body.startswith(b"PK"):
        most = min(most, MOST_XLSX_ROWS)
        filled = _filled(_xlsx_rows(body, most), most)
    else:
        filled = _filled(_csv_rows(body), most)
    first = next(filled, None)
    if first is None:
        raise Invalid("file_empty")
    headings = first[1]
    while headings and not headings[-1].strip():
        headings.pop()
    return Table(tuple(headings), filled)


def _filled(rows: Iterable[Row], most_rows: int) -> Iterator[Row]:
    """Check limits, undo the escape, leave empty rows out."""
    for number, cells in rows:
        if number > most_rows + 1:
            raise Invalid("too_many_rows", place=f"row {number}", most=most_rows)
        if len(cells) > MOST_COLUMNS:
            raise Invalid("too_many_columns", place=f"row {number}", most=MOST_COLUMNS)
        if any(len(cell) > _MOST_CELL for cell in cells):
            raise Invalid("cell_too_long", place=f"row {number}", most=_MOST_CELL)
        if any(cell.strip() for cell in cells):
            yield number, [unescape(cell) for cell in cells]


# CSV


def _decoded(body: bytes) -> str:
    encodings = ("utf-16",) if body.startswith((b"\xff\xfe", b"\xfe\xff")) else ()
    for encoding in (*encodings, "utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("encoding_unknown")


def _csv_rows(body: bytes) -> Iterator[Row]:
    text = _decoded(body)
    heading = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        # Numbered as records, which is what a spreadsheet program shows, not as lines.
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Invalid("csv_malformed", place=f"row {number}") from error
        yield number, cells


# XLSX


def _guard(body: bytes) -> None:
    """Refuse a container that would unpack to too much, or that declares entities.

    `zipfile` reads no more of a part than its directory entry declares, so the sum is a bound.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as container:
        parts = container.infolist()
        shared = sum(
            part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml")
        )
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED or shared > MOST_SHARED_TEXT or len(parts) > MOST_PARTS:
            raise Invalid("xlsx_unpacks_too_large", limit_mb=MOST_UNPACKED // 2**20)
        for part in parts:
            with container.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(4096):
                    raise Invalid("xlsx_malformed")


def _xlsx_rows(body: bytes, most_rows: int) -> Iterator[Row]:
    try:
        _guard(body)
        # With data_only a formula would pass for its last value; without it, it shows.
        book = openpyxl.load_workbook(
            io.BytesIO(body), read_only=True, data_only=False, keep_links=False
        )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=most_rows + 2, max_col=MOST_COLUMNS + 1)
        first = next(rows, ())
    except _BROKEN_XLSX as error:
        raise Invalid("xlsx_malformed") from error
    headings = [str(cell.value or "") for cell in first]
    return _sheet_rows(chain((first,), rows), headings)


def _sheet_rows(rows: Iterator[Any], headings: list[str]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except _BROKEN_XLSX as error:
            raise Invalid("xlsx_malformed", place=f"row {number}") from error
        cells = [
            _cell_text(cell, _place(number, column, headings)) for column, cell in enumerate(row)
        ]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _place(number: int, column: int, headings: list[str]) -> str:
    heading = headings[column] if column < len(headings) and headings[column] else str(column + 1)
    return f"row {number}, column {heading[:40]}"


def _cell_text(cell: Any, place: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Invalid("cell_formula", place=place)
    if cell.data_type == "e":
        raise Invalid("cell_error", place=place)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def xlsx_bytes(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as one sheet of texts; numbers stay texts, so that leading zeros stay."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([escape(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
