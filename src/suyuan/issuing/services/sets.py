"""Plan sets: number cases and pallets for items before anything is active, and cancel such a plan.

Owns: `SetPlan` rows.
Invariant: a plan costs one row, however many units it has.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import batched
from typing import Final

from django.db import transaction

from suyuan.issuing import selectors
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import NothingToPlan, SetCancelled, SetInUse
from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder, SetPlan
from suyuan.issuing.positions import Range, without
from suyuan.issuing.services.allotting import allot, release_allotment
from suyuan.issuing.services.packing import check_sizes
from suyuan.issuing.services.units import take_units
from suyuan.issuing.values import SET_UNIT_LIMIT
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

_REQUEST_KEY: Final = Text(80)
_WHY: Final = Text(200)
_COLUMNS: Final = ("kind", "code", "link", "case", "pallet")
_LINES_AT_ONCE: Final = 4_096


def plan_sets(
    *,
    actor: Actor,
    order_number: str,
    per_case: int,
    per_pallet: int = 0,
    count: int | None = None,
    request_key: str = "",
) -> SetPlan:
    """Number the cases and pallets of items that are neither active nor on labels.

    The items are neighbours: the first free part of the order that is long enough. The last case,
    and the last pallet, may be less than full. Codes within that were withdrawn get no label; their
    case then knows fewer.

    Args:
        actor: Who acts.
        order_number: The order.
        per_case: Items in a case, 1 to 10,000.
        per_pallet: Cases on a pallet, up to 10,000; 0 for no pallets.
        count: How many items; None takes the first free part whole.
        request_key: The same key again returns the first outcome.

    Raises:
        Forbidden: without `codes.order`.
        NotFound: no such order in the organisation.
        Invalid: `per_case_range`, `per_pallet_range`, `item_count_range`.
        NothingToPlan: with the length of the longest free part.
        SsccExhausted: the company prefix has fewer numbers left.
    """
    actor.require(Right.CODES_ORDER)
    key = _REQUEST_KEY.check(request_key, "request_key")
    check_sizes(per_case, per_pallet)
    if count is not None and count < 1:
        raise Invalid("item_count_range", place="count")
    with transaction.atomic():
        order = hold(selectors.get_order(actor.organisation_id, order_number))
        rows = SetPlan.objects.filter(organisation_id=actor.organisation_id, request_key=key)
        if key and (first := rows.first()) is not None:
            return first
        span = _free(order, count)
        return _plan(actor, order, span, (per_case, per_pallet), key)


def _free(order: CodeOrder, count: int | None) -> Range:
    claimed = [(row.first, row.end) for row in selectors.allotments(order)]
    free = without([(0, order.count)], sorted(claimed + selectors.active_ranges(order)))
    longest = max((end - first for first, end in free), default=0)
    size = count or 1
    first, end = next(((a, b) for a, b in free if b - a >= size), (0, 0))
    if not end:
        raise NothingToPlan(place="count", order=order.number, longest=longest)
    return first, end if count is None else first + count


def _plan(
    actor: Actor, order: CodeOrder, span: Range, sizes: tuple[int, int], request_key: str
) -> SetPlan:
    first, end = span
    per_case, per_pallet = sizes
    cases = -(-(end - first) // per_case)
    pallets = -(-cases // per_pallet) if per_pallet else 0
    numbers = take_units(actor, cases + pallets, limit=SET_UNIT_LIMIT)
    plan = SetPlan(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix="SET", series="set"),
        order_id=order.id,
        first=first,
        count=end - first,
        per_case=per_case,
        per_pallet=per_pallet,
        prefix=numbers.prefix,
        first_number=numbers.first,
        cases=cases,
        pallets=pallets,
        request_key=request_key,
        created_at=clock.now(),
        created_by=actor.name,
    )
    plan.save(force_insert=True)
    allot(
        actor=actor,
        order_number=order.number,
        first=first,
        count=end - first,
        kind="set",
        reference=plan.number,
    )
    changes: dict[str, object] = {
        name: [None, getattr(plan, name)]
        for name in ("first", "count", "per_case", "per_pallet", "cases", "pallets")
    }
    changes["order"] = [None, order.number]
    actor.audit("sets.plan", kind="set_plan", object_id=plan.number, changes=changes)
    return plan


def cancel_sets(*, actor: Actor, number: str, why: str = "") -> SetPlan:
    """Cancel sets that have no labels and of which nothing is active; again changes nothing.

    The items are free for other labels then; the numbers of cases and pallets are not used again.

    Raises:
        Forbidden: without `codes.order`.
        NotFound: no such sets in the organisation.
        SetInUse: labels were made, or a part is active.
    """
    actor.require(Right.CODES_ORDER)
    reason = _WHY.check(why, "why")
    with transaction.atomic():
        order = hold(selectors.get_set(actor.organisation_id, number).order)
        plan = selectors.get_set(actor.organisation_id, number)
        if plan.cancelled_at is not None:
            return plan
        if plan.active_units or _labels(order, plan):
            raise SetInUse(number=plan.number)
        release_allotment(actor=actor, reference=plan.number, why=reason)
        plan.cancelled_at, plan.cancelled_by = clock.now(), actor.name
        plan.save(update_fields=["cancelled_at", "cancelled_by"])
        actor.audit(
            "sets.cancel", kind="set_plan", object_id=plan.number, changes={"why": [None, reason]}
        )
    return plan


def download_set_labels(*, actor: Actor, number: str, base_url: str) -> Iterator[bytes]:
    """Return the labels of sets as a CSV stream, in the order of packing; who took them is audited.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such sets in the organisation.
        SetCancelled: they were cancelled.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        plan = selectors.get_set(actor.organisation_id, number)
        if plan.cancelled_at is not None:
            raise SetCancelled(number=plan.number)
        actor.audit("sets.download", kind="set_plan", object_id=plan.number)
    return _label_lines(plan, base_url)


def _label_lines(plan: SetPlan, base_url: str) -> Iterator[bytes]:
    yield ",".join(_COLUMNS).encode() + b"\r\n"
    for some in batched(selectors.stream_sets(plan, base=base_url), _LINES_AT_ONCE):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(
            (one.kind, one.text, one.link, one.case, one.pallet) for one in some
        )
        yield text.getvalue().encode()


def _labels(order: CodeOrder, plan: SetPlan) -> list[Allotment]:
    met = selectors.overlapping(order, plan.first, plan.end)
    return [row for row in met if row.kind != AllotmentKind.SET]
