"""Read stored events back.

Owns: the document form of stored events, lists of events, capture jobs.
Does not own: what follows from events (lineage).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, Min, Q, Sum

from suyuan.capture.encode import id_hash, server_event_id
from suyuan.capture.errors import EventNotFound, JobNotFound
from suyuan.capture.identities import class_numbers, find_key, identities_of, serials_of
from suyuan.capture.keyspace import FEW, ClassName
from suyuan.capture.models import CaptureJob, Correction, EventSequence, StoredEvent, TraceEntry
from suyuan.core.epcis.body import FORMS, unpack_body
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, parse_epc
from suyuan.core.instants import moment
from suyuan.core.keyset import (
    BLOCK_MASK,
    INDEX_MASK,
    KeySet,
    block_contains,
    block_key,
    block_start,
    key_of,
)

_CHUNK: Final = 900
_CANONICAL: Final = "https://id.gs1.org/01/{}/21/"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A stored event in its document form.

    Attributes:
        seq: its number in the organisation.
        event: EPCIS 2.0 JSON-LD, with `eventID` and `recordTime`.
        context: the `@context` of the document that it came with.
        voided_by: numbers of the error declarations about it.
    """

    seq: int
    event: dict[str, Any]
    context: Any
    voided_by: tuple[int, ...]


def event_documents(organisation_id: int, seqs: Sequence[int]) -> list[StoredDocument]:
    """Return events by number, in the order asked for; unknown numbers are left out."""
    rows = {}
    for at in range(0, len(seqs), _CHUNK):
        for row in StoredEvent.objects.filter(
            organisation_id=organisation_id, seq__in=seqs[at : at + _CHUNK]
        ).values_list(
            "seq", "type", "record_time", "content_digest", "job", "epcs", "outputs", "body"
        ):
            rows[row[0]] = row
    contexts = dict(
        CaptureJob.objects.filter(
            organisation_id=organisation_id, id__in={row[4] for row in rows.values()}
        ).values_list("id", "context")
    )
    voided = voided_by(organisation_id, list(rows))
    texts = _ListTexts(organisation_id, rows.values())
    return [
        StoredDocument(
            seq, texts.document(rows[seq]), contexts.get(rows[seq][4]), tuple(voided.get(seq, ()))
        )
        for seq in seqs
        if seq in rows
    ]


def voided_by(organisation_id: int, seqs: Sequence[int]) -> dict[int, list[int]]:
    """Return, for those of `seqs` that are voided, the numbers of the declarations."""
    found: dict[int, list[int]] = {}
    for at in range(0, len(seqs), _CHUNK):
        for seq, by in Correction.objects.filter(
            organisation_id=organisation_id, seq__in=seqs[at : at + _CHUNK]
        ).values_list("seq", "declared_by"):
            found.setdefault(seq, []).append(by)
    return found


