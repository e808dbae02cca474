"""Items that the same events name, in the same roles, have the same history.

Owns: finding them, so that a history is folded once for all of them.
Does not own: the fold.

What holds an item follows from its own events, and everything above from what holds it: two items
whose own entries are equal are alike for ever. The items of a case that nobody opened are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.core.keyset import Keys, unpack_runs
from suyuan.lineage.fetch import Entries


@dataclass(frozen=True, slots=True)
class Alike:
    """Items in groups.

    Attributes:
        items: ascending keys, shape (n,).
        group: the position of each item's group, shape (n,).
        firsts: the first item of each group, ascending, shape (m,).
        counts: how many items each group has, shape (m,).
        entries: the entries of the first items.
    """

    items: Keys
    group: Keys
    firsts: Keys
    counts: Keys
    entries: Entries

    def members(self, groups: Keys) -> Keys:
        """Return the items of some groups, ascending."""
        return self.items[np.isin(self.group, groups)]


def alike(entries: Entries) -> Alike:
    """Group the items that `entries` (ordered by key, then number) are about."""
    keys = entries.keys
    if not keys.size:
        return Alike(keys, keys, keys, keys, entries)
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    items, lengths = keys[starts], np.diff(np.append(starts, keys.size))
    words = entries.seqs * 16 + entries.roles
    sums = np.add.reduceat(_mixed(words), starts)
    _, first, group = np.unique(sums, return_index=True, return_inverse=True)
    same = _equal(words, starts, lengths, first[group])
    # Sums that collide by chance: such an item stands for itself.
    leader = np.where(same, first[group], np.arange(items.size))
    leaders, group, counts = np.unique(leader, return_inverse=True, return_counts=True)
    rows = unpack_runs(starts[leaders], lengths[leaders])
    kept = Entries(entries.keys[rows], entries.seqs[rows], entries.roles[rows])
    return Alike(items, group, items[leaders], counts, kept)


def _mixed(words: Keys) -> NDArray[np.uint64]:
    """Return each word as 64 bits that look random (the finaliser of SplitMix64)."""
    mixed = words.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _equal(words: Keys, starts: Keys, lengths: Keys, leaders: Keys) -> NDArray[np.bool_]:
    """Tell of each item whether its words are those of its leader, one by one."""
    same: NDArray[np.bool_] = lengths == lengths[leaders]
    checked = np.flatnonzero(same & (leaders != np.arange(starts.size)))
    if checked.size:
        mine = unpack_runs(starts[checked], lengths[checked])
        theirs = unpack_runs(starts[leaders[checked]], lengths[checked])
        bounds = np.cumsum(lengths[checked]) - lengths[checked]
        same[checked] = np.logical_and.reduceat(words[mine] == words[theirs], bounds)
    return same
