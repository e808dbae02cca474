"""Activate sets: a scanned case or pallet, or all of them, with the items they know.

Owns: which units of a plan are active, and the events that say so.
Invariant: items are commissioned before they are packed, cases before they are put on a pallet, all
at one time and in one transaction; a unit is activated once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from pyroaring import BitMap

from suyuan.capture.services import capture_events
from suyuan.core.epcis import DocumentError
from suyuan.issuing import positions, selectors, tasks
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import SetCancelled, SetItemsActive, SetLotDiffers
from suyuan.issuing.models import SetPlan
from suyuan.issuing.numbers import unit_links
from suyuan.issuing.positions import Range
from suyuan.issuing.services.commissioning import Part, commission_part, lot_of_goods
from suyuan.issuing.services.packing import EVENTS_AT_ONCE, count_packed, packing_event
from suyuan.issuing.values import SLICE_ITEMS
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.masterdata.models import Location, Lot
from suyuan.masterdata.selectors import get_location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


@dataclass(frozen=True, slots=True)
class SetActivation:
    """What became active: how many of each; all 0 when it was active before."""

    plan: SetPlan
    items: int = 0
    cases: int = 0
    pallets: int = 0

    @property
    def repeated(self) -> bool:
        """Whether nothing was left to do."""
        return not (self.items or self.cases or self.pallets)


@dataclass(frozen=True, slots=True)
class _Goods:
    """What units are to be activated with."""

    plan: SetPlan
    lot: Lot
    location: Location
    time: datetime


def activate_set(
    *, actor: Actor, sscc: str, lot_code: str, location_code: str, time: datetime
) -> SetActivation:
    """Activate a case or pallet of sets, with all it holds that is not active yet.

    Withdrawn items are left out. The same call again changes nothing.

    Args:
        actor: Who acts.
        sscc: 18 digits.
        lot_code: The batch of the goods; empty takes the order's own.
        location_code: Where.
        time: When; with a time zone. All the events are of this time, in order.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such unit, lot or location in the organisation.
        Invalid: `lot_required`, `time_zone_required`.
        LotDiffers: the order was made for another lot.
        SetItemsActive: items are active, but not with their case.
        SetLotDiffers: it is active already, of another lot or at another place.
        SetCancelled: the sets were cancelled.
        DocumentError: what capture refuses.
    """
    _check(actor, time)
    with transaction.atomic():
        unit = selectors.get_unit(actor.organisation_id, sscc)
        pallets = [unit.index] if unit.kind == "pallet" else []
        goods = _goods(actor, unit.plan, lot_code, location_code, time)
        return _activate(actor, goods, unit.cases, pallets)


def activate_sets(
    *, actor: Actor, number: str, lot_code: str, location_code: str, time: datetime
) -> SetActivation:
    """Activate all cases and pallets of sets that are not active yet.

    A slice of pallets, or of cases, is one transaction, so that others get their turn: what is done
    stays done when a later slice is refused, and the same call again goes on from there.

    Arguments and errors as for `activate_set`; `number` names the sets.
    """
    _check(actor, time)
    plan = selectors.get_set(actor.organisation_id, number)
    with transaction.atomic():
        _refuse_foreign(_goods(actor, plan, lot_code, location_code, time).plan)
    items = cases = pallets = 0
    for some_cases, some_pallets in _slices(plan):
        with transaction.atomic():
            goods = _goods(actor, plan, lot_code, location_code, time)
            done = _activate(actor, goods, some_cases, some_pallets)
        items, cases, pallets = items + done.items, cases + done.cases, pallets + done.pallets
    plan = selectors.get_set(actor.organisation_id, number)
    return SetActivation(plan, items, cases, pallets)


def begin_activation(
    *, actor: Actor, number: str, lot_code: str, location_code: str, time: datetime
) -> SetPlan:
    """Let the background activate all that is left of sets; it works already: nothing changes.

    Arguments and errors as for `activate_sets`, but for `SetLotDiffers` and what capture refuses:
    the row then says so (`SetPlan.filling`).
    """
    _check(actor, time)
    with transaction.atomic():
        plan = selectors.get_set(actor.organisation_id, number)
        goods = _goods(actor, plan, lot_code, location_code, time)
        if goods.plan.in_background:
            return goods.plan
        _refuse_foreign(goods.plan)
        goods.plan.filling = {
            "lot": goods.lot.code,
            "location": goods.location.code,
            "time": time.isoformat(),
            "by": actor.name,
        }
        goods.plan.save(update_fields=["filling"])
        tasks.begin(goods.plan)
    return goods.plan


def go_on(organisation_id: int, number: str) -> None:
    """Activate what `begin_activation` asked for, from where it stands.

    Raises:
        NotFound: no such sets.
    """
    plan = selectors.get_set(organisation_id, number)
    asked = plan.filling
    if asked is None or "fault" in asked:
        return
    # Who asked had the right then; the background has no other.
    actor = Actor(plan.organisation, asked["by"], frozenset({Right.EVENTS_CAPTURE}))
    rest: dict[str, Any] | None = None
    try:
        activate_sets(
            actor=actor,
            number=number,
            lot_code=asked["lot"],
            location_code=asked["location"],
            time=datetime.fromisoformat(asked["time"]),
        )
    except SuyuanError as error:
        told = {name: str(value) for name, value in error.data.items()}
        rest = asked | {"fault": error.code, "data": told}
    except DocumentError as error:
        first = error.faults[0]
        rest = asked | {"fault": first.code, "data": {k: str(v) for k, v in first.data.items()}}
    SetPlan.objects.filter(organisation_id=organisation_id, id=plan.id).update(filling=rest)


def _slices(plan: SetPlan) -> Iterator[tuple[range, range]]:
    """Yield the cases and pallets of one transaction each; whole pallets stay together."""
    per_slice = max(1, SLICE_ITEMS // plan.per_case)
    if not plan.pallets:
        for first in range(0, plan.cases, per_slice):
            yield range(first, min(first + per_slice, plan.cases)), range(0)
        return
    together = max(1, per_slice // plan.per_pallet)
    for first in range(0, plan.pallets, together):
        end = min(first + together, plan.pallets)
        yield (
            range(first * plan.per_pallet, min(end * plan.per_pallet, plan.cases)),
            range(first, end),
        )


def _refuse_foreign(plan: SetPlan) -> None:
    """Raise `SetItemsActive` when items are active through their order, but not with their case.

    Items that another event names are found slice by slice.
    """
    own = [
        selectors.span_of_cases(plan, range(*run))
        for run in positions.runs(selectors.active_cases(plan))
    ]
    told = [
        (max(part.first, plan.first), min(part.end, plan.end))
        for part in selectors.activations_within(plan.order, plan.first, plan.end)
    ]
    for first, _end in positions.without(told, own):
        unit = selectors.unit_at(plan, first)
        serial = selectors.serials(plan.order, first=first)[0]
        count = sum(end - start for start, end in positions.without(told, own))
        raise SetItemsActive(place="sscc", sscc=unit.sscc, serial=serial, count=count)


def _check(actor: Actor, time: datetime) -> None:
    actor.require(Right.EVENTS_CAPTURE)
    if time.tzinfo is None:
        raise Invalid("time_zone_required", place="time")


def _goods(
    actor: Actor, plan: SetPlan, lot_code: str, location_code: str, time: datetime
) -> _Goods:
    """Hold the plan's order, and return the plan as it is then, with lot and location."""
    hold(plan.order)
    held = selectors.get_set(actor.organisation_id, plan.number)
    if held.cancelled_at is not None:
        raise SetCancelled(number=held.number)
    lot = lot_of_goods(actor, held.order, lot_code)
    return _Goods(held, lot, get_location(actor.organisation_id, location_code), time)


