"""Look through stored events, newest first, a page at a time.

Owns: pages of events and of capture jobs, one event in detail. Reads only.
Does not own: what follows from events (lineage), their document form (selectors).
Invariant: a page examines at most `MOST_EXAMINED` events, whatever is asked for. A page that found
less than it may show and did not reach the end says where to go on.

There are three ways through the store, each along an index: by number (no gaps, so a range of
numbers bounds the work); by time of happening, when a period is asked for; by the trace index, when
an identity is asked for. The cursor says where the last page ended, on the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from suyuan.capture.errors import EventNotFound
from suyuan.capture.identities import find_key
from suyuan.capture.models import CaptureJob, Correction, EventSequence
from suyuan.capture.rows import COLUMNS, EventRow, told
from suyuan.capture.selectors import voided_by
from suyuan.core.epcis.body import FORMS, unpack_body
from suyuan.core.epcis.vocabulary import (
    DISPOSITION_NUMBERS,
    STEP_NUMBERS,
    EventType,
    bare_word,
)
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.instants import microseconds
from suyuan.core.keyset import BLOCK_MASK, KeySet, block_contains, block_key
from suyuan.kernel.lists import select, within

MOST_EXAMINED: Final = 20_000
PAGE: Final = 50
_ENTRIES: Final = 2_000  # of the trace index, for each page of an identity's events
_TOP: Final = 1 << 62
type Condition = tuple[str, list[object]]
type Cursor = tuple[int, int]  # (time or 0, number): the page holds what comes before


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What is asked for; what is left out filters nothing.

    Attributes:
        type: one of the five. step, disposition: bare CBV word or URI.
        places: keys, any of which is the read point or the business location.
        since: first time of happening. until: the first one that is no longer meant.
        key: an identity that takes part, in any role.
        job: the capture job that brought it.
    """

    type: EventType | None = None
    step: str = ""
    disposition: str = ""
    places: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    key: int | None = None
    job: CaptureJob | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and where the next page begins: "" at the end.

    `unfinished`: the page ended because enough was examined, not because it is full.
    """

    rows: list[EventRow]
    following: str = ""
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event whole.

    Attributes:
        body: the document without the lists that keys tell.
        epcs: its EPC list, children or inputs. outputs: its outputs.
        voided_by: numbers of declarations about it. voids: numbers of what it declares void.
    """

    row: EventRow
    body: dict[str, Any]
    epcs: KeySet
    outputs: KeySet
    voided_by: tuple[int, ...] = ()
    voids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some capture jobs, and the `before` of the next page: 0 at the end."""

    jobs: list[CaptureJob]
    following: int = 0


def event_page(
    organisation_id: int, *, wanted: EventFilter, before: str = "", limit: int = PAGE
) -> EventPage:
    """Return the newest events that fit `wanted`, before a cursor that an earlier page gave.

    A cursor that no page gave is read as none.
    """
    conditions = _conditions(organisation_id, wanted)
    if conditions is None:
        return EventPage([])
    cursor = _cursor(before)
    if wanted.key is not None:
        rows, floor = _by_key(organisation_id, wanted, conditions, cursor, limit)
    elif wanted.job is None and (wanted.since or wanted.until):
        rows, floor = _by_time(organisation_id, wanted, conditions, cursor, limit)
    else:
        rows, floor = _by_number(organisation_id, wanted, conditions, cursor, limit)
    full = len(rows) > limit
    rows = rows[:limit]
    if full:
        last = rows[-1]
        timed = wanted.key is None and wanted.job is None and (wanted.since or wanted.until)
        floor = (last[1] if timed else 0, last[0])
    return EventPage(
        told(organisation_id, rows),
        "" if floor is None else f"{floor[0]}-{floor[1]}",
        unfinished=floor is not None and not full,
    )


def event_detail(organisation_id: int, seq: int) -> EventDetail:
    """Return one event by number. Raises `EventNotFound`."""
    found = _select(organisation_id, [("seq = %s", [seq])], "seq DESC", 1) if seq < _TOP else []
    if not found:
        raise EventNotFound(given=str(seq)[:20])
    body = unpack_body(bytes(found[0][15]))
    body.pop(FORMS, None)
    row = told(organisation_id, found)[0]
    voids = Correction.objects.filter(organisation_id=organisation_id, declared_by=seq)
    return EventDetail(
        row=row,
        body=body,
        epcs=KeySet.from_bytes(bytes(found[0][13])),
        outputs=KeySet.from_bytes(bytes(found[0][14])),
        voided_by=tuple(voided_by(organisation_id, [seq]).get(seq, ())),
        voids=tuple(voids.order_by("seq").values_list("seq", flat=True))
        if row.declares_error
        else (),
    )


def event_rows(organisation_id: int, seqs: Sequence[int]) -> list[EventRow]:
    """Return events by number, the newest first; unknown numbers are left out."""
    if not seqs:
        return []
    condition, parameter = within("seq", seqs)
    rows = _select(organisation_id, [(condition, [parameter])], "seq DESC", len(seqs))
    return told(organisation_id, rows)


def job_page(
    organisation_id: int, *, refused: bool = False, before: int = 0, limit: int = PAGE
) -> JobPage:
    """Return capture jobs, the latest first; `refused`: only those with faults."""
    # Ids are given in the order of time.
    jobs = CaptureJob.objects.filter(organisation_id=organisation_id)
    if before:
        jobs = jobs.filter(id__lt=before)
    if refused:
        jobs = jobs.exclude(faults=[])
    found = list(jobs.order_by("-id")[: limit + 1])
    return JobPage(found[:limit], found[limit - 1].id if len(found) > limit else 0)


# ── Conditions ───────────────────────────────────────────────────────────────────────────────


def _cursor(text: str) -> Cursor | None:
    time, _, number = text.partition("-")
    if not (time + number).isascii() or not time.isdigit() or not number.isdigit():
        return None
    found = int(time[:19]), int(number[:19])
    return found if max(found) < _TOP else None


def _conditions(organisation_id: int, wanted: EventFilter) -> list[Condition] | None:
    """Return conditions on columns; None when nothing can fit them."""
    conditions: list[Condition] = []
    if wanted.type is not None:
        conditions.append(("type = %s", [int(wanted.type)]))
    for column, word, numbers in (
        ("step", wanted.step, STEP_NUMBERS),
        ("disposition", wanted.disposition, DISPOSITION_NUMBERS),
    ):
        if word:
            number = numbers.get(word) or find_key(organisation_id, Identity(Scheme.URI, word))
            if number is None:
                return None
            conditions.append((f"{column} = %s", [number]))
    if wanted.places is not None:
        if not wanted.places:
            return None
        read, first = within("read_point", wanted.places)
        held, second = within("location", wanted.places)
        conditions.append((f"({read} OR {held})", [first, second]))
    if wanted.since is not None:
        conditions.append(("time >= %s", [microseconds(wanted.since)]))
    if wanted.until is not None:
        conditions.append(("time < %s", [microseconds(wanted.until)]))
    return conditions


def _select(
    organisation_id: int, conditions: Sequence[Condition], order: str, limit: int
) -> list[tuple[Any, ...]]:
    clause = "".join(f" AND {text}" for text, _ in conditions)
    values: list[Any] = [value for _, some in conditions for value in some]
    return select(
        f"SELECT {COLUMNS} FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s{clause} ORDER BY {order} LIMIT %s",
        [organisation_id, *values, limit],
    )


# ── The three ways ───────────────────────────────────────────────────────────────────────────


def _by_number(
    organisation_id: int,
    wanted: EventFilter,
    conditions: list[Condition],
    cursor: Cursor | None,
    limit: int,
) -> tuple[list[tuple[Any, ...]], Cursor | None]:
    following = EventSequence.objects.filter(organisation_id=organisation_id)
    top = following.values_list("next", flat=True).first() or 1
    bottom = 1
    if wanted.job is not None:
        if not wanted.job.stored:
            return [], None
        bottom, top = wanted.job.first_seq, wanted.job.last_seq + 1
    if cursor is not None:
        top = min(top, cursor[1])
    low = max(bottom, top - MOST_EXAMINED)
    reach: Condition = ("seq >= %s AND seq < %s", [low, top])
    if wanted.job is not None:
        conditions = [*conditions, ("job = %s", [wanted.job.id])]
    rows = _select(organisation_id, [reach, *conditions], "seq DESC", limit + 1)
    return rows, (0, low) if low > bottom else None


def _by_time(
    organisation_id: int,
    wanted: EventFilter,
    conditions: list[Condition],
    cursor: Cursor | None,
    limit: int,
) -> tuple[list[tuple[Any, ...]], Cursor | None]:
    reach: list[Condition] = []
    if wanted.since is not None:
        reach.append(("time >= %s", [microseconds(wanted.since)]))
    if wanted.until is not None:
        reach.append(("time < %s", [microseconds(wanted.until)]))
    if cursor is not None:
        time, number = cursor
        reach.append(("time <= %s AND (time < %s OR seq < %s)", [time, time, number]))
    order = "time DESC, seq DESC"
    floor = _nth(organisation_id, reach, order)
    if floor is not None:
        time, number = floor
        reach.append(("time >= %s AND (time > %s OR seq >= %s)", [time, time, number]))
    return _select(organisation_id, [*reach, *conditions], order, limit + 1), floor


def _nth(organisation_id: int, reach: Sequence[Condition], order: str) -> Cursor | None:
    """Return the last event that a page may examine, None if it may examine them all."""
    clause = "".join(f" AND {text}" for text, _ in reach)
    values: list[Any] = [value for _, some in reach for value in some]
    found = select(
        "SELECT time, seq FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s{clause} ORDER BY {order} LIMIT 1 OFFSET %s",
        [organisation_id, *values, MOST_EXAMINED - 1],
    )
    return (found[0][0], found[0][1]) if found else None


def _by_key(
    organisation_id: int,
    wanted: EventFilter,
    conditions: list[Condition],
    cursor: Cursor | None,
    limit: int,
) -> tuple[list[tuple[Any, ...]], Cursor | None]:
    key = wanted.key or 0
    top = cursor[1] if cursor is not None else _TOP
    seqs: set[int] = set()
    floors: list[int] = []
    for entry in (key, block_key(key)):
        entries = _entries(organisation_id, entry, top)
        if len(entries) == _ENTRIES:
            floors.append(entries[-1][0])
        seqs.update(
            seq
            for seq, bits in entries
            if entry >= 0 or block_contains(bytes(bits), key & BLOCK_MASK)
        )
    floor = max(floors, default=0)
    # An event may have another entry just below the floor: the next page takes it up whole.
    seqs = {seq for seq in seqs if seq > floor}
    if wanted.job is not None:
        conditions = [*conditions, ("job = %s", [wanted.job.id])]
    text, value = within("seq", sorted(seqs))
    rows = _select(organisation_id, [(text, [value]), *conditions], "seq DESC", limit + 1)
    return rows, (0, floor + 1) if floor else None


def _entries(organisation_id: int, key: int, top: int) -> list[tuple[Any, ...]]:
    return select(
        "SELECT seq, bits FROM capture_traceentry WHERE organisation_id = %s AND key = %s "
        "AND seq < %s ORDER BY seq DESC LIMIT %s",
        [organisation_id, key, top, _ENTRIES],
    )


@dataclass(frozen=True, slots=True)
class Declaration:
    """An error declaration about an event: its number and its reason (CBV word, URI or "")."""

    seq: int
    reason: str


def declarations_about(organisation_id: int, seqs: Sequence[int]) -> dict[int, Declaration]:
    """Return the first declaration about each of `seqs` that has one."""
    voided = voided_by(organisation_id, seqs) if seqs else {}
    first = {seq: min(declared) for seq, declared in voided.items()}
    text, value = within("seq", sorted(set(first.values())))
    rows = _select(organisation_id, [(text, [value])], "seq DESC", len(first)) if first else []
    reasons = {row[0]: _reason(bytes(row[15])) for row in rows}
    return {seq: Declaration(by, reasons.get(by, "")) for seq, by in first.items()}


def _reason(body: bytes) -> str:
    declaration = unpack_body(body).get("errorDeclaration") or {}
    return bare_word("er", str(declaration.get("reason", "")))
