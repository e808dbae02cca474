"""Where many items are now: the fold of history, in arrays.

Owns: the climb from items to what held them, and the last word on place.
Does not own: the single identity (history); the two give the same answer, which tests check.

Levels go up from the items to what held them. A window says that something was in a unit from one
event (included) to another (excluded), in the order of events: by time, and by number where times
are the same. What a unit's events tell counts while the window is open. The items of a case share
its windows from there on: each window of a level is climbed once, however many items it holds, and
what was heard comes down again along the same links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.columns import Columns
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action
from suyuan.core.keyset import Keys, distinct, unpack_runs
from suyuan.lineage.alike import Alike
from suyuan.lineage.fetch import Entries, entries_of, facts_of, found_in
from suyuan.lineage.timeline import NEVER, Timeline, Words, first_after, last_before

MOST_LEVELS: Final = 8
"""How many levels of containers above an item count."""

PIECE: Final = 1 << 20  # items that are folded together: memory is bounded
_DEPTH_BITS: Final = 4


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
        deepest: units that something still held when the climb ended: a container in itself.
    """

    items: Keys
    codes: Keys
    locations: Keys
    seqs: Keys
    units: Keys
    parents: Keys
    recalled: NDArray[np.bool_]
    latest: int
    deepest: Keys

    @classmethod
    def joined(cls, parts: Sequence[Present]) -> Present:
        """Return what is true of several sets of items, no two of which share an item."""
        parts = sorted((p for p in parts if p.items.size), key=lambda part: int(part.items[0]))
        if not parts:
            empty = np.empty(0, dtype=np.int64)
            return cls(empty, empty, empty, empty, empty, empty, empty > 0, 0, empty)
        apart = all(a.items[-1] < b.items[0] for a, b in pairwise(parts))
        order = None if apart else np.argsort(np.concatenate([p.items for p in parts]))

        def column(name: str) -> Any:
            told = np.concatenate([getattr(part, name) for part in parts])
            return told if order is None else told[order]

        return cls(
            items=column("items"),
            codes=column("codes"),
            locations=column("locations"),
            seqs=column("seqs"),
            units=column("units"),
            parents=column("parents"),
            recalled=column("recalled"),
            latest=max(part.latest for part in parts),
            deepest=np.unique(np.concatenate([part.deepest for part in parts])),
        )


def present_of(
    organisation_id: int, items: Keys, same: Alike, columns: Columns | None = None
) -> Present:
    """Return where `items` (ascending, distinct) are now: those that are alike are folded once.

    Args:
        organisation_id: whose events.
        items: keys.
        same: the groups of those that any event names.
        columns: as in `entries_of`.
    """
    firsts = present(organisation_id, same.firsts, same.entries, columns)
    nothing = np.full(items.size, -1, dtype=np.int64)
    seen = found_in(same.items, items)
    group = same.group[np.searchsorted(same.items, items[seen])]

    def spread(values: Any, missing: int) -> Any:
        told = np.full(items.size, missing, dtype=values.dtype)
        told[seen] = values[group]
        return told

    told_itself = nothing == 0
    told_itself[seen] = (firsts.units == firsts.items)[group]
    return Present(
        items=items,
        codes=spread(firsts.codes, 0),
        locations=spread(firsts.locations, -1),
        seqs=spread(firsts.seqs, -1),
        units=np.where(told_itself | ~seen, items, spread(firsts.units, -1)),
        parents=spread(firsts.parents, -1),
        recalled=spread(firsts.recalled, 0),
        latest=firsts.latest,
        deepest=firsts.deepest,
    )


def present(
    organisation_id: int,
    items: Keys,
    entries: Entries | None = None,
    columns: Columns | None = None,
) -> Present:
    """Return where `items` (ascending, distinct) are now.

    Args:
        organisation_id: whose events.
        items: keys.
        entries: the entries of `items`, if they have been read already.
        columns: as in `entries_of`.
    """
    columns = columns or Columns(organisation_id)
    parts = []
    for start in range(0, items.size, PIECE):
        piece = items[start : start + PIECE]
        told = None
        if entries is not None:
            low = int(np.searchsorted(entries.keys, piece[0]))
            high = int(np.searchsorted(entries.keys, piece[-1], side="right"))
            told = Entries(entries.keys[low:high], entries.seqs[low:high], entries.roles[low:high])
        parts.append(_present(columns, piece, told))
    return parts[0] if len(parts) == 1 else Present.joined(parts)


