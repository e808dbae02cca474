"""Tables as CSV files that a spreadsheet opens safely.

Owns: the escaping of formulas, the encoding, streaming.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Without the mark, spreadsheets on Chinese Windows read UTF-8 as GBK.
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class _Echo:
    """A file that hands each line back to the writer's caller."""

    def write(self, text: str) -> str:
        return text


def safe_cell(value: object) -> str:
    """Write a value so that no spreadsheet calculates it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + str(writer.writerow([safe_cell(cell) for cell in header]))
    for row in rows:
        yield str(writer.writerow([safe_cell(cell) for cell in row]))


def csv_response(
    filename: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Answer with a table, row by row; `filename` is plain ASCII."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
