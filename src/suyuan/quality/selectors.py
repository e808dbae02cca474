"""Reads of reports and complaints.

Invariant: every query begins with the organisation, but `public_file`, whose address has none.
What is unknown and what is another organisation's raise the same `NotFound`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import NotFound
from suyuan.lineage import selectors as lineage
from suyuan.quality import files
from suyuan.quality.models import (
    Complaint,
    ComplaintNote,
    ComplaintPicture,
    ComplaintStatus,
    InspectionReport,
    ReportFile,
    Result,
    TargetKind,
)
from suyuan.quality.origins import products_of

_MOST_MATERIAL_LOTS = 400
_CHUNK = 500
_MOST_SHARED = 100  # reports that one file came with
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
    if "\0" in "".join(exact.values()):  # PostgreSQL refuses it, and no row has it
        return rows.none()
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    fields = ("number", "target", "identity", "lot", "gtin", "order_number", "text")
    return rows.filter(_matching(text, fields)).order_by("-reported_at", "-id")


def complaints_reported(
    organisation_id: int, *, since: date | None, until: date | None, **wanted: str
) -> QuerySet[Complaint]:
    """Return complaints as `list_complaints` does, reported from a day to another, both included.

    Days are the display's.
    """
    rows = list_complaints(organisation_id, **wanted)
    if since is not None:
        rows = rows.filter(reported_at__gte=_midnight(since))
    if until is not None:
        rows = rows.filter(reported_at__lt=_midnight(until) + timedelta(days=1))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


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


def pictures_of(complaint: Complaint) -> list[ComplaintPicture]:
    """Return the pictures that came with a complaint, in order."""
    return list(
        ComplaintPicture.objects.filter(
            organisation_id=complaint.organisation_id, complaint_id=complaint.id
        ).order_by("position")
    )


def get_picture(organisation_id: int, number: str, position: int) -> ComplaintPicture:
    """Return a complaint's picture by its place; raises `NotFound`."""
    complaint = get_complaint(organisation_id, number)
    for picture in pictures_of(complaint):
        if picture.position == position:
            return picture
    raise NotFound(kind="complaint_picture")


def files_of(report: InspectionReport) -> list[ReportFile]:
    """Return the files that came with a report beside its first, in order."""
    return list(
        ReportFile.objects.filter(
            organisation_id=report.organisation_id, report_id=report.id
        ).order_by("position")
    )


def files_by_report(organisation_id: int, reports: Collection[int]) -> dict[int, list[ReportFile]]:
    """Return the further files of reports, by the reports' id, in one query."""
    found: dict[int, list[ReportFile]] = {}
    rows = ReportFile.objects.filter(organisation_id=organisation_id, report_id__in=reports)
    for file in rows.order_by("report_id", "position"):
        found.setdefault(file.report_id, []).append(file)
    return found


def get_report_file(organisation_id: int, number: str, position: int) -> ReportFile:
    """Return a report's further file by its place; raises `NotFound`."""
    for file in files_of(get_report(organisation_id, number)):
        if file.position == position:
            return file
    raise NotFound(kind="inspection_report")


def complaints_about(organisation_id: int, gtin: str, lot: str = "") -> QuerySet[Complaint]:
    """Return the complaints about a product, or about one of its lots; the latest first."""
    return list_complaints(organisation_id, gtin=gtin, lot=lot)


def key_of(organisation_id: int, item: Identity) -> int | None:
    """Return the key by which reports on single items name an item, None if it has none."""
    return find_keys(organisation_id, [item]).get(item)


