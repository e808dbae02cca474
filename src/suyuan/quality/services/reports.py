"""Add, publish and revoke inspection reports.

Invariant: a report is never changed or deleted; a wrong one is revoked, with the reason, and its
file leaves the public address in the same instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import transaction

from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Material, MaterialLot
from suyuan.masterdata.rules import Choice, Day, LotCode, Text
from suyuan.quality import files
from suyuan.quality.errors import ReportRevoked
from suyuan.quality.models import InspectionReport, ReportFile, Result, TargetKind
from suyuan.quality.selectors import get_report
from suyuan.quality.single_items import read_items
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

PREFIX = "IR"
MOST_FILES: Final = 10
_TITLE = Text(160, required=True)
_ISSUER = Text(160, required=True)
_REASON = Text(300, required=True)
_DAY = Day(required=True)


@dataclass(frozen=True, slots=True)
class _Target:
    """The goods that a report speaks of."""

    gtin: str
    lot: str = ""
    items: KeySet = field(default_factory=KeySet)


def _target(
    organisation_id: int, kind: TargetKind, gtin: str, lot: str, items: Sequence[str]
) -> _Target:
    """Return goods that exist.

    Raises:
        NotFound: unknown goods, or another organisation's.
        Invalid: ``lot_code``, ``required``; of items see `read_items`.
    """
    if kind is TargetKind.PRODUCT:
        return _Target(masterdata.get_product(organisation_id, gtin).gtin)
    if kind is TargetKind.ITEMS:
        number = masterdata.get_product(organisation_id, gtin).gtin
        found = read_items(organisation_id=organisation_id, gtin=number, lines=items)
        return _Target(number, items=found)
    code = LotCode().check(lot, "lot")
    if kind is TargetKind.PRODUCT_LOT:
        row = masterdata.get_lot(organisation_id, gtin, code)
        return _Target(row.product.gtin, row.code)
    material = _material(organisation_id, gtin)
    known = MaterialLot.objects.filter(
        organisation_id=organisation_id, material_id=material.id, code=code
    )
    if not known.exists():
        raise NotFound(kind="material_lot")
    return _Target(material.gtin, code)


def _material(organisation_id: int, text: str) -> Material:
    """Return a material by GTIN, or by the code that colleagues know it by."""
    gtin = text.strip().zfill(14)
    found = masterdata.materials_by_gtin(organisation_id, [gtin]).get(gtin)
    return found or masterdata.get_material(organisation_id, text.strip())


def add_report(
    *,
    actor: Actor,
    title: str,
    target_kind: str,
    gtin: str,
    lot: str = "",
    issued_by: str,
    issued_on: date,
    valid_until: date | None = None,
    result: str,
    data: bytes,
    more: Sequence[bytes] = (),
    items: Sequence[str] = (),
    publish: bool = False,
) -> InspectionReport:
    """Keep a report with its files.

    Args:
        actor: With the right `quality.edit`.
        title: What was examined, in the laboratory's words.
        target_kind: One of `TargetKind`.
        gtin: The product's or the material's; a material's code does as well.
        lot: The lot's code; ignored for a report on a product or on items.
        issued_by: The laboratory.
        issued_on: The day on the report.
        valid_until: The last day on which it may be relied on, if it says one.
        result: One of `Result`.
        data: The file: PDF, PNG or JPEG of at most 10 MB.
        more: Files that came with it: further pages, photographs; at most nine.
        items: For a report on items: a code in each line, or two with "…" between.
        publish: Show it to consumers at once.

    Raises:
        FileRefused: see `files.content_type_of`.
        NotFound: unknown goods.
        Invalid: a malformed field, ``dates_reversed``, ``too_many_files``.
    """
    actor.require(Right.QUALITY_EDIT)
    kind = TargetKind(Choice(TargetKind.values).check(target_kind, "target_kind"))
    fields = {
        "title": _TITLE.check(title, "title"),
        "issued_by": _ISSUER.check(issued_by, "issued_by"),
        "issued_on": _DAY.check(issued_on, "issued_on"),
        "result": Choice(Result.values).check(result, "result"),
    }
    if valid_until is not None and valid_until < issued_on:
        raise Invalid("dates_reversed", place="valid_until")
    goods = _target(actor.organisation_id, kind, gtin, lot, items)
    checked = _checked((data, *more))
    now = clock.now()
    with transaction.atomic():
        report = InspectionReport.objects.create(
            organisation=actor.organisation,
            number=yearly_number(organisation_id=actor.organisation_id, prefix=PREFIX),
            target_kind=kind.value,
            gtin=goods.gtin,
            lot=goods.lot,
            items=goods.items.to_bytes(),
            item_count=len(goods.items),
            valid_until=valid_until,
            **_stored(actor.organisation_id, *checked[0]),
            published_at=now if publish else None,
            created_at=now,
            created_by=actor.name,
            **fields,
        )
        ReportFile.objects.bulk_create(
            ReportFile(
                organisation=actor.organisation,
                report_id=report.id,
                position=position,
                **_stored(actor.organisation_id, *one),
            )
            for position, one in enumerate(checked[1:], 2)
        )
        _audit(actor, "report.add", report, _as_added(report, len(checked)))
    return report


def _checked(uploads: Sequence[bytes]) -> list[tuple[bytes, str]]:
    """Return files with their types; all of them are good, or none is kept."""
    if len(uploads) > MOST_FILES:
        raise Invalid("too_many_files", place="more", most=MOST_FILES)
    first, *others = uploads
    return [
        (first, files.content_type_of(first)),
        *((data, files.content_type_of(data, place="more")) for data in others),
    ]


def _stored(organisation_id: int, data: bytes, content_type: str) -> dict[str, str | int]:
    return {
        "sha256": files.store(organisation_id, data),
        "content_type": content_type,
        "size": len(data),
    }


def _as_added(report: InspectionReport, count: int) -> dict[str, object]:
    return {
        "files": [None, count],
        "items": [None, report.item_count],
        "title": [None, report.title],
        "target": [None, report.identity.digital_link()],
        "result": [None, report.result],
        "sha256": [None, report.sha256],
        "published": [None, report.published_at is not None],
    }


def _audit(actor: Actor, action: str, report: InspectionReport, changes: dict[str, object]) -> None:
    actor.audit(action, kind="inspection_report", object_id=report.number, changes=changes)


def publish_report(*, actor: Actor, number: str) -> InspectionReport:
    """Show a report to consumers.

    Raises:
        ReportRevoked: a revoked report stays hidden.
    """
    return _show(actor, number, clock.now())


def unpublish_report(*, actor: Actor, number: str) -> InspectionReport:
    """Hide a report from consumers without calling it wrong."""
    return _show(actor, number, None)


def _show(actor: Actor, number: str, moment: datetime | None) -> InspectionReport:
    actor.require(Right.QUALITY_EDIT)
    with transaction.atomic():
        report = get_report(actor.organisation_id, number, lock=True)
        if report.revoked_at is not None:
            raise ReportRevoked(number=number)
        if report.published == (moment is not None):
            return report
        report.published_at = moment
        report.save(update_fields=["published_at"])
        _audit(
            actor,
            "report.publish" if moment else "report.unpublish",
            report,
            {"published": [moment is None, moment is not None]},
        )
    return report


def revoke_report(*, actor: Actor, number: str, reason: str) -> InspectionReport:
    """Withdraw a report for good: it stays in the list, marked, and leaves every public page.

    Raises:
        ReportRevoked: it was revoked before.
    """
    actor.require(Right.QUALITY_EDIT)
    said = _REASON.check(reason, "reason")
    with transaction.atomic():
        report = get_report(actor.organisation_id, number, lock=True)
        if report.revoked_at is not None:
            raise ReportRevoked(number=number)
        report.revoked_at = clock.now()
        report.revoked_reason = said
        report.save(update_fields=["revoked_at", "revoked_reason"])
        _audit(actor, "report.revoke", report, {"revoked": [None, said]})
    return report