def _activate(actor: Actor, goods: _Goods, cases: range, pallets: Iterable[int]) -> SetActivation:
    plan = goods.plan
    active = positions.read(plan.active_units)
    wanted = BitMap(range(cases.start, cases.stop))
    fresh = wanted - active
    if fresh != wanted:
        _same_goods(goods, wanted & active)
    fresh_pallets = [at for at in pallets if plan.cases + at not in active]
    if not fresh and not fresh_pallets:
        return SetActivation(plan)
    spans = [selectors.span_of_cases(plan, range(*run)) for run in positions.runs(fresh)]
    items = _commission(actor, goods, spans)
    gone = selectors.withdrawn_within(plan.order, plan.first, plan.end)
    for events in batched(_events(goods, fresh, fresh_pallets, gone), EVENTS_AT_ONCE):
        capture_events(actor=actor, events=events, source="issuing")
    count_packed(plan.order, items)
    _keep(actor, goods, fresh, fresh_pallets, items)
    return SetActivation(plan, items, len(fresh), len(fresh_pallets))


def _same_goods(goods: _Goods, active: BitMap) -> None:
    """Raise `SetLotDiffers` when cases are active otherwise than is asked for now."""
    plan = goods.plan
    for run in positions.runs(active):
        for done in selectors.activations_within(
            plan.order, *selectors.span_of_cases(plan, range(*run))
        ):
            if (done.lot_id, done.location_id) != (goods.lot.id, goods.location.id):
                raise SetLotDiffers(
                    number=plan.number, lot=done.lot.code, location=done.location.code
                )


