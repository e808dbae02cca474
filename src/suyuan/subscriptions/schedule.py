"""When a scheduled query runs.

Owns: the standard's QuerySchedule (EPCIS 2.0 §8.2.5.3): which values match, and the next moment.
Pure: a schedule is a value, the time is handed in.

A field is a list of elements with commas between them; an element is a number, or a range as
`[8-18]`. GS1's own example also writes `0/30` (from 0 on, every 30th), and much else writes `*`:
both are taken. Fields finer than the finest given are their lowest value, so that `{"hour": "1"}`
means once a day at 01:00:00 and not each of 3,600 seconds; coarser ones match everything. Where a
day of the month and a day of the week are given, both must match.

The wall clock is that of the installation's time zone. A time that a change of the clock leaves
out does not come; one that comes twice runs at the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from suyuan.subscriptions.errors import SubscriptionControls

FIELDS: Final[Mapping[str, tuple[int, int]]] = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),  # Monday is 1
}
_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_RANGE: Final = re.compile(r"\[([0-9]{1,2})-([0-9]{1,2})\]")
_STEP: Final = re.compile(r"(\*|[0-9]{1,2})/([0-9]{1,2})")
_TIMES: Final = frozenset({"second", "minute", "hour"})
_LONGEST: Final = 240  # characters of a field
_HORIZON_DAYS: Final = 366 * 41  # a 29th of February on a Monday, over a century's end


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which seconds match; each field holds its values in order."""

    second: tuple[int, ...]
    minute: tuple[int, ...]
    hour: tuple[int, ...]
    day_of_month: tuple[int, ...]
    month: tuple[int, ...]
    day_of_week: tuple[int, ...]

    def next_after(self, time: datetime, zone: tzinfo) -> datetime | None:
        """Return the first matching moment later than `time`, in UTC; None if there is none."""
        local = time.astimezone(zone).replace(tzinfo=None, microsecond=0, fold=0)
        local += timedelta(seconds=1)
        day, start = local.date(), (local.hour, local.minute, local.second)
        for _ in range(_HORIZON_DAYS):
            if (
                day.month in self.month
                and day.day in self.day_of_month
                and day.isoweekday() in self.day_of_week
            ):
                for hour, minute, second in self._times(start):
                    wall = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001
                    found = wall.replace(tzinfo=zone).astimezone(UTC)
                    real = found.astimezone(zone).replace(tzinfo=None) == wall
                    if real and found > time:
                        return found
            day, start = day + timedelta(days=1), (0, 0, 0)
        return None

    def _times(self, start: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        """Yield the matching times of a day from `start` on."""
        for hour in self.hour:
            for minute in self.minute:
                if (hour, minute) < start[:2]:
                    continue
                for second in self.second:
                    if (hour, minute, second) >= start:
                        yield hour, minute, second


def read_schedule(given: Mapping[str, object]) -> Schedule:
    """Read a schedule.

    Raises:
        SubscriptionControls: `schedule_empty`, `schedule_field` (no such field), `schedule_value`
            (no such value), `schedule_never` (no day matches, such as 30 February).
    """
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        raise SubscriptionControls("schedule_field", place="schedule", given=unknown[0][:40])
    told = {name: value for name, value in given.items() if value not in (None, "")}
    if not told:
        raise SubscriptionControls("schedule_empty", place="schedule")
    values: dict[str, tuple[int, ...]] = {}
    finer = True  # than any that is given
    for name, (low, high) in FIELDS.items():
        if name in told:
            values[name] = _values(name, told[name], low, high)
            finer = False
        elif finer and (name in _TIMES or (name == "dayOfMonth" and "dayOfWeek" not in told)):
            values[name] = (low,)
        else:
            values[name] = tuple(range(low, high + 1))
    schedule = Schedule(*(values[name] for name in FIELDS))
    if schedule.next_after(datetime(2024, 1, 1, tzinfo=UTC), UTC) is None:
        raise SubscriptionControls("schedule_never", place="schedule")
    return schedule


def _values(name: str, given: object, low: int, high: int) -> tuple[int, ...]:
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    place = f"schedule/{name}"
    found: set[int] = set()
    for element in text[: _LONGEST + 1].split(",") if len(text) <= _LONGEST else [""]:
        numbers = _element(element.strip(), low, high)
        if not numbers or numbers[0] < low or numbers[-1] > high:
            raise SubscriptionControls(
                "schedule_value", place=place, given=str(given)[:40], low=low, high=high
            )
        found.update(numbers)
    return tuple(sorted(found))


def _element(text: str, low: int, high: int) -> range:
    if text == "*":
        return range(low, high + 1)
    if _NUMBER.fullmatch(text):
        return range(int(text), int(text) + 1)
    if match := _RANGE.fullmatch(text):
        return range(int(match[1]), int(match[2]) + 1)
    if match := _STEP.fullmatch(text):
        start = low if match[1] == "*" else int(match[1])
        return range(start, high + 1, max(1, int(match[2])))
    return range(0)
