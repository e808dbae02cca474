"""SGTIN-96 by the million: arrays of tags to arrays of numbers and back.

Owns: the arithmetic of one scheme over arrays, and hexadecimal text of many tags at once.
Invariant: agrees with ``codec`` on every tag; what that refuses is not valid here.

A tag of 96 bits is 8 of header, 3 of filter, 3 of partition, 44 of company prefix and item
reference, 38 of serial: three 32-bit words, read big-endian.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.identifiers.binary.layouts import LAYOUT_OF, PREFIX_BITS, TagScheme
from suyuan.core.identifiers.errors import IdentifierError

type Tags = NDArray[np.uint8]
"""Tags as bytes, shape (n, 12)."""
type Numbers = NDArray[np.int64]

TAG_BYTES: Final = 12
SERIAL_BITS: Final = 38
SERIAL_LIMIT: Final = 1 << SERIAL_BITS
_LAYOUT: Final = LAYOUT_OF[TagScheme.SGTIN_96]
_BODY_DIGITS: Final = 13
_LONGEST: Final = 12
_PARTITIONS: Final = 8  # as many as three bits tell apart; 7 means nothing
_BATCH: Final = 1 << 16  # what one batch touches then stays in the caches

# By partition: bits of the item reference, bound of the company prefix, power of ten after it.
_BITS = np.zeros(_PARTITIONS, dtype=np.int64)
_COMPANIES = np.zeros(_PARTITIONS, dtype=np.int64)
_REST = np.ones(_PARTITIONS, dtype=np.int64)
for _digits, _bits in PREFIX_BITS.items():
    _BITS[_LONGEST - _digits] = _LAYOUT.key_bits - _bits
    _COMPANIES[_LONGEST - _digits] = 10**_digits
    _REST[_LONGEST - _digits] = 10 ** (_LONGEST - _digits)

# Weighted digit sums of 0 to 9,999, as the first of a body's thirteen digits weighs 3.
_FOUR = np.arange(10**4)
_LIGHT_FIRST = (
    _FOUR // 1000 + 3 * (_FOUR // 100 % 10) + _FOUR // 10 % 10 + 3 * (_FOUR % 10)
).astype(np.int16)

_NIBBLES = np.full(256, 0xFF, dtype=np.uint8)
_NIBBLES[[ord(digit) for digit in "0123456789ABCDEF"]] = range(16)
_NIBBLES[[ord(digit) for digit in "abcdef"]] = range(10, 16)
_PAIRS = np.frombuffer(b"".join(b"%02X" % byte for byte in range(256)), dtype=np.uint16)


@dataclass(frozen=True, slots=True)
class Sgtin96:
    """What tags say; arrays of shape (n,). Where `valid` is false the others mean nothing."""

    gtin: Numbers  # all fourteen digits, as a number
    serial: Numbers
    filter: NDArray[np.uint8]
    partition: NDArray[np.uint8]  # 12 less the digits of the company prefix
    valid: NDArray[np.bool_]


def decode_sgtin96(tags: Tags) -> Sgtin96:
    """Read tags.

    Args:
        tags: uint8 of shape (n, 12).

    Raises:
        ValueError: another shape or type.
    """
    if tags.ndim != 2 or tags.shape[1] != TAG_BYTES or tags.dtype != np.uint8:
        message = f"tags are uint8 of shape (n, {TAG_BYTES}), not {tags.dtype} {tags.shape}"
        raise ValueError(message)
    count = len(tags)
    found = Sgtin96(
        np.empty(count, dtype=np.int64),
        np.empty(count, dtype=np.int64),
        np.empty(count, dtype=np.uint8),
        np.empty(count, dtype=np.uint8),
        np.empty(count, dtype=np.bool_),
    )
    for at in range(0, count, _BATCH):
        _decode(tags[at : at + _BATCH], found, slice(at, at + _BATCH))
    return found


def _decode(tags: Tags, found: Sgtin96, at: slice) -> None:
    words = np.ascontiguousarray(tags).view(">u4").astype(np.int64)
    first, second, third = words[:, 0], words[:, 1], words[:, 2]
    partition = first >> 18 & 7
    # 18 bits of the first word, 26 of the second; then 6 and 32 of serial.
    body = (first & 0x3FFFF) << 26 | second >> 6
    bits = _BITS[partition]
    company = body >> bits
    reference = body - (company << bits)
    rest = _REST[partition]
    indicator = reference // rest
    digits = indicator * 10**12 + company * rest + reference - indicator * rest
    found.gtin[at] = digits * 10 + check_digits(digits)
    found.serial[at] = (second & 0x3F) << 32 | third
    found.filter[at] = first >> 21 & 7
    found.partition[at] = partition
    # Partition 7 has no company below its bound of 0.
    found.valid[at] = (
        (first >> 24 == _LAYOUT.header) & (company < _COMPANIES[partition]) & (indicator < 10)
    )


def check_digits(bodies: Numbers) -> Numbers:
    """Return the check digits of bodies of 13 digits, as numbers: shape (n,)."""
    high = bodies // 10**8
    low = bodies - high * 10**8
    top = high // 10**4
    middle = low // 10**4
    total = _LIGHT_FIRST[high - top * 10**4] + _LIGHT_FIRST[middle]
    total += _LIGHT_FIRST[low - middle * 10**4]
    # Bodies that are none (of invalid tags) may have more digits; theirs is not looked at.
    digits: Numbers = (-(total + 3 * (top % 10))) % 10
    return digits


def encode_sgtin96(gtins: Numbers, serials: Numbers, *, filter_value: int, prefix: int) -> Tags:
    """Write tags.

    Args:
        gtins: int64 of shape (n,), fourteen digits each as a number; check digits are not looked
            at.
        serials: int64 of shape (n,).
        filter_value: 0 to 7.
        prefix: Digits of the company prefix, 6 to 12.

    Returns:
        uint8 of shape (n, 12).

    Raises:
        IdentifierError: ``tag_filter``, ``company_prefix_length``, or ``tag_too_large`` for the
            first serial that is not 0 to 2**38 - 1.
    """
    if not 0 <= filter_value < 8:
        raise IdentifierError("tag_filter", {"given": str(filter_value), "scheme": "SGTIN-96"})
    if prefix not in PREFIX_BITS:
        raise IdentifierError("company_prefix_length", {"given": str(prefix)})
    wrong = (serials < 0) | (serials >= SERIAL_LIMIT)
    if wrong.any():
        raise _too_large(int(serials[np.argmax(wrong)]))
    partition = _LONGEST - prefix
    rest = int(_REST[partition])
    indicator, digits = np.divmod(gtins // 10, 10**12)
    company, item = np.divmod(digits, rest)
    body = company << int(_BITS[partition]) | (indicator * rest + item)
    words = np.empty((len(serials), 3), dtype=">u4")
    head = (_LAYOUT.header << 3 | filter_value) << 3 | partition
    words[:, 0] = head << 18 | body >> 26
    words[:, 1] = (body & 0x3FFFFFF) << 6 | serials >> 32
    words[:, 2] = serials & 0xFFFFFFFF
    return words.view(np.uint8)


def sgtin96_range(gtin: str, first: int, count: int, *, filter_value: int, prefix: int) -> Tags:
    """Write the tags of `count` consecutive serials of one GTIN, as `encode_sgtin96` does."""
    if first < 0 or first + count > SERIAL_LIMIT:
        raise _too_large(first + count - 1)
    gtins = np.array([int(gtin)], dtype=np.int64)
    serials = np.arange(first, first + count, dtype=np.int64)
    return encode_sgtin96(gtins, serials, filter_value=filter_value, prefix=prefix)


def _too_large(serial: int) -> IdentifierError:
    return IdentifierError(
        "tag_too_large",
        {
            "field": "serial",
            "given": str(serial),
            "scheme": TagScheme.SGTIN_96.label,
            "most": str(SERIAL_LIMIT - 1),
        },
    )


def read_hex(texts: Sequence[str]) -> tuple[Tags, NDArray[np.bool_]]:
    """Read texts of 24 hexadecimal digits.

    Returns:
        The tags, shape (n, 12), and whether each text was one, shape (n,). A text that was none,
        for another length too, stands there as zeros.
    """
    digits = TAG_BYTES * 2
    if set(map(len, texts)) <= {digits}:
        joined = "".join(texts)
    else:
        joined = "".join(text if len(text) == digits else "-" * digits for text in texts)
    shape = (len(texts), TAG_BYTES)
    try:
        raw = bytes.fromhex(joined)
    except ValueError:
        raw = b""
    if len(raw) == len(texts) * TAG_BYTES:  # spaces are let through, but shorten it
        tags = np.frombuffer(raw, dtype=np.uint8).reshape(shape)
        return tags, np.ones(len(texts), dtype=np.bool_)
    nibbles = nibbles_of([joined], digits)
    valid = (nibbles != 0xFF).all(axis=1)
    read: Tags = nibbles[:, ::2] * np.uint8(16) + (nibbles[:, 1::2] & np.uint8(15))
    read[~valid] = 0
    return read, valid


def nibbles_of(texts: Sequence[str], digits: int) -> NDArray[np.uint8]:
    """Return the digits of texts of equal length as numbers, 255 for what is no digit.

    Returns:
        uint8 of shape (n, digits), n texts of so many digits, however they are joined.
    """
    codes = np.frombuffer("".join(texts).encode("ascii", "replace"), dtype=np.uint8)
    return _NIBBLES[codes].reshape(-1, digits)


def hex_lines(tags: Tags, *, ending: bytes = b"\r\n") -> bytes:
    """Return tags as lines of upper-case hexadecimal digits.

    Args:
        tags: uint8 of shape (n, bytes).
        ending: What each line ends with; may be empty.
    """
    count, width = tags.shape
    lines = np.empty((count, width * 2 + len(ending)), dtype=np.uint8)
    lines[:, : width * 2] = _PAIRS[np.ascontiguousarray(tags)].view(np.uint8)
    lines[:, width * 2 :] = np.frombuffer(ending, dtype=np.uint8)
    return lines.tobytes()
