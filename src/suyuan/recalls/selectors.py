"""Reads of recall cases.

Invariant: every query begins with the organisation. Lists do not load the bitmaps.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from suyuan.kernel.errors import NotFound
from suyuan.recalls.models import CaseStatus, GroupKind, RecallCase, ScopeGroup


def get_case(organisation_id: int, number: str, *, lock: bool = False) -> RecallCase:
    """Return a case by number; raises `NotFound`."""
    rows = RecallCase.objects.filter(organisation_id=organisation_id, number=number)
    case = (rows.select_for_update() if lock else rows).first()
    if case is None:
        raise NotFound(kind="recall")
    return case


def list_cases(organisation_id: int, *, status: str = "", text: str = "") -> QuerySet[RecallCase]:
    """Return cases without their bitmaps, the latest first."""
    rows = RecallCase.objects.filter(organisation_id=organisation_id).defer("items")
    if status:
        rows = rows.filter(status=status)
    if "\0" in text:  # PostgreSQL refuses it, and no title has it
        return rows.none()
    if text.strip():
        rows = rows.filter(
            Q(number__icontains=text.strip())
            | Q(title__icontains=text.strip())
            | Q(reason__icontains=text.strip())
        )
    return rows.order_by("-frozen_at", "-id")


def count_open(organisation_id: int) -> int:
    """Return how many cases are open."""
    return RecallCase.objects.filter(
        organisation_id=organisation_id, status=CaseStatus.OPEN
    ).count()


def cases_affecting(organisation_id: int, key: int) -> list[RecallCase]:
    """Return the cases whose frozen items hold `key`, the latest first.

    Reads every case's bitmap: an organisation has few cases.
    """
    rows = RecallCase.objects.filter(organisation_id=organisation_id).order_by("-frozen_at")
    return [case for case in rows if key in case.item_keys]


def _groups(case: RecallCase, kind: GroupKind) -> QuerySet[ScopeGroup]:
    return ScopeGroup.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, kind=kind
    )


def lots_of(case: RecallCase) -> QuerySet[ScopeGroup]:
    """Return the affected lots, from materials towards products; bitmaps deferred."""
    return _groups(case, GroupKind.LOT).defer("items").order_by("depth", "position")


def shipments_of(
    case: RecallCase, *, whereabouts: str = "", text: str = ""
) -> QuerySet[ScopeGroup]:
    """Return the parcels and consignments, the latest first; bitmaps deferred."""
    rows = _groups(case, GroupKind.SHIPMENT).defer("items")
    if whereabouts:
        rows = rows.filter(whereabouts=whereabouts)
    if "\0" in text:
        return rows.none()
    if text.strip():
        rows = rows.filter(
            Q(waybill__icontains=text.strip())
            | Q(order_number__icontains=text.strip())
            | Q(unit__icontains=text.strip())
        )
    return rows.order_by("-time", "position")


def places_of(case: RecallCase) -> QuerySet[ScopeGroup]:
    """Return the places, with their bitmaps, in frozen order."""
    return _groups(case, GroupKind.PLACE).order_by("position")