def gtins_complained_of(organisation_id: int) -> list[str]:
    """Return the products that somebody complained of, those with most complaints first."""
    rows = (
        Complaint.objects.filter(organisation_id=organisation_id)
        .exclude(gtin="")
        .order_by()
        .values_list("gtin")
        .annotate(Count("id"))
    )
    return [gtin for gtin, _ in sorted(rows, key=lambda row: (-row[1], row[0]))]


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
    *,
    organisation_id: int,
    gtin: str,
    lot: str,
    published_only: bool = True,
    item: int | None = None,
    every_item: bool = False,
) -> list[InspectionReport]:
    """Return the reports that speak for a product's lot, the nearest first.

    First those on the item, then on the lot, then on the product, then on the lots of material that
    went into it (found by genealogy). With `published_only`, what consumers may see; without it,
    everything, revoked ones too.

    Args:
        organisation_id: Whose.
        gtin: 14 digits.
        lot: The lot's code; "" for the product alone.
        published_only: Leave out what is not published, and what was revoked.
        item: The key of an item; reports on single items are there only if they name it.
        every_item: Return reports on single items whatever items they name.
    """
    rows = InspectionReport.objects.filter(organisation_id=organisation_id)
    if published_only:
        rows = rows.filter(published_at__isnull=False, revoked_at=None)
    found = [
        report
        for report in rows.filter(gtin=gtin, lot__in=("", lot)).order_by("-issued_on", "-id")
        if report.target_kind != TargetKind.ITEMS or every_item or item in report.item_keys
    ]
    own = sorted(found, key=_nearness)
    if not lot or not rows.filter(target_kind=TargetKind.MATERIAL_LOT).exists():
        return own
    wanted = material_lots_of(organisation_id=organisation_id, gtin=gtin, lot=lot)
    pairs = {(identity.primary, identity.secondary) for identity in wanted}
    materials = rows.filter(
        gtin__in={number for number, _ in pairs}, lot__in={code for _, code in pairs}
    ).order_by("gtin", "-issued_on", "-id")
    return own + [report for report in materials if (report.gtin, report.lot) in pairs]


def _nearness(report: InspectionReport) -> int:
    if report.target_kind == TargetKind.ITEMS:
        return 0
    return 1 if report.lot else 2


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


def complaints_by_material(
    *, organisation_id: int, lots: Collection[Identity]
) -> dict[Identity, set[str]]:
    """Return, for each material lot, the numbers of the complaints about what was made of it."""
    keys = find_keys(organisation_id, lots)
    made = products_of(organisation_id, keys.values())
    names = identities_of(organisation_id, {key for some in made.values() for key in some})
    pairs = {(one.primary, one.secondary) for one in names.values() if one.scheme is Scheme.LGTIN}
    numbers: dict[tuple[str, str], set[str]] = {}
    codes = sorted({code for _, code in pairs})
    for at in range(0, len(codes), _CHUNK):
        rows = Complaint.objects.filter(
            organisation_id=organisation_id, lot__in=codes[at : at + _CHUNK]
        )
        for gtin, code, number in rows.values_list("gtin", "lot", "number"):
            if (gtin, code) in pairs:
                numbers.setdefault((gtin, code), set()).add(number)
    return {
        lot: {
            number
            for product in made[key]
            if product in names
            for number in numbers.get((names[product].primary, names[product].secondary), ())
        }
        for lot, key in keys.items()
    }


def public_file(sha256: str) -> PublicFile:
    """Return the file at a public address.

    Raises:
        NotFound: no such file, or no report that shows it to consumers.
    """
    shown = {"published_at__isnull": False, "revoked_at": None}
    report = InspectionReport.objects.filter(sha256=sha256, **shown).first()
    if report is not None:
        path = files.path_of(report.organisation_id, sha256)
        return PublicFile(path, report.content_type, report.number)
    for file in ReportFile.objects.filter(sha256=sha256)[:_MOST_SHARED]:
        # A file may lie with several reports; one that is published is enough.
        report = InspectionReport.objects.filter(
            organisation_id=file.organisation_id, id=file.report_id, **shown
        ).first()
        if report is not None:
            path = files.path_of(file.organisation_id, sha256)
            return PublicFile(path, file.content_type, f"{report.number}-{file.position}")
    raise NotFound(kind="inspection_report")
