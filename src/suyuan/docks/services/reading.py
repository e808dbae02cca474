"""Take reports of readers.

Owns: `ReadBatch` rows, whose turn it is, which report was taken already.
Does not own: what becomes of a tag (`stays`, `services.field`), what tags lead to (rfid).
Invariant: the same report again changes nothing.

Time is the readers' own: the latest read is the watermark, and a report that comes late is held
against it. Silence is measured from when the reader was last heard, so that a reader's clock may
be wrong by minutes and no tag leaves the sooner for it.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import F

from suyuan.core.epcis import DocumentError
from suyuan.core.instants import microseconds
from suyuan.core.tag_reads import ReportFault, TagReads, read_report
from suyuan.docks.errors import ReaderOff
from suyuan.docks.models import Presence, ReadBatch, Reader
from suyuan.docks.selectors import batch_of_request, get_reader, presences
from suyuan.docks.services.field import SECOND, Field
from suyuan.docks.sightings import sightings
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.kernel.ids import new_id
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right

_REQUEST_KEY: Final = Text(80)
_FUTURE: Final = timedelta(minutes=15)  # clocks of readers differ by minutes
_log = logging.getLogger(__name__)


def take_reads(
    *, actor: Actor, reader_code: str, report: bytes, request_key: str = ""
) -> ReadBatch:
    """Take a report of a reader.

    Args:
        actor: Who sends it.
        reader_code: Of which reader.
        report: JSON (`core.tag_reads`).
        request_key: Chosen by the sender, up to 80 characters. Without one, a report with the
            very same bytes counts as the same, if each of its reads has a time; reads without
            are new whenever they come.

    Returns:
        What became of it; without reads (a reader's sign of life), a batch that is not stored.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such reader in the organisation.
        ReaderOff: it was switched off.
        Invalid: `too_long`, `text_control_character`, `reads_in_future`, or the code of a
            `ReportFault`.
        DocumentError: what capture refuses.
    """
    actor.require(Right.EVENTS_CAPTURE)
    reader = get_reader(actor.organisation_id, reader_code)
    given = _REQUEST_KEY.check(request_key, "request_key")
    key = given or hashlib.sha256(report).hexdigest()
    if (done := batch_of_request(reader, key)) is not None:
        return done
    if not reader.active:
        raise ReaderOff(reader=reader.code)
    try:
        reads = read_report(report)
    except ReportFault as fault:
        raise Invalid(fault.code, place=fault.place, **fault.data) from None
    _check_times(reads)
    if not given and (reads.times < 0).any():
        key = str(new_id())
    with transaction.atomic():
        reader = locked(reader)
        # The same report may have been sent twice at once, and the other one have been first.
        if (done := batch_of_request(reader, key)) is not None:
            return done
        return _taken(actor, reader, reads, key)


def sweep(*, actor: Actor, reader_code: str) -> int:
    """End the stays of tags that a reader has not seen for its window; return how many.

    A silent reader says nothing of what left. What its clock would show now is its latest read
    and the time that has passed since it was heard.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such reader in the organisation.
    """
    actor.require(Right.EVENTS_CAPTURE)
    reader = get_reader(actor.organisation_id, reader_code)
    if not presences(reader, present=True).filter(last_at__lt=_edge(reader)).exists():
        return 0  # most sweeps find nothing, and then write nothing
    with transaction.atomic():
        reader = locked(reader)
        return Field(actor, reader).end(_reader_time(reader))


def sweep_all() -> int:
    """Sweep every reader of the installation that has tags in its field; return how many left."""
    open_stays = Presence.objects.filter(left_at=None).order_by()
    left = 0
    for organisation_id, reader_id in set(
        open_stays.values_list("organisation_id", "reader_id").distinct()
    ):
        reader = Reader.objects.filter(organisation_id=organisation_id, id=reader_id).first()
        if reader is None:
            continue
        actor = system_actor(Organisation.objects.get(pk=organisation_id))
        try:
            left += sweep(actor=actor, reader_code=reader.code)
        except (SuyuanError, DocumentError):
            # One reader's trouble is not the others'; its stays are tried again next time.
            _log.exception("the field of reader %s could not be swept", reader.code)
    return left


def locked(reader: Reader) -> Reader:
    """Take the reader's row until the transaction ends: its reports are taken one by one."""
    rows = Reader.objects.filter(organisation_id=reader.organisation_id, id=reader.id)
    rows.update(batches=F("batches"))  # the write takes the row's lock
    return rows.select_related("location").get()


def _reader_time(reader: Reader) -> int:
    """Return what the reader's clock would show now, in microseconds since 1970."""
    now = microseconds(clock.now())
    if reader.watermark_heard_at is None:
        return now
    return reader.watermark + max(0, now - microseconds(reader.watermark_heard_at))


def _edge(reader: Reader) -> int:
    """Return the time before which a tag must have been seen last to have left."""
    return _reader_time(reader) - reader.window_seconds * SECOND


def _check_times(reads: TagReads) -> None:
    latest = microseconds(clock.now() + _FUTURE)
    wrong = np.flatnonzero(reads.times > latest)
    if wrong.size:
        raise Invalid("reads_in_future", place=f"/{int(wrong[0])}", count=int(wrong.size))


def _taken(actor: Actor, reader: Reader, reads: TagReads, key: str) -> ReadBatch:
    """Take reads; the reader's row is locked."""
    now = clock.now()
    field = Field(actor, reader)
    seen = sightings(
        reads, now=microseconds(now), window=field.window, least_rssi=reader.least_rssi
    )
    if not len(reads):
        left, watermark = field.end(_reader_time(reader)), reader.watermark
    else:
        watermark = max(reader.watermark, seen.latest)
        left = field.take(seen, watermark)
    batch = ReadBatch(
        organisation=actor.organisation,
        reader=reader,
        request_key=key,
        received_at=now,
        reads=len(reads),
        weak=seen.weak,
        tags=seen.tags,
        appeared=field.appeared,
        left=left,
        late=field.late,
        unknown=field.unknown,
        events=field.events,
    )
    heard: dict[str, object] = {}
    if len(reads) or left:
        batch.save(force_insert=True)
        heard = {"batches": F("batches") + 1, "reads": F("reads") + len(reads)}
    if watermark > reader.watermark:
        heard |= {"watermark": watermark, "watermark_heard_at": now}
    rows = Reader.objects.filter(organisation_id=reader.organisation_id, id=reader.id)
    rows.update(**heard, last_heard_at=now)
    return batch
