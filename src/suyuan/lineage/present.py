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


class _LastWord:
    """Keeps, for each item, the last event that says something; later time wins, then number."""

    def __init__(self, size: int) -> None:
        self.times = np.full(size, -_FOREVER, dtype=np.int64)
        self.seqs = np.full(size, -1, dtype=np.int64)
        self.values = np.zeros((size, 3), dtype=np.int64)

    def hear(self, items: Keys, times: Keys, seqs: Keys, values: tuple[Keys, Keys, Keys]) -> None:
        """Take in what events say of items; arrays of one shape."""
        order = np.lexsort((seqs, times, items))
        items, times, seqs = items[order], times[order], seqs[order]
        last = np.concatenate((np.diff(items) != 0, [True])) if items.size else items == 1
        items, times, seqs = items[last], times[last], seqs[last]
        newer = (times > self.times[items]) | (
            (times == self.times[items]) & (seqs > self.seqs[items])
        )
        items = items[newer]
        self.times[items] = times[newer]
        self.seqs[items] = seqs[newer]
        self.values[items] = np.stack([v[order][last][newer] for v in values], axis=1)


def present(organisation_id: int, items: Keys) -> Present:
    """Return where `items` (ascending, distinct) are now."""
    size = items.size
    place, recall = _LastWord(size), _LastWord(size)
    parents = np.full(size, -1, dtype=np.int64)
    latest = 0
    windows = _Windows(
        np.arange(size),
        items,
        np.full(size, -_FOREVER, dtype=np.int64),
        np.full(size, _FOREVER, dtype=np.int64),
    )
    for depth in range(MOST_LEVELS):
        units = np.unique(windows.units)
        entries = entries_of(organisation_id, units)
        facts = facts_of(organisation_id, np.unique(entries.seqs))
        latest = max(latest, int(facts.seqs[-1]) if facts.seqs.size else 0)
        at = facts.at(entries.seqs)
        if depth:
            windows = _clip(windows, entries, facts, at)
            if depth == 1:
                still = windows.ends >= _FOREVER
                parents[windows.items[still]] = windows.units[still]
        roles = _HOLDER if depth else _OWN
        heard = np.isin(entries.roles, roles) & ~facts.voided[at]
        _listen(windows, entries, facts, at, heard, place, recall)
        windows = _above(windows, entries, facts, at)
        if not windows.items.size:
            break
    return Present(
        items=items,
        codes=place.values[:, 0],
        locations=np.where(place.seqs >= 0, place.values[:, 1], -1),
        seqs=place.seqs,
        units=np.where(place.seqs >= 0, place.values[:, 2], items),
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


def _listen(
    windows: _Windows,
    entries: Entries,
    facts: Facts,
    at: Keys,
    heard: NDArray[np.bool_],
    place: _LastWord,
    recall: _LastWord,
) -> None:
    """Let each item hear the events of its unit that fall into its window."""
    keys, seqs, at = entries.keys[heard], entries.seqs[heard], at[heard]
    codes = whereabouts_codes(facts.steps[at], facts.dispositions[at], facts.locations[at] >= 0)
    moved = codes > 0
    # What is on its way or sold is nowhere in the house, unless the event names a place.
    spots = np.where(
        facts.locations[at] >= 0,
        facts.locations[at],
        np.where((codes == _IN_TRANSIT) | (codes == _SOLD), -1, facts.read_points[at]),
    )
    _tell(
        windows,
        place,
        keys[moved],
        facts.times[at][moved],
        seqs[moved],
        (codes[moved], spots[moved], keys[moved]),
    )
    marked = facts.dispositions[at] == RECALL_NUMBER
    spoken = marked | np.isin(facts.dispositions[at], CLEARED_NUMBERS)
    nothing = np.zeros(int(spoken.sum()), dtype=np.int64)
    _tell(
        windows,
        recall,
        keys[spoken],
        facts.times[at][spoken],
        seqs[spoken],
        (marked[spoken].astype(np.int64), nothing, nothing),
    )


def _tell(
    windows: _Windows,
    word: _LastWord,
    keys: Keys,
    times: Keys,
    seqs: Keys,
    values: tuple[Keys, Keys, Keys],
) -> None:
    window, row = _join(windows, keys)
    inside = (windows.starts[window] <= times[row]) & (times[row] < windows.ends[window])
    window, row = window[inside], row[inside]
    if window.size:
        word.hear(
            windows.items[window],
            times[row],
            seqs[row],
            (values[0][row], values[1][row], values[2][row]),
        )


def _above(windows: _Windows, entries: Entries, facts: Facts, at: Keys) -> _Windows:
    """Return the windows of the next level: what held the units, within their windows."""
    spoken = (
        (entries.roles == Role.CHILD)
        & (facts.types[at] == EventType.AggregationEvent)
        & (facts.parents[at] >= 0)
        & ~facts.voided[at]
    )
    keys, at = entries.keys[spoken], at[spoken]
    order = np.lexsort((facts.seqs[at], facts.times[at], keys))
    keys, at = keys[order], at[order]
    times = facts.times[at]
    ends = np.full(keys.size, _FOREVER, dtype=np.int64)
    if keys.size:
        same = np.diff(keys) == 0
        ends[:-1][same] = times[1:][same]
    held = facts.actions[at] != Action.DELETE
    keys, at, times, ends = keys[held], at[held], times[held], ends[held]
    window, row = _join(windows, keys)
    starts = np.maximum(windows.starts[window], times[row])
    stops = np.minimum(windows.ends[window], ends[row])
    real = starts < stops
    return _Windows(
        windows.items[window][real], facts.parents[at][row][real], starts[real], stops[real]
    )


def _clip(windows: _Windows, entries: Entries, facts: Facts, at: Keys) -> _Windows:
    """End windows at the moment when their unit was emptied whole."""
    emptied = (
        (entries.roles == Role.PARENT)
        & (facts.types[at] == EventType.AggregationEvent)
        & (facts.actions[at] == Action.DELETE)
        & facts.childless[at]
        & ~facts.voided[at]
    )
    if not emptied.any():
        return windows
    keys, times = entries.keys[emptied], facts.times[at][emptied]
    window, row = _join(windows, keys)
    after = times[row] >= windows.starts[window]
    ends = windows.ends.copy()
    np.minimum.at(ends, window[after], times[row][after])
    real = windows.starts < ends
    return _Windows(windows.items[real], windows.units[real], windows.starts[real], ends[real])
