"""A reader's field while one report is taken: rows to stays, stays to rows and events.

Owns: `Presence` rows, the events of readers.
Invariant: a stay makes at most one event of its beginning and one of its end, however often and in
whatever order its reads come. The caller holds the reader's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection

from suyuan.capture.services import capture_keys
from suyuan.core.epcis import build
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.docks.models import Outcome, Presence, Purpose, Reader
from suyuan.docks.sightings import Sightings
from suyuan.docks.stays import Stay, Stays
from suyuan.kernel import clock
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import select, within
from suyuan.rfid.selectors import keys_of_epcs
from suyuan.tenancy.actor import Actor

SECOND: Final = 1_000_000
_SPAN: Final = 300 * SECOND  # moves further apart are told by different events
_ALWAYS: Final = 2**62  # later than any read
_STEPS: Final = {Purpose.ZONE.value: "storing"}
_ANNOUNCED: Final = frozenset({Purpose.RECEIVING, Purpose.ZONE})


type Move = tuple[int, Outcome, Stay]
"""When (microseconds since 1970), arrived or departed, which stay."""


class Field:
    """A reader's field while one report is taken.

    Attributes:
        window: microseconds.
        appeared: how many stays began.
        unknown: how many of these lead to nothing of ours.
        late: how many visits belong to stays that had ended.
        events: numbers of the events that were made.
    """

    def __init__(self, actor: Actor, reader: Reader) -> None:
        """Begin with nothing; `reader` is locked."""
        self._actor = actor
        self._reader = reader
        self._moves: list[Move] = []
        self.window = reader.window_seconds * SECOND
        self.appeared = self.unknown = self.late = 0
        self.events: list[int] = []

    def take(self, seen: Sightings, watermark: int) -> int:
        """Let a report's visits lengthen and begin stays; return how many stays ended."""
        stays = Stays(self.window)
        for row in self._rows(seen):
            stays.know(row)
        stays.meet(seen.visits)
        stays.end(watermark)
        begun = [stay for stay in stays.all() if stay.new]
        self._identify(begun)
        self.appeared, self.late = len(begun), stays.late
        self.unknown = sum(stay.key < 0 for stay in begun)
        left = 0
        for stay in stays.all():
            if not stay.ended:
                self._judge(stay)
                left += stay.ending
        self._tell()
        # First the rows that end: a tag has one row that lasts.
        self._change(stay for stay in stays.all() if not stay.new and (stay.changed or stay.ending))
        self._insert(begun)
        return left + self.end(watermark)

    def end(self, now: int) -> int:
        """End the stays last seen more than a window before `now`; return how many."""
        stays = self._load("left_at IS NULL AND last_at < %s", [now - self.window], ended=False)
        for stay in stays:
            stay.ending = True
            self._judge(stay)
        self._tell()
        self._change(stays)
        return len(stays)

    def close(self) -> None:
        """End every stay."""
        self.end(_ALWAYS)

    # ── rows ──────────────────────────────────────────────────────────────────────────────

    def _rows(self, seen: Sightings) -> Iterable[Stay]:
        """Yield the stays that visits can belong to: those that last, and those near them."""
        if not seen.visits:
            return
        condition, value = within("epc", list({visit.epc for visit in seen.visits}))
        yield from self._load(f"left_at IS NULL AND {condition}", [value], ended=False)
        first = min(visit.first_at for visit in seen.visits)
        yield from self._load(
            f"left_at IS NOT NULL AND last_at >= %s AND first_at <= %s AND {condition}",
            [first - self.window, seen.latest + self.window, value],
            ended=True,
        )

    def _load(self, condition: str, parameters: list[Any], *, ended: bool) -> list[Stay]:
        rows = select(
            "SELECT id, epc, key, reason, first_at, last_at, count, first_antenna, "  # noqa: S608
            "last_antenna, best_antenna, best_rssi, event_seq, announced, outcome "
            f"FROM docks_presence WHERE organisation_id = %s AND reader_id = %s AND {condition}",
            [self._reader.organisation_id, self._reader.id, *parameters],
        )
        return [
            Stay(*(*values, bool(announced), Outcome(outcome), ended))
            for *values, announced, outcome in rows
        ]

    def _change(self, stays: Iterable[Stay]) -> None:
        now = _stored(clock.now())
        rows = [
            (
                *(stay.first_at, stay.last_at, stay.count, stay.first_antenna, stay.last_antenna),
                *(stay.best_antenna, stay.best_rssi, stay.announced, stay.outcome.value),
                stay.event_seq,
                now if stay.ending else None,
                *(self._reader.organisation_id, stay.id),
            )
            for stay in stays
        ]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(_CHANGE, rows)

    def _insert(self, stays: Iterable[Stay]) -> None:
        now = _stored(clock.now())
        rows = (
            (
                *(self._reader.organisation_id, new_id(), self._reader.id, stay.epc, stay.key),
                *(stay.reason, stay.first_at, stay.last_at, stay.count, stay.first_antenna),
                *(stay.last_antenna, stay.best_antenna, stay.best_rssi, stay.outcome.value),
                *(stay.announced, now if stay.ending else None, stay.event_seq),
            )
            for stay in stays
        )
        insert_rows(Presence._meta.db_table, _COLUMNS, rows)

    def _identify(self, begun: list[Stay]) -> None:
        """Give stays that begin the keys of what their tags lead to."""
        epcs = list(dict.fromkeys(stay.epc for stay in begun))
        if not epcs:
            return
        found = keys_of_epcs(self._reader.organisation_id, epcs)
        place = {epc: at for at, epc in enumerate(epcs)}
        keys = found.keys.tolist()
        for stay in begun:
            at = place[stay.epc]
            stay.key, stay.reason = keys[at], found.reason(at).value

    # ── what a stay comes to ──────────────────────────────────────────────────────────────

    def _judge(self, stay: Stay) -> None:
        """Let a stay's beginning and end become events, if the reader's purpose says so."""
        counts = stay.key >= 0 and stay.count >= self._reader.least_reads
        if counts and not stay.announced and self._reader.purpose in _ANNOUNCED:
            self._moves.append((stay.first_at, Outcome.ARRIVED, stay))
            stay.announced = stay.changed = True
        if stay.ending:
            stay.outcome = self._outcome(stay)

    def _outcome(self, stay: Stay) -> Outcome:
        if stay.key < 0:
            return Outcome.UNKNOWN
        if stay.announced:
            return Outcome.ARRIVED
        if stay.count < self._reader.least_reads:
            return Outcome.NOISE
        match Purpose(self._reader.purpose):
            case Purpose.SHIPPING:
                return self._moved(stay, Outcome.DEPARTED)
            case Purpose.PASSAGE:
                return self._passed(stay)
            case _:
                return Outcome.PASSED

    def _passed(self, stay: Stay) -> Outcome:
        inner = self._reader.inner_antennas
        came_inside, went_inside = stay.first_antenna in inner, stay.last_antenna in inner
        if came_inside == went_inside:
            return Outcome.TURNED_BACK
        return self._moved(stay, Outcome.ARRIVED if went_inside else Outcome.DEPARTED)

    def _moved(self, stay: Stay, outcome: Outcome) -> Outcome:
        self._moves.append((stay.last_at, outcome, stay))
        return outcome

    # ── events ────────────────────────────────────────────────────────────────────────────

    def _tell(self) -> None:
        """Capture what came together, each event about goods that moved the same way."""
        for outcome, time, stays in together(self._moves):
            seq = self._capture(outcome, time, [stay.key for stay in stays])
            if seq:
                self.events.append(seq)
            for stay in stays:
                stay.event_seq = seq or None
        self._moves.clear()

    def _capture(self, outcome: Outcome, time: int, keys: list[int]) -> int:
        place = self._reader.location.identifier
        inward = outcome is Outcome.ARRIVED
        event = build.object_event(
            time=moment(time),
            action="OBSERVE",
            step=_STEPS.get(self._reader.purpose, "receiving") if inward else "departing",
            disposition="in_progress" if inward else "in_transit",
            read_point=place,
            location=place if inward else "",
            extensions={"suyuan:reader": self._reader.code},
        )
        items = KeySet.from_array(np.unique(np.array(keys, dtype=np.int64)))
        return capture_keys(actor=self._actor, event=event, items=items, source="docks").first_seq


