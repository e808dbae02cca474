"""The report of a recall as a PDF: pages of A4 with text that can be searched and copied.

Owns: how headings, facts and tables are set.
Does not own: what the report says (report), fonts and the file's structure (core.labels).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from suyuan.core.labels.fonts import load
from suyuan.core.labels.pdf_file import PdfFile, number
from suyuan.core.labels.pdf_fonts import FontWriter
from suyuan.core.labels.setting import break_lines, clean
from suyuan.web.recalls.report_parts import Report, Section, Table

_WIDTH: Final = 595.28
_HEIGHT: Final = 841.89
_MARGIN: Final = 48.0
_ROOM: Final = _WIDTH - 2 * _MARGIN
_FOOT: Final = 64.0
_LEADING: Final = 1.45
_PAD: Final = 4.0
_BOLD: Final = 0.035  # of the type size: the stroke that makes a face bold
_INK: Final = "0.13 0.16 0.18"
_GREY: Final = "0.42 0.45 0.47"
_RULE: Final = "0.84 0.85 0.84"
_LABELS: Final = 0.34  # the share of the page that names of facts take
MOST_ROWS: Final = 500
"""Rows of one table; a report is read, the workbook has them all."""


def pdf_response(filename: str, report: Report) -> HttpResponse:
    """Answer with a report as a PDF."""
    answer = HttpResponse(pdf_of(report), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def pdf_of(report: Report) -> bytes:
    """Return a report as a PDF. Raises `LabelFault` where no Chinese font is installed."""
    return _Writer(report).write()


class _Writer:
    """Sets a report page by page."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._typeface = load()
        self._fonts = FontWriter(self._typeface)
        self._out = BytesIO()
        self._file = PdfFile(self._out, _WIDTH, _HEIGHT)
        self._parts: list[str] = []
        self._y = _HEIGHT - _MARGIN

    def write(self) -> bytes:
        """Return the file."""
        report = self._report
        self._lines(report.title, 18, bold=True)
        self._lines(report.subtitle, 12)
        self._lines(f"{report.organisation} · {report.made_at}", 9, colour=_GREY)
        for section in report.sections:
            self._section(section)
        self._turn()
        self._file.finish(self._fonts.write(self._file), report.title)
        return self._out.getvalue()

    def _section(self, section: Section) -> None:
        self._y -= 14
        self._need(60)
        self._lines(section.title, 13, bold=True)
        self._y -= 4  # below what hangs under the line of writing
        self._line(_MARGIN, _ROOM)
        self._y -= 4
        for label, value in section.facts:
            self._row((label, value), (_LABELS, 1 - _LABELS), 9.5)
        if section.text:
            self._y -= 2
            self._lines(section.text, 9.5)
        if section.table is not None:
            self._y -= 2
            self._table(section.table)

    def _table(self, table: Table) -> None:
        if not table.rows:
            self._lines(_("None."), 9.5, colour=_GREY)
            return
        widths = table.widths or [1 / len(table.header)] * len(table.header)
        self._row(table.header, widths, 8.5, right=table.numbers, bold=True)
        for row in table.rows[:MOST_ROWS]:
            if self._row(row, widths, 8.5, right=table.numbers, ruled=True):
                self._row(table.header, widths, 8.5, right=table.numbers, bold=True)
        rest = len(table.rows) - MOST_ROWS
        if rest > 0:
            said = _("and %(count)s more; the workbook has them all")
            self._lines(said % {"count": f"{rest:,}"}, 8.5, colour=_GREY)

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        size: float,
        *,
        right: frozenset[int] = frozenset(),
        bold: bool = False,
        ruled: bool = False,
    ) -> bool:
        """Set one row; return whether a page was turned after it."""
        rooms = [share * _ROOM - 2 * _PAD for share in widths]
        broken = [self._broken(cell, room, size) for cell, room in zip(cells, rooms, strict=True)]
        height = max(map(len, broken)) * size * _LEADING + 2
        self._need(min(height, _HEIGHT - _MARGIN - _FOOT))
        left = _MARGIN
        for position, (lines, room) in enumerate(zip(broken, rooms, strict=True)):
            y = self._y
            for line in lines:
                y -= size * _LEADING
                shift = room - self._width(line, size) if position in right else 0
                self._show(line, left + _PAD + shift, y, size, bold=bold)
            left += room + 2 * _PAD
        self._y -= height
        if ruled or bold:
            self._line(_MARGIN, _ROOM)
        if self._y < _FOOT + size * _LEADING:
            self._turn()
            return True
        return False

    def _lines(self, text: str, size: float, *, bold: bool = False, colour: str = _INK) -> None:
        for line in self._broken(text, _ROOM, size):
            self._need(size * _LEADING)
            self._y -= size * _LEADING
            self._show(line, _MARGIN, self._y, size, bold=bold, colour=colour)

    def _broken(self, text: str, room: float, size: float) -> list[str]:
        paragraphs = text.replace("\r", "").split("\n")
        lines: list[str] = []
        for paragraph in paragraphs:
            lines += break_lines(clean(paragraph), self._typeface, room * 1000 / size) or [""]
        return lines

    def _width(self, line: str, size: float) -> float:
        return self._typeface.width(line) * size / 1000

    def _show(
        self, line: str, x: float, y: float, size: float, *, bold: bool = False, colour: str = _INK
    ) -> None:
        if not line:
            return
        stroke = f"2 Tr {number(size * _BOLD)} w {colour} RG " if bold else ""
        self._parts.append(
            f"BT {colour} rg {stroke}1 0 0 1 {number(x)} {number(y)} Tm"
            f"{self._fonts.show(line, number(size))} {'0 Tr ' if bold else ''}ET\n"
        )

    def _line(self, x: float, length: float) -> None:
        self._parts.append(
            f"{_RULE} RG 0.6 w {number(x)} {number(self._y - 1)} m "
            f"{number(x + length)} {number(self._y - 1)} l S\n"
        )

    def _need(self, height: float) -> None:
        """Turn the page where less than `height` is left on it."""
        if self._y - height < _FOOT:
            self._turn()

    def _turn(self) -> None:
        page = self._file.pages + 1
        report = self._report
        foot = f"{report.title} · {report.organisation} · {report.made_at} · {page}"
        self._show(foot, _MARGIN, _FOOT - 28, 8, colour=_GREY)
        self._file.page("".join(self._parts).encode("latin-1"))
        self._parts.clear()
        self._y = _HEIGHT - _MARGIN
