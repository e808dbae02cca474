"""Take reports of readers, and make arrivals and departures of them.

Owns: `ReadBatch` and `Presence` rows, the events of readers.
Does not own: what tags lead to (rfid).
Invariant: a stay makes at most one event of its beginning and one of its end, however often and in
whatever order its reads come; the same report again changes nothing.

A tag is in a reader's field from its first read until it has not been seen for the reader's window.
Time is the readers' own: the latest read is the watermark, and a report that comes late is held
against it. A read of a stay that has ended is counted as late, and begins no stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import numpy as np
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from suyuan.capture.services import capture_keys
from suyuan.core.epcis import build
from suyuan.core.instants import microseconds, moment
from suyuan.core.keyset import KeySet
from suyuan.core.tag_reads import ReportFault, TagReads, read_report
from suyuan.docks.errors import ReaderOff
from suyuan.docks.models import Outcome, Presence, Purpose, ReadBatch, Reader
from suyuan.docks.selectors import batch_of_request, get_reader
from suyuan.docks.sightings import Sightings, sightings
from suyuan.kernel import clock
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.errors import Invalid
from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import select, within
from suyuan.rfid.selectors import keys_of_epcs
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.rights import Right

_REQUEST_KEY: Final = 80
_FUTURE: Final = timedelta(minutes=15)  # clocks of readers differ by minutes
_SECOND: Final = 1_000_000
_INNER, _OUTER = True, False


def take_reads(
    *, actor: Actor, reader_code: str, report: bytes, request_key: str = ""
) -> ReadBatch:
    """Take a report of a reader.

    Args:
        actor: Who sends it.
        reader_code: Of which reader.
        report: JSON (`core.tag_reads`).
        request_key: Chosen by the sender, up to 80 characters; without one, a report with the
            very same bytes counts as the same.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such reader in the organisation.
        ReaderOff: it was switched off.
        Invalid: `too_long`, `reads_in_future`, or the code of a `ReportFault`.
        DocumentError: what capture refuses.
    """
    actor.require(Right.EVENTS_CAPTURE)
    if len(request_key) > _REQUEST_KEY:
        raise Invalid("too_long", place="request_key", limit=_REQUEST_KEY)
    reader = get_reader(actor.organisation_id, reader_code)
    key = request_key or hashlib.sha256(report).hexdigest()
    if (done := batch_of_request(reader, key)) is not None:
        return done
    if not reader.active:
        raise ReaderOff(reader=reader.code)
    try:
        reads = read_report(report)
    except ReportFault as fault:
        raise Invalid(fault.code, place=fault.place, **fault.data) from None
    _check_times(reads)
    try:
        with transaction.atomic():
            return _Field(actor, _locked(reader)).take(reads, key)
    except IntegrityError:
        # The same report, sent twice at once: the other one has won.
        if (done := batch_of_request(reader, key)) is not None:
            return done
        raise


def sweep(*, actor: Actor, reader_code: str) -> int:
    """End the stays of tags that a reader has not seen for its window; return how many.

    A silent reader says nothing of what left: the clock on the wall does.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such reader in the organisation.
    """
    actor.require(Right.EVENTS_CAPTURE)
    with transaction.atomic():
        reader = _locked(get_reader(actor.organisation_id, reader_code))
        field_ = _Field(actor, reader)
        left = field_.end_stays(microseconds(clock.now()))
        field_.make_events()
        return left


def sweep_all() -> int:
    """Sweep every reader of the installation that has tags in its field; return how many left."""
    waiting = Presence.objects.filter(left_at=None).select_related("reader", "organisation")
    pairs = {(one.organisation_id, one.reader_id): one for one in _one_a_reader(waiting)}
    left = 0
    for one in pairs.values():
        left += sweep(actor=system_actor(one.organisation), reader_code=one.reader.code)
    return left


def _one_a_reader(waiting: Any) -> Iterable[Presence]:
    """Return one stay of each reader that has any."""
    readers = waiting.order_by().values_list("organisation_id", "reader_id").distinct()
    for organisation_id, reader_id in list(readers):
        found = waiting.filter(organisation_id=organisation_id, reader_id=reader_id).first()
        if found is not None:
            yield found


def _locked(reader: Reader) -> Reader:
    """Take the reader's row until the transaction ends: its reports are taken one by one."""
    rows = Reader.objects.filter(organisation_id=reader.organisation_id, id=reader.id)
    rows.update(batches=F("batches"))  # the write takes the row's lock
    return rows.select_related("location").get()


def _check_times(reads: TagReads) -> None:
    latest = microseconds(clock.now() + _FUTURE)
    wrong = np.flatnonzero(reads.times > latest)
    if wrong.size:
        raise Invalid("reads_in_future", place=f"/{int(wrong[0])}", count=int(wrong.size))


@dataclass(slots=True)
class _Move:
    """What becomes an event: keys with the time of the first and the last of them."""

    keys: list[int] = field(default_factory=list)
    time: int = 0

    def add(self, key: int, time: int) -> None:
        self.keys.append(key)
        self.time = max(self.time, time)


