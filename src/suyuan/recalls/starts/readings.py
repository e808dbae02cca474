"""Starts that sensors tell of: readings beyond a limit, and what they were about.

Owns: `Excursion`, from stored sensor elements to the times in which a limit was or may have been
passed.

Readings of one device at one place follow one another in time. Between
the last good one and the first good one after it nobody knows: all of that time counts. Where the
period has no good reading before or after, it is sought a day further out; failing that, the time
reaches to that day's end. A reading that names goods is about these; one that names none is about
all that was at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from suyuan.core.epcis.query import EventQuery, read_query
from suyuan.core.epcis.times import instant
from suyuan.core.instants import microseconds, moment
from suyuan.kernel.errors import Invalid
from suyuan.lineage import starts as lineage
from suyuan.lineage.history import Row, read_rows
from suyuan.recalls.starts.events import after, at, seqs_of
from suyuan.recalls.starts.places import place_keys
from suyuan.recalls.starts.texts import Said

MOST_READINGS: Final = 50_000  # events
_SHOULDER: Final = timedelta(days=1)
_BATCH: Final = 2_000
_VOCABULARIES: Final = ("https://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:")
_LISTS: Final = (
    *("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
    *("childEPCs", "epcList"),
)
# To degrees Celsius: factor, and what is added before it.
_TO_CELSIUS: Final[Mapping[str, tuple[float, float]]] = {
    "CEL": (1.0, 0.0),
    "KEL": (1.0, -273.15),
    "FAH": (5 / 9, -32.0),
}


class Reading(NamedTuple):
    """What one report says, in the unit that was asked for."""

    since: int  # microseconds since 1970; of a report that covers a time, its beginning
    until: int
    low: float
    high: float
    seq: int


@dataclass(frozen=True, slots=True)
class Excursion:
    """A time in which a limit was, or may have been, passed.

    Attributes:
        device: the sensor's identifier, "" if none is named.
        places: keys of the business location and the read point, as far as they are named.
        since: the last good reading's instant, or where nobody knows of one.
        until: the first good one's, likewise.
        first: the first reading beyond the limit.
        last: the last one.
        worst: the value that is the furthest from the limit.
        seqs: the events that tell of it.
        goods: whether they name goods.
    """

    device: str
    places: tuple[int, ...]
    since: datetime
    until: datetime
    first: datetime
    last: datetime
    worst: float
    seqs: tuple[int, ...]
    goods: bool


class _Limit:
    """What is beyond, and how units compare."""

    def __init__(self, said: Said, place: str) -> None:
        above, below = said.one("above"), said.one("below")
        if not above and not below:
            raise Invalid("start_field_required", place=f"{place}/above", field="above")
        self.above = float(above) if above else None
        self.below = float(below) if below else None
        self.type, self.unit = _bare(said.one("type")), said.one("unit").upper()

    def read(self, report: Mapping[str, Any]) -> tuple[float, float] | None:
        """Return the lowest and the highest value of a report, None if it is no such reading."""
        if _bare(str(report.get("type", ""))) != self.type:
            return None
        values = [
            float(value)
            for name in ("value", "minValue", "maxValue", "meanValue")
            if isinstance(value := report.get(name), int | float) and not isinstance(value, bool)
        ]
        turned = [self._turned(value, str(report.get("uom", ""))) for value in values]
        known = [value for value in turned if value is not None]
        return (min(known), max(known)) if known else None

    def _turned(self, value: float, unit: str) -> float | None:
        if not self.unit or unit == self.unit:
            return value
        if unit in _TO_CELSIUS and self.unit in _TO_CELSIUS:
            factor, added = _TO_CELSIUS[unit]
            celsius = (value + added) * factor
            back, taken = _TO_CELSIUS[self.unit]
            return celsius / back - taken
        return None

    def is_beyond(self, reading: Reading) -> bool:
        return self.distance(reading) > 0

    def distance(self, reading: Reading) -> float:
        over = reading.high - self.above if self.above is not None else -1.0
        under = self.below - reading.low if self.below is not None else -1.0
        return max(over, under)

    def worst(self, readings: Sequence[Reading]) -> float:
        furthest = max(readings, key=self.distance)
        over = furthest.high - self.above if self.above is not None else float("-inf")
        under = self.below - furthest.low if self.below is not None else float("-inf")
        return furthest.high if over >= under else furthest.low


class _Stream(NamedTuple):
    """Whose readings follow one another."""

    device: str
    places: tuple[int, ...]
    goods: bool


def excursions(organisation_id: int, said: Said, place: str = "") -> list[Excursion]:
    """Return the times in which readings were beyond a limit, in order of time.

    Raises:
        Invalid: `start_field_required` without a limit, `place_unknown`, `start_too_wide`.
    """
    limit = _Limit(said, place)
    places = set(place_keys(organisation_id, said.all("place"), place))
    devices = set(said.all("device"))
    streams: dict[_Stream, list[Reading]] = {}
    for row in _rows(organisation_id, said, place):
        here = tuple(key for key in (row.location, row.read_point) if key is not None)
        if said.all("place") and places.isdisjoint(here):
            continue
        goods = _names_goods(row)
        for device, reading in _readings(row, limit):
            if devices and device not in devices:
                continue
            streams.setdefault(_Stream(device, here, goods), []).append(reading)
    period = (microseconds(said.since), microseconds(said.until))
    found = [
        one
        for stream, readings in streams.items()
        for one in _times(stream, sorted(readings), limit, period)
    ]
    return sorted(found, key=lambda one: (one.since, one.device, one.places))


def measured(said: Said, times: Iterable[Excursion]) -> tuple[lineage.Start, ...]:
    """Return what excursions were about."""
    whole = bool(said.one("whole"))
    seqs: set[int] = set()
    stays: list[lineage.Start] = []
    for one in times:
        if one.goods:
            seqs |= set(one.seqs)
        if one.places and (whole or not one.goods):
            since, until = microseconds(one.since), microseconds(one.until)
            stays.append(lineage.Presence(one.places, since, until))
    told = (lineage.Told(tuple(sorted(seqs))),) if seqs else ()
    return (*told, *dict.fromkeys(stays))


def _query(said: Said) -> EventQuery:
    pairs: list[tuple[str, object]] = [
        ("EXISTS_sensorElementList", "true"),
        ("GE_eventTime", at(said.since - _SHOULDER)),
        ("LT_eventTime", after(said.until + _SHOULDER)),
        ("orderBy", "eventTime"),
        ("orderDirection", "ASC"),
    ]
    return read_query(pairs)


def _rows(organisation_id: int, said: Said, place: str) -> Iterator[Row]:
    try:
        seqs = seqs_of(organisation_id, _query(said), MOST_READINGS)
    except Invalid as error:
        raise Invalid(error.code, place=place, **error.data) from error
    for start in range(0, len(seqs), _BATCH):
        for row in read_rows(organisation_id, seqs[start : start + _BATCH]).values():
            if not row.voided:
                yield row


def _readings(row: Row, limit: _Limit) -> Iterator[tuple[str, Reading]]:
    """Yield the readings of an event with their devices."""
    for element in row.body.get("sensorElementList") or ():
        about = element.get("sensorMetadata") or {}
        for report in element.get("sensorReport") or ():
            values = limit.read(report)
            if values is None:
                continue
            device = str(report.get("deviceID") or about.get("deviceID") or "")
            since, until = _span(row, about, report)
            yield device, Reading(since, until, *values, row.seq)


def _span(row: Row, about: Mapping[str, Any], report: Mapping[str, Any]) -> tuple[int, int]:
    """Return the time that a report is about: its own, its element's, or its event's."""
    for part in (report, about):
        if (time := instant(str(part.get("time", "")))) is not None:
            return time, time
    begun, ended = (instant(str(about.get(name, ""))) for name in ("startTime", "endTime"))
    since = row.time if begun is None else begun
    until = row.time if ended is None else ended
    return min(since, until), max(since, until)


def _names_goods(row: Row) -> bool:
    lists = any(row.body.get(name) for name in _LISTS)
    return bool(row.epcs or row.outputs or row.parent is not None or lists)


def _times(
    stream: _Stream, readings: Sequence[Reading], limit: _Limit, period: tuple[int, int]
) -> Iterator[Excursion]:
    """Yield the runs of readings beyond the limit that meet the period, with their shoulders."""
    shoulder = _SHOULDER // timedelta(microseconds=1)
    good, run = period[0] - shoulder, list[Reading]()
    for reading in readings:
        if limit.is_beyond(reading):
            run.append(reading)
            continue
        if run:
            yield from _told(stream, run, limit, (good, reading.since), period)
            run = []
        good = max(good, reading.until)
    if run:
        yield from _told(stream, run, limit, (good, period[1] + shoulder), period)


def _told(
    stream: _Stream,
    run: Sequence[Reading],
    limit: _Limit,
    shoulders: tuple[int, int],
    period: tuple[int, int],
) -> Iterator[Excursion]:
    first, last = run[0].since, max(reading.until for reading in run)
    if last < period[0] or first > period[1]:
        return
    yield Excursion(
        stream.device,
        stream.places,
        moment(min(shoulders[0], first)),
        moment(max(shoulders[1], last)),
        moment(first),
        moment(last),
        limit.worst(run),
        tuple(sorted({reading.seq for reading in run})),
        stream.goods,
    )


def _bare(text: str) -> str:
    return next((text[len(p) :] for p in _VOCABULARIES if text.startswith(p)), text)
