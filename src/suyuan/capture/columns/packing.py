"""Arrays of integers in few bytes.

Owns: the three forms, and which of them an array takes.

| form | what is kept of each number |
| --- | --- |
| PLAIN | how many steps of the common divisor it is above the least, in 0, 1, 2, 4 or 8 bytes |
| LISTED | its place among at most 256 distinct numbers, one byte |
| CLASSED | the upper bits of a key in one byte, its distance from the least key that has them |

Reading is a copy into wider integers and a few additions; no general compressor comes near that.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.keyset import INDEX_BITS, Keys

_PLAIN, _LISTED, _CLASSED = 0, 1, 2
_MOST: Final = 256
_COUNTS: Final = struct.Struct("<II")  # numbers in each array, arrays
_HEAD: Final = struct.Struct("<BBHqQ")  # form, width, listed numbers, base, divisor
_WIDTHS: Final = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}

type _Packed = tuple[int, int, Keys, int, int, bytes]
"""Form, width, listed numbers, base, divisor, data."""


def pack(arrays: Sequence[Keys]) -> bytes:
    """Return int64 arrays of one length as bytes."""
    parts = [_COUNTS.pack(arrays[0].size if arrays else 0, len(arrays))]
    for values in arrays:
        form, width, listed, base, divisor, data = _packed(values)
        parts += (_HEAD.pack(form, width, listed.size, base, divisor), listed.tobytes(), data)
    return b"".join(parts)


def unpack(data: bytes, wanted: Sequence[int] | None = None) -> list[Keys]:
    """Return the arrays that were packed, or those at the positions `wanted`, in that order.

    Raises:
        ValueError: the bytes are damaged.
    """
    try:
        return _unpacked(memoryview(data), wanted)
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError("a packed column is damaged") from error


def _packed(values: Keys) -> _Packed:
    none = np.empty(0, dtype=np.int64)
    if values.size == 0:
        return _PLAIN, 0, none, 0, 1, b""
    base = int(values.min())
    above = values.view(np.uint64) - np.uint64(base & (1 << 64) - 1)
    divisor = int(np.gcd.reduce(above)) or 1
    width = _width(int(above.max()) // divisor)
    plain = (_PLAIN, width, none, base, divisor, _narrow(above // np.uint64(divisor), width))
    if width < 2:
        return plain
    distinct, at = np.unique(values, return_inverse=True)
    if distinct.size <= _MOST and distinct.size * 8 + values.size < values.size * width:
        return _LISTED, 1, distinct, 0, 1, _narrow(at, 1)
    return _classed(values, plain)


def _classed(values: Keys, plain: _Packed) -> _Packed:
    """Return an array by classes, if that is shorter than `plain`."""
    classes, at = np.unique(values >> INDEX_BITS, return_inverse=True)
    if not 1 < classes.size <= _MOST:
        return plain
    bases = np.full(classes.size, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(bases, at, values)
    above = values - bases[at]
    width = _width(int(above.max()))
    if classes.size * 8 + values.size * (1 + width) >= values.size * plain[1]:
        return plain
    return _CLASSED, width, bases, 0, 1, _narrow(at, 1) + _narrow(above, width)


def _width(most: int) -> int:
    if most == 0:
        return 0
    return next(width for width in _WIDTHS if most < 1 << (8 * width))


def _narrow(values: NDArray[np.integer], width: int) -> bytes:
    return values.astype(_WIDTHS[width]).tobytes() if width else b""


def _unpacked(data: memoryview, wanted: Sequence[int] | None) -> list[Keys]:
    count, arrays = _COUNTS.unpack_from(data, 0)
    position = _COUNTS.size
    found: dict[int, Keys] = {}
    for number in range(arrays):
        form, width, listed, base, divisor = _HEAD.unpack_from(data, position)
        position += _HEAD.size
        table = np.frombuffer(data, dtype=np.int64, count=listed, offset=position)
        position += 8 * listed
        size = count * (width + (form == _CLASSED))
        if wanted is None or number in wanted:
            piece = data[position : position + size]
            if len(piece) < size:
                raise ValueError("a packed column is cut off")
            if form == _PLAIN:
                found[number] = _plain(piece, count, width, base, divisor)
            else:
                found[number] = _of_table(piece, count, width if form == _CLASSED else 0, table)
        position += size
    return [found[number] for number in (range(arrays) if wanted is None else wanted)]


def _of_table(data: memoryview, count: int, width: int, table: Keys) -> Keys:
    values = table[np.frombuffer(data, dtype=np.uint8, count=count)]
    if width:
        values += np.frombuffer(data, dtype=_WIDTHS[width], offset=count).astype(np.int64)
    return values


def _plain(data: memoryview, count: int, width: int, base: int, divisor: int) -> Keys:
    if not width:
        return np.full(count, base, dtype=np.int64)
    above = np.frombuffer(data, dtype=_WIDTHS[width]).astype(np.uint64)
    if divisor != 1:
        above *= np.uint64(divisor)
    values = above.view(np.int64)
    if base:
        values += base
    return values
