"""What live events tell of units, and what held units, in arrays.

Owns: the climb from items to what held them, with the events that count for them on the way.
Does not own: what follows from it: present state (present), scopes (the modules beside).

A window says that an item was in a unit from `starts` (included) to `ends` (excluded), in the
order of events: by time, then number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import Keys, KeySet, distinct
from suyuan.lineage.concerned import named_by
from suyuan.lineage.fetch import Entries, Facts, entries_of, facts_of
from suyuan.lineage.fold import whereabouts_codes
from suyuan.lineage.history import MOST_LEVELS

FOREVER: Final = 1 << 62
PIECE: Final = 1 << 18  # units that are looked at together


@dataclass(frozen=True, slots=True)
class Told:
    """Live entries, ordered by key, then time, then number; arrays of shape (n,).

    Attributes:
        keys: of units.
        seqs: of events.
        roles: of the units in them.
        times: of the events.
        at: positions of the events in `facts`.
    """

    keys: Keys
    seqs: Keys
    roles: Keys
    times: Keys
    at: Keys
    facts: Facts

    def only(self, mask: NDArray[np.bool_] | Keys) -> Told:
        """Return the rows where `mask` holds, or those at its positions."""
        return Told(
            self.keys[mask],
            self.seqs[mask],
            self.roles[mask],
            self.times[mask],
            self.at[mask],
            self.facts,
        )

    def aggregations(self, role: Role) -> NDArray[np.bool_]:
        """Tell which rows are of aggregations, with that role in them."""
        mask: NDArray[np.bool_] = self.roles == role
        mask &= self.facts.types[self.at] == EventType.AggregationEvent
        return mask

    @property
    def codes(self) -> Keys:
        """Where each event leaves its goods: numbers of `fold.CODES`."""
        facts = self.facts
        codes = whereabouts_codes(facts.steps, facts.dispositions, facts.locations >= 0)
        return codes[self.at]


def tell(organisation_id: int, entries: Entries) -> Told:
    """Join entries with the facts of their events; leave out what counts for nothing."""
    facts = facts_of(organisation_id, distinct(entries.seqs))
    at = facts.at(entries.seqs)
    live = ~facts.voided[at]
    keys, seqs, roles, at = entries.keys[live], entries.seqs[live], entries.roles[live], at[live]
    times = facts.times[at]
    if np.any((np.diff(keys) == 0) & (np.diff(times) < 0)):
        order = np.lexsort((seqs, times, keys))
        keys, seqs, roles = keys[order], seqs[order], roles[order]
        times, at = times[order], at[order]
    return Told(keys, seqs, roles, times, at, facts)


@dataclass(frozen=True, slots=True)
class Moments:
    """Places in the order of events, by time, then number; arrays of shape (m,)."""

    times: Keys
    seqs: Keys

    @classmethod
    def all_at(cls, time: int, size: int) -> Moments:
        """Return the same moment many times, before every event of that time."""
        return cls(np.full(size, time, dtype=np.int64), np.zeros(size, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """Return several arrays of moments as one."""
        none = np.empty(0, dtype=np.int64)
        return cls(
            np.concatenate([none, *(part.times for part in parts)]),
            np.concatenate([none, *(part.seqs for part in parts)]),
        )

    def take(self, at: Keys | NDArray[np.bool_]) -> Moments:
        """Return the moments at positions, or where a mask holds."""
        return Moments(self.times[at], self.seqs[at])

    def before(self, other: Moments) -> NDArray[np.bool_]:
        """Tell which are earlier than the others."""
        mask: NDArray[np.bool_] = (self.times < other.times) | (
            (self.times == other.times) & (self.seqs < other.seqs)
        )
        return mask

    def or_later(self, other: Moments) -> Moments:
        """Return the later of each two."""
        return self._chosen(self.before(other), other)

    def or_earlier(self, other: Moments) -> Moments:
        """Return the earlier of each two."""
        return self._chosen(other.before(self), other)

    def _chosen(self, others: NDArray[np.bool_], other: Moments) -> Moments:
        return Moments(
            np.where(others, other.times, self.times), np.where(others, other.seqs, self.seqs)
        )


@dataclass(frozen=True, slots=True)
class Windows:
    """What items were in, from when to when; arrays of shape (m,).

    Attributes:
        items: keys, repeated.
        units: what they were in.
        packed: when what they were in directly below was put into the unit, and by which event.
        starts: since when the item was in it.
        ends: until when, `FOREVER` if it still is.
    """

    items: Keys
    units: Keys
    packed: Moments
    starts: Moments
    ends: Moments

    @classmethod
    def joined(cls, parts: Sequence[Windows]) -> Windows:
        """Return several arrays of windows as one."""
        none = np.empty(0, dtype=np.int64)
        return cls(
            np.concatenate([none, *(part.items for part in parts)]),
            np.concatenate([none, *(part.units for part in parts)]),
            Moments.joined([part.packed for part in parts]),
            Moments.joined([part.starts for part in parts]),
            Moments.joined([part.ends for part in parts]),
        )

    def only(self, mask: NDArray[np.bool_] | Keys) -> Windows:
        """Return the windows where `mask` holds, or those at its positions."""
        return Windows(
            self.items[mask],
            self.units[mask],
            self.packed.take(mask),
            self.starts.take(mask),
            self.ends.take(mask),
        )


def pairs(low_keys: Keys, keys: Keys) -> tuple[Keys, Keys]:
    """Pair each of `low_keys` with the rows of the same key in ascending `keys`: positions."""
    low = np.searchsorted(keys, low_keys, side="left")
    counts = np.searchsorted(keys, low_keys, side="right") - low
    left = np.repeat(np.arange(low_keys.size), counts)
    first = np.cumsum(counts) - counts
    right = np.arange(left.size) - np.repeat(first, counts) + np.repeat(low, counts)
    return left, right


def held_in(organisation_id: int, items: Keys, told: Told) -> Iterator[tuple[Windows, Told]]:
    """Yield what held ascending `items`, level by level, and what is told of what held them.

    Args:
        organisation_id: whose events.
        items: keys.
        told: of the items themselves.
    """
    begin = Moments.all_at(-FOREVER, items.size)
    windows = _above(Windows(items, items, begin, begin, _never(items.size)), told)
    for _ in range(MOST_LEVELS):
        if not windows.items.size:
            return
        told = tell(organisation_id, entries_of(organisation_id, np.unique(windows.units)))
        windows = _clipped(windows, told)
        yield windows, told
        windows = _above(windows, told)


def _never(size: int) -> Moments:
    return Moments.all_at(FOREVER, size)


def _above(windows: Windows, told: Told) -> Windows:
    """Return the windows of the next level: what held the units, within their windows."""
    words = told.only(told.aggregations(Role.CHILD))
    words = words.only(words.facts.parents[words.at] >= 0)
    ends = _never(words.keys.size)
    if words.keys.size:
        same = np.diff(words.keys) == 0
        ends.times[:-1][same] = words.times[1:][same]
        ends.seqs[:-1][same] = words.seqs[1:][same]
    put = words.facts.actions[words.at] != Action.DELETE
    words, ends = words.only(put), ends.take(put)
    window, row = pairs(windows.units, words.keys)
    packed = Moments(words.times[row], words.seqs[row])
    above = Windows(
        windows.items[window],
        words.facts.parents[words.at[row]],
        packed,
        windows.starts.take(window).or_later(packed),
        windows.ends.take(window).or_earlier(ends.take(row)),
    )
    return above.only(above.starts.before(above.ends))


def _clipped(windows: Windows, told: Told) -> Windows:
    """End windows at the moment when their unit was emptied whole."""
    rows = told.only(told.aggregations(Role.PARENT))
    facts = rows.facts
    emptied = rows.only((facts.actions[rows.at] == Action.DELETE) & facts.childless[rows.at])
    window, row = pairs(windows.units, emptied.keys)
    when = Moments(emptied.times[row], emptied.seqs[row])
    after = windows.packed.take(window).before(when)
    # Rows of a unit are in order: the first after the packing is what empties it.
    first, at = np.unique(window[after], return_index=True)
    ends = _never(windows.items.size)
    ends.times[first], ends.seqs[first] = when.times[after][at], when.seqs[after][at]
    clipped = Windows(
        windows.items,
        windows.units,
        windows.packed,
        windows.starts,
        windows.ends.or_earlier(ends),
    )
    return clipped.only(clipped.starts.before(clipped.ends))


def all_held(organisation_id: int, keys: KeySet) -> Iterator[tuple[Keys, Entries]]:
    """Yield units with their entries, piece by piece: `keys` and all that they ever held."""
    done, fresh = KeySet(), keys
    while fresh:
        done = done | fresh
        deeper: list[KeySet] = []
        for piece in pieces(fresh, PIECE):
            entries = entries_of(organisation_id, piece)
            seqs = np.unique(entries.seqs[entries.roles == Role.PARENT])
            deeper.append(named_by(organisation_id, seqs.tolist()))
            yield piece, entries
        fresh = KeySet.union(deeper) - done


def pieces(items: KeySet, size: int) -> Iterator[Keys]:
    """Yield the keys of a set, so many at a time."""
    keys = items.to_array()
    for at in range(0, keys.size, size):
        yield keys[at : at + size]
