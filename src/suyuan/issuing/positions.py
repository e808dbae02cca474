"""Positions of an order: ranges and bitmaps of them.

Owns: arithmetic on ranges, and how a set of positions is kept in a row.
Does not own: what a set of positions means.

A position is counted from 0 within its order, below 10,000,000, so that a 32-bit roaring bitmap
holds it; runs are the common case and cost some ten bytes each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

type Range = tuple[int, int]
"""(first, end): positions within an order, from `first` up to but not at `end`."""

_WINDOW: Final = 1 << 20  # positions that are unpacked at once


def read(data: bytes | memoryview) -> BitMap:
    """Return the set that `write` wrote."""
    return BitMap.deserialize(bytes(data)) if data else BitMap()


def write(positions: BitMap) -> bytes:
    """Return the bytes of a set (portable roaring); none for the empty set."""
    if not positions:
        return b""
    positions.run_optimize()
    return bytes(positions.serialize())


def collect(positions: Sequence[int] | NDArray[np.int64] | BitMap) -> BitMap:
    """Return any positions, in any order, as a set.

    Raises:
        OverflowError: one is negative or no 32-bit number.
    """
    if isinstance(positions, BitMap):
        return positions
    found = np.asarray(positions, dtype=np.int64)
    if found.size and (int(found.min()) < 0 or int(found.max()) >= 1 << 32):
        message = "a position is between 0 and 2**32 - 1"
        raise OverflowError(message)
    return BitMap(found.astype(np.uint32))


def of_ranges(ranges: Iterable[Range]) -> BitMap:
    """Return the positions of ranges."""
    found = BitMap()
    for first, end in ranges:
        found.add_range(first, end)
    return found


def within(positions: BitMap, first: int, end: int) -> int:
    """Return how many of `positions` are in a range."""
    return int(positions.range_cardinality(first, end)) if end > first else 0


def as_array(positions: BitMap) -> NDArray[np.int64]:
    """Return the positions, ascending: shape (n,)."""
    return np.frombuffer(positions.to_array(), dtype=np.uint32).astype(np.int64)


def runs(positions: BitMap) -> Iterator[Range]:
    """Yield the maximal ranges of a set, ascending, unpacking a window at a time."""
    if not positions:
        return
    first, last = positions.min(), positions.max()
    if last - first + 1 == len(positions):  # one run: what orders mostly are
        yield first, last + 1
        return
    held: Range | None = None
    for at in range(first, last + 1, _WINDOW):
        window = BitMap()
        window.add_range(at, at + _WINDOW)
        window &= positions
        for start, end in _runs_of(as_array(window)):
            if held is not None and held[1] == start:
                held = held[0], end
                continue
            if held is not None:
                yield held
            held = start, end
    if held is not None:
        yield held


def _runs_of(found: NDArray[np.int64]) -> Iterator[Range]:
    if not found.size:
        return
    breaks = np.flatnonzero(np.diff(found) != 1) + 1
    starts = found[np.concatenate(([0], breaks))].tolist()
    lasts = found[np.concatenate((breaks - 1, [found.size - 1]))].tolist()
    for start, last in zip(starts, lasts, strict=True):
        yield start, last + 1


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """Return what of `ranges` is left when `taken` goes; both ascending by their first.

    `ranges` have no overlaps; those of `taken` may overlap one another.
    """
    cuts = iter(taken)
    cut = next(cuts, None)
    reach = 0  # everything taken so far ends here or before
    left: list[Range] = []
    for first, end in ranges:
        at = max(first, reach)
        while cut is not None and cut[0] < end:
            if cut[0] > at:
                left.append((at, cut[0]))
            reach = max(reach, cut[1])
            at = max(at, reach)
            cut = next(cuts, None)
        if at < end:
            left.append((at, end))
    return left
