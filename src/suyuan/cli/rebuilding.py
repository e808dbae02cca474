"""Make the trace index and the facets of some events anew from their documents, and compare.

Owns: the choice of events and the comparison. Nothing is written: the work is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from suyuan.capture.encode import Encoder, Serials, Told, identities_in
from suyuan.capture.facets import facet_rows
from suyuan.capture.keymaker import KeyMaker
from suyuan.capture.models import EventSequence, FacetEntry, StoredEvent, TraceEntry
from suyuan.capture.selectors import event_documents
from suyuan.core.epcis import Event, read_event
from suyuan.core.keyset import KeySet

_FAR: Final = 1 << 62  # later than any record time: what was taken then is not judged again

type _Entry = tuple[int, int, bytes | None]
"""(key, role, bits) of the trace index."""

type _Facet = tuple[int, int]
"""(facet, key)."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What a comparison found.

    Attributes:
        compared: how many events were looked at.
        trace: numbers of events whose rows in the trace index, or lists, differ.
        facets: numbers of events that are listed under other facets than they have.
    """

    compared: int
    trace: list[int]
    facets: list[int]


@dataclass(slots=True)
class _Index:
    """What stands in the index, or should, by the number of the event."""

    entries: dict[int, set[_Entry]]
    lists: dict[int, tuple[bytes, bytes]]
    facets: dict[int, set[_Facet]]


def differing_events(organisation_id: int, most: int) -> Differences:
    """Make the index of at most `most` events anew, and return where what is stored differs.

    The sample is spread evenly over the organisation's numbers, the first and the last included.
    """
    row = EventSequence.objects.filter(organisation_id=organisation_id).first()
    last = row.next - 1 if row else 0
    if last < 1 or most < 1:
        return Differences(0, [], [])
    count = min(most, last)
    seqs = sorted({1 + round(n * (last - 1) / max(1, count - 1)) for n in range(count)})
    with transaction.atomic():
        made = _rebuild(organisation_id, seqs)
        transaction.set_rollback(True)
    kept = _Index(
        _stored(organisation_id, seqs),
        _stored_lists(organisation_id, seqs),
        _stored_facets(organisation_id, seqs),
    )
    trace = {*_unequal(made.entries, kept.entries), *_unequal(made.lists, kept.lists)}
    return Differences(len(seqs), sorted(trace), sorted(_unequal(made.facets, kept.facets)))


def _unequal[Told](made: Mapping[int, Told], kept: Mapping[int, Told]) -> set[int]:
    return {seq for seq in made.keys() | kept.keys() if made.get(seq) != kept.get(seq)}


def _rebuild(organisation_id: int, seqs: list[int]) -> _Index:
    """Encode the documents again, as capture does."""
    events: dict[int, Event] = {}
    for document in event_documents(organisation_id, seqs):
        raw: dict[str, Any] = dict(document.event)
        raw.pop("recordTime", None)
        events[document.seq] = read_event(raw, now=_FAR)
    serials = Serials()
    for event in events.values():
        for some in event.lists:
            serials.gather(some)
    maker = KeyMaker(organisation_id)
    maker.learn({one for event in events.values() for one in identities_in(event)}, serials.texts)
    encoder = Encoder(
        organisation_id=organisation_id,
        job=0,
        record_time=0,
        maker=maker,
        serials=serials,
        extra={},
    )
    rows = [
        encoder.event_row(Told(event, event.event_id, bytes(16), b""), seq)
        for seq, event in events.items()
    ]
    made = _Index({}, {seq: (row[-3], row[-2]) for seq, row in zip(events, rows, strict=True)}, {})
    for _, key, seq, role, bits in encoder.trace_rows():
        made.entries.setdefault(seq, set()).add((key, role, bits))
    documents = [event.document for event in events.values()]
    for _, facet, key, _, listed in facet_rows(rows, documents):
        for seq in KeySet.from_bytes(listed):
            made.facets.setdefault(seq, set()).add((facet, key))
    return made


def _stored_lists(organisation_id: int, seqs: list[int]) -> dict[int, tuple[bytes, bytes]]:
    rows = StoredEvent.objects.filter(organisation_id=organisation_id, seq__in=seqs)
    return {
        seq: (bytes(epcs), bytes(outputs))
        for seq, epcs, outputs in rows.values_list("seq", "epcs", "outputs")
    }


def _stored_facets(organisation_id: int, seqs: list[int]) -> dict[int, set[_Facet]]:
    """Read the facets of some events: a row tells its first event only, so they are all read."""
    sample, found = KeySet(seqs), dict[int, set[_Facet]]()
    rows = FacetEntry.objects.filter(organisation_id=organisation_id, seq__lte=seqs[-1])
    for facet, key, data in rows.values_list("facet", "key", "seqs").iterator():
        try:
            listed = KeySet.from_bytes(bytes(data))
        except ValueError:
            continue  # damaged: what it should list is missing then
        for seq in listed & sample:
            found.setdefault(seq, set()).add((facet, key))
    return found


def _stored(organisation_id: int, seqs: list[int]) -> dict[int, set[_Entry]]:
    """Read the index by number: it is ordered by key, so this reads it whole, once."""
    rows: dict[int, set[_Entry]] = {}
    for seq, key, role, bits in TraceEntry.objects.filter(
        organisation_id=organisation_id, seq__in=seqs
    ).values_list("seq", "key", "role", "bits"):
        packed = None if bits is None else bytes(bits)
        rows.setdefault(seq, set()).add((key, role, packed))
    return rows