type Stay = tuple[Any, ...]
_STAY: Final = (
    "epc, id, key, first_at, last_at, count, first_antenna, last_antenna, best_antenna, "
    "best_rssi, announced, reason"
)


class _Field:
    """A reader's field while one report is taken."""

    def __init__(self, actor: Actor, reader: Reader) -> None:
        self._actor = actor
        self._reader = reader
        self._window = reader.window_seconds * _SECOND
        self._arrived = _Move()
        self._departed = _Move()
        self.events: list[int] = []

    def take(self, reads: TagReads, request_key: str) -> ReadBatch:
        reader = self._reader
        seen = sightings(reads, now=microseconds(clock.now()), least_rssi=reader.least_rssi)
        watermark = max(reader.watermark, int(seen.last_at.max()) if len(seen) else 0)
        # Stays that ended before this report's reads must not swallow them.
        left = self.end_stays(watermark, seen=seen)
        appeared, late, unknown = self._meet(seen, watermark)
        self.make_events()
        batch = ReadBatch(
            organisation=self._actor.organisation,
            reader=reader,
            request_key=request_key,
            received_at=clock.now(),
            reads=len(reads),
            weak=seen.weak,
            tags=len(seen),
            appeared=appeared,
            left=left,
            late=late,
            unknown=unknown,
            events=self.events,
        )
        batch.save(force_insert=True)
        Reader.objects.filter(organisation_id=reader.organisation_id, id=reader.id).update(
            batches=F("batches") + 1,
            reads=F("reads") + len(reads),
            watermark=watermark,
            last_heard_at=clock.now(),
        )
        return batch

    # ── stays that go on, or begin ────────────────────────────────────────────────────────

    def _meet(self, seen: Sightings, watermark: int) -> tuple[int, int, int]:
        """Lengthen the stays of what is there, begin those of what is new."""
        stays = {row[0]: row for row in self._stays(seen.epcs)}
        known = np.array([epc in stays for epc in seen.epcs], dtype=np.bool_)
        self._lengthen(seen, np.flatnonzero(known), stays)
        fresh = np.flatnonzero(~known)
        # Last seen more than a window before the watermark: it was there, and has left already.
        gone = seen.last_at[fresh] < watermark - self._window
        late = self._late(seen, fresh[gone])
        begin = np.concatenate((fresh[~gone], np.setdiff1d(fresh[gone], late)))
        unknown = self._begin(seen, begin)
        return int(begin.size), int(late.size), unknown

    def _late(self, seen: Sightings, at: Any) -> Any:
        """Return those of old reads that belong to stays that have ended."""
        if not at.size:
            return at
        texts = [seen.epcs[i] for i in at.tolist()]
        condition, value = within("epc", texts)
        rows = select(
            "SELECT epc, MAX(last_at) FROM docks_presence WHERE organisation_id = %s "  # noqa: S608
            f"AND reader_id = %s AND {condition} GROUP BY epc",
            [self._reader.organisation_id, self._reader.id, value],
        )
        ended = dict(rows)
        first = seen.first_at[at].tolist()
        kept = [
            i
            for i, text, time in zip(at.tolist(), texts, first, strict=True)
            if time <= ended.get(text, -1) + self._window
        ]
        return np.array(kept, dtype=np.int64)

    def _stays(self, epcs: Sequence[str]) -> list[Stay]:
        condition, value = within("epc", epcs)
        return select(
            f"SELECT {_STAY} FROM docks_presence "  # noqa: S608 - columns from code
            f"WHERE organisation_id = %s AND reader_id = %s AND left_at IS NULL AND {condition}",
            [self._reader.organisation_id, self._reader.id, value],
        )

    def _lengthen(self, seen: Sightings, at: Any, stays: dict[str, Stay]) -> None:
        changed = []
        for i in at.tolist():
            row = stays[seen.epcs[i]]
            first, last, count = int(seen.first_at[i]), int(seen.last_at[i]), int(seen.count[i])
            rssi = _strength(seen, i)
            stronger = rssi is not None and (row[9] is None or rssi > row[9])
            changed.append(
                (
                    min(row[3], first),
                    max(row[4], last),
                    row[5] + count,
                    int(seen.first_antenna[i]) if first < row[3] else row[6],
                    int(seen.last_antenna[i]) if last >= row[4] else row[7],
                    int(seen.best_antenna[i]) if stronger else row[8],
                    rssi if stronger else row[9],
                    row[10] or self._announce(row[2], row[5] + count, row[3]),
                    self._reader.organisation_id,
                    row[1],
                )
            )
        if changed:
            with connection.cursor() as cursor:
                cursor.executemany(_LENGTHEN, changed)

    def _announce(self, key: int, count: int, time: int) -> bool:
        """Let an appearance become an event, if the reader's purpose says so."""
        wanted = self._reader.purpose in {Purpose.RECEIVING, Purpose.ZONE}
        if not wanted or key < 0 or count < self._reader.least_reads:
            return False
        self._arrived.add(key, time)
        return True

    def _begin(self, seen: Sightings, at: Any) -> int:
        """Begin stays; return how many lead to nothing of ours."""
        epcs = [seen.epcs[i] for i in at.tolist()]
        found = keys_of_epcs(self._reader.organisation_id, epcs) if epcs else None
        rows = []
        for place, i in enumerate(at.tolist()):
            assert found is not None  # noqa: S101 - there is one for each of `at`
            key, count, first = int(found.keys[place]), int(seen.count[i]), int(seen.first_at[i])
            rows.append(
                (
                    self._reader.organisation_id,
                    new_id(),
                    self._reader.id,
                    seen.epcs[i],
                    key,
                    found.reason(place).value,
                    first,
                    int(seen.last_at[i]),
                    count,
                    int(seen.first_antenna[i]),
                    int(seen.last_antenna[i]),
                    int(seen.best_antenna[i]),
                    _strength(seen, i),
                    Outcome.PRESENT.value,
                    self._announce(key, count, first),
                )
            )
        insert_rows(Presence._meta.db_table, _PRESENCE_COLUMNS, rows)
        return sum(row[4] < 0 for row in rows)

    # ── stays that end ────────────────────────────────────────────────────────────────────

    def end_stays(self, now: int, *, seen: Sightings | None = None) -> int:
        """End the stays that nobody saw for a window; those that `seen` goes on with stay."""
        rows = select(
            f"SELECT {_STAY} FROM docks_presence "  # noqa: S608 - columns from code
            "WHERE organisation_id = %s AND reader_id = %s AND left_at IS NULL AND last_at < %s",
            [self._reader.organisation_id, self._reader.id, now - self._window],
        )
        going_on = {}
        if seen is not None:
            going_on = dict(zip(seen.epcs, seen.first_at.tolist(), strict=True))
        ended: dict[Outcome, list[int]] = {}
        for row in rows:
            if going_on.get(row[0], now + self._window) <= row[4] + self._window:
                continue
            ended.setdefault(self._outcome(row), []).append(row[1])
        rows_of = Presence.objects.filter(organisation_id=self._reader.organisation_id)
        for outcome, ids in ended.items():
            for at in range(0, len(ids), 500):
                rows_of.filter(id__in=ids[at : at + 500]).update(
                    outcome=outcome, left_at=clock.now()
                )
        return sum(map(len, ended.values()))

    def _outcome(self, row: Stay) -> Outcome:
        """Say what a stay came to, and let its end become an event if it does."""
        key, last, count, announced = row[2], row[4], row[5], row[10]
        if key < 0:
            return Outcome.UNKNOWN
        if announced:
            return Outcome.ARRIVED
        if count < self._reader.least_reads:
            return Outcome.NOISE
        match Purpose(self._reader.purpose):
            case Purpose.SHIPPING:
                self._departed.add(key, last)
                return Outcome.DEPARTED
            case Purpose.PASSAGE:
                return self._passed(key, row[6], row[7], last)
            case _:
                return Outcome.PASSED

    def _passed(self, key: int, first_antenna: int, last_antenna: int, last: int) -> Outcome:
        inner = set(self._reader.inner_antennas)
        came, went = first_antenna in inner, last_antenna in inner
        if came == went:
            return Outcome.TURNED_BACK
        if went is _INNER:
            self._arrived.add(key, last)
            return Outcome.ARRIVED
        self._departed.add(key, last)
        return Outcome.DEPARTED

    # ── events ────────────────────────────────────────────────────────────────────────────

    def make_events(self) -> None:
        """Capture what came together: one event of arrivals, one of departures."""
        place = self._reader.location.identifier
        if self._arrived.keys:
            zone = self._reader.purpose == Purpose.ZONE
            step = "storing" if zone else "receiving"
            self._capture(self._arrived, step=step, disposition="in_progress", location=place)
        if self._departed.keys:
            self._capture(self._departed, step="departing", disposition="in_transit", location="")

    def _capture(self, move: _Move, *, step: str, disposition: str, location: str) -> None:
        event = build.object_event(
            time=moment(move.time),
            action="OBSERVE",
            step=step,
            disposition=disposition,
            read_point=self._reader.location.identifier,
            location=location,
            extensions={"suyuan:reader": self._reader.code},
        )
        items = KeySet.from_array(np.unique(np.array(move.keys, dtype=np.int64)))
        outcome = capture_keys(actor=self._actor, event=event, items=items, source="docks")
        if outcome.stored:
            self.events.append(outcome.first_seq)


_LENGTHEN: Final = (
    "UPDATE docks_presence SET first_at = %s, last_at = %s, count = %s, first_antenna = %s, "
    "last_antenna = %s, best_antenna = %s, best_rssi = %s, announced = %s "
    "WHERE organisation_id = %s AND id = %s"
)
_PRESENCE_COLUMNS: Final = (
    "organisation_id",
    "id",
    "reader_id",
    "epc",
    "key",
    "reason",
    "first_at",
    "last_at",
    "count",
    "first_antenna",
    "last_antenna",
    "best_antenna",
    "best_rssi",
    "outcome",
    "announced",
)


def _strength(seen: Sightings, at: int) -> float | None:
    """Return a tag's strongest read in dBm, None if the reader told no strength."""
    rssi = float(seen.best_rssi[at])
    return None if np.isneginf(rssi) else rssi
