"""Pack an order's active codes by plan: cases of N, pallets of M cases, all newly numbered.

Owns: `Packing` rows and the aggregation events of plans.
Invariant: no code of an order is packed twice by plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Final

from pyroaring import BitMap

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.issuing import selectors
from suyuan.issuing.counters import retried
from suyuan.issuing.errors import NothingToPack, OrderChangedMeanwhile
from suyuan.issuing.models import CodeOrder, Packing
from suyuan.issuing.positions import Range, of_ranges
from suyuan.issuing.services.units import take_units
from suyuan.issuing.values import CASE_LIMIT
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.models import Location
from suyuan.masterdata.selectors import get_location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

EVENTS_AT_ONCE: Final = 2_000  # built and captured together


@dataclass(frozen=True, slots=True)
class Packed:
    """The outcome of a plan: its rows, and its units as events name them."""

    packings: tuple[Packing, ...]
    cases: tuple[str, ...]
    pallets: tuple[str, ...]
    items: int


def pack_order(
    *,
    actor: Actor,
    order_number: str,
    per_case: int,
    per_pallet: int = 0,
    location_code: str,
    time: datetime,
    count: int | None = None,
) -> Packed:
    """Pack an order's active codes that are in no planned case yet.

    The last case, and the last pallet, may be less than full. The same call again, with nothing
    left to pack, returns the first outcome.

    Args:
        actor: Who acts.
        order_number: The order.
        per_case: Items in a case, 1 to 10,000.
        per_pallet: Cases on a pallet, up to 10,000; 0 for no pallets.
        location_code: Where.
        time: When it happened; with a time zone.
        count: At most so many items; None takes all.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such order or location in the organisation.
        Invalid: `per_case_range`, `per_pallet_range`, `item_count_range`, `unit_count`,
            `time_zone_required`.
        NothingToPack, OrderChangedMeanwhile, SsccExhausted: see there.
    """
    actor.require(Right.EVENTS_CAPTURE)
    _check(per_case, per_pallet, count, time)

    def act() -> Packed:
        order = selectors.get_order(actor.organisation_id, order_number)
        location = get_location(actor.organisation_id, location_code)
        gone = selectors.withdrawn(order)
        ranges = _cut(selectors.packable_ranges(order), gone, count)
        if not ranges:
            return _repeated(order, per_case, per_pallet, location, time)
        count_packed(order, selectors.active_count(ranges, gone))
        sizes = (per_case, per_pallet)
        plans = [
            _plan(actor, order, part, gone, sizes=sizes, location=location, time=time)
            for part in ranges
        ]
        _capture(actor, order, location, plans, gone)
        return _packed(plans, gone)

    return retried(act)


def count_packed(order: CodeOrder, total: int) -> None:
    """Count `total` more codes as packed.

    Raises:
        OrderChangedMeanwhile: somebody else has packed some since the order was read.
    """
    # Done first: whoever read the same parts waits here, and then finds another count.
    rows = CodeOrder.objects.filter(
        organisation_id=order.organisation_id, id=order.id, packed_count=order.packed_count
    )
    if not rows.update(packed_count=order.packed_count + total):
        raise OrderChangedMeanwhile(order=order.number)


def _capture(
    actor: Actor, order: CodeOrder, location: Location, plans: list[Packing], gone: BitMap
) -> None:
    for packing in plans:
        for events in batched(_events(order, packing, location, gone), EVENTS_AT_ONCE):
            capture_events(actor=actor, events=events, source="issuing")
    total = selectors.active_count(_spans(plans), gone)
    actor.audit(
        "codes.pack",
        kind="code_order",
        object_id=order.number,
        changes={"packed_count": [order.packed_count, order.packed_count + total]},
    )


def _spans(plans: list[Packing]) -> list[Range]:
    return [(plan.first, plan.end) for plan in plans]


def _check(per_case: int, per_pallet: int, count: int | None, time: datetime) -> None:
    check_sizes(per_case, per_pallet)
    if count is not None and count < 1:
        raise Invalid("item_count_range", place="count")
    if time.tzinfo is None:
        raise Invalid("time_zone_required", place="time")


def check_sizes(per_case: int, per_pallet: int) -> None:
    """Raise `Invalid` unless cases and pallets may be so large; `per_pallet` 0 is no pallets."""
    if not 1 <= per_case <= CASE_LIMIT:
        raise Invalid("per_case_range", place="per_case", limit=CASE_LIMIT)
    if not 0 <= per_pallet <= CASE_LIMIT:
        raise Invalid("per_pallet_range", place="per_pallet", limit=CASE_LIMIT)


def _cut(ranges: list[Range], gone: BitMap, count: int | None) -> list[Range]:
    """Return the parts of `ranges` with the first `count` items that are not withdrawn."""
    kept: list[Range] = []
    left = sum(end - first for first, end in ranges) if count is None else count
    for first, end in ranges:
        if left <= 0:
            break
        here = of_ranges([(first, end)]) - gone
        if not here:
            continue
        kept.append((first, end if len(here) <= left else here[left - 1] + 1))
        left -= len(here)
    return kept


def _repeated(
    order: CodeOrder, per_case: int, per_pallet: int, location: Location, time: datetime
) -> Packed:
    """Return what the same call made before.

    Raises:
        NothingToPack: no call with these values was made before.
    """
    wanted = (per_case, per_pallet, location.id, time)
    same = [
        done
        for done in selectors.packings(order)
        if (done.per_case, done.per_pallet, done.location_id, done.time) == wanted
    ]
    if not same:
        raise NothingToPack(order=order.number)
    return _packed(same, selectors.withdrawn(order))


def _packed(packings: list[Packing], gone: BitMap) -> Packed:
    return Packed(
        packings=tuple(packings),
        cases=tuple(unit for packing in packings for unit in selectors.case_units(packing)),
        pallets=tuple(unit for packing in packings for unit in selectors.pallet_units(packing)),
        items=selectors.active_count(_spans(packings), gone),
    )


def _plan(
    actor: Actor,
    order: CodeOrder,
    part: Range,
    gone: BitMap,
    *,
    sizes: tuple[int, int],
    location: Location,
    time: datetime,
) -> Packing:
    """Number the units of one part, and store its row."""
    first, end = part
    per_case, per_pallet = sizes
    cases = -(-selectors.active_count([part], gone) // per_case)
    pallets = -(-cases // per_pallet) if per_pallet else 0
    numbers = take_units(actor, cases + pallets)
    packing = Packing(
        organisation=actor.organisation,
        order_id=order.id,
        first=first,
        count=end - first,
        per_case=per_case,
        per_pallet=per_pallet,
        prefix=numbers.prefix,
        first_number=numbers.first,
        cases=cases,
        pallets=pallets,
        location_id=location.id,
        time=time,
        created_at=clock.now(),
        created_by=actor.name,
    )
    packing.save(force_insert=True)
    return packing


def _events(
    order: CodeOrder, packing: Packing, location: Location, gone: BitMap
) -> Iterator[dict[str, Any]]:
    cases = selectors.case_units(packing)
    items = selectors.links_but(order, first=packing.first, count=packing.count, gone=gone)
    loads = [
        *zip(cases, batched(items, packing.per_case), strict=True),
        *zip(
            selectors.pallet_units(packing),
            batched(cases, packing.per_pallet or len(cases)),
            strict=False,  # without pallets there is nothing to pair the cases with
        ),
    ]
    for parent, children in loads:
        yield packing_event(location, packing.time, parent, children)


def packing_event(
    location: Location, time: datetime, parent: str, children: Sequence[str]
) -> dict[str, Any]:
    """Return the event of packing `children` into a new case or onto a new pallet."""
    return build.aggregation_event(
        time=time,
        action="ADD",
        parent=parent,
        children=children,
        step="packing",
        disposition="in_progress",
        read_point=location.identifier,
        location=location.identifier,
    )
