"""What a recall would affect, over the API: from any start, how sure, why, where.

Owns: the forms of starts and scopes. Nothing here changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import StreamingHttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.identities import identities_of
from suyuan.kernel.errors import Invalid
from suyuan.lineage.values import Balance, Finding, Link, Movement, Scope, Shipment
from suyuan.quality.targets import resolve_spoken
from suyuan.recalls import previews
from suyuan.recalls.previews import Preview
from suyuan.recalls.starts import start_texts
from suyuan.recalls.starts.texts import LONGEST
from suyuan.recalls.summary import summarise
from suyuan.recalls.transactions import order_number, waybill_number
from suyuan.tenancy.rights import Right

router = Router()

_PAGE: Final = 200
_CHUNK: Final = 10_000
_NDJSON: Final = "application/x-ndjson"

type Text = Annotated[str, Field(max_length=300)]
type Texts = Annotated[list[Text], Field(max_length=100)]


class StartIn(Schema):
    """What is known to be bad, where it is no code; each kind takes the fields of its own.

    `supply`: supplier, material, since, until (days). `made`: line, team, product, location, since,
    until (days). `stayed`: place, since, until. `handled`: place, step, since, until. `measured`:
    type, above, below, unit, device, place, whole, since, until. `complaints`: number, lots.
    `events`: id.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["supply", "made", "stayed", "handled", "measured", "complaints", "events"]
    supplier: Text = ""
    material: Text = ""
    line: Text = ""
    team: Text = ""
    product: Text = ""
    location: Text = ""
    place: Texts = Field(default_factory=list)
    step: Texts = Field(default_factory=list)
    type: Text = ""
    above: float | None = None
    below: float | None = None
    unit: Text = ""
    device: Texts = Field(default_factory=list)
    whole: bool = False
    number: Texts = Field(default_factory=list)
    lots: bool = False
    id: Texts = Field(default_factory=list)
    since: Text = ""
    until: Text = ""


type Starts = Annotated[
    list[Annotated[str, Field(max_length=LONGEST)] | StartIn], Field(min_length=1)
]


def texts_of(starts: Sequence[str | StartIn]) -> list[str]:
    """Return starts as texts; raises `Invalid` as `recalls.starts.texts.said_of`."""
    return start_texts([one if isinstance(one, str) else _fields(one) for one in starts])


def _fields(start: StartIn) -> dict[str, Any]:
    found: dict[str, Any] = start.dict()
    return {name: value for name, value in found.items() if value not in ("", [], None, False)}


class PlaceOut(Schema):
    """Affected items at one place, in one state; `certainty` is empty while all are proven."""

    whereabouts: str
    location: str
    items: int
    certainty: str


class SummaryOut(Schema):
    """The counts of a scope."""

    items: int
    lots: int
    parcels: int
    whereabouts: dict[str, int]
    places: list[PlaceOut]
    certainty: dict[str, int]


class LotOut(Schema):
    """An affected lot; `depth` grows from the start towards products."""

    identity: str
    depth: int
    items: int
    certainty: str


class ParcelOut(Schema):
    """Affected items in one parcel or consignment."""

    unit: str
    waybill: str
    order_number: str
    whereabouts: str
    destination: str
    time: datetime | None
    items: int


class FindingOut(Schema):
    """A gap or a contradiction in the records, with the first twenty events that show it.

    For a missing scan `step`, `place`, `since` and `until` tell which, where and when.
    """

    code: str
    times: int
    items: int
    events: list[int]
    lots: list[str]
    step: str
    place: str
    since: datetime | None
    until: datetime | None
    amount: str


class BalanceOut(Schema):
    """Whether the quantities of one lot add up."""

    lot: str
    uom: str
    made: str
    numbered: int
    affected: dict[str, int]
    not_affected: int
    unnumbered: str
    used: str
    destroyed: str
    left: str
    balanced: bool


class MovementOut(Schema):
    """A quantity of an affected lot that was moved without serials."""

    lot: str
    amount: str
    whereabouts: str
    place: str
    waybill: str
    order_number: str
    time: datetime
    event: int
    certainty: str


class ScopeIn(Schema):
    """What is known to be bad: codes in any text form, or starts of other kinds."""

    starts: Starts


class ScopeOut(Schema):
    """What a recall would affect; `parcels` and `movements` have the first 200.

    `starts` are canonical: the same starts have the same texts, whatever they were given as.
    """

    starts: list[str]
    summary: SummaryOut
    lots: list[LotOut]
    parcels: list[ParcelOut]
    movements: list[MovementOut]
    findings: list[FindingOut]
    balances: list[BalanceOut]
    at_seq: int
    took_ms: int


class WhyIn(ScopeIn):
    """A unit or a lot of which one asks why it is affected."""

    unit: Text


class LinkOut(Schema):
    """One event in the chain from a start to a unit; no event for the start itself."""

    source: str
    target: str
    rule: str
    certainty: str
    event: int | None
    step: str
    place: str
    time: datetime | None


class WhyOut(Schema):
    """Whether a unit is affected, how sure that is, and the best chain of events to it."""

    unit: str
    certainty: str
    chain: list[LinkOut]