def _present(columns: Columns, items: Keys, entries: Entries | None) -> Present:
    organisation_id = columns.organisation_id
    if entries is None:
        entries = entries_of(organisation_id, items, columns)
    facts = facts_of(organisation_id, distinct(entries.seqs), columns)
    words = Words.of(items, entries, Timeline(facts))
    level = _Level.of_items(items)
    levels = [level.heard(words, own=True)]
    level = level.above(words, items=True)
    while level.at.size and len(levels) <= MOST_LEVELS:
        entries = entries_of(organisation_id, level.units, columns)
        facts = facts.and_of(organisation_id, distinct(entries.seqs), columns)
        words = Words.of(level.units, entries, Timeline(facts))
        level = level.clipped(words)
        levels.append(level.heard(words, own=False))
        level = level.above(words, items=False)
    return _brought_down(items, levels, words.timeline, level.units)


@dataclass(frozen=True, slots=True)
class _Level:
    """Windows of one level, each of them once; arrays of shape (g,), links of shape (l,).

    Attributes:
        units: ascending keys of what things are in.
        at: the position in `units` of each window's unit.
        packed: event that put what is directly below into the unit.
        starts: event from which on the window is open; `NEVER`: it always was.
        ends: event that ends it; `NEVER`: it is open.
        below: links: windows of the level below, ascending.
        here: links: the windows of this level that those are in.
        places: last event that says where what is in the unit is, `NEVER` none.
        marks: last event that marks or clears it, `NEVER` none.
    """

    units: Keys
    at: Keys
    packed: Keys
    starts: Keys
    ends: Keys
    below: Keys
    here: Keys
    places: Keys
    marks: Keys

    @classmethod
    def of_items(cls, items: Keys) -> Self:
        """Return items as windows that were always open and still are."""
        every, never = np.arange(items.size), np.full(items.size, NEVER, dtype=np.int64)
        return cls(items, every, never, never, never, every, every, never, never)

    def clipped(self, words: Words) -> Self:
        """End windows at the event that emptied their unit whole after it was packed."""
        timeline = words.timeline
        emptied = words.told(Role.PARENT, timeline.emptying)
        first = first_after(emptied, self.at, timeline.beginnings(self.packed), timeline.bits)
        ends = timeline.endings(self.ends)
        sooner = (first >= 0) & (first < ends)
        if not sooner.any():
            return self
        stops = np.where(sooner, timeline.facts.seqs[first], self.ends)
        kept = timeline.beginnings(self.starts) < np.where(sooner, first, ends)
        linked = kept[self.here]
        return type(self)(
            units=self.units,
            at=self.at[kept],
            packed=self.packed[kept],
            starts=self.starts[kept],
            ends=stops[kept],
            below=self.below[linked],
            here=(np.cumsum(kept) - 1)[self.here[linked]],
            places=self.places[kept],
            marks=self.marks[kept],
        )

    def heard(self, words: Words, *, own: bool) -> Self:
        """Return the windows with the last events that count while they are open."""
        timeline = words.timeline
        since, until = timeline.beginnings(self.starts), timeline.endings(self.ends)
        told = []
        for telling in (timeline.codes > 0, timeline.speaking):
            said = words.heard(telling, own=own)
            ranks = last_before(said, self.at, since, until, timeline.bits)
            told.append(timeline.numbers(ranks))
        return type(self)(
            self.units,
            self.at,
            self.packed,
            self.starts,
            self.ends,
            self.below,
            self.here,
            *told,
        )

    def above(self, words: Words, *, items: bool) -> Self:
        """Return the windows of the next level: what held the units, while these are open."""
        timeline, bits = words.timeline, words.timeline.bits
        packing = words.told(Role.CHILD, timeline.packing)
        units, starts = packing >> bits, packing & (1 << bits) - 1
        ends = np.full(starts.size, timeline.size, dtype=np.int64)
        followed = np.flatnonzero(units[:-1] == units[1:])
        ends[followed] = starts[followed + 1]
        held = timeline.facts.actions[starts] != Action.DELETE
        units, packed, ends = units[held], starts[held], ends[held]
        if items:  # each has one window, which was always open
            return self._of_words(timeline, units, packed, packed, ends)
        since, until = timeline.beginnings(self.starts), timeline.endings(self.ends)
        low = np.searchsorted((units << bits) + ends, (self.at << bits) + since, side="right")
        high = np.searchsorted((units << bits) + packed, (self.at << bits) + until, side="left")
        counts = np.maximum(high - low, 0)
        below = np.repeat(np.arange(self.at.size), counts)
        word = unpack_runs(low, counts)
        starts = np.maximum(packed[word], since[below])
        ends = np.minimum(ends[word], until[below])
        return self._of_words(timeline, below, packed[word], starts, ends)

    @classmethod
    def _of_words(
        cls, timeline: Timeline, below: Keys, packed: Keys, starts: Keys, ends: Keys
    ) -> Self:
        """Make a level of windows, given by ranks: those that are equal become one."""
        bits, mask = timeline.bits, (1 << timeline.bits) - 1
        if starts is packed:
            windows, here = np.unique((packed << bits) + ends, return_inverse=True)
            packed, ends = windows >> bits, windows & mask
            starts = packed
        else:
            halves, half = np.unique((packed << bits) + starts, return_inverse=True)
            windows, here = np.unique((half << bits) + ends, return_inverse=True)
            both, ends = halves[windows >> bits], windows & mask
            packed, starts = both >> bits, both & mask
        parents = timeline.facts.parents[packed]
        units = distinct(parents)
        never = np.full(packed.size, NEVER, dtype=np.int64)
        return cls(
            units=units,
            at=np.searchsorted(units, parents),
            packed=timeline.numbers(packed),
            starts=timeline.numbers(starts),
            ends=timeline.numbers(np.where(ends < timeline.size, ends, NEVER)),
            below=below,
            here=here,
            places=never,
            marks=never,
        )


