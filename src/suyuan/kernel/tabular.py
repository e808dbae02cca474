"""Cells that spreadsheet programs do not run, and tables as CSV.

Owns: the escape of cells that a spreadsheet program would take for a formula, and its undoing;
the encoding of CSV files.
Does not own: reading files (kernel.spreadsheets); what the columns mean.

A cell that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab, a carriage return or a
line feed is taken for a formula by one spreadsheet program or another (OWASP, CSV injection). The
rule, the same for CSV and XLSX and both ways:

- Out: such a text, and one that begins with an apostrophe, gets one apostrophe in front; a plain
  number does not, since a program can only read it as that number.
- In: one apostrophe is taken away where one of those signs, or another apostrophe, follows. Any
  other text is data as it stands: `=A1` in a CSV file is the text `=A1`.

So every text comes back as it went out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_RUN_SIGNS: Final = (*"=+-@", *"＝＋－＠", "\t", "\r", "\n")
_ESCAPED: Final = ("'", *_RUN_SIGNS)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Without the mark, spreadsheet programs on Chinese Windows read UTF-8 as GBK.
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PAGE: Final = 65_536  # characters of the stream that are handed on at once


def escape(text: str) -> str:
    """Return a cell that no spreadsheet program runs."""
    if text.startswith(_ESCAPED) and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text


def unescape(text: str) -> str:
    """Return the text behind a cell that `escape` made, and any other text as it is."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_ESCAPED) else text


def cell(value: object) -> str:
    """Return any value as a cell that no spreadsheet program runs; None is empty."""
    return "" if value is None else escape(str(value))


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield rows as a CSV file in UTF-8 with a byte order mark, piece by piece."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield _BYTE_ORDER_MARK
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > _PAGE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