def together(moves: Iterable[Move]) -> Iterator[tuple[Outcome, int, list[Stay]]]:
    """Yield what one event can tell: a direction, the time of the last move, the stays.

    What a reader held back for an hour comes in one report. So moves far apart are told apart, and
    a thing that moves again is told in a later event than its move before.
    """
    groups: dict[Outcome, list[Move]] = {}
    held: set[int] = set()
    first = 0
    for move in sorted(moves, key=lambda one: one[0]):
        time, outcome, stay = move
        if held and (stay.key in held or time - first > _SPAN):
            yield from _told(groups)
            groups, held = {}, set()
        first = first if held else time
        held.add(stay.key)
        groups.setdefault(outcome, []).append(move)
    yield from _told(groups)


def _told(groups: dict[Outcome, list[Move]]) -> Iterator[tuple[Outcome, int, list[Stay]]]:
    for outcome, moves in groups.items():
        yield outcome, moves[-1][0], [stay for *_, stay in moves]


_CHANGE: Final = (
    "UPDATE docks_presence SET first_at = %s, last_at = %s, count = %s, first_antenna = %s, "
    "last_antenna = %s, best_antenna = %s, best_rssi = %s, announced = %s, outcome = %s, "
    "event_seq = %s, left_at = COALESCE(left_at, %s) WHERE organisation_id = %s AND id = %s"
)
_COLUMNS: Final = (
    *("organisation_id", "id", "reader_id", "epc", "key", "reason", "first_at", "last_at"),
    *("count", "first_antenna", "last_antenna", "best_antenna", "best_rssi", "outcome"),
    *("announced", "left_at", "event_seq"),
)


def _stored(time: datetime) -> Any:
    """Return a time as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(time)
