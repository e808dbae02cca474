"""Capture EPCIS events.

Owns: capture jobs, stored events, capture idempotency, the sequence of an organisation.
Does not own: parsing (core.epcis), what follows from events (lineage).
Invariant: an accepted event is never updated or deleted; numbers have no gaps; a document is
stored whole or not at all (or, with `proceed`, its good events are).

The same event captured again changes nothing. An event ID that comes back with other content is
refused, unless one of the two declares the other's error (EPCIS 2.0 §7.4.1.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from msgspec import structs

from suyuan.capture.encode import (
    EVENT_COLUMNS,
    TRACE_COLUMNS,
    Encoder,
    Serials,
    Told,
    body_of,
    content_digest,
    event_id_of,
    identities_in,
)
from suyuan.capture.facets import FACET_COLUMNS, facet_rows
from suyuan.capture.hashing import hash_digest, with_hash_ids
from suyuan.capture.headers import keep_header
from suyuan.capture.identities import find_keys
from suyuan.capture.keymaker import KeyMaker
from suyuan.capture.known import Known
from suyuan.capture.models import CaptureJob, EventSequence, FacetEntry, StoredEvent, TraceEntry
from suyuan.capture.prefixes import note_prefixes
from suyuan.capture.tasks import columns_grow
from suyuan.capture.view import Check
from suyuan.core.epcis import (
    DocumentError,
    Event,
    Fault,
    Media,
    Role,
    read_document,
    read_event,
)
from suyuan.core.epcis.event import Document
from suyuan.core.identifiers import Identity
from suyuan.core.instants import microseconds
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.errors import Forbidden
from suyuan.kernel.ids import new_id
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


@dataclass(frozen=True, slots=True)
class CaptureOutcome:
    """What became of a document.

    Attributes:
        job_id: the capture job.
        stored: events that are new.
        duplicates: events that were there already; nothing changed.
        first_seq: number of the first new event, 0 if none is new.
        last_seq: number of the last new event.
        claimed: numbers of somebody else's events that a partner told again.
        faults: what was refused (with `proceed` only).
    """

    job_id: int
    stored: int
    duplicates: int
    first_seq: int
    last_seq: int
    faults: list[Fault] = field(default_factory=list)
    claimed: tuple[int, ...] = ()


def capture_document(
    *,
    actor: Actor,
    body: bytes,
    source: str,
    proceed: bool = False,
    media: Media = "json",
    hash_ids: bool = False,
    check: Check | None = None,
) -> CaptureOutcome:
    """Capture an EPCIS document.

    Args:
        actor: who captures; needs `events.capture`, or `events.deliver` for a partner.
        body: EPCIS 2.0 JSON-LD, or XML of EPCIS 2.0 or 1.
        source: what sent it, for the job: "http", "cli", a service's name.
        proceed: keep the good events of a document that has faulty ones.
        media: "json" or "xml".
        hash_ids: give events without an ID their event hash (CBV 2.0 §8.9) as ID, so that the same
            event in another syntax, or with its identifiers in another form, is known again.
        check: what a partner may deliver; without one, nothing.

    Raises:
        Forbidden: the actor may not capture.
        DocumentError: with every fault; nothing was stored.
    """
    _require_capture(actor, check)
    document = _checked(actor, read_document(body, now=_now(), media=media), check)
    if document.faults and not proceed:
        raise DocumentError(document.faults)
    if hash_ids:
        document = with_hash_ids(document)
    return _store(actor, document, source=source, proceed=proceed, extra={})


def capture_events(
    *,
    actor: Actor,
    events: Sequence[dict[str, Any]],
    source: str,
    check: Check | None = None,
) -> CaptureOutcome:
    """Capture events built by a service (`core.epcis.build`), or sent without a document.

    Raises:
        Forbidden: the actor may not capture.
        DocumentError: with every fault; places begin with the event's position.
    """
    _require_capture(actor, check)
    document = _checked(actor, _document(events), check)
    if document.faults:
        raise DocumentError(document.faults)
    return _store(actor, document, source=source, proceed=False, extra={})


def _require_capture(actor: Actor, check: Check | None) -> None:
    """Raise `Forbidden` unless an actor may capture; a partner only under a check."""
    if _unchecked(actor):
        return
    actor.require(Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER)
    if check is None:
        raise Forbidden(right=Right.EVENTS_CAPTURE.value)


def _unchecked(actor: Actor) -> bool:
    return actor.holder is None and actor.may(Right.EVENTS_CAPTURE)


def _checked(actor: Actor, document: Document, check: Check | None) -> Document:
    """Take out of a document what its sender may not deliver, and say why."""
    refused = [] if check is None or _unchecked(actor) else list(check(actor, document))
    if not refused:
        return document
    bad = {document.position(fault.place) for fault in refused}
    return structs.replace(
        document,
        events=[(at, event) for at, event in document.events if at not in bad],
        faults=[*document.faults, *refused],
    )


def capture_keys(
    *, actor: Actor, event: dict[str, Any], items: KeySet, source: str
) -> CaptureOutcome:
    """Capture one event about items that are known by key: a bitmap, however many they are.

    Args:
        actor: who captures; the caller has checked the act's own right.
        event: an ObjectEvent without `epcList`.
        items: keys of items.
        source: the service's name.

    Raises:
        DocumentError: the event is not what EPCIS allows.
    """
    if items:
        event = {**event, "epcList": []}
    document = _document([event])
    for _, parsed in document.events:
        parsed.document.pop("epcList", None)
    return _store(actor, document, source=source, proceed=False, extra={Role.EPC: items})


def give_keys(*, organisation_id: int, identities: Collection[Identity]) -> dict[Identity, int]:
    """Return the keys of identities, giving one to each that has none yet.

    For what refers to goods that no event names yet; the caller has checked rights. Takes the
    organisation's capture lock only when a key is missing, until the caller's transaction ends.
    """
    found = find_keys(organisation_id, identities)
    missing = {one for one in identities if one not in found}
    if not missing:
        return found
    with transaction.atomic():
        _lock(organisation_id)
        maker = KeyMaker(organisation_id)
        maker.learn(missing, {})
        return found | {one: maker.key(one) for one in missing}


def _document(events: Sequence[dict[str, Any]]) -> Document:
    """Read built events; any fault refuses them all."""
    now = _now()
    parsed: list[tuple[int, Event]] = []
    faults: list[Fault] = []
    for position, raw in enumerate(events):
        try:
            parsed.append((position, read_event(raw, now=now)))
        except DocumentError as error:
            faults += (Fault(f.code, f"/{position}{f.place}", f.data) for f in error.faults)
    if faults:
        raise DocumentError(faults)
    return Document(None, parsed, [], len(parsed))


def _now() -> int:
    """Return microseconds since 1970."""
    return microseconds(clock.now())


def _store(
    actor: Actor,
    document: Document,
    *,
    source: str,
    proceed: bool,
    extra: Mapping[Role, KeySet],
) -> CaptureOutcome:
    """Store a document's events in one transaction."""
    organisation_id = actor.organisation_id
    events = [event for _, event in document.events]
    contents = [
        _with_keys(hash_digest(event, document.context) or content_digest(event), extra)
        for event in events
    ]
    ids = [event_id_of(e, content) for e, content in zip(events, contents, strict=True)]
    bodies = [body_of(event) for event in events]  # all that can be done before the lock
    with transaction.atomic():
        start = _lock(organisation_id)
        known = Known(organisation_id, ids, actor.holder)
        fresh: list[int] = []
        faults: list[Fault] = list(document.faults)
        for at, event in enumerate(events):
            verdict = known.meet(ids[at], contents[at], event.declares_error, start + len(fresh))
            if verdict == "conflict":
                place = f"{document.place}/{document.events[at][0]}/eventID"
                faults.append(Fault("event_id_conflict", place, {"given": event.event_id}))
            elif verdict == "new":
                fresh.append(at)
        if faults and not proceed:
            raise DocumentError(faults)
        job = _job(actor, document, source=source, proceed=proceed, faults=faults)
        job.stored = len(fresh)
        within = f"{document.place}/"
        refused = len({f.place.removeprefix(within).split("/")[0] for f in faults})
        job.duplicates = document.total - len(fresh) - refused
        job.claimed = len(known.claims)
        job.first_seq, job.last_seq = (start, start + len(fresh) - 1) if fresh else (0, 0)
        if fresh:
            told = [Told(events[at], ids[at], contents[at], bodies[at]) for at in fresh]
            _insert(organisation_id, job.id, start, told, extra)
            known.insert_corrections()
            EventSequence.objects.filter(organisation_id=organisation_id).update(
                next=F("next") + len(fresh)
            )
            columns_grow(organisation_id, start, start + len(fresh))
        known.insert_claims(job.id)
        job.save(force_insert=True)
        keep_header(organisation_id, job.id, document.header)
    return CaptureOutcome(
        job.id,
        job.stored,
        job.duplicates,
        job.first_seq,
        job.last_seq,
        faults,
        tuple(known.claims),
    )


