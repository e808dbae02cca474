"""Verbs of logistics; each captures one act in one transaction.

Units are given in any form that `units.read_unit` reads; locations and parties by code; papers as
(CBV type, number) pairs. Every verb needs `events.capture`. The same call again stores nothing and
returns an outcome with `duplicates`.

Raises, all of them: `Forbidden`; `NotFound` for a location or party; `Invalid` with the place of
the fault; `DocumentError` for what capture refuses (a time in the future, for one). Packing,
sending and handing over refuse recalled goods (`GoodsRecalled`); with `going_back`, packing and
sending let them through, on their way to whoever called them back. Unpacking, receiving, taking
back and destroying never refuse them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from suyuan.capture.services import CaptureOutcome, capture_events
from suyuan.core.epcis import build
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.selectors import get_location, get_party
from suyuan.process.recalled import refuse_recalled
from suyuan.process.references import PARCEL, reference, region_text
from suyuan.process.units import text_of, texts_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Papers = Sequence[tuple[str, str]]
"""(CBV type, number): ("desadv", "D-17"), ("po", "8843-2"), ("bol", "SF1024")."""

_SOURCE: Final = "process"


class _Where(TypedDict):
    """Where an act happened, and where the goods are from then on."""

    read_point: str
    location: str


class _Fields(TypedDict, total=False):
    """What events have in common, as `build` names it."""

    step: str
    disposition: str
    read_point: str
    location: str
    transactions: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]
    destinations: Sequence[tuple[str, str]]


def pack(
    *,
    actor: Actor,
    parent_sscc: str,
    children: Sequence[str],
    time: datetime,
    location: str,
    transactions: Papers = (),
    going_back: bool = False,
) -> CaptureOutcome:
    """Put units into a case, onto a pallet, or into any unit that holds others."""
    return _aggregate(
        actor,
        "ADD",
        parent_sscc,
        children,
        time,
        stopped=not going_back,
        **_at(actor, location),
        step="packing",
        disposition="in_progress",
        transactions=_papers(actor, transactions),
    )


def unpack(
    *, actor: Actor, parent_sscc: str, children: Sequence[str] = (), time: datetime, location: str
) -> CaptureOutcome:
    """Take units out of another one; without `children`, all that are in it."""
    return _aggregate(
        actor,
        "DELETE",
        parent_sscc,
        children,
        time,
        stopped=False,
        **_at(actor, location),
        step="unpacking",
        disposition="in_progress",
    )


def ship(
    *,
    actor: Actor,
    units: Sequence[str],
    from_location: str,
    to_location: str = "",
    to_party: str = "",
    to_region: str = "",
    transactions: Papers = (),
    time: datetime,
    going_back: bool = False,
) -> CaptureOutcome:
    """Send units on their way: to a location, to a party, or to a region, as far as is known."""
    origin = get_location(actor.organisation_id, from_location).identifier
    return _observe(
        actor,
        units,
        time,
        stopped=not going_back,
        step="shipping",
        disposition="in_transit",
        read_point=origin,
        transactions=_papers(actor, transactions),
        sources=[("location", origin)],
        destinations=_destinations(actor, to_location, to_party, to_region),
    )


def receive(
    *,
    actor: Actor,
    units: Sequence[str],
    location: str,
    from_party: str = "",
    transactions: Papers = (),
    time: datetime,
) -> CaptureOutcome:
    """Take units in at a location."""
    sources = []
    if from_party:
        party = get_party(actor.organisation_id, from_party)
        sources = [("possessing_party", party.identifier)]
    return _observe(
        actor,
        units,
        time,
        stopped=False,
        **_at(actor, location),
        step="receiving",
        disposition="in_progress",
        transactions=_papers(actor, transactions),
        sources=sources,
    )


def pack_parcel(
    *,
    actor: Actor,
    items: Sequence[str],
    order_number: str,
    waybill: str,
    time: datetime,
    location: str,
    parcel: str = "",
    destination_region: str = "",
) -> CaptureOutcome:
    """Put items into a buyer's parcel.

    Args:
        actor: Who acts.
        items: What goes in.
        order_number: The shop's order; no name or address of the buyer belongs here.
        waybill: The shipper's number.
        time: When it happened; with a time zone.
        location: Where, by code.
        parcel: An SSCC or an absolute URI; empty makes one of the waybill.
        destination_region: Six-digit code of the buyer's region.
    """
    actor.require(Right.EVENTS_CAPTURE)
    return _aggregate(
        actor,
        "ADD",
        parcel or parcel_text(actor, waybill),
        items,
        time,
        stopped=True,
        **_at(actor, location),
        step="packing",
        disposition="in_progress",
        transactions=_parcel_papers(actor, order_number, waybill),
        destinations=_destinations(actor, "", "", destination_region),
    )


def deliver(
    *,
    actor: Actor,
    units: Sequence[str],
    time: datetime,
    order_number: str = "",
    waybill: str = "",
    destination_region: str = "",
) -> CaptureOutcome:
    """Hand parcels, or other units, over to their buyers."""
    return _observe(
        actor,
        units,
        time,
        stopped=True,
        step="retail_selling",
        disposition="retail_sold",
        transactions=_parcel_papers(actor, order_number, waybill),
        destinations=_destinations(actor, "", "", destination_region),
    )


def take_return(
    *,
    actor: Actor,
    units: Sequence[str],
    location: str,
    time: datetime,
    parcel: str = "",
    transactions: Papers = (),
) -> CaptureOutcome:
    """Take units back from a buyer; with `parcel`, out of the parcel that they left in."""
    actor.require(Right.EVENTS_CAPTURE)
    where, papers = _at(actor, location), _papers(actor, transactions)
    texts = texts_of(units, place="/units")
    back = build.object_event(
        time=_moment(time),
        action="OBSERVE",
        epcs=texts,
        step="receiving",
        disposition="returned",
        transactions=papers,
        **where,
    )
    events = [back]
    if parcel:
        out = build.aggregation_event(
            time=time,
            action="DELETE",
            parent=text_of(parcel, place="/parcel"),
            children=texts,
            step="unpacking",
            disposition="returned",
            transactions=papers,
            **where,
        )
        events = [out, back]
    return capture_events(actor=actor, events=events, source=_SOURCE)


def destroy(
    *, actor: Actor, units: Sequence[str], location: str, time: datetime, transactions: Papers = ()
) -> CaptureOutcome:
    """Destroy units: nothing more can happen to them."""
    return _object(
        actor,
        "DELETE",
        units,
        time,
        stopped=False,
        **_at(actor, location),
        step="destroying",
        disposition="destroyed",
        transactions=_papers(actor, transactions),
    )


def parcel_text(actor: Actor, waybill: str) -> str:
    """Return how events name a parcel that has no number but its waybill's."""
    return reference(actor.organisation.slug, PARCEL, waybill, place="/waybill")


