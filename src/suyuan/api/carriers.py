"""Carriers over the API: what leads to which unit, binding, replacing, releasing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.identities import find_key, identity_of
from suyuan.carriers import selectors, services
from suyuan.carriers.judging import Wanted
from suyuan.carriers.models import Carrier
from suyuan.carriers.values import kind_of
from suyuan.core.identifiers import Identity
from suyuan.kernel.errors import NotFound
from suyuan.lineage import selectors as lineage
from suyuan.rfid.selectors import unit_of_tag
from suyuan.tenancy.rights import Right
from suyuan.verification import reveals

router = Router()

_PAGE = 200

type Value = Annotated[str, Field(min_length=1, max_length=1000)]
type Note = Annotated[str, Field(max_length=500)]
type Kind = Literal["qr", "datamatrix", "rfid", "nfc", "other"]
type Reason = Literal["damaged", "lost", "relabelled", "wrong", "other"]


class CarrierOut(Schema):
    """A binding; `ended_at` is null while the value leads to the unit."""

    kind: str
    value: str
    unit: str
    note: str
    bound_at: datetime
    bound_by: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    end_note: str


class CarrierPage(Schema):
    """A page of bindings, the latest first; `next_offset` is null on the last."""

    carriers: list[CarrierOut]
    next_offset: int | None


class CarrierQuery(Schema):
    """Which bindings to list."""

    text: str = Field("", max_length=500)
    kind: str = Field("", max_length=10)
    live: bool | None = None
    offset: int = Field(0, ge=0, le=2**31)


class BindIn(Schema):
    """A carrier, and any name of the item or logistic unit that it is to lead to."""

    kind: Kind
    value: Value
    unit: Value
    note: Note = ""


class BindManyIn(Schema):
    """Bindings, at most 10,000; rows count from 1 in the faults of a refusal."""

    rows: list[BindIn] = Field(max_length=services.MOST_ROWS)


class BoundOut(Schema):
    """What became of many."""

    bound: int
    unchanged: int


class EndIn(Schema):
    """Which carrier ends, and why; `other` needs a note."""

    kind: Kind
    value: Value
    reason: Reason
    note: Note = ""


class ReplaceIn(EndIn):
    """What takes its place; without `new_kind` it is of the same kind."""

    new_value: Value
    new_kind: Kind | None = None


class ResolvedOut(Schema):
    """The unit that a text leads to, and all its carriers that are in use."""

    unit: str
    carriers: list[CarrierOut]


class HiddenOut(Schema):
    """What is known of an item's hidden code."""

    tries: int
    locked: bool
    opened_at: datetime | None
    opened_region: str


class UnlockIn(Schema):
    """Which item's hidden code may be entered again, and why."""

    unit: Value
    reason: Annotated[str, Field(max_length=300)]


def shown(row: Carrier) -> dict[str, Any]:
    """Return a binding as the API shows it."""
    return {name: getattr(row, name) for name in CarrierOut.model_fields}


def unit_of(organisation_id: int, text: str) -> tuple[int, Identity]:
    """Return what a text names: a carrier of it, its tag, or any form of itself.

    Raises:
        NotFound: nothing of this organisation.
    """
    carrier = selectors.resolve(organisation_id, text)
    if carrier is not None:
        return carrier.key, carrier.identity
    tagged = unit_of_tag(organisation_id, text)
    key = (
        lineage.resolve(organisation_id=organisation_id, text=text)
        if tagged is None
        else find_key(organisation_id, tagged)
    )
    if key is None:
        raise NotFound(kind="identifier")
    return key, tagged or identity_of(organisation_id, key)


@router.get("/carriers", response=CarrierPage)
@requires(Right.CARRIERS_VIEW)
def carriers(request: ApiRequest, query: Query[CarrierQuery]) -> dict[str, Any]:
    """List carriers, 200 at a time."""
    rows = selectors.list_carriers(
        request.actor.organisation_id, text=query.text, kind=query.kind, live=query.live
    )
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "carriers": [shown(row) for row in found[:_PAGE]],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.get("/carriers/resolve", response=ResolvedOut)
@requires(Right.CARRIERS_VIEW)
def resolve_carrier(request: ApiRequest, text: Value) -> dict[str, Any]:
    """Say which unit a scanned or typed text leads to."""
    here = request.actor.organisation_id
    key, identity = unit_of(here, text)
    rows = selectors.carriers_of(here, key)
    return {"unit": identity.digital_link(), "carriers": [shown(row) for row in rows]}


@router.get("/carriers/history", response=list[CarrierOut])
@requires(Right.CARRIERS_VIEW)
def carrier_history(request: ApiRequest, kind: Kind, value: Value) -> list[dict[str, Any]]:
    """List what a value leads to and led to before, the latest first."""
    rows = selectors.history_of_value(request.actor.organisation_id, kind_of(kind), value)
    return [shown(row) for row in rows]


@router.post("/carriers", response={201: CarrierOut})
@requires(Right.CARRIERS_BIND)
def bind_carrier(request: ApiRequest, data: BindIn) -> Status[dict[str, Any]]:
    """Bind a carrier; the same again gives the same answer."""
    row = services.bind(actor=request.actor, **data.model_dump())
    return Status(201, shown(row))


@router.post("/carriers/bulk", response=BoundOut)
@requires(Right.CARRIERS_BIND)
def bind_carriers(request: ApiRequest, data: BindManyIn) -> dict[str, int]:
    """Bind many: all of them, or none; a refusal names every faulty row."""
    rows = [Wanted(**one.model_dump(), row=number) for number, one in enumerate(data.rows, 1)]
    outcome = services.bind_all(actor=request.actor, rows=rows)
    return {"bound": len(outcome.bound), "unchanged": outcome.unchanged}


@router.post("/carriers/replace", response=CarrierOut)
@requires(Right.CARRIERS_BIND)
def replace_carrier(request: ApiRequest, data: ReplaceIn) -> dict[str, Any]:
    """End a carrier and let another one lead to its unit."""
    values = {**data.model_dump(), "new_kind": data.new_kind or ""}
    return shown(services.replace(actor=request.actor, **values))


@router.post("/carriers/release", response=CarrierOut)
@requires(Right.CARRIERS_BIND)
def release_carrier(request: ApiRequest, data: EndIn) -> dict[str, Any]:
    """End a carrier; its value may be bound anew."""
    return shown(services.release(actor=request.actor, **data.model_dump()))


@router.get("/hidden-codes", response=HiddenOut)
@requires(Right.SCANS_VIEW)
def hidden_code(request: ApiRequest, unit: Value) -> dict[str, Any]:
    """Say whether an item's hidden code was opened, and how often it was missed."""
    here = request.actor.organisation_id
    key, _ = unit_of(here, unit)
    known = reveals.state(here, key)
    return {
        "tries": known.tries,
        "locked": known.locked,
        "opened_at": known.opened_at,
        "opened_region": known.opened_region,
    }


@router.post("/hidden-codes/unlock", response=HiddenOut)
@requires(Right.QUALITY_EDIT)
def unlock_hidden_code(request: ApiRequest, data: UnlockIn) -> dict[str, Any]:
    """Let an item's locked hidden code be entered five times more."""
    key, identity = unit_of(request.actor.organisation_id, data.unit)
    reveals.unlock_code(
        actor=request.actor, key=key, unit=identity.digital_link(), reason=data.reason
    )
    return hidden_code(request, data.unit)
