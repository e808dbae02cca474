"""Goods on their way, over the API: packing, shipping, receiving, parcels, returns.

Units come in any form that can be scanned; places and parties by code; business papers as (CBV
type, number) pairs. The same call again stores nothing: `stored` is 0 and `duplicates` is not.
Recalled goods are refused with `goods_recalled`, but for acts that take them back; `going_back`
says that an act does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from suyuan.api.faults import refusals_of_capture
from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.services import CaptureOutcome
from suyuan.process import services
from suyuan.process.units import UNIT_LIMIT
from suyuan.tenancy.rights import Right

router = Router()

type Word = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f]*$")]
type Units = Annotated[list[Word], Field(max_length=UNIT_LIMIT)]
type Papers = Annotated[list[tuple[Word, Word]], Field(max_length=100)]


class Act(Schema):
    """When something happened."""

    time: AwareDatetime


class PackAct(Act):
    """Units into a holder."""

    parent: Word
    children: Units
    location: Word
    transactions: Papers = Field(default_factory=list)
    going_back: bool = False


class UnpackAct(Act):
    """Units out of a holder; without `children`, all."""

    parent: Word
    children: Units = Field(default_factory=list)
    location: Word


class ShipAct(Act):
    """Units leave a place."""

    units: Units
    from_location: Word
    to_location: Word = ""
    to_party: Word = ""
    to_region: Word = ""
    transactions: Papers = Field(default_factory=list)
    going_back: bool = False


class ReceiveAct(Act):
    """Units arrive at a place."""

    units: Units
    location: Word
    from_party: Word = ""
    transactions: Papers = Field(default_factory=list)


class ParcelAct(Act):
    """Items into a buyer's parcel; without `parcel`, the waybill names it."""

    items: Units
    order_number: Word
    waybill: Word
    location: Word
    parcel: Word = ""
    destination_region: Word = ""


class DeliverAct(Act):
    """Units handed to their buyers."""

    units: Units
    order_number: Word = ""
    waybill: Word = ""
    destination_region: Word = ""


class ReturnAct(Act):
    """Units back from a buyer."""

    units: Units
    location: Word
    parcel: Word = ""
    transactions: Papers = Field(default_factory=list)


class DestroyAct(Act):
    """Units destroyed."""

    units: Units
    location: Word
    transactions: Papers = Field(default_factory=list)


class Outcome(Schema):
    """What was stored: numbers of the events, 0 when nothing is new."""

    stored: int
    duplicates: int
    first_seq: int
    last_seq: int


def _done(request: ApiRequest, verb: Callable[..., CaptureOutcome], **values: Any) -> Any:
    with refusals_of_capture():
        outcome = verb(actor=request.actor, **values)
    return {name: getattr(outcome, name) for name in Outcome.model_fields}


@router.post("/process/pack", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_pack(request: ApiRequest, act: PackAct) -> Any:
    """Put units into a case, onto a pallet, into a box."""
    values = act.dict()
    return _done(request, services.pack, parent_sscc=values.pop("parent"), **values)


@router.post("/process/unpack", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_unpack(request: ApiRequest, act: UnpackAct) -> Any:
    """Take units out of what holds them."""
    values = act.dict()
    return _done(request, services.unpack, parent_sscc=values.pop("parent"), **values)


@router.post("/process/ship", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_ship(request: ApiRequest, act: ShipAct) -> Any:
    """Send units on their way."""
    return _done(request, services.ship, **act.dict())


@router.post("/process/receive", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_receive(request: ApiRequest, act: ReceiveAct) -> Any:
    """Take units in."""
    return _done(request, services.receive, **act.dict())


@router.post("/process/parcel", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_parcel(request: ApiRequest, act: ParcelAct) -> Any:
    """Put items into a buyer's parcel; no name or address belongs here."""
    return _done(request, services.pack_parcel, **act.dict())


@router.post("/process/deliver", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_deliver(request: ApiRequest, act: DeliverAct) -> Any:
    """Hand units over to their buyers."""
    return _done(request, services.deliver, **act.dict())


@router.post("/process/return", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_return(request: ApiRequest, act: ReturnAct) -> Any:
    """Take units back."""
    return _done(request, services.take_return, **act.dict())


@router.post("/process/destroy", response=Outcome)
@requires(Right.EVENTS_CAPTURE)
def process_destroy(request: ApiRequest, act: DestroyAct) -> Any:
    """Destroy units."""
    return _done(request, services.destroy, **act.dict())
