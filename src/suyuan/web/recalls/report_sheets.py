"""The report of a recall as a workbook that runs nothing when opened.

Owns: which part of the report becomes which sheet. Every cell is text or a plain number.
"""

from __future__ import annotations

import re
import tempfile
from typing import Any, Final

from django.http import FileResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from suyuan.kernel.tabular import escape
from suyuan.web.recalls.report_parts import Report, Section

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
_WHOLE: Final = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})*")
_MOST_ROWS: Final = 100_000
_FONT: Final = Font(bold=True)


def sheets_response(filename: str, report: Report) -> FileResponse:
    """Answer with a report as a workbook."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book_of(report).save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=_TYPE)


def book_of(report: Report) -> Workbook:
    """Return a report as a workbook: facts on the first sheet, each table on one of its own."""
    book = Workbook(write_only=True)
    first = book.create_sheet(_name(_("Report")))
    first.column_dimensions["A"].width = 34
    first.column_dimensions["B"].width = 80
    first.append([_cell(first, report.title, bold=True)])
    for line in (report.subtitle, f"{report.organisation} · {report.made_at}"):
        first.append([_cell(first, line)])
    for section in report.sections:
        if section.facts or section.text:
            first.append([])
            first.append([_cell(first, section.title, bold=True)])
            for label, value in section.facts:
                first.append([_cell(first, label), _cell(first, value)])
            if section.text:
                first.append([_cell(first, section.text)])
    for section in report.sections:
        if section.table is not None:
            _sheet(book, section)
    return book


def _sheet(book: Workbook, section: Section) -> None:
    table = section.table
    if table is None:
        return
    page = book.create_sheet(_name(section.title))
    page.freeze_panes = "A2"
    for position in range(len(table.header)):
        page.column_dimensions[chr(ord("A") + position)].width = 24
    page.append([_cell(page, title, bold=True) for title in table.header])
    for row in table.rows[:_MOST_ROWS]:
        page.append(
            [
                _number(cell) if position in table.numbers else _cell(page, cell)
                for position, cell in enumerate(row)
            ]
        )


def _name(title: str) -> str:
    return _FORBIDDEN.sub(" ", title)[:_LONGEST_NAME].strip() or "-"


def _number(text: str) -> Any:
    """Return a count as a number; anything else stays text."""
    whole = _WHOLE.fullmatch(text)
    return int(text.replace(",", "")) if whole else ILLEGAL_CHARACTERS_RE.sub("", escape(text))


def _cell(page: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", escape(text)))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = _FONT
    return cell