def _with_keys(content: bytes, extra: Mapping[Role, KeySet]) -> bytes:
    """Make the keys that came with an event part of what it says."""
    if not extra:
        return content
    digest = hashlib.blake2b(content, digest_size=16)
    for role in sorted(extra):
        digest.update(extra[role].to_bytes())
    return digest.digest()


def take_turn(organisation_id: int) -> None:
    """Wait until nobody else of the organisation captures, until the caller's transaction ends.

    For who decides by what others have captured or hold: what they did is visible then, and
    nothing comes in between.
    """
    _lock(organisation_id)


def _lock(organisation_id: int) -> int:
    """Take the organisation's capture lock until the transaction ends; return the next number."""
    rows = EventSequence.objects.filter(organisation_id=organisation_id)
    if not rows.update(next=F("next")):  # the write takes the row's lock
        EventSequence.objects.get_or_create(organisation_id=organisation_id)
        rows.update(next=F("next"))
    return rows.values_list("next", flat=True).get()


def _job(
    actor: Actor, document: Document, *, source: str, proceed: bool, faults: Sequence[Fault]
) -> CaptureJob:
    return CaptureJob(
        organisation_id=actor.organisation_id,
        id=new_id(),
        created_at=clock.now(),
        source=source,
        actor=actor.name,
        holder=actor.holder,
        error_behaviour="proceed" if proceed else "rollback",
        total=document.total,
        faults=[{"code": f.code, "place": f.place, "data": dict(f.data)} for f in faults],
        context=document.context,
    )


def _insert(
    organisation_id: int,
    job: int,
    start: int,
    told: Sequence[Told],
    extra: Mapping[Role, KeySet],
) -> None:
    """Insert events, with their IDs and content digests, and their index rows."""
    events = [one.event for one in told]
    serials = Serials()
    for event in events:
        for some in event.lists:
            serials.gather(some)
    note_prefixes(organisation_id, events)
    maker = KeyMaker(organisation_id)
    maker.learn({one for event in events for one in identities_in(event)}, serials.texts)
    encoder = Encoder(
        organisation_id=organisation_id,
        job=job,
        record_time=_now(),
        maker=maker,
        serials=serials,
        extra=extra,
    )
    rows = [encoder.event_row(one, seq) for seq, one in enumerate(told, start)]
    insert_rows(StoredEvent._meta.db_table, EVENT_COLUMNS, rows)
    insert_rows(TraceEntry._meta.db_table, TRACE_COLUMNS, encoder.trace_rows())
    facets = facet_rows(rows, [event.document for event in events])
    insert_rows(FacetEntry._meta.db_table, FACET_COLUMNS, facets)
