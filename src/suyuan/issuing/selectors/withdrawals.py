"""Which codes of an order were withdrawn, when and why."""

from __future__ import annotations

from django.db.models import QuerySet
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing.models import CodeOrder, Withdrawal
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.kernel.lists import select


def withdrawn(order: CodeOrder) -> BitMap:
    """Return the positions of an order that were withdrawn."""
    return withdrawn_within(order, 0, order.count)


def withdrawn_within(order: CodeOrder, first: int, end: int) -> BitMap:
    """Return the positions of a range that were withdrawn."""
    found = BitMap()
    rows = _rows(order).filter(first__lt=end, last__gte=first)
    for data in rows.values_list("positions", flat=True):
        found |= positions.read(data)
    if found and (found.min() < first or found.max() >= end):
        found &= positions.of_ranges([(first, end)])
    return found


def withdrawals(order: CodeOrder) -> list[Withdrawal]:
    """Return what was withdrawn of an order, the latest first, without the positions."""
    return list(_rows(order).defer("positions").order_by("-created_at", "-id"))


def repeated(order: CodeOrder, wanted: BitMap, reference: str) -> Withdrawal | None:
    """Return the withdrawal of exactly these positions under this reference, if there was one."""
    rows = _rows(order).filter(reference=reference, count=len(wanted), first=wanted.min())
    return next((row for row in rows if positions.read(row.positions) == wanted), None)


def withdrawal_at(order: CodeOrder, position: int) -> Withdrawal | None:
    """Return the withdrawal of one code, None if it was not withdrawn."""
    rows = _rows(order).filter(first__lte=position, last__gte=position)
    return next((row for row in rows if position in positions.read(row.positions)), None)


def was_withdrawn(*, organisation_id: int, product_id: int, key_version: int, index: int) -> bool:
    """Tell whether an index of a product was withdrawn: one query, no objects.

    For those who have decrypted already, as `was_issued`.
    """
    rows = select(
        "SELECT o.start, w.positions FROM issuing_codeorder o JOIN issuing_withdrawal w "
        "ON w.organisation_id = o.organisation_id AND w.order_id = o.id "
        "WHERE o.organisation_id = %s AND o.product_id = %s AND o.key_version = %s "
        "AND o.start <= %s AND o.start > %s AND w.first <= %s - o.start AND w.last >= %s - o.start",
        (
            organisation_id,
            product_id,
            key_version,
            index,
            index - ORDER_LIMIT,
            index,
            index,
        ),
    )
    return any(index - start in positions.read(data) for start, data in rows)


def _rows(order: CodeOrder) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(organisation_id=order.organisation_id, order_id=order.id)
