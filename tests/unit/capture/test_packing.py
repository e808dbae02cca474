"""Facts about packed columns: every number comes back, in few bytes; damage is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.capture.columns.packing import pack, unpack
from suyuan.core.keyset import INDEX_BITS, distinct

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


def array(values: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


@given(st.lists(st.tuples(INT64, st.integers(0, 3), st.integers(0, 1 << 40)), max_size=60))
def test_what_was_packed_comes_back_the_same(rows: list[tuple[int, int, int]]) -> None:
    columns = [array(list(column)) for column in zip(*rows, strict=True)] if rows else [array([])]
    back = unpack(pack(columns))
    assert [column.tolist() for column in back] == [column.tolist() for column in columns]


@pytest.mark.parametrize(
    ("values", "most"),
    [
        (np.full(10_000, -1), 0.01),
        (1_767_225_600_000_000 + np.arange(10_000) * 1_000_000, 2.01),
        (np.where(np.arange(10_000) % 3, -1, 5 << INDEX_BITS), 1.02),
        ((np.arange(10_000) % 2 + 3 << INDEX_BITS) + np.arange(10_000), 3.02),
        (np.arange(10_000) * 3, 2.01),
    ],
    ids=["one number", "seconds", "few numbers", "two classes of keys", "multiples"],
)
def test_regular_numbers_take_few_bytes_each(values: np.ndarray, most: float) -> None:
    packed = pack([values.astype(np.int64)])
    assert len(packed) / values.size <= most
    assert np.array_equal(unpack(packed)[0], values)


def test_only_the_columns_that_are_asked_for_are_unpacked() -> None:
    packed = pack([array([1, 2]), array([300, 400]), array([-1, -1])])
    assert [column.tolist() for column in unpack(packed, [2, 0])] == [[-1, -1], [1, 2]]


@pytest.mark.parametrize("cut", [1, 7, 20, 40])
def test_a_column_that_was_cut_off_is_told_of(cut: int) -> None:
    packed = pack([array([7, 300, 70_000])])
    with pytest.raises(ValueError, match="packed column"):
        unpack(packed[: min(cut, len(packed) - 1)])


@given(st.lists(st.one_of(INT64, st.integers(0, 500)), max_size=300))
def test_distinct_numbers_are_those_of_a_set_in_order(values: list[int]) -> None:
    assert distinct(array(values)).tolist() == sorted(set(values))
