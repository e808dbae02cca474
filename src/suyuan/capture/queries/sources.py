"""Where a query's events come from: a list of few, the index in time, or the numbers.

Owns: the choice of the way, and going along it in batches.

| way | when | cost |
| --- | --- | --- |
| a list | the trace index, a facet, an event ID or the declarations list few events | their rows |
| in time | the order is by time: words, places and types are tested in the index alone | entries |
| numbers | otherwise: they have no gaps | rows |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db import connection

from suyuan.capture.facets import events_with
from suyuan.capture.queries.keys import events_of
from suyuan.capture.queries.numbers import narrowed
from suyuan.capture.queries.plan import Plan
from suyuan.capture.queries.rows import Condition, Row, rows_in, rows_of
from suyuan.kernel.lists import select, within

MOST_LISTED: Final = 10_000  # events that are sorted rather than walked
MOST_PASSED: Final = 150_000  # entries of the index in time that one page passes over
_SHORT_REACH: Final = 500  # so few numbers are looked at one by one
_MOST_OF_FACET: Final = 2_000  # events; what more have is soon met on a walk
_FEW: Final = 100  # so few are not worth another list to compare with
_FIRST_WINDOW: Final = 2_000
_WINDOW_GROWTH: Final = 4
_MOST_NUMBERS: Final = 20_000

type Spot = tuple[int, int]
"""(time, number) in an order by time, (0, number) in another."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that meet the conditions on columns, in order.

    `end`: up to where all such rows have been given; None at the end of the way.
    """

    rows: list[Row]
    end: Spot | None


class Source(Protocol):
    """A way along which rows come in the plan's order."""

    @property
    def spent(self) -> bool:
        """Whether a page has passed over as much as it may."""

    def next(self, size: int) -> Batch:
        """Return about so many more rows."""


def source_of(
    organisation_id: int,
    plan: Plan,
    seen: Sequence[Condition],
    reach: tuple[int, int],
    after: Spot | None,
) -> Source:
    """Choose the way of a plan.

    Args:
        organisation_id: whose events.
        plan: what is asked for.
        seen: conditions on columns that what may be seen meets.
        reach: the first number, and the first that is no longer meant.
        after: where the last page ended.
    """
    conditions = [*plan.conditions, *plan.indexed, *seen]
    reach = narrowed(organisation_id, plan, reach)
    listed = _listed(organisation_id, plan, reach)
    if listed is not None:
        spots = _placed(organisation_id, plan, listed)
        return _Listed(organisation_id, conditions, spots, plan, after)
    if plan.by_time:
        return _InTime(organisation_id, plan, [*plan.conditions, *seen], reach, after)
    return _Numbers(organisation_id, plan, conditions, reach, after)


# ── A list ───────────────────────────────────────────────────────────────────────────────────


def _listed(organisation_id: int, plan: Plan, reach: tuple[int, int]) -> set[int] | None:
    """Return the few events that can fit at all, where an index lists them."""
    if reach[1] - reach[0] <= _SHORT_REACH:
        return set(range(*reach))
    found: set[int] | None = None
    if plan.ids is not None:
        text, value = within("id_hash", sorted(plan.ids))
        found = _numbers(organisation_id, (text, (value,)), reach)
    for test in plan.keys:
        if found is not None and len(found) < _FEW:
            return found
        some = events_of(organisation_id, test, reach)
        if some is not None:
            found = some if found is None else found & some
    for facet, keys in plan.facets:
        if found is not None and len(found) < _FEW:
            return found
        some = events_with(organisation_id, facet, keys, reach, _MOST_OF_FACET)
        if some is not None:
            found = some if found is None else found & some
    return found


def _numbers(organisation_id: int, condition: Condition, reach: tuple[int, int]) -> set[int] | None:
    text, values = condition
    rows = select(
        "SELECT seq FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s AND {text} AND seq >= %s AND seq < %s LIMIT %s",
        [organisation_id, *values, *reach, MOST_LISTED + 1],
    )
    return None if len(rows) > MOST_LISTED else {seq for (seq,) in rows}


def _placed(organisation_id: int, plan: Plan, seqs: set[int]) -> list[Spot]:
    """Return the spots of events in the plan's order."""
    if not plan.by_time:
        return sorted(((0, seq) for seq in seqs), reverse=plan.descending)
    text, value = within("seq", sorted(seqs))
    bounds = _times(plan)
    clause = "".join(f" AND {one}" for one, _ in bounds)
    rows = select(
        "SELECT time, seq FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s AND {text}{clause}",
        [organisation_id, value, *(v for _, some in bounds for v in some)],
    )
    return sorted(((time, seq) for time, seq in rows), reverse=plan.descending)


class _Listed:
    """Events whose spots are at hand."""

    spent = False

    def __init__(
        self,
        organisation_id: int,
        conditions: Sequence[Condition],
        spots: list[Spot],
        plan: Plan,
        after: Spot | None,
    ) -> None:
        self._organisation_id = organisation_id
        self._conditions = conditions
        if after is not None:
            down = plan.descending
            spots = [spot for spot in spots if (spot < after if down else spot > after)]
        self._spots = spots

    def next(self, size: int) -> Batch:
        spots, self._spots = self._spots[:size], self._spots[size:]
        rows = rows_of(self._organisation_id, [seq for _, seq in spots], self._conditions)
        found = [rows[seq] for _, seq in spots if seq in rows]
        return Batch(found, spots[-1] if self._spots else None)