def _commission(actor: Actor, goods: _Goods, spans: list[Range]) -> int:
    """Commission the items of cases; return how many.

    Raises:
        SetItemsActive: some of them are active already, in another way.
    """
    order, before = goods.plan.order, goods.plan.order.commissioned_count
    for first, end in spans:
        done = selectors.active_among(order, positions.of_ranges([(first, end)]))
        if done:
            unit = selectors.unit_at(goods.plan, done.min())
            serial = selectors.serials(order, first=done.min())[0]
            raise SetItemsActive(place="sscc", sscc=unit.sscc, serial=serial, count=len(done))
        gone = selectors.withdrawn_within(order, first, end)
        if len(gone) < end - first:
            part = Part(order, goods.lot, goods.location, first, end - first, goods.time)
            commission_part(actor, part)
    return int(order.commissioned_count - before)


def _events(
    goods: _Goods, cases: BitMap, pallets: list[int], gone: BitMap
) -> Iterator[dict[str, Any]]:
    """Yield the packing of cases, then that of pallets; what holds nothing has no event."""
    plan = goods.plan

    def filled(span: Range) -> bool:
        return positions.within(gone, *span) < span[1] - span[0]

    for case in cases:
        first, end = selectors.span_of_cases(plan, range(case, case + 1))
        items = selectors.links_but(plan.order, first=first, count=end - first, gone=gone)
        if items:
            parent = unit_links(plan.prefix, plan.first_number + case, 1)[0]
            yield packing_event(goods.location, goods.time, parent, items)
    for pallet in pallets:
        held = [
            unit_links(plan.prefix, plan.first_number + case, 1)[0]
            for case in selectors.cases_of_pallet(plan, pallet)
            if filled(selectors.span_of_cases(plan, range(case, case + 1)))
        ]
        if held:
            parent = unit_links(plan.prefix, plan.first_number + plan.cases + pallet, 1)[0]
            yield packing_event(goods.location, goods.time, parent, held)


def _keep(actor: Actor, goods: _Goods, cases: BitMap, pallets: list[int], items: int) -> None:
    plan = goods.plan
    active = positions.read(plan.active_units) | cases
    active |= BitMap(plan.cases + at for at in pallets)
    plan.active_units = positions.write(active)
    plan.active_cases += len(cases)
    plan.active_pallets += len(pallets)
    plan.save(update_fields=["active_units", "active_cases", "active_pallets"])
    actor.audit(
        "sets.activate",
        kind="set_plan",
        object_id=plan.number,
        changes={
            "active_cases": [plan.active_cases - len(cases), plan.active_cases],
            "active_pallets": [plan.active_pallets - len(pallets), plan.active_pallets],
            "items": [None, items],
            "lot": [None, goods.lot.code],
            "location": [None, goods.location.code],
        },
    )
