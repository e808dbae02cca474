"""Reads of reports and complaints.

Invariant: every query begins with the organisation, but `public_file`, whose address has none.
What is unknown and what is another organisation's raise the same `NotFound`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import NotFound
from suyuan.lineage import selectors as lineage
from suyuan.quality import files
from suyuan.quality.models import (
    Complaint,
    ComplaintNote,
    ComplaintStatus,
    InspectionReport,
    Result,
)

_MOST_MATERIAL_LOTS = 400
_SHOWN: dict[str, dict[str, bool]] = {
    "published": {"published_at__isnull": False, "revoked_at__isnull": True},
    "internal": {"published_at__isnull": True, "revoked_at__isnull": True},
    "revoked": {"revoked_at__isnull": False},
}


class PublicFile(NamedTuple):
    """A file that consumers may see."""

    path: Path
    content_type: str
    number: str


def get_report(organisation_id: int, number: str, *, lock: bool = False) -> InspectionReport:
    """Return a report by number; raises `NotFound`."""
    rows = InspectionReport.objects.filter(organisation_id=organisation_id, number=number)
    report = (rows.select_for_update() if lock else rows).first()
    if report is None:
        raise NotFound(kind="inspection_report")
    return report


def get_complaint(organisation_id: int, number: str, *, lock: bool = False) -> Complaint:
    """Return a complaint by number; raises `NotFound`."""
    rows = Complaint.objects.filter(organisation_id=organisation_id, number=number)
    complaint = (rows.select_for_update() if lock else rows).first()
    if complaint is None:
        raise NotFound(kind="complaint")
    return complaint


def list_reports(
    organisation_id: int,
    *,
    text: str = "",
    result: str = "",
    kind: str = "",
    shown: str = "",
    gtin: str = "",
    lot: str = "",
) -> QuerySet[InspectionReport]:
    """Return reports, the latest first. `shown` is "published", "internal", "revoked" or ""."""
    rows = InspectionReport.objects.filter(organisation_id=organisation_id)
    exact = {"result": result, "target_kind": kind, "gtin": gtin, "lot": lot}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if shown:
        rows = rows.filter(**_SHOWN[shown])
    fields = ("number", "title", "gtin", "lot", "issued_by")
    return rows.filter(_matching(text, fields)).order_by("-issued_on", "-id")


def list_complaints(
    organisation_id: int,
    *,
    text: str = "",
    status: str = "",
    channel: str = "",
    gtin: str = "",
    lot: str = "",
) -> QuerySet[Complaint]:
    """Return complaints, the latest first."""
    rows = Complaint.objects.filter(organisation_id=organisation_id)
    exact = {"status": status, "channel": channel, "gtin": gtin, "lot": lot}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    fields = ("number", "target", "identity", "lot", "gtin", "order_number", "text")
    return rows.filter(_matching(text, fields)).order_by("-reported_at", "-id")


def _matching(text: str, fields: Iterable[str]) -> Q:
    """Match rows that have `text` in one of `fields`; NUL, which PostgreSQL refuses, in none."""
    if "\0" in text:
        return Q(organisation_id__in=[])
    found = Q()
    for field in fields if text.strip() else ():
        found |= Q(**{f"{field}__icontains": text.strip()})
    return found


def notes_of(complaint: Complaint) -> list[ComplaintNote]:
    """Return what was written beside a complaint, in order."""
    return list(
        ComplaintNote.objects.filter(
            organisation_id=complaint.organisation_id, complaint_id=complaint.id
        ).order_by("at", "id")
    )


def complaints_about(organisation_id: int, gtin: str, lot: str = "") -> QuerySet[Complaint]:
    """Return the complaints about a product, or about one of its lots; the latest first."""
    return list_complaints(organisation_id, gtin=gtin, lot=lot)


def complaint_counts(organisation_id: int) -> dict[str, int]:
    """Return how many complaints there are by status; all statuses are there."""
    rows = (
        Complaint.objects.filter(organisation_id=organisation_id)
        .order_by()
        .values_list("status")
        .annotate(Count("id"))
    )
    return dict.fromkeys(ComplaintStatus.values, 0) | dict(rows)


def report_counts(organisation_id: int) -> dict[str, int]:
    """Return how many reports that still stand there are by result; both results are there."""
    rows = (
        InspectionReport.objects.filter(organisation_id=organisation_id, revoked_at=None)
        .order_by()
        .values_list("result")
        .annotate(Count("id"))
    )
    return dict.fromkeys(Result.values, 0) | dict(rows)


def reports_for(
    *, organisation_id: int, gtin: str, lot: str, published_only: bool = True
) -> list[InspectionReport]:
    """Return the reports that speak for a product's lot, the nearest first.

    First those on the lot, then on the product, then on the lots of material that went into it
    (found by genealogy). With `published_only`, what consumers may see; without it, everything,
    revoked ones too.

    Args:
        organisation_id: Whose.
        gtin: 14 digits.
        lot: The lot's code; "" for the product alone.
        published_only: Leave out what is not published, and what was revoked.
    """
    rows = InspectionReport.objects.filter(organisation_id=organisation_id)
    if published_only:
        rows = rows.filter(published_at__isnull=False, revoked_at=None)
    found = list(rows.filter(gtin=gtin, lot__in=("", lot)).order_by("-issued_on", "-id"))
    own = [report for report in found if report.lot] + [r for r in found if not r.lot]
    if not lot or not rows.filter(target_kind="material_lot").exists():
        return own
    wanted = material_lots_of(organisation_id=organisation_id, gtin=gtin, lot=lot)
    pairs = {(identity.primary, identity.secondary) for identity in wanted}
    materials = rows.filter(
        gtin__in={number for number, _ in pairs}, lot__in={code for _, code in pairs}
    ).order_by("gtin", "-issued_on", "-id")
    return own + [report for report in materials if (report.gtin, report.lot) in pairs]


def material_lots_of(*, organisation_id: int, gtin: str, lot: str) -> list[Identity]:
    """Return the lots that went into a product's lot, the nearest first; at most 400."""
    key = lineage.resolve(
        organisation_id=organisation_id,
        text=Identity(Scheme.LGTIN, gtin, lot).digital_link(),
    )
    if key is None:
        return []
    nodes = lineage.genealogy(organisation_id=organisation_id, key=key).nodes.values()
    upstream = sorted((node for node in nodes if node.depth < 0), key=lambda node: -node.depth)
    lots = [node.identity for node in upstream if node.identity.scheme is Scheme.LGTIN]
    return lots[:_MOST_MATERIAL_LOTS]


def public_file(sha256: str) -> PublicFile:
    """Return the file at a public address.

    Raises:
        NotFound: no such file, or no report that shows it to consumers.
    """
    report = InspectionReport.objects.filter(
        sha256=sha256, published_at__isnull=False, revoked_at=None
    ).first()
    if report is None:
        raise NotFound(kind="inspection_report")
    return PublicFile(
        files.path_of(report.organisation_id, report.sha256), report.content_type, report.number
    )