def _brought_down(
    items: Keys, levels: Sequence[_Level], timeline: Timeline, deepest: Keys
) -> Present:
    """Let each item hear the last word of all that held it."""
    nothing = np.full(items.size, -1, dtype=np.int64)
    if not timeline.size:
        zero = np.zeros_like(nothing)
        return Present(items, zero, nothing, nothing, items, nothing, zero > 0, 0, deepest)
    units = np.concatenate([level.units[level.at] for level in levels])
    ranks, speaker = _last_words([level.places for level in levels], levels, timeline)
    marked, _ = _last_words([level.marks for level in levels], levels, timeline)
    known = ranks >= 0
    parents = nothing
    if len(levels) > 1:
        around = levels[1]
        still = around.ends[around.here] == NEVER
        parents[around.below[still]] = around.units[around.at[around.here[still]]]
    return Present(
        items=items,
        codes=np.where(known, timeline.codes[ranks], 0),
        locations=np.where(known, timeline.spots[ranks], -1),
        seqs=timeline.numbers(ranks),
        units=np.where(known, units[np.where(known, speaker, 0)], items),
        parents=parents,
        recalled=(marked >= 0) & timeline.marks[marked],
        latest=int(timeline.facts.seqs.max()),
        deepest=deepest,
    )


def _last_words(
    told: Sequence[Keys], levels: Sequence[_Level], timeline: Timeline
) -> tuple[Keys, Keys]:
    """Return the rank of each item's last word, -1 for none, and the window that heard it.

    Windows are counted through all levels. Of one event that names an item and what holds it, the
    item's own is the last word.
    """
    first = sum(level.at.size for level in levels)
    bits = first.bit_length()
    words = np.empty(0, dtype=np.int64)
    for depth in reversed(range(len(levels))):
        size = levels[depth].at.size
        first -= size
        ranks = timeline.ranks_or_none(told[depth])
        nearness = (1 << _DEPTH_BITS) - 1 - depth
        own = ((((ranks << _DEPTH_BITS) + nearness) << bits) + first) + np.arange(size)
        own[ranks < 0] = -1
        if depth + 1 < len(levels) and levels[depth + 1].below.size:
            above = levels[depth + 1]
            starts = np.flatnonzero(np.append(True, np.diff(above.below) != 0))
            heard = np.maximum.reduceat(words[above.here], starts)
            hearing = above.below[starts]
            own[hearing] = np.maximum(own[hearing], heard)
        words = own
    return words >> bits + _DEPTH_BITS, words & (1 << bits) - 1
