"""Facts about sets of keys and packed blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.keyset import (
    BLOCK_SIZE,
    KeySet,
    block_contains,
    block_key,
    block_start,
    class_of,
    key_of,
    pack_block,
    unpack_block,
)

KEYS = st.lists(st.integers(0, 2**63 - 1), max_size=60)
OFFSETS = st.sets(st.integers(0, BLOCK_SIZE - 1), min_size=1, max_size=200)


@given(KEYS)
def test_a_set_survives_its_serial_form(keys: list[int]) -> None:
    assert KeySet.from_bytes(KeySet(keys).to_bytes()) == KeySet(keys)


@given(KEYS)
def test_an_array_and_an_iterable_make_the_same_set(keys: list[int]) -> None:
    made = KeySet.from_array(np.array(keys, dtype=np.int64))
    assert made == KeySet(keys)
    assert made.to_array().tolist() == sorted(set(keys))
    assert hash(made) == hash(KeySet(keys))


@given(KEYS, KEYS)
def test_set_algebra_is_that_of_python_sets(left: list[int], right: list[int]) -> None:
    a, b = KeySet(left), KeySet(right)
    assert set(a | b) == set(left) | set(right)
    assert set(a & b) == set(left) & set(right)
    assert set(a - b) == set(left) - set(right)
    assert len(a) == len(set(left))
    assert bool(a) == bool(left)
    assert all(key in a for key in left)


def test_a_hundred_thousand_neighbours_take_some_forty_bytes() -> None:
    keys = KeySet.from_array(np.arange(100_000, dtype=np.int64) + key_of(5, 0))
    assert len(keys.to_bytes()) < 64
    assert keys.runs() == [(key_of(5, 0), key_of(5, 99_999))]


def test_an_empty_set_is_empty_bytes() -> None:
    assert KeySet().to_bytes() == b""
    assert not KeySet.from_bytes(b"")
    assert KeySet().runs() == []
    assert repr(KeySet([1])) == "KeySet(1 keys)"


def test_a_set_is_no_other_thing() -> None:
    assert KeySet([1]) != {1}


def test_broken_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match=".*"):
        KeySet.from_bytes(b"\xff\x00\x13")


@given(st.integers(0, 2**63 - 1))
def test_a_block_never_collides_with_a_key_and_starts_below_it(key: int) -> None:
    block = block_key(key)
    assert block < 0
    assert 0 <= key - block_start(block) < BLOCK_SIZE


def test_a_key_is_its_class_and_index() -> None:
    assert class_of(key_of(7, 2**40 - 1)) == 7


@given(OFFSETS)
def test_a_block_survives_packing(offsets: set[int]) -> None:
    ordered = np.array(sorted(offsets), dtype=np.int64)
    packed = pack_block(ordered)
    assert unpack_block(packed).tolist() == ordered.tolist()
    probe = [*offsets, 0, 1, 127, 128, 255, max(offsets) // 2]
    assert [block_contains(packed, o) for o in probe] == [o in offsets for o in probe]


@given(st.integers(0, 200), st.integers(1, 56), st.sets(st.integers(0, 255), max_size=20))
def test_runs_with_strays_survive_packing(start: int, length: int, strays: set[int]) -> None:
    offsets = sorted(strays | set(range(start, start + length)))
    packed = pack_block(np.array(offsets, dtype=np.int64))
    assert unpack_block(packed).tolist() == offsets
    assert all(block_contains(packed, o) for o in offsets)
    assert not any(block_contains(packed, o) for o in set(range(256)) - set(offsets))


def test_each_form_is_chosen_where_it_is_shortest() -> None:
    run = pack_block(np.arange(256))
    few = pack_block(np.arange(0, 40, 2))
    many = pack_block(np.arange(0, 256, 2))
    assert [(p[0], len(p)) for p in (run, few, many)] == [(0, 3), (1, 21), (2, 33)]


def test_a_scattered_block_is_a_bitmap_that_tells_its_members() -> None:
    offsets = np.arange(1, 256, 2)
    packed = pack_block(offsets)
    assert packed[0] == 2
    assert unpack_block(packed).tolist() == offsets.tolist()
    assert [block_contains(packed, o) for o in (0, 1, 254, 255)] == [False, True, False, True]


def test_a_large_scattered_array_makes_the_same_set_as_its_members() -> None:
    keys = np.arange(0, 10_000, 7, dtype=np.int64)[::-1]
    assert KeySet.from_array(keys) == KeySet(keys.tolist())