# ── In time ──────────────────────────────────────────────────────────────────────────────────


class _InTime:
    """The index in time, passed over in windows that grow.

    What the index itself tells is tested there; only events that pass are read.
    """

    def __init__(
        self,
        organisation_id: int,
        plan: Plan,
        conditions: Sequence[Condition],
        reach: tuple[int, int],
        after: Spot | None,
    ) -> None:
        self._organisation_id = organisation_id
        self._plan = plan
        self._conditions = conditions
        # The sign keeps SQLite from walking the numbers instead, and sorting them. PostgreSQL
        # would take it that next to nothing passes, and walk the whole table.
        seq = "seq" if connection.vendor == "postgresql" else "+seq"
        bounds: Condition = (f"{seq} >= %s AND {seq} < %s", reach)
        self._within: list[Condition] = [bounds, *_times(plan)]
        self._spot = after
        self._passed = 0
        self._window = _FIRST_WINDOW
        direction = "DESC" if plan.descending else "ASC"
        self._order = f"ORDER BY time {direction}, seq {direction}"

    @property
    def spent(self) -> bool:
        return self._passed >= MOST_PASSED

    def next(self, size: int) -> Batch:
        if not self._plan.indexed:
            spots = self._spots(self._bounds(), size)
            self._passed += len(spots)
            return self._batch(spots, ended=len(spots) < size)
        while True:
            bounds, window = self._bounds(), min(self._window, MOST_PASSED - self._passed)
            last = self._last(bounds, window)
            end = [] if last is None else [self._until(last)]
            spots = self._spots([*bounds, *end, *self._plan.indexed], size)
            if len(spots) == size:
                return self._batch(spots, ended=False)
            self._passed += window
            self._window *= _WINDOW_GROWTH
            self._spot = last or self._spot
            if spots or last is None or self.spent:
                return self._batch(spots, ended=last is None)

    def _batch(self, spots: list[Spot], *, ended: bool) -> Batch:
        if spots and (self._spot is None or self._beyond(spots[-1], self._spot)):
            self._spot = spots[-1]
        rows = rows_of(self._organisation_id, [seq for _, seq in spots], self._conditions)
        return Batch([rows[seq] for _, seq in spots if seq in rows], None if ended else self._spot)

    def _beyond(self, one: Spot, other: Spot) -> bool:
        return one < other if self._plan.descending else one > other

    def _bounds(self) -> list[Condition]:
        if self._spot is None:
            return self._within
        sign = "<" if self._plan.descending else ">"
        return [*self._within, (f"(time, seq) {sign} (%s, %s)", self._spot)]

    def _until(self, last: Spot) -> Condition:
        sign = ">" if self._plan.descending else "<"
        return f"(time, seq) {sign}= (%s, %s)", last

    def _spots(self, conditions: Sequence[Condition], size: int) -> list[Spot]:
        return [(time, seq) for time, seq in self._select(conditions, "LIMIT %s", [size])]

    def _last(self, bounds: Sequence[Condition], window: int) -> Spot | None:
        """Return the last spot of a window, None if there are not so many left."""
        found = self._select(bounds, "LIMIT 1 OFFSET %s", [window - 1])
        return (found[0][0], found[0][1]) if found else None

    def _select(
        self, conditions: Sequence[Condition], tail: str, values: list[int]
    ) -> list[tuple[Any, ...]]:
        clause, more = _joined(conditions)
        return select(
            "SELECT time, seq FROM capture_storedevent "  # noqa: S608 - parts come from code
            f"WHERE organisation_id = %s{clause} {self._order} {tail}",
            [self._organisation_id, *more, *values],
        )


def _joined(conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Return conditions as the end of a WHERE clause, and their parameters."""
    clause = "".join(f" AND {text}" for text, _ in conditions)
    return clause, [value for _, some in conditions for value in some]


def _times(plan: Plan) -> list[Condition]:
    """Return the range of times of happening that is meant."""
    bounds: list[Condition] = []
    if plan.since is not None:
        bounds.append(("time >= %s", (plan.since,)))
    if plan.until is not None:
        bounds.append(("time < %s", (plan.until,)))
    return bounds


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


class _Numbers:
    """All events of a range of numbers."""

    def __init__(
        self,
        organisation_id: int,
        plan: Plan,
        conditions: Sequence[Condition],
        reach: tuple[int, int],
        after: Spot | None,
    ) -> None:
        self._organisation_id = organisation_id
        self._conditions = [*conditions, *_times(plan)]
        self._down = plan.descending
        self._low, self._high = reach
        self._passed = 0
        if after is not None and self._down:
            self._high = min(self._high, after[1])
        elif after is not None:
            self._low = max(self._low, after[1] + 1)

    @property
    def spent(self) -> bool:
        return self._passed >= _MOST_NUMBERS

    def next(self, size: int) -> Batch:
        # Where columns rule most out, a range has fewer rows than numbers.
        size = max(size, self._passed)
        if self._down:
            low, high = max(self._low, self._high - size), self._high
            self._high = low
        else:
            low, high = self._low, min(self._high, self._low + size)
            self._low = high
        self._passed += size
        rows = rows_in(self._organisation_id, (low, high), self._conditions)
        if self._down:
            rows.reverse()
        ended = self._low >= self._high
        return Batch(rows, None if ended else (0, low if self._down else high - 1))
