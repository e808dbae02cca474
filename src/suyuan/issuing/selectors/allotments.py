"""What an order's codes were printed for: claims of printing jobs, packages and sets."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet

from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder
from suyuan.issuing.positions import Range, runs, without
from suyuan.issuing.selectors.withdrawals import withdrawn


def allotments(order: CodeOrder) -> list[Allotment]:
    """Return the claims on an order's codes that hold, in its order, older ones first."""
    return list(_held(order).order_by("first", "created_at", "id"))


def allotments_at(order: CodeOrder, position: int) -> list[Allotment]:
    """Return what one code was printed for, the first claim first."""
    rows = _held(order).filter(first__lte=position, first__gt=position - F("count"))
    return list(rows.order_by("created_at", "id"))


def overlapping(order: CodeOrder, first: int, end: int) -> list[Allotment]:
    """Return the claims that share a position with a range."""
    rows = _held(order).filter(first__lt=end, first__gt=first - F("count"))
    return list(rows.order_by("first", "created_at", "id"))


def allotment_of(organisation_id: int, reference: str) -> list[Allotment]:
    """Return the claims of a job, a package or sets, with their order, released ones too."""
    rows = Allotment.objects.filter(organisation_id=organisation_id, reference=reference)
    return list(rows.select_related("order__product").order_by("first"))


def has_labels(organisation_id: int) -> bool:
    """Tell whether codes of the organisation are on labels, or are with a print house for it."""
    held = Allotment.objects.filter(organisation_id=organisation_id, released_at=None)
    return held.exclude(kind=AllotmentKind.SET).exists()


def unallotted_ranges(order: CodeOrder, *, within: str = "") -> list[Range]:
    """Return the parts of an order that are on no label yet, and are not withdrawn.

    Args:
        order: With its counts.
        within: Number of sets; their own claim, which is no label yet, then does not count, and
            only their range is looked at.
    """
    free = unclaimed_ranges(order, within=within)
    return without(free, runs(withdrawn(order))) if order.withdrawn_count else free


def unclaimed_ranges(order: CodeOrder, *, within: str = "") -> list[Range]:
    """Return what `unallotted_ranges` does, with the codes that were withdrawn."""
    held = allotments(order)
    whole = [(0, order.count)]
    if within:
        whole = _spans(row for row in held if _is_set(row, within))
        held = [row for row in held if not _is_set(row, within)]
    return without(whole, _spans(held))


def _is_set(row: Allotment, number: str) -> bool:
    return row.kind == AllotmentKind.SET and row.reference == number


def _spans(rows: Iterable[Allotment]) -> list[Range]:
    return [(row.first, row.end) for row in rows]


def _held(order: CodeOrder) -> QuerySet[Allotment]:
    return Allotment.objects.filter(
        organisation_id=order.organisation_id, order_id=order.id, released_at=None
    )