def _observe(
    actor: Actor,
    units: Sequence[str],
    time: datetime,
    *,
    stopped: bool,
    **fields: Unpack[_Fields],
) -> CaptureOutcome:
    return _object(actor, "OBSERVE", units, time, stopped=stopped, **fields)


def _object(
    actor: Actor,
    action: str,
    units: Sequence[str],
    time: datetime,
    *,
    stopped: bool,
    **fields: Unpack[_Fields],
) -> CaptureOutcome:
    actor.require(Right.EVENTS_CAPTURE)
    moment, texts = _moment(time), texts_of(units, place="/units")
    if stopped:
        refuse_recalled(actor.organisation_id, texts, moment, "/units")
    event: dict[str, Any] = build.object_event(time=moment, action=action, epcs=texts, **fields)
    return capture_events(actor=actor, events=[event], source=_SOURCE)


def _aggregate(
    actor: Actor,
    action: str,
    parent: str,
    children: Sequence[str],
    time: datetime,
    *,
    stopped: bool,
    **fields: Unpack[_Fields],
) -> CaptureOutcome:
    actor.require(Right.EVENTS_CAPTURE)
    holder = text_of(parent, place="/parent")
    inside = texts_of(children, place="/children") if children or action == "ADD" else []
    if holder in inside:
        raise Invalid("unit_in_itself", place="/parent", given=holder)
    moment = _moment(time)
    if stopped:
        refuse_recalled(actor.organisation_id, inside, moment, "/children")
    event: dict[str, Any] = build.aggregation_event(
        time=moment, action=action, parent=holder, children=inside, **fields
    )
    return capture_events(actor=actor, events=[event], source=_SOURCE)


def _moment(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise Invalid("time_zone_required", place="/time")
    return time


def _at(actor: Actor, location: str) -> _Where:
    identifier = get_location(actor.organisation_id, location).identifier
    return _Where(read_point=identifier, location=identifier)


def _papers(actor: Actor, papers: Papers) -> list[tuple[str, str]]:
    return [
        (kind, reference(actor.organisation.slug, kind, number, place=f"/transactions/{position}"))
        for position, (kind, number) in enumerate(papers)
    ]


def _parcel_papers(actor: Actor, order_number: str, waybill: str) -> list[tuple[str, str]]:
    slug = actor.organisation.slug
    numbers = (("po", order_number, "/order_number"), ("bol", waybill, "/waybill"))
    return [
        (kind, reference(slug, kind, number, place=place))
        for kind, number, place in numbers
        if number.strip()
    ]


def _destinations(actor: Actor, location: str, party: str, region: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if party:
        found.append(("possessing_party", get_party(actor.organisation_id, party).identifier))
    if location:
        found.append(("location", get_location(actor.organisation_id, location).identifier))
    if region:
        found.append(("location", region_text(region, place="/destination_region")))
    return found