class _ListTexts:
    """Gives left-out EPC lists back from keys, for many rows with one look-up."""

    def __init__(self, organisation_id: int, rows: Iterable[tuple[Any, ...]]) -> None:
        self._bodies: dict[int, dict[str, Any]] = {}
        self._sets: dict[tuple[int, str], KeySet] = {}
        self._serials: dict[tuple[int, str], tuple[str, list[str]]] = {}
        wanted: set[int] = set()
        for seq, kind, _, _, _, epcs, outputs, body in rows:
            document = unpack_body(bytes(body))
            self._bodies[seq] = document
            for name, data in zip(_LISTS[EventType(kind)], (epcs, outputs), strict=False):
                if name not in document and len(data):
                    keys = KeySet.from_bytes(bytes(data))
                    many = len(keys) > FEW
                    serials = serials_of(organisation_id, keys.to_array()) if many else None
                    if serials is not None:
                        self._serials[seq, name] = serials
                        continue
                    self._sets[seq, name] = keys
                    wanted.update(keys)
        self._identities = identities_of(organisation_id, wanted)

    def document(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """Return the whole document of a row."""
        seq, kind, record_time, digest = row[:4]
        document = self._bodies[seq]
        forms: Mapping[str, Mapping[str, str]] = document.pop(FORMS, {})
        for name in _LISTS[EventType(kind)]:
            keys = self._sets.get((seq, name))
            stems = forms.get(name, {})
            if (told := self._serials.get((seq, name))) is not None:
                stem = stems.get(told[0]) or _CANONICAL.format(told[0])
                document[name] = [stem + serial for serial in told[1]]
            elif keys is not None:
                document[name] = [_text(self._identities[key], stems) for key in keys]
        document.setdefault("eventID", server_event_id(bytes(digest)))
        document["recordTime"] = (
            moment(record_time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )
        return document


# Which list the columns `epcs` and `outputs` hold, by type of event.
_LISTS: Final[Mapping[EventType, tuple[str, ...]]] = {
    EventType.ObjectEvent: ("epcList",),
    EventType.TransactionEvent: ("epcList",),
    EventType.AggregationEvent: ("childEPCs",),
    EventType.AssociationEvent: ("childEPCs",),
    EventType.TransformationEvent: ("inputEPCList", "outputEPCList"),
}


def _text(identity: Identity, stems: Mapping[str, str]) -> str:
    """Return the text of an item as it was captured; the canonical link if it never was text."""
    stem = stems.get(identity.primary) or _CANONICAL.format(identity.primary)
    return stem + identity.secondary


def events_by_id(organisation_id: int, event_id: str) -> list[StoredDocument]:
    """Return the events of an ID: one, or more where one declares another's error.

    Raises:
        EventNotFound: none in this organisation.
    """
    rows = StoredEvent.objects.filter(organisation_id=organisation_id, id_hash=id_hash(event_id))
    seqs = list(rows.order_by("seq").values_list("seq", flat=True))
    found = [d for d in event_documents(organisation_id, seqs) if d.event["eventID"] == event_id]
    if not found:
        raise EventNotFound(given=event_id[:80])
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Numbers of events, and whether there are more after the last."""

    seqs: list[int]
    more: bool


def events_after(organisation_id: int, *, after: int, limit: int, epc: str = "") -> Page:
    """Return the events captured after number `after`, in that order.

    Numbers are given once and have no gaps, so pages do not shift while events arrive.

    Args:
        organisation_id: whose events.
        after: the last number of the page before, 0 for the first.
        limit: how many.
        epc: only events about this identifier; one that is not known gives an empty page.

    Raises:
        IdentifierError: `epc` is malformed.
    """
    if epc:
        key = find_key(organisation_id, parse_epc(epc))
        about = [] if key is None else sorted({seq for seq, _ in seqs_about(organisation_id, key)})
        found = [seq for seq in about if seq > after][: limit + 1]
    else:
        rows = StoredEvent.objects.filter(organisation_id=organisation_id, seq__gt=after)
        found = list(rows.order_by("seq").values_list("seq", flat=True)[: limit + 1])
    return Page(found[:limit], len(found) > limit)


def capture_job(organisation_id: int, job_id: int, *, holder: int | None = None) -> CaptureJob:
    """Return a capture job; with `holder`, of that partner alone. Raises `JobNotFound`."""
    rows = CaptureJob.objects.filter(organisation_id=organisation_id)
    if holder is not None:
        rows = rows.filter(holder=holder)
    job = rows.filter(id=job_id).first()
    if job is None:
        raise JobNotFound(given=str(job_id))
    return job


def capture_jobs(
    organisation_id: int, limit: int = 50, *, holder: int | None = None, before: int | None = None
) -> list[CaptureJob]:
    """Return the latest capture jobs; with `holder`, of that partner; `before` a job's ID."""
    rows = CaptureJob.objects.filter(organisation_id=organisation_id)
    if holder is not None:
        rows = rows.filter(holder=holder)
    if before is not None:
        rows = rows.filter(id__lt=before)
    # Ids are given in the order of time.
    return list(rows.order_by("-id")[:limit])


def job_documents(organisation_id: int, job_id: int) -> list[StoredDocument]:
    """Return the events that a job stored."""
    job = capture_job(organisation_id, job_id)
    seqs = list(range(job.first_seq, job.last_seq + 1)) if job.stored else []
    return event_documents(organisation_id, seqs)


def seqs_about(
    organisation_id: int, key: int, roles: Sequence[Role] = tuple(Role)
) -> list[tuple[int, Role]]:
    """Return (number, role) of every event in which `key` takes part, in order of number."""
    block, offset = block_key(key), key & BLOCK_MASK
    rows = TraceEntry.objects.filter(
        organisation_id=organisation_id, key__in=(key, block)
    ).values_list("key", "seq", "role", "bits")
    wanted = set(roles)
    found = {
        (seq, Role(role))
        for entry, seq, role, bits in rows
        if role in wanted and (entry >= 0 or block_contains(bytes(bits or b""), offset))
    }
    return sorted(found)


def highest_used(organisation_id: int, name: ClassName, first: int, end: int) -> int | None:
    """Return the highest index of a class, from `first` up to but not at `end`, in any event.

    None where there is none. Where neighbours share a block's row, the block counts as a whole.
    """
    number = class_numbers(organisation_id, (name,)).get(name)
    if number is None:
        return None
    low, high = key_of(number, first), key_of(number, end - 1)
    rows = TraceEntry.objects.filter(organisation_id=organisation_id)
    single = rows.filter(key__range=(low, high)).aggregate(top=Max("key"))["top"]
    # Blocks are numbered downwards.
    block = rows.filter(key__range=(block_key(high), block_key(low))).aggregate(top=Min("key"))
    tops = [] if single is None else [single]
    if block["top"] is not None:
        tops.append(min(block_start(block["top"]) | BLOCK_MASK, high))
    return max(tops) & INDEX_MASK if tops else None


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in during a period.

    Attributes:
        stored: events stored.
        refused: jobs of which something was refused.
        late: stored events that tell of something more than `LATE` before their arrival.
        last: when the last job of all came in, within the period or before.
    """

    stored: int
    refused: int
    late: int
    last: datetime | None


LATE: Final = timedelta(hours=24)


def captured_since(organisation_id: int, since: datetime) -> Intake:
    """Return what came in since a moment."""
    jobs = CaptureJob.objects.filter(organisation_id=organisation_id)
    recent = jobs.filter(created_at__gte=since)
    sums = recent.aggregate(
        events=Sum("stored"),
        first=Min("first_seq", filter=Q(stored__gt=0)),
        refused=Count("id", filter=~Q(faults=[])),
    )
    late = 0
    if sums["first"] is not None:
        late = StoredEvent.objects.filter(
            organisation_id=organisation_id,
            seq__gte=sums["first"],
            record_time__gt=F("time") + LATE // timedelta(microseconds=1),
        ).count()
    last = jobs.order_by("-created_at").values_list("created_at", flat=True).first()
    return Intake(sums["events"] or 0, sums["refused"], late, last)


def events_stored() -> int:
    """Return how many events the whole installation holds: numbers are given without gaps.

    What is tried in sandboxes does not count.
    """
    rows = EventSequence.objects.filter(organisation__sandbox_of=None)
    return rows.aggregate(stored=Sum(F("next") - 1))["stored"] or 0
