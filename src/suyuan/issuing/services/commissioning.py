"""Commission the codes of an order: from here on they are on goods.

Owns: `Activation` rows, and the commissioning events of orders.
Invariant: no code of an order is commissioned twice through its order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
class _Part:
    """What is to be commissioned."""

    order: CodeOrder
    lot: Lot
    location: Location
    first: int
    count: int
    time: datetime
    disposition: str


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
        part = _Part(
            order,
            _lot(actor, order, lot_code),
            get_location(actor.organisation_id, location_code),
            first,
            size,
            time,
            disposition,
        )
        return _repeated(part) or _commission(actor, part)

    return retried(act)


def _lot(actor: Actor, order: CodeOrder, lot_code: str) -> Lot:
    if not lot_code:
        if order.lot is None:
            raise Invalid("lot_required", place="lot_code")
        own: Lot = order.lot
        return own
    lot = get_lot(actor.organisation_id, order.product.gtin, lot_code)
    if order.lot_id is not None and order.lot_id != lot.id:
        raise LotDiffers(place="lot_code", order=order.number, lot=lot_code)
    return lot


def _repeated(part: _Part) -> Activation | None:
    """Return the outcome of the same call made before, if there was one.

    Raises:
        AlreadyCommissioned: another call commissioned some of these codes.
    """
    for done in selectors.activations(part.order):
        if done.end <= part.first or part.first + part.count <= done.first:
            continue
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


def _commission(actor: Actor, part: _Part) -> Activation:
    order = part.order
    total = order.commissioned_count + part.count
    status = OrderStatus.COMMISSIONED if total == order.count else OrderStatus.ISSUED
    # Taken first: whoever read the same activations waits here, and then finds another count.
    taken = CodeOrder.objects.filter(
        organisation_id=order.organisation_id,
        id=order.id,
        commissioned_count=order.commissioned_count,
    ).update(commissioned_count=total, status=status)
    if not taken:
        raise OrderChangedMeanwhile(order=order.number)
    first_seq, last_seq = _capture(actor, part)
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
            "commissioned_count": [order.commissioned_count, total],
            "lot": [None, part.lot.code],
            "location": [None, part.location.code],
        },
    )
    return activation


def _capture(actor: Actor, part: _Part) -> tuple[int, int]:
    """Capture the events one by one, so that memory holds one event; return first, last number."""
    seqs: list[int] = []
    for at in range(part.first, part.first + part.count, EVENT_LIMIT):
        size = min(EVENT_LIMIT, part.first + part.count - at)
        outcome = capture_events(actor=actor, events=[_event(part, at, size)], source="issuing")
        seqs += [outcome.first_seq, outcome.last_seq]
    return min(seqs), max(seqs)


def _event(part: _Part, first: int, count: int) -> dict[str, Any]:
    return build.object_event(
        time=part.time,
        action="ADD",
        epcs=selectors.links(part.order, first=first, count=count),
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
