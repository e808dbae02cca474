"""Withdraw codes that will never be on goods: spoiled, lost and voided labels.

Owns: `Withdrawal` rows.
Invariant: an active code is never withdrawn, and a withdrawn one never becomes active through its
order: both acts move the order's counts under its row's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from django.db import transaction
from numpy.typing import NDArray
from pyroaring import BitMap

from suyuan.issuing import positions as places
from suyuan.issuing import selectors
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import AlreadyActive, AlreadyWithdrawn
from suyuan.issuing.models import CodeOrder, OrderStatus, Withdrawal
from suyuan.issuing.selectors.withdrawals import repeated
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_REASON: Final = Text(200, required=True)
_REFERENCE: Final = Text(40)
_NAMED: Final = 5  # active codes that a refusal names


def withdraw_codes(
    *,
    actor: Actor,
    order_number: str,
    positions: Sequence[int] | NDArray[np.int64] | BitMap,
    reason: str,
    reference: str = "",
) -> Withdrawal:
    """Withdraw codes of an order; a consumer who meets one is warned.

    Codes that were withdrawn before are left out; when all were, under the same reference and by
    the same positions, the first outcome is returned.

    Args:
        actor: Who acts.
        order_number: The order.
        positions: Positions within the order, from 0, in any order.
        reason: Why, up to 200 characters.
        reference: Number of the job or package that it happened in.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such order in the organisation.
        Invalid: `positions_empty`, `position_range`, and what is wrong with the texts.
        AlreadyActive: with the first of the active ones' serials.
        AlreadyWithdrawn: nothing is left to withdraw.
    """
    actor.require(Right.LABELS_PRINT)
    why = _REASON.check(reason, "reason")
    name = _REFERENCE.check(reference, "reference")
    with transaction.atomic():
        order = hold(selectors.get_order(actor.organisation_id, order_number))
        wanted = _checked(order, positions)
        fresh = wanted - selectors.withdrawn(order)
        if not fresh:
            return _first_outcome(order, wanted, name)
        refuse_active(order, fresh)
        return _withdraw(actor, order, fresh, reason=why, reference=name)


def _checked(order: CodeOrder, positions: Sequence[int] | NDArray[np.int64] | BitMap) -> BitMap:
    try:
        wanted = places.collect(positions)
    except OverflowError as error:
        raise Invalid("position_range", place="positions", order_count=order.count) from error
    if not wanted:
        raise Invalid("positions_empty", place="positions")
    if wanted.max() >= order.count:
        raise Invalid("position_range", place="positions", order_count=order.count)
    return wanted


def _first_outcome(order: CodeOrder, wanted: BitMap, reference: str) -> Withdrawal:
    done = repeated(order, wanted, reference)
    if done is None:
        raise AlreadyWithdrawn(order=order.number, count=len(wanted))
    return done


def refuse_active(order: CodeOrder, wanted: BitMap) -> None:
    """Raise `AlreadyActive` when some of the positions are active, naming the first."""
    active = wanted & selectors.active_among(order, wanted)
    if active:
        serials = [selectors.serials(order, first=int(at))[0] for at in active[:_NAMED]]
        raise AlreadyActive(
            place="positions", order=order.number, count=len(active), serials=", ".join(serials)
        )


def _withdraw(
    actor: Actor, order: CodeOrder, fresh: BitMap, *, reason: str, reference: str
) -> Withdrawal:
    row = Withdrawal(
        organisation=actor.organisation,
        order_id=order.id,
        first=fresh.min(),
        last=fresh.max(),
        count=len(fresh),
        positions=places.write(fresh),
        reason=reason,
        reference=reference,
        created_at=clock.now(),
        created_by=actor.name,
    )
    row.save(force_insert=True)
    before, total = order.withdrawn_count, order.withdrawn_count + len(fresh)
    order.withdrawn_count = total
    if order.commissioned_count + total == order.count:
        active = order.commissioned_count > 0
        order.status = OrderStatus.COMMISSIONED if active else OrderStatus.WITHDRAWN
    order.save(update_fields=["withdrawn_count", "status"])
    actor.audit(
        "codes.withdraw",
        kind="code_order",
        object_id=order.number,
        changes={
            "withdrawn_count": [before, total],
            "reason": [None, reason],
            "reference": [None, reference],
        },
    )
    return row
