"""Commission the codes of an order: from here on they are on goods.

Owns: `Activation` rows, and the commissioning events of orders.
Invariant: no code of an order is commissioned twice through its order, and none that was withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyroaring import BitMap

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.issuing import selectors
from suyuan.issuing.counters import retried
from suyuan.issuing.errors import (
    AlreadyCommissioned,
    LotDiffers,
    NothingToCommission,
    OrderChangedMeanwhile,
)
from suyuan.issuing.models import Activation, CodeOrder, OrderStatus
from suyuan.issuing.values import EVENT_LIMIT
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.models import Location, Lot
from suyuan.masterdata.selectors import get_location, get_lot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be commissioned; codes of it that were withdrawn are left out."""

    order: CodeOrder
    lot: Lot
    location: Location
    first: int
    count: int
    time: datetime
    disposition: str = "active"


def commission(
    *,
    actor: Actor,
    order_number: str,
    lot_code: str,
    time: datetime,
    location_code: str,
    disposition: str = "active",
    first: int = 0,
    count: int | None = None,
) -> Activation:
    """Capture the commissioning of an order's codes, all of them or a part.

    The same call again returns the first outcome.

    Args:
        actor: Who acts.
        order_number: The order.
        lot_code: The batch that the goods are of; empty takes the order's own.
        time: When it happened; with a time zone.
        location_code: Where.
        disposition: A bare CBV word.
        first: Position within the order, from 0.
        count: How many from there; None takes all that follow.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such order, lot or location in the organisation.
        Invalid: `lot_required`, `commission_range`, `time_zone_required`.
        LotDiffers, NothingToCommission, AlreadyCommissioned, OrderChangedMeanwhile: see there.
        DocumentError: what capture refuses.
    """
    actor.require(Right.EVENTS_CAPTURE)
    if time.tzinfo is None:
        raise Invalid("time_zone_required", place="time")

    def act() -> Activation:
        order = selectors.get_order(actor.organisation_id, order_number)
        size = order.count - first if count is None else count
        if first < 0 or size < 1 or first + size > order.count:
            raise Invalid("commission_range", place="count", first=first, order_count=order.count)
        part = Part(
            order,
            lot_of_goods(actor, order, lot_code),
            get_location(actor.organisation_id, location_code),
            first,
            size,
            time,
            disposition,
        )
        return _repeated(part) or commission_part(actor, part)

    return retried(act)


def lot_of_goods(actor: Actor, order: CodeOrder, lot_code: str) -> Lot:
    """Return the lot that an order's codes go to; an empty code takes the order's own.

    Raises:
        Invalid: `lot_required`.
        LotDiffers: the order was made for another.
    """
    if not lot_code:
        if order.lot is None:
            raise Invalid("lot_required", place="lot_code")
        own: Lot = order.lot
        return own
    lot = get_lot(actor.organisation_id, order.product.gtin, lot_code)
    if order.lot_id is not None and order.lot_id != lot.id:
        raise LotDiffers(place="lot_code", order=order.number, lot=lot_code)
    return lot


def _repeated(part: Part) -> Activation | None:
    """Return the outcome of the same call made before, if there was one.

    Raises:
        AlreadyCommissioned: another call commissioned some of these codes.
    """
    for done in selectors.activations_within(part.order, part.first, part.first + part.count):
        same = (
            (done.first, done.count) == (part.first, part.count)
            and (done.lot_id, done.location_id) == (part.lot.id, part.location.id)
            and (done.disposition, done.time) == (part.disposition, part.time)
        )
        if same:
            return done
        if selectors.waiting_ranges(part.order):
            raise AlreadyCommissioned(order=part.order.number, first=done.first, count=done.count)
        raise NothingToCommission(order=part.order.number)
    return None


def commission_part(actor: Actor, part: Part) -> Activation:
    """Capture the commissioning of codes that are not active, within the caller's transaction.

    Raises:
        NothingToCommission: every one of them was withdrawn.
        OrderChangedMeanwhile: others commissioned or withdrew codes since the order was read.
    """
    order = part.order
    gone = selectors.withdrawn_within(order, part.first, part.first + part.count)
    if len(gone) == part.count:
        raise NothingToCommission(order=order.number)
    before, total = order.commissioned_count, order.commissioned_count + part.count - len(gone)
    done = total + order.withdrawn_count == order.count
    status = OrderStatus.COMMISSIONED if done else OrderStatus.ISSUED
    # Taken first: whoever read the same activations waits here, and then finds another count.
    taken = CodeOrder.objects.filter(
        organisation_id=order.organisation_id,
        id=order.id,
        commissioned_count=before,
        withdrawn_count=order.withdrawn_count,
    ).update(commissioned_count=total, status=status)
    if not taken:
        raise OrderChangedMeanwhile(order=order.number)
    order.commissioned_count, order.status = total, status
    first_seq, last_seq = _capture(actor, part, gone)
    activation = Activation(
        organisation=actor.organisation,
        order_id=order.id,
        first=part.first,
        count=part.count,
        lot_id=part.lot.id,
        location_id=part.location.id,
        disposition=part.disposition,
        time=part.time,
        first_seq=first_seq,
        last_seq=last_seq,
        created_at=clock.now(),
        created_by=actor.name,
    )
    activation.save(force_insert=True)
    actor.audit(
        "codes.commission",
        kind="code_order",
        object_id=order.number,
        changes={
            "commissioned_count": [before, total],
            "lot": [None, part.lot.code],
            "location": [None, part.location.code],
        },
    )
    return activation


def _capture(actor: Actor, part: Part, gone: BitMap) -> tuple[int, int]:
    """Capture the events one by one, so that memory holds one event; return first, last number."""
    seqs: list[int] = []
    for at in range(part.first, part.first + part.count, EVENT_LIMIT):
        size = min(EVENT_LIMIT, part.first + part.count - at)
        epcs = selectors.links_but(part.order, first=at, count=size, gone=gone)
        if not epcs:
            continue
        outcome = capture_events(actor=actor, events=[_event(part, epcs)], source="issuing")
        seqs += [outcome.first_seq, outcome.last_seq]
    return min(seqs), max(seqs)


def _event(part: Part, epcs: list[str]) -> dict[str, Any]:
    return build.object_event(
        time=part.time,
        action="ADD",
        epcs=epcs,
        step="commissioning",
        disposition=part.disposition,
        read_point=part.location.identifier,
        location=part.location.identifier,
        ilmd=lot_data(part.lot),
    )


def lot_data(lot: Lot) -> dict[str, Any]:
    """Return what an event's ILMD says of a lot (CBV 2.0 §9)."""
    data: dict[str, Any] = {
        "cbvmda:lotNumber": lot.code,
        "cbvmda:productionDate": lot.produced_on.isoformat(),
    }
    if lot.expires_on is not None:
        data["cbvmda:itemExpirationDate"] = lot.expires_on.isoformat()
    return data
