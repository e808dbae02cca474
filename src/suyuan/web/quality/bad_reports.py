"""Reports that speak against goods, or no longer for them, on the pages of those goods.

Owns: which reports are told of, and where a recall that begins with one leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from suyuan.core.identifiers import Identity
from suyuan.quality import selectors
from suyuan.quality.models import InspectionReport
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.quality.links import recall_of_report

_MOST: Final = 5


class BadReport(NamedTuple):
    """A report that found goods bad, or whose validity is over."""

    report: InspectionReport
    failed: bool
    recall_href: str


def bad_reports(actor: Actor, reports: Sequence[InspectionReport]) -> list[BadReport]:
    """Return those of some reports that are told of, failed ones first.

    One whose validity is over is told of while no other stands for the same goods.
    """
    live = [report for report in reports if report.revoked_at is None]
    covered = {(r.gtin, r.lot, r.target_kind) for r in live if r.passed and not r.expired}
    failed = [report for report in live if not report.passed]
    over = [
        report
        for report in live
        if report.passed
        and report.expired
        and (report.gtin, report.lot, report.target_kind) not in covered
    ]
    return [
        BadReport(report, not report.passed, recall_of_report(actor, report))
        for report in (*failed, *over)[:_MOST]
    ]


def bad_reports_of_item(actor: Actor, lot: Identity | None, item: Identity) -> list[BadReport]:
    """Return those that speak of an item, of its lot, or of what went into it."""
    if not actor.may(Right.QUALITY_VIEW):
        return []
    reports = selectors.reports_for(
        organisation_id=actor.organisation_id,
        gtin=item.primary,
        lot="" if lot is None else lot.secondary,
        published_only=False,
        item=selectors.key_of(actor.organisation_id, item),
    )
    return bad_reports(actor, reports)
