"""Histories, genealogies and events over the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from suyuan.api.carriers import unit_of
from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.browse import EventFilter, event_page
from suyuan.capture.identities import find_key, identities_of
from suyuan.capture.rows import EventRow
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Gtin, IdentifierError, Identity, Scheme, parse_epc, valid_serial
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.lineage.history import identifier_text
from suyuan.lineage.values import Genealogy, History, Step, Transaction
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_MOST_CONTENTS = 1_000


class TransactionOut(Schema):
    """A business transaction: bare CBV word or URI, and the identifier as captured."""

    type: str
    id: str


class StateOut(Schema):
    """What is true now; texts are identifiers, "" where unknown."""

    disposition: str
    step: str
    whereabouts: str
    location: str
    destination: str
    since: datetime | None
    recalled: bool
    commissioned: bool
    containers: list[str]
    transactions: list[TransactionOut]


class StepOut(Schema):
    """One event in a history; `via` is the container that was seen instead."""

    seq: int
    event_id: str
    type: str
    action: str
    role: str
    via: str | None
    time: datetime
    record_time: datetime
    step: str
    disposition: str
    read_point: str
    location: str
    voided: bool
    transactions: list[TransactionOut]


class ContainmentOut(Schema):
    """What it was in, from when to when; `end` is null while it still is."""

    parent: str
    start: datetime
    end: datetime | None


class HistoryOut(Schema):
    """Everything known of one identity, in order of time.

    `contents` holds at most 1,000 of what it holds now; `contents_count` says how many there are.
    """

    identifier: str
    state: StateOut
    lots: list[str]
    steps: list[StepOut]
    containments: list[ContainmentOut]
    contents: list[str]
    contents_count: int


class NodeOut(Schema):
    """A lot or item; `depth` is negative towards materials, positive towards products."""

    identifier: str
    depth: int
    items: int


class EdgeOut(Schema):
    """`source` went into `target` at event `seq`."""

    source: str
    target: str
    seq: int
    time: datetime
    quantity: str


class GenealogyOut(Schema):
    """Where a lot came from and what came of it."""

    start: str
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    truncated: bool


class EventOut(Schema):
    """One event in a list; `units` counts the serialised units that it names."""

    seq: int
    event_id: str
    type: str
    action: str
    time: datetime
    record_time: datetime
    step: str
    disposition: str
    read_point: str
    location: str
    parent: str
    units: int
    classes: list[str]
    voided: bool
    declares_error: bool


class EventPageOut(Schema):
    """Events, the newest first. `next` is the `before` of the next page, null at the end.

    A page may hold less than it could, even nothing, and still have a next one: the work of one
    request is bounded.
    """

    items: list[EventOut]
    next: str | None


class EventQuery(Schema):
    """Which events; `until` is not included, `code` is any text form of an identifier."""

    code: Annotated[str, Field(max_length=500)] = ""
    type: Annotated[str, Field(pattern=r"^([A-Z][A-Za-z]+Event)?$", max_length=24)] = ""
    step: Annotated[str, Field(max_length=512)] = ""
    disposition: Annotated[str, Field(max_length=512)] = ""
    place: Annotated[str, Field(max_length=500)] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: Annotated[str, Field(pattern=r"^([0-9]{1,19}-[0-9]{1,19})?$")] = ""


@router.get("/trace", response=HistoryOut)
@requires(Right.TRACE_VIEW)
def trace_history(
    request: ApiRequest, code: Annotated[str, Field(min_length=1, max_length=500)]
) -> dict[str, object]:
    """Return the history of what a code names: an item, a lot, a logistic unit."""
    here = request.actor.organisation_id
    key, _ = unit_of(here, code)
    history = lineage.history(organisation_id=here, key=key)
    inside = lineage.contents(organisation_id=here, key=key) if history.contents else ()
    shown = [one for one, _ in zip(inside, range(_MOST_CONTENTS), strict=False)]
    names = identities_of(here, shown)
    return {
        **_history(history),
        "contents": [identifier_text(names[one]) for one in shown if one in names],
        "contents_count": len(inside),
    }


def _history(history: History) -> dict[str, object]:
    state = history.state
    return {
        "identifier": identifier_text(history.identity),
        "state": {
            **{
                name: getattr(state, name)
                for name in (
                    *("disposition", "step", "location", "destination"),
                    *("since", "recalled", "commissioned"),
                )
            },
            "whereabouts": state.whereabouts.value,
            "containers": [identifier_text(one) for one in state.containers],
            "transactions": _transactions(state.transactions),
        },
        "lots": [identifier_text(one) for one in history.lots],
        "steps": [_step(step) for step in history.steps],
        "containments": [
            {"parent": identifier_text(one.parent_identity), "start": one.start, "end": one.end}
            for one in history.containments
        ],
    }


def _transactions(some: Iterable[Transaction]) -> list[dict[str, str]]:
    return [{"type": one.type, "id": one.id} for one in some]


def _step(step: Step) -> dict[str, object]:
    event = step.happening
    names = (
        *("seq", "event_id", "type", "action", "time", "record_time"),
        *("step", "disposition", "read_point", "location", "voided"),
    )
    return {
        **{name: getattr(event, name) for name in names},
        "role": step.role,
        "via": identifier_text(step.via_identity) if step.via_identity else None,
        "transactions": _transactions(event.transactions),
    }


@router.get("/lots/{gtin}/{path:lot}/genealogy", response=GenealogyOut)
@requires(Right.TRACE_VIEW)
def lot_genealogy(request: ApiRequest, gtin: str, lot: str) -> dict[str, object]:
    """Return what a lot of a product or material was made of, and what was made of it."""
    try:
        identity = Identity(Scheme.LGTIN, Gtin.parse(gtin).value, lot)
    except IdentifierError as error:
        raise NotFound(kind="lot") from error
    here = request.actor.organisation_id
    key = find_key(here, identity) if valid_serial(lot) else None
    if key is None:
        raise NotFound(kind="lot")
    return _genealogy(lineage.genealogy(organisation_id=here, key=key))


def _genealogy(found: Genealogy) -> dict[str, object]:
    texts = {key: identifier_text(node.identity) for key, node in found.nodes.items()}
    return {
        "start": texts[found.start],
        "nodes": [
            {"identifier": texts[key], "depth": node.depth, "items": node.items}
            for key, node in found.nodes.items()
        ],
        "edges": [
            {
                "source": texts[edge.source],
                "target": texts[edge.target],
                "seq": edge.seq,
                "time": edge.time,
                "quantity": edge.quantity,
            }
            for edge in found.edges
        ],
        "truncated": found.truncated,
    }


@router.get("/events", response=EventPageOut)
@requires(Right.EVENTS_VIEW)
def captured_events(request: ApiRequest, query: Query[EventQuery]) -> dict[str, object]:
    """List events, 200 a page. A page does not shift while events arrive."""
    here = request.actor.organisation_id
    key = None
    if query.code:
        try:
            key, _ = unit_of(here, query.code)
        except NotFound:
            return {"items": [], "next": None}
    if query.type and query.type not in EventType.__members__:
        raise Invalid("event_type", place="query:type", given=query.type)
    wanted = EventFilter(
        type=EventType[query.type] if query.type else None,
        step=query.step,
        disposition=query.disposition,
        places=_places(here, query.place) if query.place else None,
        since=query.since,
        until=query.until,
        key=key,
    )
    page = event_page(here, wanted=wanted, before=query.before, limit=_PAGE)
    return {"items": [_event(row) for row in page.rows], "next": page.following or None}


def _places(organisation_id: int, text: str) -> tuple[int, ...]:
    try:
        key = find_key(organisation_id, parse_epc(text))
    except IdentifierError as error:
        raise Invalid(error.code, place="query:place") from error
    return () if key is None else (key,)


def _event(row: EventRow) -> dict[str, object]:
    names = (
        *("seq", "event_id", "type", "action", "time", "record_time", "step", "disposition"),
        *("units", "voided", "declares_error"),
    )
    texts = {
        name: identifier_text(one) if (one := getattr(row, name)) is not None else ""
        for name in ("read_point", "location", "parent")
    }
    return {
        **{name: getattr(row, name) for name in names},
        **texts,
        "classes": list(row.classes),
    }
