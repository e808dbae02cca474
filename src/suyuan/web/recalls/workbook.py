"""Tables as workbooks that run nothing when opened.

Owns: the shape of the file. Every cell is text: a leading `=` stays a sign, not a formula.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from suyuan.kernel.tabular import escape
from suyuan.recalls.errors import TooManyForWorkbook

MOST_ROWS = 50_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 24


def workbook_response(
    filename: str,
    sheet: str,
    header: Sequence[str],
    rows_of: Iterable[Sequence[str]],
    *,
    rows: int,
) -> FileResponse:
    """Answer with a workbook of one sheet.

    Raises:
        TooManyForWorkbook: more than 50,000 rows; they would take minutes and much memory.
    """
    if rows > MOST_ROWS:
        raise TooManyForWorkbook(rows=rows, limit=MOST_ROWS)
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    for position in range(len(header)):
        page.column_dimensions[chr(ord("A") + position)].width = _WIDTH
    titles = []
    for title in header:
        cell = WriteOnlyCell(page, value=title)
        cell.font = Font(bold=True)
        titles.append(cell)
    page.append(titles)
    for row in rows_of:
        page.append([ILLEGAL_CHARACTERS_RE.sub("", escape(cell)) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=_TYPE)
