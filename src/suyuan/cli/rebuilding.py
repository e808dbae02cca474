"""Make the trace index of some events anew from their documents, and compare.

Owns: the choice of events and the comparison. Nothing is written: the work is rolled back.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from suyuan.capture.encode import Encoder, Serials, identities_in
from suyuan.capture.keymaker import KeyMaker
from suyuan.capture.models import EventSequence, StoredEvent, TraceEntry
from suyuan.capture.selectors import event_documents
from suyuan.core.epcis import Event, read_event

_FAR: Final = 1 << 62  # later than any record time: what was taken then is not judged again

type _Row = tuple[int, int, int, bytes | None]
"""(seq, key, role, bits)."""


def differing_events(organisation_id: int, most: int) -> tuple[list[int], int]:
    """Return the numbers of sampled events whose index differs, and how many were looked at.

    The sample is spread evenly over the organisation's numbers, the first and the last included.
    """
    row = EventSequence.objects.filter(organisation_id=organisation_id).first()
    last = row.next - 1 if row else 0
    if last < 1 or most < 1:
        return [], 0
    count = min(most, last)
    seqs = sorted({1 + round(n * (last - 1) / max(1, count - 1)) for n in range(count)})
    wrong = set(seqs)
    with transaction.atomic():
        made, lists = _rebuild(organisation_id, seqs)
        transaction.set_rollback(True)
    kept = _stored(organisation_id, seqs)
    stored_lists = {
        seq: (bytes(epcs), bytes(outputs))
        for seq, epcs, outputs in StoredEvent.objects.filter(
            organisation_id=organisation_id, seq__in=seqs
        ).values_list("seq", "epcs", "outputs")
    }
    for seq in seqs:
        if made.get(seq) == kept.get(seq) and lists.get(seq) == stored_lists.get(seq):
            wrong.discard(seq)
    return sorted(wrong), len(seqs)


def _rebuild(
    organisation_id: int, seqs: list[int]
) -> tuple[dict[int, set[_Row]], dict[int, tuple[bytes, bytes]]]:
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
    lists: dict[int, tuple[bytes, bytes]] = {}
    for seq, event in events.items():
        row = encoder.event_row(event, seq, event.event_id, bytes(16))
        lists[seq] = row[-3], row[-2]
    rows: dict[int, set[_Row]] = {}
    for _, key, seq, role, bits in encoder.trace_rows():
        rows.setdefault(seq, set()).add((seq, key, role, bits))
    return rows, lists


def _stored(organisation_id: int, seqs: list[int]) -> dict[int, set[_Row]]:
    """Read the index by number: it is ordered by key, so this reads it whole, once."""
    rows: dict[int, set[_Row]] = {}
    for seq, key, role, bits in TraceEntry.objects.filter(
        organisation_id=organisation_id, seq__in=seqs
    ).values_list("seq", "key", "role", "bits"):
        packed = None if bits is None else bytes(bits)
        rows.setdefault(seq, set()).add((seq, key, role, packed))
    return rows
