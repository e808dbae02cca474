"""Reads of recall cases.

Invariant: every query begins with the organisation. Lists do not load the bitmaps.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import NotFound
from suyuan.lineage.values import Certainty
from suyuan.recalls.models import (
    OPEN_STATUSES,
    PUBLIC_STATUSES,
    EffectCount,
    GroupKind,
    Outcome,
    OutcomeGroup,
    RecallCase,
    ScopeGroup,
    ScopeVersion,
    VersionStatus,
)
from suyuan.tenancy.models import AuditEntry

CURRENT = "current"


def get_case(organisation_id: int, number: str, *, lock: bool = False) -> RecallCase:
    """Return a case by number; raises `NotFound`."""
    rows = RecallCase.objects.filter(organisation_id=organisation_id, number=number)
    case = (rows.select_for_update() if lock else rows).first()
    if case is None:
        raise NotFound(kind="recall")
    return case


def list_cases(organisation_id: int, *, status: str = "", text: str = "") -> QuerySet[RecallCase]:
    """Return cases without their bitmaps, the latest first.

    `status` is a word of `CaseStatus`, or `current` for proposed and approved ones.
    """
    rows = RecallCase.objects.filter(organisation_id=organisation_id).defer("items", "held")
    if "\0" in status + text:  # PostgreSQL refuses it, and no title has it
        return rows.none()
    if status:
        rows = rows.filter(status__in=OPEN_STATUSES if status == CURRENT else [status])
    if text.strip():
        rows = rows.filter(
            Q(number__icontains=text.strip())
            | Q(title__icontains=text.strip())
            | Q(reason__icontains=text.strip())
        )
    return rows.order_by("-opened_at", "-id")


def count_open(organisation_id: int) -> int:
    """Return how many cases are open."""
    return RecallCase.objects.filter(
        organisation_id=organisation_id, status__in=OPEN_STATUSES
    ).count()


def cases_affecting(organisation_id: int, key: int) -> list[RecallCase]:
    """Return the cases whose frozen items hold `key`, the latest first.

    Reads every case's bitmap: an organisation has few cases.
    """
    rows = RecallCase.objects.filter(organisation_id=organisation_id).order_by("-opened_at")
    return [case for case in rows if key in case.item_keys]


def public_case_of_item(organisation_id: int, key: int) -> RecallCase | None:
    """Return the latest case that the public may read of and that affects an item."""
    rows = RecallCase.objects.filter(organisation_id=organisation_id, status__in=PUBLIC_STATUSES)
    slim = rows.defer("held", "summary").order_by("-opened_at")
    return next((case for case in slim.iterator(chunk_size=20) if key in case.item_keys), None)


def public_case_of_lot(organisation_id: int, lot: str) -> RecallCase | None:
    """Return the latest case that the public may read of and that affects a lot as a whole."""
    groups = ScopeGroup.objects.filter(
        organisation_id=organisation_id,
        case_id=OuterRef("id"),
        version=OuterRef("version"),
        kind=GroupKind.LOT,
        unit=lot,
    )
    rows = RecallCase.objects.filter(
        Exists(groups), organisation_id=organisation_id, status__in=PUBLIC_STATUSES
    )
    return rows.defer("items", "held", "summary").order_by("-opened_at").first()


def _groups(case: RecallCase, kind: GroupKind) -> QuerySet[ScopeGroup]:
    return ScopeGroup.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=case.version, kind=kind
    )


def lots_of(case: RecallCase) -> QuerySet[ScopeGroup]:
    """Return the affected lots, from materials towards products; bitmaps deferred."""
    return _groups(case, GroupKind.LOT).defer("items").order_by("depth", "position")


def destinations_of(case: RecallCase) -> list[tuple[str, str, int]]:
    """Return (whereabouts, destination's identifier, items) of all parcels and consignments."""
    rows = _groups(case, GroupKind.SHIPMENT).exclude(place="").order_by()
    counted = rows.values_list("whereabouts", "place").annotate(Sum("item_count"))
    return sorted(counted)


def shipments_of(
    case: RecallCase, *, whereabouts: str = "", text: str = ""
) -> QuerySet[ScopeGroup]:
    """Return the parcels and consignments, the latest first; bitmaps deferred."""
    rows = _groups(case, GroupKind.SHIPMENT).defer("items")
    if "\0" in whereabouts + text:
        return rows.none()
    if whereabouts:
        rows = rows.filter(whereabouts=whereabouts)
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


def lot_texts(case: RecallCase) -> list[str]:
    """Return the canonical texts of the affected lots of the version in force."""
    return list(lots_of(case).values_list("unit", flat=True))


def certainty_of(case: RecallCase) -> dict[Certainty, KeySet]:
    """Return the items of the version in force by how sure it is of them."""
    found: dict[Certainty, KeySet] = {}
    for row in places_of(case):
        grade = Certainty(row.certainty or Certainty.PROVEN)
        found[grade] = found.get(grade, KeySet()) | row.item_keys
    return found


def versions_of(case: RecallCase) -> QuerySet[ScopeVersion]:
    """Return the versions of a case's scope, the latest first; bitmaps and details deferred."""
    rows = ScopeVersion.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    return rows.defer("items", "details").order_by("-version")


def latest_version(case: RecallCase) -> int:
    """Return the number of the last version that was frozen."""
    return versions_of(case).values_list("version", flat=True).first() or 0


def get_version(case: RecallCase, number: int) -> ScopeVersion:
    """Return a version of a case with its details; raises `NotFound`."""
    row = ScopeVersion.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=number
    ).first()
    if row is None:
        raise NotFound(kind="recall_version")
    return row


def version_to_decide(case: RecallCase) -> ScopeVersion | None:
    """Return the version that waits for approval, None if none does."""
    return versions_of(case).filter(status=VersionStatus.PROPOSED).first()


def counts_of(case: RecallCase) -> QuerySet[EffectCount]:
    """Return the counts of a case's effect, the latest first."""
    rows = EffectCount.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    return rows.order_by("-position")


def outcome_groups(count: EffectCount) -> QuerySet[OutcomeGroup]:
    """Return what was counted, by outcome; bitmaps deferred."""
    rows = OutcomeGroup.objects.filter(organisation_id=count.organisation_id, count_id=count.id)
    return rows.defer("items").order_by("outcome")


def outcome_items(case: RecallCase, outcome: str, position: int) -> KeySet:
    """Return the items of one outcome in a count of a case; none for a count that is not."""
    if outcome not in Outcome.values:
        return KeySet()
    row = OutcomeGroup.objects.filter(
        organisation_id=case.organisation_id,
        count_id__in=counts_of(case).filter(position=position).values("id"),
        outcome=outcome,
    ).first()
    return KeySet() if row is None else row.item_keys


def acts_of(case: RecallCase) -> QuerySet[AuditEntry]:
    """Return who did what about a case, the earliest first."""
    return AuditEntry.objects.filter(
        organisation_id=case.organisation_id, object_kind="recall", object_id=case.number
    ).order_by("at", "id")
