"""Reads of imports, and exports as streams."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from suyuan.exchange import sheets
from suyuan.exchange.columns import FAULT_HEADINGS, SHEETS
from suyuan.exchange.models import ImportRun
from suyuan.exchange.outcomes import Fault, Preview
from suyuan.kernel.errors import NotFound
from suyuan.kernel.spreadsheets import read_table, xlsx_bytes
from suyuan.kernel.tabular import csv_lines


def get_import(organisation_id: int, reference: str, *, lock: bool = False) -> ImportRun:
    """Return an import by reference.

    Raises:
        NotFound: unknown, or another organisation's.
    """
    rows = ImportRun.objects.filter(organisation_id=organisation_id, reference=reference)
    run = (rows.select_for_update() if lock else rows).first()
    if run is None:
        raise NotFound(kind="import")
    return run


def list_imports(organisation_id: int, *, kind: str = "") -> QuerySet[ImportRun]:
    """Return imports, the latest first, without their files."""
    rows = ImportRun.objects.filter(organisation_id=organisation_id).defer("body", "preview")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("-created_at", "id")


def preview_of(run: ImportRun) -> Preview:
    """Return what the import would do, or did."""
    return Preview.unpacked(bytes(run.preview))


def export_rows(organisation_id: int, kind: str, *, language: str) -> Iterator[list[str]]:
    """Yield headings and all rows of a kind as texts that an import reads back.

    Args:
        organisation_id: Whose rows.
        kind: A key of `SHEETS`.
        language: Of the headings.
    """
    columns = SHEETS[kind].columns
    yield [column.heading(language) for column in columns]
    for values in sheets.every(organisation_id, kind):
        yield [column.rule.write(values[column.name]) for column in columns]


def export_csv(organisation_id: int, kind: str, *, language: str) -> Iterator[bytes]:
    """Yield a CSV file piece by piece."""
    return csv_lines(export_rows(organisation_id, kind, language=language))


def export_xlsx(organisation_id: int, kind: str, *, language: str) -> bytes:
    """Return an XLSX file."""
    return xlsx_bytes(kind, export_rows(organisation_id, kind, language=language))


def template_csv(kind: str, *, language: str) -> Iterator[bytes]:
    """Yield a CSV file with the headings alone, to be filled in."""
    return csv_lines([[column.heading(language) for column in SHEETS[kind].columns]])


def fault_csv(
    run: ImportRun, *, language: str, sentence: Callable[[Fault], str]
) -> Iterator[bytes]:
    """Yield the refused rows as they came, each with row number, code, place and reason.

    The file can be corrected and imported as it is: the added columns are passed over. Empty once
    the import is through, because its file is then gone.
    """
    faults = {outcome.row: outcome.fault for outcome in preview_of(run).outcomes if outcome.fault}
    if not run.body:
        return csv_lines([])
    table = read_table(zlib.decompress(bytes(run.body)))
    added = FAULT_HEADINGS["en" if language.startswith("en") else "zh"]
    fresh = [place for place, heading in enumerate(table.headings) if heading not in added]

    def rows() -> Iterator[list[str]]:
        yield [*(table.headings[place] for place in fresh), *added]
        for number, cells in table.rows:
            if (fault := faults.get(number)) is not None:
                given = [cells[place] if place < len(cells) else "" for place in fresh]
                yield [*given, str(number), fault.code, fault.place, sentence(fault)]

    return csv_lines(rows())