def shipment(one: Shipment) -> dict[str, object]:
    """Return a parcel of a scope as `ParcelOut`."""
    return {
        "unit": one.unit.digital_link() if one.unit else "",
        "waybill": waybill_number(one.transactions),
        "order_number": order_number(one.transactions),
        "whereabouts": one.whereabouts.value,
        "destination": one.destination,
        "time": one.time,
        "items": len(one.items),
    }


def _scope(organisation_id: int, seen: Preview) -> dict[str, object]:
    scope = seen.scope
    moved = scope.movements[:_PAGE]
    lots = {key for one in scope.findings for key in one.lots} | {one.lot for one in moved}
    names = {key: one.digital_link() for key, one in identities_of(organisation_id, lots).items()}
    return {
        "starts": [start.text for start in seen.starts],
        "summary": summarise(scope).to_json(),
        "lots": [
            {
                "identity": node.identity.digital_link(),
                "depth": node.depth,
                "items": node.items,
                "certainty": node.certainty.value,
            }
            for node in scope.lots
        ],
        "parcels": [shipment(one) for one in scope.shipments[:_PAGE]],
        "movements": [_movement(one, names) for one in moved],
        "findings": [_finding(one, names) for one in scope.findings],
        "balances": [_balance(one) for one in scope.balances],
        "at_seq": scope.at_seq,
        "took_ms": seen.took_ms,
    }


def _finding(one: Finding, names: dict[int, str]) -> dict[str, object]:
    return {
        "code": one.code.value,
        "times": one.times,
        "items": len(one.units),
        "events": list(one.seqs),
        "lots": [names[key] for key in one.lots if key in names],
        "step": one.step,
        "place": one.place,
        "since": one.since,
        "until": one.until,
        "amount": one.amount,
    }


def _balance(one: Balance) -> dict[str, object]:
    return {
        "lot": one.identity.digital_link(),
        "affected": {grade.value: count for grade, count in one.affected.items()},
        **{
            name: getattr(one, name)
            for name in BalanceOut.model_fields
            if name not in {"lot", "affected"}
        },
    }


def _movement(one: Movement, names: dict[int, str]) -> dict[str, object]:
    return {
        "lot": names.get(one.lot, ""),
        "amount": one.amount,
        "whereabouts": one.whereabouts.value,
        "place": one.location,
        "waybill": waybill_number(one.transactions),
        "order_number": order_number(one.transactions),
        "time": one.time,
        "event": one.seq,
        "certainty": one.certainty.value,
    }


@router.post("/recalls/scope", response=ScopeOut)
@requires(Right.RECALL_VIEW)
def recall_scope(request: ApiRequest, body: ScopeIn) -> dict[str, object]:
    """Tell what a recall would affect, how sure that is, and where it is; changes nothing."""
    seen = previews.look(actor=request.actor, starts=texts_of(body.starts))
    return _scope(request.actor.organisation_id, seen)


@router.post("/recalls/scope/items")
@requires(Right.RECALL_VIEW)
def recall_scope_items(request: ApiRequest, body: ScopeIn) -> StreamingHttpResponse:
    """Stream the items that a recall would affect: one JSON object on each line."""
    seen = previews.look(actor=request.actor, starts=texts_of(body.starts))
    lines = _lines(request.actor.organisation_id, seen.scope)
    return StreamingHttpResponse(lines, content_type=_NDJSON)


def _lines(organisation_id: int, scope: Scope) -> Iterator[str]:
    for place in scope.places:
        about = {
            "whereabouts": place.whereabouts.value,
            "place": place.location,
            "certainty": place.certainty.value,
        }
        keys = place.items.to_array()
        for at in range(0, keys.size, _CHUNK):
            known = identities_of(organisation_id, keys[at : at + _CHUNK].tolist())
            for identity in known.values():
                yield json.dumps({"item": identity.digital_link(), **about}) + "\n"


@router.post("/recalls/scope/why", response=WhyOut)
@requires(Right.RECALL_VIEW)
def recall_scope_why(request: ApiRequest, body: WhyIn) -> dict[str, object]:
    """Tell by which events a unit or a lot comes to be affected; no chain if it is not."""
    actor = request.actor
    seen = previews.look(actor=actor, starts=texts_of(body.starts))
    key = resolve_spoken(organisation_id=actor.organisation_id, text=body.unit.strip())
    if key is None:
        raise Invalid("identity_unknown", place="/unit", given=body.unit[:80])
    chain = previews.chain(actor=actor, seen=seen, key=key)
    return {
        "unit": identities_of(actor.organisation_id, [key])[key].digital_link(),
        "certainty": _certainty(seen.scope, key),
        "chain": [_link(one) for one in chain],
    }


def _certainty(scope: Scope, key: int) -> str:
    of_item = next((grade.value for grade, keys in scope.certainty.items() if key in keys), "")
    return of_item or next((node.certainty.value for node in scope.lots if node.key == key), "")


def _link(one: Link) -> dict[str, object]:
    event = one.happening
    return {
        "source": one.source_identity.digital_link(),
        "target": one.target_identity.digital_link(),
        "rule": one.rule,
        "certainty": one.certainty.value,
        "event": event.seq if event else None,
        "step": event.step if event else "",
        "place": (event.location or event.read_point) if event else "",
        "time": event.time if event else None,
    }
