"""Where many items are now: the fold of history, in arrays.

Owns: containment windows and the last word on place, for sets of items.
Does not own: the single identity (history); the two give the same answer, which tests check.

Levels go up from the items to what held them. A window says that an item was in a unit from
`start` (included) to `end` (excluded); a unit's events count for the item while the window is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import Keys
from suyuan.lineage.fetch import Entries, Facts, entries_of, facts_of
from suyuan.lineage.fold import (
    CLEARED_NUMBERS,
    CODE_OF,
    HOLDER_ROLES,
    OWN_ROLES,
    RECALL_NUMBER,
    whereabouts_codes,
)
from suyuan.lineage.values import Whereabouts

MOST_LEVELS: Final = 8
_FOREVER: Final = 1 << 62
_IN_TRANSIT: Final = CODE_OF[Whereabouts.IN_TRANSIT]
_SOLD: Final = CODE_OF[Whereabouts.SOLD]
_OWN: Final = np.array(sorted(OWN_ROLES), dtype=np.int64)
_HOLDER: Final = np.array(sorted(HOLDER_ROLES), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Present:
    """What is true now of items; arrays of shape (n,), in the order of `items`.

    Attributes:
        items: keys, ascending.
        codes: number in `fold.CODES`; 0: not seen.
        locations: key of the place, -1 unknown.
        seqs: the event that says so, -1 none.
        units: what that event named: the item itself or a container.
        parents: the innermost container now, -1 none.
        recalled: marked by a recall that was not cleared.
        latest: the greatest event number that was looked at.
    """

    items: Keys
    codes: Keys
    locations: Keys
    seqs: Keys
    units: Keys
    parents: Keys
    recalled: NDArray[np.bool_]
    latest: int


@dataclass(frozen=True, slots=True)
class _Windows:
    """Arrays of shape (m,): positions of items, and what they were in, from when to when."""

    items: Keys
    units: Keys
    starts: Keys
    ends: Keys

    def only(self, mask: NDArray[np.bool_]) -> _Windows:
        """Return the windows where `mask` holds."""
        return _Windows(self.items[mask], self.units[mask], self.starts[mask], self.ends[mask])


@dataclass(frozen=True, slots=True)
class _Told:
    """What events tell of units: entries with the facts of their events; arrays of shape (n,)."""

    keys: Keys
    roles: Keys
    facts: Facts  # as long as the entries: a row for each of them

    @classmethod
    def of(cls, entries: Entries, facts: Facts) -> _Told:
        """Join entries with facts; leave out what was declared void."""
        at = facts.at(entries.seqs)
        kept = ~facts.voided[at]
        return cls(entries.keys[kept], entries.roles[kept], facts.take(at[kept]))

    def only(self, mask: NDArray[np.bool_] | Keys) -> _Told:
        """Return the rows where `mask` holds, or those at its positions."""
        return _Told(self.keys[mask], self.roles[mask], self.facts.take(mask))


class _LastWord:
    """Keeps, for each item, the last event that says something; later time wins, then number."""

    def __init__(self, size: int) -> None:
        self.times = np.full(size, -_FOREVER, dtype=np.int64)
        self.seqs = np.full(size, -1, dtype=np.int64)
        self.values = np.zeros((size, 3), dtype=np.int64)

    def hear(self, windows: _Windows, told: _Told, *values: Keys) -> None:
        """Let each item hear what is told of its unit while its window is open.

        `values`: up to three arrays beside `told`, kept from the last word.
        """
        window, row = _join(windows, told.keys)
        times = told.facts.times[row]
        inside = (windows.starts[window] <= times) & (times < windows.ends[window])
        items, row, times = windows.items[window[inside]], row[inside], times[inside]
        seqs = told.facts.seqs[row]
        order = np.lexsort((seqs, times, items))
        last = order[np.append(np.diff(items[order]) != 0, np.ones(min(1, order.size), dtype=bool))]
        items, row, times, seqs = items[last], row[last], times[last], seqs[last]
        newer = (times > self.times[items]) | (
            (times == self.times[items]) & (seqs > self.seqs[items])
        )
        items, row = items[newer], row[newer]
        self.times[items], self.seqs[items] = times[newer], seqs[newer]
        for column, value in enumerate(values):
            self.values[items, column] = value[row]


def present(organisation_id: int, items: Keys, entries: Entries | None = None) -> Present:
    """Return where `items` (ascending, distinct) are now.

    Args:
        organisation_id: whose events.
        items: keys.
        entries: the entries of `items`, if they have been read already.
    """
    size = items.size
    place, recall = _LastWord(size), _LastWord(size)
    parents = np.full(size, -1, dtype=np.int64)
    latest = 0
    facts: Facts | None = None
    windows = _Windows(
        np.arange(size),
        items,
        np.full(size, -_FOREVER, dtype=np.int64),
        np.full(size, _FOREVER, dtype=np.int64),
    )
    for depth in range(MOST_LEVELS):
        if depth or entries is None:
            entries = entries_of(organisation_id, np.unique(windows.units))
        seqs = np.unique(entries.seqs)
        facts = facts.and_of(organisation_id, seqs) if facts else facts_of(organisation_id, seqs)
        latest = max(latest, int(facts.seqs[-1]) if facts.seqs.size else 0)
        told = _Told.of(entries, facts)
        if depth:
            windows = _clip(windows, told)
            if depth == 1:
                still = windows.ends >= _FOREVER
                parents[windows.items[still]] = windows.units[still]
        _listen(windows, told.only(np.isin(told.roles, _HOLDER if depth else _OWN)), place, recall)
        windows = _above(windows, told)
        if not windows.items.size:
            break
    known = place.seqs >= 0
    return Present(
        items=items,
        codes=place.values[:, 0],
        locations=np.where(known, place.values[:, 1], -1),
        seqs=place.seqs,
        units=np.where(known, place.values[:, 2], items),
        parents=parents,
        recalled=recall.values[:, 0] == 1,
        latest=latest,
    )


def _join(windows: _Windows, keys: Keys) -> tuple[Keys, Keys]:
    """Pair each window with the rows of its unit in ascending `keys`: (window, row) positions."""
    low = np.searchsorted(keys, windows.units, side="left")
    counts = np.searchsorted(keys, windows.units, side="right") - low
    window = np.repeat(np.arange(windows.units.size), counts)
    first = np.cumsum(counts) - counts
    row = np.arange(window.size) - np.repeat(first, counts) + np.repeat(low, counts)
    return window, row


def _listen(windows: _Windows, told: _Told, place: _LastWord, recall: _LastWord) -> None:
    """Let each item hear where its unit went, and whether it was recalled or cleared."""
    facts = told.facts
    codes = whereabouts_codes(facts.steps, facts.dispositions, facts.locations >= 0)
    # What is on its way or sold is nowhere in the house, unless the event names a place.
    nowhere = (codes == _IN_TRANSIT) | (codes == _SOLD)
    spots = np.where(nowhere & (facts.locations < 0), -1, facts.read_points)
    spots = np.where(facts.locations >= 0, facts.locations, spots)
    moved = codes > 0
    place.hear(windows, told.only(moved), codes[moved], spots[moved], told.keys[moved])
    marks = facts.dispositions == RECALL_NUMBER
    spoken = marks | np.isin(facts.dispositions, CLEARED_NUMBERS)
    recall.hear(windows, told.only(spoken), marks[spoken].astype(np.int64))


def _above(windows: _Windows, told: _Told) -> _Windows:
    """Return the windows of the next level: what held the units, within their windows."""
    told = told.only(
        (told.roles == Role.CHILD)
        & (told.facts.types == EventType.AggregationEvent)
        & (told.facts.parents >= 0)
    )
    told = told.only(np.lexsort((told.facts.seqs, told.facts.times, told.keys)))
    times = told.facts.times
    ends = np.full(told.keys.size, _FOREVER, dtype=np.int64)
    if told.keys.size:
        same = np.diff(told.keys) == 0
        ends[:-1][same] = times[1:][same]
    held = told.facts.actions != Action.DELETE
    told, ends = told.only(held), ends[held]
    window, row = _join(windows, told.keys)
    above = _Windows(
        windows.items[window],
        told.facts.parents[row],
        np.maximum(windows.starts[window], told.facts.times[row]),
        np.minimum(windows.ends[window], ends[row]),
    )
    return above.only(above.starts < above.ends)


def _clip(windows: _Windows, told: _Told) -> _Windows:
    """End windows at the moment when their unit was emptied whole."""
    emptied = told.only(
        (told.roles == Role.PARENT)
        & (told.facts.types == EventType.AggregationEvent)
        & (told.facts.actions == Action.DELETE)
        & told.facts.childless
    )
    window, row = _join(windows, emptied.keys)
    times = emptied.facts.times[row]
    after = times >= windows.starts[window]
    ends = windows.ends.copy()
    np.minimum.at(ends, window[after], times[after])
    clipped = _Windows(windows.items, windows.units, windows.starts, ends)
    return clipped.only(windows.starts < ends)
