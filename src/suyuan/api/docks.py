"""RFID readers over the API: set them up, take what they read, see what is in their fields.

A reader posts its reports as they are: `core.tag_reads` names the shapes and reads the body.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.faults import refusals_of_capture
from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.identities import identities_of
from suyuan.core.instants import moment
from suyuan.docks import selectors, services
from suyuan.docks.models import Presence, Reader
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 500

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class ReaderFields(Schema):
    """How a reader is set up."""

    name: Word
    location: Word
    purpose: Word
    window_seconds: int = 10
    least_reads: int = 1
    least_rssi: float | None = None
    inner_antennas: list[int] = Field(default_factory=list, max_length=64)


class ReaderIn(ReaderFields):
    """A new reader."""

    code: Word


class ReaderChange(ReaderFields):
    """A reader as it shall be."""

    active: bool = True


class ReaderOut(ReaderFields):
    """A reader, and what it has told so far."""

    code: str
    active: bool
    present: int
    unknown: int
    batches: int
    reads: int
    last_heard_at: datetime | None


class BatchOut(Schema):
    """What became of a report; `events` are the numbers of the events it made.

    `recalled` are the units in the field now that must not leave by this door: a lamp can show it.
    """

    reads: int
    weak: int
    tags: int
    appeared: int
    left: int
    late: int
    unknown: int
    events: list[int]
    received_at: datetime
    recalled: list[str]


class PresenceOut(Schema):
    """A tag's stay in a reader's field; `unit` is null for what is none of ours."""

    epc: str
    unit: str | None
    reason: str
    first_at: datetime
    last_at: datetime
    count: int
    antenna: int
    rssi: float | None
    outcome: str


class PresenceQuery(Schema):
    """Which stays to list: those that last, those that ended, or all."""

    present: bool | None = None
    offset: int = Field(0, ge=0, le=2**31)


class Swept(Schema):
    """How many tags were taken to have left."""

    left: int


@router.get("/docks/readers", response=list[ReaderOut])
@requires(Right.EVENTS_VIEW)
def dock_readers(request: ApiRequest) -> list[dict[str, Any]]:
    """List the readers."""
    return _shown(list(selectors.readers(request.actor.organisation_id)))


@router.post("/docks/readers", response={201: ReaderOut})
@requires(Right.READERS_EDIT)
def add_dock_reader(request: ApiRequest, fields: ReaderIn) -> Status[dict[str, Any]]:
    """Register a reader."""
    values = fields.dict()
    reader = services.add_reader(
        actor=request.actor, location_code=values.pop("location"), **values
    )
    return Status(201, _shown([reader])[0])


@router.get("/docks/readers/{code}", response=ReaderOut)
@requires(Right.EVENTS_VIEW)
def dock_reader(request: ApiRequest, code: str) -> dict[str, Any]:
    """Return one reader."""
    return _shown([selectors.get_reader(request.actor.organisation_id, code)])[0]


@router.put("/docks/readers/{code}", response=ReaderOut)
@requires(Right.READERS_EDIT)
def change_dock_reader(request: ApiRequest, code: str, fields: ReaderChange) -> dict[str, Any]:
    """Change a reader; its code stays."""
    values = fields.dict()
    reader = services.change_reader(
        actor=request.actor, code=code, location_code=values.pop("location"), **values
    )
    return _shown([reader])[0]


@router.post("/docks/readers/{code}/reads", response=BatchOut)
@requires(Right.EVENTS_CAPTURE)
def take_dock_reads(request: ApiRequest, code: str) -> dict[str, Any]:
    """Take a report. `Idempotency-Key`, or the very same bytes, gives the first outcome again."""
    with refusals_of_capture():
        batch = services.take_reads(
            actor=request.actor,
            reader_code=code,
            report=request.body,
            request_key=request.headers.get("Idempotency-Key", ""),
        )
    reader = selectors.get_reader(request.actor.organisation_id, code)
    units = [one.unit for one in selectors.recalled_present(reader)]
    names = identities_of(reader.organisation_id, units)
    told = {name: getattr(batch, name) for name in BatchOut.model_fields if name != "recalled"}
    return {**told, "recalled": [names[unit].digital_link() for unit in units]}


@router.post("/docks/readers/{code}/sweep", response=Swept)
@requires(Right.EVENTS_CAPTURE)
def sweep_dock(request: ApiRequest, code: str) -> dict[str, int]:
    """End the stays of tags that were not seen for the reader's window."""
    with refusals_of_capture():
        return {"left": services.sweep(actor=request.actor, reader_code=code)}


@router.get("/docks/readers/{code}/tags", response=list[PresenceOut])
@requires(Right.EVENTS_VIEW)
def dock_tags(
    request: ApiRequest, code: str, query: Query[PresenceQuery]
) -> list[dict[str, object]]:
    """List stays in a reader's field, the latest first, 500 at a time."""
    reader = selectors.get_reader(request.actor.organisation_id, code)
    rows = selectors.presences(reader, present=query.present)
    page = list(rows[query.offset : query.offset + _PAGE])
    units = identities_of(reader.organisation_id, {row.key for row in page if row.key >= 0})
    texts = {key: unit.digital_link() for key, unit in units.items()}
    return [_stay(row, texts.get(row.key)) for row in page]


def _shown(readers: list[Reader]) -> list[dict[str, Any]]:
    counts = selectors.present_counts(readers[0].organisation_id, readers) if readers else {}
    shown = []
    for reader in readers:
        present, unknown = counts.get(reader.id, (0, 0))
        own = {name: getattr(reader, name) for name in _OWN}
        shown.append(
            {**own, "location": reader.location.code, "present": present, "unknown": unknown}
        )
    return shown


_OWN = tuple(set(ReaderOut.model_fields) - {"location", "present", "unknown"})


def _stay(row: Presence, unit: str | None) -> dict[str, object]:
    return {
        "epc": row.epc,
        "unit": unit,
        "reason": row.reason,
        "first_at": moment(row.first_at),
        "last_at": moment(row.last_at),
        "count": row.count,
        "antenna": row.best_antenna,
        "rssi": row.best_rssi,
        "outcome": row.outcome,
    }
