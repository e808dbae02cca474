"""From the first item of a group of alike ones back to all of the group.

Owns: the expansion; `alike` does the grouping.
"""

from __future__ import annotations

import numpy as np

from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.alike import Alike


def members(same: Alike, firsts: Keys) -> KeySet:
    """Return the items of the groups that some first items stand for."""
    return KeySet.from_array(same.members(np.searchsorted(same.firsts, firsts)))


def count(same: Alike, firsts: Keys) -> int:
    """Return how many items the groups have that distinct first items stand for."""
    return int(same.counts[np.searchsorted(same.firsts, firsts)].sum())


def spread(same: Alike, firsts: Keys, *values: Keys) -> tuple[Keys, ...]:
    """Return the items of groups, ascending, each with the first values of its first item.

    Args:
        same: the groups.
        firsts: first items of groups; one may stand several times.
        values: arrays beside `firsts`.
    """
    distinct, index = np.unique(firsts, return_index=True)
    row_of_group = np.full(same.firsts.size, -1, dtype=np.int64)
    row_of_group[np.searchsorted(same.firsts, distinct)] = index
    rows = row_of_group[same.group]
    kept = rows >= 0
    return same.items[kept], *(value[rows[kept]] for value in values)
