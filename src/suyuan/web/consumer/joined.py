"""What the page asks of domains that verification does not know.

Owns: which reports are shown, remembered for 30 seconds, and the public notice of a recall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import KeySet
from suyuan.quality.models import TargetKind
from suyuan.quality.selectors import files_by_report, reports_for
from suyuan.recalls.models import RecallCase
from suyuan.recalls.notices.announcing import public_id_if_any
from suyuan.recalls.selectors import public_case_of_item, public_case_of_lot
from suyuan.verification.memory import Memory
from suyuan.verification.values import Verification

_MOST_REPORTS: Final = 12


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A published inspection report."""

    title: str
    number: str
    issued_by: str
    issued_on: date
    passed: bool
    expired_on: date | None  # its last day, once that is over
    href: str
    more: tuple[str, ...] = ()  # addresses of the files that came with it
    items: KeySet | None = None  # of a report on single items: on which


_reports: Memory[tuple[int, str, str], tuple[ReportLine, ...]] = Memory(seconds=30, kept=8192)


def reports(
    organisation_id: int, gtin: str, lot: str, item: int | None = None
) -> tuple[ReportLine, ...]:
    """Return the published reports that speak for an item, its lot, or the product alone."""
    key = (organisation_id, gtin, lot)
    found = _reports.get(key, lambda: _read_reports(*key)) or ()
    mine = [line for line in found if line.items is None or item in line.items]
    return tuple(mine[:_MOST_REPORTS])


def _read_reports(organisation_id: int, gtin: str, lot: str) -> tuple[ReportLine, ...]:
    found = reports_for(organisation_id=organisation_id, gtin=gtin, lot=lot, every_item=True)
    more = files_by_report(organisation_id, [report.id for report in found]) if found else {}
    return tuple(
        ReportLine(
            title=report.title,
            number=report.number,
            issued_by=report.issued_by,
            issued_on=report.issued_on,
            passed=report.passed,
            expired_on=report.valid_until if report.expired else None,
            href=report.public_path,
            more=tuple(file.public_path for file in more.get(report.id, ())),
            items=report.item_keys if report.target_kind == TargetKind.ITEMS else None,
        )
        for report in found
    )


@dataclass(frozen=True, slots=True)
class RecallNotice:
    """What a consumer is told of a recall: its number, what it is about, since when."""

    number: str
    title: str
    since: date
    href: str = ""  # of its public page


# The words of the notice only: that something is recalled is never remembered.
_notices: Memory[tuple[int, str], RecallNotice] = Memory(seconds=30, kept=4096)


def recall_notice(found: Verification) -> RecallNotice | None:
    """Return the notice of the recall that a verdict speaks of, if its case can be found."""
    lot = Identity(Scheme.LGTIN, found.gtin, found.lot).digital_link() if found.lot else ""
    organisation_id, key = found.organisation_id, found.key
    if lot:
        notice = _notices.get((organisation_id, lot), lambda: _notice_of_lot(organisation_id, lot))
        if notice is not None:
            return notice
    case = public_case_of_item(organisation_id, key) if key else None
    return _notice(case) if case else None


def _notice_of_lot(organisation_id: int, lot: str) -> RecallNotice | None:
    case = public_case_of_lot(organisation_id, lot)
    return _notice(case) if case else None


def _notice(case: RecallCase) -> RecallNotice:
    since = (case.approved_at or case.opened_at).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    public = public_id_if_any(case)
    href = f"/recall/{public}/" if public else ""
    return RecallNotice(number=case.number, title=case.title, since=since, href=href)
