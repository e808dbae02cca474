"""Ask what a document would do, over the API.

Owns: the answer's shape. Faults are an answer here, not a refusal: the status is 200.
"""

from __future__ import annotations

from ninja import Router, Schema

from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.rehearsal import (
    Goods,
    PlacedFault,
    PlaceNamed,
    Rehearsal,
    RehearsedEvent,
    rehearse,
)
from suyuan.core.identifiers import IdentifierError, Identity
from suyuan.partners.rehearsing import rehearsal_limits
from suyuan.tenancy.rights import Right

router = Router()


class RehearsalFaultOut(Schema):
    """A fault; `place` is a JSON pointer, `line` and `column` count from 1."""

    code: str
    place: str
    event: int | None
    line: int | None
    column: int | None
    data: dict[str, str]


class RehearsedEventOut(Schema):
    """An event of the document and what would become of it: new, duplicate, refused."""

    position: int
    outcome: str
    line: int | None
    type: str
    action: str
    step: str
    disposition: str
    change: str
    units: int
    inputs: int
    voids: int


class RehearsedGoodsOut(Schema):
    """What is said of a trade item; amounts by unit of measure, "" for pieces."""

    gtin: str
    known: str
    items: int
    lots: list[str]
    amounts: dict[str, float]


class RehearsedPlaceOut(Schema):
    """A place or party that events name; `known` is null where it is not told."""

    id: str
    role: str
    events: int
    known: bool | None


class RehearsalOut(Schema):
    """What a document would do."""

    accepted: bool
    kind: str
    total: int
    new: int
    duplicates: int
    refused: int
    fault_count: int
    faults: list[RehearsalFaultOut]
    events: list[RehearsedEventOut]
    goods: list[RehearsedGoodsOut]
    logistic_units: int
    places: list[RehearsedPlaceOut]


@router.post("/rehearsals", response=RehearsalOut, summary="Ask what a document would do")
@requires(Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER)
def rehearse_document(request: ApiRequest) -> RehearsalOut:
    """Read an EPCIS document as capture would, and say what it would do; nothing is stored.

    The body is the document: EPCIS 2.0 JSON-LD, or XML of EPCIS 2.0 or 1.2. Needs the right to
    capture, or to deliver as a partner.
    """
    limits = rehearsal_limits(request.actor)
    found = rehearse(
        actor=request.actor,
        body=request.body,
        check=limits.check,
        tellable=limits.tellable,
        tellable_goods=limits.tellable_goods,
    )
    return _answer(found)


def _answer(found: Rehearsal) -> RehearsalOut:
    return RehearsalOut(
        accepted=found.accepted,
        kind=found.kind,
        total=found.total,
        new=found.new,
        duplicates=found.duplicates,
        refused=found.refused,
        fault_count=found.fault_count,
        faults=[_fault(one) for one in found.faults],
        events=[_event(one) for one in found.events],
        goods=[_goods(one) for one in found.goods],
        logistic_units=found.units,
        places=[_place(one) for one in found.places],
    )


def _fault(one: PlacedFault) -> RehearsalFaultOut:
    return RehearsalFaultOut(
        code=one.fault.code,
        place=one.fault.place,
        event=one.position,
        line=one.spot.line if one.spot else None,
        column=one.spot.column if one.spot else None,
        data=dict(one.fault.data),
    )


def _event(one: RehearsedEvent) -> RehearsedEventOut:
    event = one.event
    return RehearsedEventOut(
        position=one.position,
        outcome=one.outcome,
        line=one.spot.line if one.spot else None,
        type=event.type.name if event else "",
        action=event.action.name if event and event.action else "",
        step=event.step if event else "",
        disposition=event.disposition if event else "",
        change=one.change,
        units=one.units,
        inputs=one.inputs,
        voids=len(one.voids),
    )


def _goods(one: Goods) -> RehearsedGoodsOut:
    return RehearsedGoodsOut(
        gtin=one.gtin,
        known=one.known,
        items=one.items,
        lots=list(one.lots),
        amounts=dict(one.amounts),
    )


def _place(one: PlaceNamed) -> RehearsedPlaceOut:
    return RehearsedPlaceOut(
        id=_text(one.identity), role=one.role, events=one.events, known=one.known
    )


def _text(identity: Identity) -> str:
    try:
        return identity.digital_link()
    except IdentifierError:
        return f"{identity.primary} {identity.secondary}".strip()
