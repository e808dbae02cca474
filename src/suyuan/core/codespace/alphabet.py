"""The 32 characters serials are written in, one at a time and by the array.

Owns: Crockford's base 32 (0-9 A-Z without I L O U), a serial's length, its digits as integers.
Does not own: which serial belongs to which index (space).
Invariant: a serial is 14 characters: two halves of 35 bits, most significant character first.

Arrays are coded two characters at a time: ten bits index a table of 1,024 pairs, which stays in
the first-level cache, so a serial costs seven look-ups rather than fourteen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

ALPHABET: Final[bytes] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_LENGTH: Final = 14
HALF_BITS: Final = 35
HALF_MASK: Final = (1 << HALF_BITS) - 1

_PAIRS_PER_SERIAL: Final = SERIAL_LENGTH // 2
_PAIR_MASK: Final = 0x3FF
_NO_PAIR: Final = 0x8000  # any bit above the ten that a pair uses
_SERIAL: Final = np.dtype(("S", SERIAL_LENGTH))

_TEXT = ALPHABET.decode()
_PAIR_TEXTS: Final = [first + second for first in _TEXT for second in _TEXT]
_CHARACTERS: Final = frozenset(_TEXT)
# Python reads base 32 written as 0-9 A-V, whose digits have the same values as ours.
_TO_PYTHON: Final = bytes.maketrans(ALPHABET, b"0123456789ABCDEFGHIJKLMNOPQRSTUV")

_READING: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzOIL",
    "ABCDEFGH1JK1MN0PQRSTUVWXYZ011",
    "- ",
)


def _pair_tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return (ten bits to two characters, two characters to ten bits or `_NO_PAIR`)."""
    pairs = np.frombuffer("".join(_PAIR_TEXTS).encode(), dtype=np.uint16)
    values = np.full(1 << 16, _NO_PAIR, dtype=np.uint16)
    values[pairs] = np.arange(len(pairs), dtype=np.uint16)
    return pairs, values


_PAIRS, _VALUES = _pair_tables()


def normalise(text: str) -> str:
    """Return `text` as Crockford reads it: upper case, O as 0, I and L as 1, no hyphen or space.

    Only ASCII letters are raised: Unicode case rules would turn foreign letters (dotless i, long
    s) into valid characters. Anything else is left for the decoder to refuse.

    Source: Douglas Crockford, "Base 32".
    """
    return text.translate(_READING)


def write_text(value: int, *, length: int = SERIAL_LENGTH) -> str:
    """Return `value`, below 32**length, as `length` characters; `length` is even."""
    return "".join(
        [_PAIR_TEXTS[value >> shift & _PAIR_MASK] for shift in range(5 * length - 10, -1, -10)]
    )


def read_text(text: str) -> int | None:
    """Return the 70-bit value of a serial, or None where `text` is not 14 of our characters."""
    if len(text) != SERIAL_LENGTH or not _CHARACTERS.issuperset(text):
        return None
    return int(text.encode().translate(_TO_PYTHON), 32)


def write_pairs(high: NDArray[np.int64], low: NDArray[np.int64], out: NDArray[np.uint16]) -> None:
    """Write serials into `out`.

    Args:
        high: first halves, shape (n,), 35 bits each.
        low: second halves, shape (n,), 35 bits each.
        out: shape (n, 7), two characters an element; rows may be any distance apart.
    """
    out[:, 0] = _PAIRS[high >> 25]
    out[:, 1] = _PAIRS[high >> 15 & _PAIR_MASK]
    out[:, 2] = _PAIRS[high >> 5 & _PAIR_MASK]
    out[:, 3] = _PAIRS[high << 5 & _PAIR_MASK | low >> 30]
    out[:, 4] = _PAIRS[low >> 20 & _PAIR_MASK]
    out[:, 5] = _PAIRS[low >> 10 & _PAIR_MASK]
    out[:, 6] = _PAIRS[low & _PAIR_MASK]


def write_short(values: NDArray[np.int64], *, length: int) -> NDArray[np.bytes_]:
    """Return numbers of shape (n,), each below 32**length, as an array of texts, dtype S`length`.

    `length` is even and at most 12.
    """
    out = np.empty((len(values), length // 2), dtype=np.uint16)
    for position in range(length // 2):
        out[:, position] = _PAIRS[values >> 5 * length - 10 * (position + 1) & _PAIR_MASK]
    return out.view(f"S{length}").reshape(-1)


def read_pairs(
    pairs: NDArray[np.uint16],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Read serials.

    Args:
        pairs: shape (n, 7), two characters an element.

    Returns:
        First halves, second halves and whether the row holds our characters only, each of shape
        (n,). Halves of rows that do not are below 2**35 and mean nothing.
    """
    columns = [_VALUES[pairs[:, position]] for position in range(_PAIRS_PER_SERIAL)]
    valid: NDArray[np.bool_] = np.bitwise_or.reduce(columns) < _NO_PAIR
    c0, c1, c2, c3, c4, c5, c6 = (column.astype(np.int64) & _PAIR_MASK for column in columns)
    high = c0 << 25 | c1 << 15 | c2 << 5 | c3 >> 5
    low = (c3 & 31) << 30 | c4 << 20 | c5 << 10 | c6
    return high, low, valid


def as_serials(texts: NDArray[np.bytes_] | NDArray[np.str_] | Sequence[str]) -> NDArray[np.bytes_]:
    """Return texts as a contiguous S14 array of shape (n,).

    A text that cannot be a serial (another length, not ASCII) becomes the empty string, which no
    decoder accepts: numpy would otherwise cut long texts and make them look right.

    Raises:
        TypeError: an array is neither of bytes nor of text, or a sequence holds something else.
        ValueError: an array has more or less than one dimension.
    """
    if not isinstance(texts, np.ndarray):
        return _from_strings(texts)
    if texts.ndim != 1:
        message = f"serials have one dimension, not {texts.ndim}"
        raise ValueError(message)
    if texts.dtype.kind == "U":
        return _from_strings(texts.tolist())
    if texts.dtype.kind != "S":
        message = f"serials are bytes or text, not {texts.dtype}"
        raise TypeError(message)
    return np.ascontiguousarray(_of_length(texts.astype(np.bytes_, copy=False)))


def _of_length(texts: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """Return S14; texts of another length become empty rather than cut."""
    if texts.dtype == _SERIAL:
        return texts
    fits = np.strings.str_len(texts) == SERIAL_LENGTH
    return np.where(fits, texts, np.bytes_()).astype(_SERIAL)


def _from_strings(texts: Sequence[str]) -> NDArray[np.bytes_]:
    if isinstance(texts, str):
        message = "one text is no sequence of serials"
        raise TypeError(message)
    blank = "\0" * SERIAL_LENGTH
    kept = [text if len(text) == SERIAL_LENGTH and text.isascii() else blank for text in texts]
    return np.frombuffer("".join(kept).encode(), dtype=_SERIAL)
