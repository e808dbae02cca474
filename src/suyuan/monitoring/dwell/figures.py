"""Figures of many groups at once: quantiles, sums, bins. Plain arrays, no database.

Owns: the arithmetic. Every value has a weight, a whole number of items that share it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from suyuan.core.keyset import Keys


def quantiles(
    values: Keys, weights: Keys, groups: Keys, count: int, percents: Sequence[int]
) -> Keys:
    """Return nearest-rank quantiles of each group; shape (count, len(percents)).

    The p-th of n values is the smallest that at least p percent of n are not greater than. Every
    group from 0 to `count` - 1 has a value.
    """
    order = np.lexsort((values, groups))
    sorted_values = values[order]
    totals = np.bincount(groups, weights, minlength=count).astype(np.int64)
    reached = np.cumsum(weights[order])
    before = np.cumsum(totals) - totals
    found = np.empty((count, len(percents)), dtype=np.int64)
    for column, percent in enumerate(percents):
        rank = np.maximum(1, -(-totals * percent // 100))  # rounded up
        found[:, column] = sorted_values[np.searchsorted(reached, before + rank)]
    return found


def sums(values: Keys, weights: Keys, groups: Keys, count: int) -> list[int]:
    """Return the weighted sum of each group.

    In floating point: ten million items for a year are more microseconds than 63 bits hold.
    """
    found = np.bincount(groups, values.astype(np.float64) * weights, minlength=count)
    return [int(one) for one in found.tolist()]


def binned(values: Keys, weights: Keys, groups: Keys, count: int, edges: Sequence[int]) -> Keys:
    """Return how much of each group lies below each edge, and above all; (count, edges + 1).

    A value that equals an edge belongs to the bin that it begins.
    """
    width = len(edges) + 1
    bins = np.digitize(values, np.array(edges, dtype=np.int64))
    counted = np.bincount(groups * width + bins, weights, minlength=count * width)
    return counted.astype(np.int64).reshape(count, width)
