"""A calendar that acts in order: a hundred and twenty days ending with the load.

Owns: logical time, the order of acts, and the batches in which other firms' systems report.
Invariant: an act happens with the clock held at its time; what lies after the load never happens.

Logical time is days since the beginning, as a number. The last day is today: it is squeezed into
what has passed of it, so that it has as many events at whatever hour the load runs.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from suyuan.capture.services import CaptureOutcome
from suyuan.kernel import clock

DAYS: Final = 120
SEED: Final = 9_521_234
_REPORTED: Final = 0.99  # of the day: when the day's batch is sent
_AT_ONCE: Final = 2_000

type Act = Callable[[], object]
"""What it returns is of no interest."""

type Send = Callable[[list[dict[str, Any]]], CaptureOutcome]


class Timeline:
    """Acts and reports waiting for their time."""

    def __init__(self, now: datetime) -> None:
        """End at `now`, which is aware and in the display's time zone."""
        self.now = now
        self.random = Random(SEED)  # noqa: S311 - a story, not a secret
        self.events = 0
        self._midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._acts: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self._reports: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
        self._reporters: dict[str, Send] = {}

    def moment(self, at: float) -> datetime:
        """Return the time of a logical time that is not in the future."""
        day, part = divmod(at, 1)
        start = self._midnight - timedelta(days=DAYS - day)
        passed = (self.now - self._midnight) if day >= DAYS else timedelta(days=1)
        return start + timedelta(
            microseconds=round(passed / timedelta(milliseconds=1) * part) * 1000
        )

    def held(self, at: float) -> AbstractContextManager[None]:
        """Hold the clock at a logical time; in UTC, as the clock is read."""
        return clock.held_at(self.moment(at).astimezone(UTC))

    @staticmethod
    def is_past(at: float) -> bool:
        """Tell whether a logical time has come."""
        return at < DAYS + _REPORTED

    def at(self, when: float, act: Act) -> None:
        """Do `act` at a logical time, if it comes."""
        if self.is_past(when):
            heapq.heappush(self._acts, (when, next(self._numbers), act))

    def reporter(self, source: str, send: Send) -> None:
        """Let another firm's system report by `send`."""
        self._reporters[source] = send

    def report(self, source: str, at: float, event: dict[str, Any], *, late: float = 0) -> None:
        """Have an event of a logical time told with its day's batch, or days `late`."""
        if self.is_past(at) and self.is_past(at + late):
            self._reports[int(at + late)].setdefault(source, []).append(event)

    def run(self) -> Iterator[int]:
        """Act day by day; yield each day when it is over."""
        for day in range(DAYS + 1):
            while self._acts and self._acts[0][0] < day + _REPORTED:
                when, _, act = heapq.heappop(self._acts)
                with self.held(max(when, float(day))):
                    act()
            self._send(day)
            yield day

    def _send(self, day: int) -> None:
        with self.held(day + _REPORTED):
            for source, events in sorted(self._reports.pop(day, {}).items()):
                for at in range(0, len(events), _AT_ONCE):
                    part = events[at : at + _AT_ONCE]
                    self.events += self._reporters[source](part).stored
