"""Sets of EPC keys: what the event store, the trace index and lineage compute with.

Owns: `KeySet`, its serial form, and the small bitmaps of one aligned block of 256 keys.
Does not own: what a key means (capture.identities).

A key is a 63-bit integer: 23 bits of class, 40 bits of index. Serial numbers are issued in ranges,
so runs are the common case, and a set of a hundred thousand neighbours takes some forty bytes.
"""

from __future__ import annotations

import array
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap64

INDEX_BITS = 40
INDEX_MASK = (1 << INDEX_BITS) - 1
CLASS_LIMIT = 1 << 23
BLOCK_BITS = 8
BLOCK_SIZE = 1 << BLOCK_BITS
BLOCK_MASK = BLOCK_SIZE - 1

_FEW = 4096

type Keys = NDArray[np.int64]


def key_of(class_number: int, index: int) -> int:
    """Join a class and an index. Both must be in range: `class_number` < 2**23, `index` < 2**40."""
    return (class_number << INDEX_BITS) | index


def class_of(key: int) -> int:
    """Return the class of `key`."""
    return key >> INDEX_BITS


def block_key(key: int) -> int:
    """Return the index key of the block of 256 that holds `key`.

    Blocks are negative, so that they share one column with keys and never collide.
    """
    return -(key >> BLOCK_BITS) - 1


def block_start(block: int) -> int:
    """Return the first key of the block that `block_key` named."""
    return (-block - 1) << BLOCK_BITS


class KeySet:
    """An immutable set of keys, ascending."""

    __slots__ = ("_bits",)

    def __init__(self, keys: Iterable[int] = ()) -> None:
        """Collect `keys`, each >= 0 and < 2**63."""
        self._bits = keys if isinstance(keys, BitMap64) else BitMap64(array.array("Q", keys))

    @classmethod
    def from_array(cls, keys: Keys) -> KeySet:
        """Collect an int64 array of any order, repetitions allowed."""
        if keys.size <= _FEW:
            return cls(BitMap64(array.array("Q", keys.tobytes())))
        # Scattered keys go in quicker in order, and neighbours as spans.
        steps = np.diff(keys)
        if np.any(steps < 0):
            keys = np.sort(keys)
            steps = np.diff(keys)
        breaks = np.flatnonzero(steps > 1)
        if breaks.size * 16 > keys.size:
            return cls(BitMap64(array.array("Q", keys.tobytes())))
        bits = BitMap64()
        starts = keys[np.concatenate(([0], breaks + 1))].tolist()
        ends = keys[np.concatenate((breaks, [keys.size - 1]))].tolist()
        for first, last in zip(starts, ends, strict=True):
            bits.add_range(first, last + 1)
        return cls(bits)

    @classmethod
    def from_bytes(cls, data: bytes) -> KeySet:
        """Read the serial form. Raises `ValueError` when it is broken."""
        return cls(BitMap64.deserialize(bytes(data))) if data else cls()

    @classmethod
    def union(cls, sets: Iterable[KeySet]) -> KeySet:
        """Return the keys of any of many sets, in one go."""
        return cls(BitMap64.union(BitMap64(), *(one._bits for one in sets)))  # noqa: SLF001 - its own

    def to_bytes(self) -> bytes:
        """Return the serial form (portable roaring 64); empty for an empty set."""
        if not self._bits:
            return b""
        self._bits.run_optimize()
        return self._bits.serialize()

    def to_array(self) -> Keys:
        """Return the keys as an ascending int64 array."""
        return np.frombuffer(self._bits.to_array(), dtype=np.int64)

    def runs(self) -> list[tuple[int, int]]:
        """Return the maximal runs as (first, last) pairs, ascending."""
        keys = self.to_array()
        if keys.size == 0:
            return []
        breaks = np.flatnonzero(np.diff(keys) != 1) + 1
        starts = keys[np.concatenate(([0], breaks))].tolist()
        ends = keys[np.concatenate((breaks - 1, [keys.size - 1]))].tolist()
        return list(zip(starts, ends, strict=True))

    def __len__(self) -> int:
        return len(self._bits)

    def __bool__(self) -> bool:
        return bool(self._bits)

    def __iter__(self) -> Iterator[int]:
        return iter(self._bits)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and key in self._bits

    def meets(self, first: int, last: int) -> bool:
        """Tell whether a key from `first` to `last`, both of them included, is in the set."""
        below = self._bits.rank(first - 1) if first else 0
        return bool(self._bits.rank(last) > below)

    def __or__(self, other: KeySet) -> KeySet:
        return KeySet(self._bits | other._bits)

    def __and__(self, other: KeySet) -> KeySet:
        return KeySet(self._bits & other._bits)

    def __sub__(self, other: KeySet) -> KeySet:
        return KeySet(self._bits - other._bits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeySet) and self._bits == other._bits

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __repr__(self) -> str:
        return f"KeySet({len(self)} keys)"


def distinct(values: Keys) -> Keys:
    """Return the distinct members of an int64 array, ascending, as `np.unique` does.

    Numbers that lie within a span not much greater than their count are ticked off, not sorted.
    """
    if values.size == 0:
        return values
    least = int(values.min())
    span = int(values.max()) - least + 1
    if span > 16 * values.size + _FEW:
        return np.unique(values)
    ticks = np.zeros(span, dtype=np.bool_)
    ticks[values - least] = True
    return np.flatnonzero(ticks) + least


def pack_block(offsets: NDArray[np.int64]) -> bytes:
    """Pack ascending distinct offsets (each < 256) of one block.

    The shortest of three forms, told apart by the first byte: 0 runs of (start, length - 1),
    1 the offsets, 2 a bitmap of 32 bytes.
    """
    first, last = int(offsets[0]), int(offsets[-1])
    if last - first + 1 == offsets.size:  # one run: what production writes
        return bytes((0, first, last - first))
    breaks = np.flatnonzero(np.diff(offsets) != 1) + 1
    runs = breaks.size + 1
    if runs * 2 <= min(offsets.size, BLOCK_SIZE // 8):
        starts = np.concatenate(([0], breaks))
        ends = np.concatenate((breaks, [offsets.size]))
        pairs = np.stack((offsets[starts], ends - starts - 1), axis=1)
        return b"\x00" + pairs.astype(np.uint8).tobytes()
    if offsets.size < BLOCK_SIZE // 8:
        return b"\x01" + offsets.astype(np.uint8).tobytes()
    bitmap = np.zeros(BLOCK_SIZE, dtype=np.uint8)
    bitmap[offsets] = 1
    return b"\x02" + np.packbits(bitmap, bitorder="little").tobytes()


def unpack_block(data: bytes) -> NDArray[np.int64]:
    """Return the ascending offsets that `pack_block` packed."""
    form, body = data[0], np.frombuffer(data, dtype=np.uint8, offset=1)
    if form == 1:
        return body.astype(np.int64)
    if form == 2:
        return np.flatnonzero(np.unpackbits(body, bitorder="little"))
    return unpack_runs(body[::2].astype(np.int64), body[1::2].astype(np.int64) + 1)


def unpack_runs(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the members of runs, run after run; arrays of shape (n,) each."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    members: NDArray[np.int64] = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return members


def block_contains(data: bytes, offset: int) -> bool:
    """Tell whether a packed block holds `offset`, without unpacking it."""
    form = data[0]
    if form == 2:
        return bool(data[1 + (offset >> 3)] >> (offset & 7) & 1)
    if form == 1:
        return data.find(offset, 1) >= 0
    return any(data[at] <= offset <= data[at] + data[at + 1] for at in range(1, len(data), 2))
