"""Figures of weighted values are those of the values written out."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suyuan.monitoring.dwell.figures import binned, quantiles, sums

_ROWS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=60
)


def _arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    # Groups are numbered without gaps.
    values, weights, groups = (
        np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)
    )
    _, groups = np.unique(groups, return_inverse=True)
    return values, weights, groups, int(groups.max()) + 1


def _written_out(rows: list[tuple[int, int, int]]) -> list[list[int]]:
    names = sorted({group for _, _, group in rows})
    return [
        sorted(v for value, weight, group in rows if group == name for v in [value] * weight)
        for name in names
    ]


@given(_ROWS)
def test_quantiles_are_nearest_rank(rows: list[tuple[int, int, int]]) -> None:
    values, weights, groups, count = _arrays(rows)
    found = quantiles(values, weights, groups, count, (0, 1, 10, 50, 90, 99, 100))
    for row, some in zip(found.tolist(), _written_out(rows), strict=True):
        for quantile, percent in zip(row, (0, 1, 10, 50, 90, 99, 100), strict=True):
            rank = max(1, math.ceil(len(some) * percent / 100))
            assert quantile == some[rank - 1]


@given(_ROWS)
def test_sums_and_bins_count_each_value_as_often_as_it_weighs(
    rows: list[tuple[int, int, int]],
) -> None:
    values, weights, groups, count = _arrays(rows)
    written = _written_out(rows)
    assert sums(values, weights, groups, count) == [sum(some) for some in written]
    edges = (-10, 0, 10)
    assert binned(values, weights, groups, count, edges).tolist() == [
        [
            sum(v < -10 for v in some),
            sum(-10 <= v < 0 for v in some),
            sum(0 <= v < 10 for v in some),
            sum(v >= 10 for v in some),
        ]
        for some in written
    ]


def test_sum_of_ten_million_items_for_a_year_does_not_overflow() -> None:
    year = 31_536_000_000_000
    one = np.array([year], dtype=np.int64)
    found = sums(one, np.array([10_000_000]), np.array([0]), 1)
    assert found == [year * 10_000_000]
