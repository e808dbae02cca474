"""SGTIN+ and SGTIN-198 with serials of 14 characters, many at once.

Owns: the two schemes that bear an item's own serial (``core.codespace``), over arrays.
Invariant: agrees with ``codec`` on every tag; what is not of this very shape is left to that.

Both are made of parts that lie still when serials have one length. SGTIN+ is 40 hexadecimal
digits: header, filter, GTIN digit by digit, ``AE`` (URN Code 40, 14 characters), five groups of
four digits, zero. SGTIN-198 has 58 bits of header, filter and divided GTIN, then 7 bits a
character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.identifiers.binary.bulk import (
    TAG_BYTES,
    Numbers,
    check_digits,
    decode_sgtin96,
    hex_lines,
    nibbles_of,
)
from suyuan.core.identifiers.binary.codec import encode
from suyuan.core.identifiers.binary.layouts import LAYOUT_OF, TagScheme
from suyuan.core.identifiers.binary.texts import CODE_40
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.schemes import Scheme

SERIAL_LENGTH: Final = 14
_PLUS_DIGITS: Final = 40
_LONG_DIGITS: Final = 52
_LONG_LENGTHS: Final = (50, 52)  # as few digits as hold the bits, or whole words
_PLUS_HEAD: Final = "F7"
_LONG_HEAD: Final = "36"
_METHOD: Final = "AE"
_GTIN_AT: Final = slice(3, 17)
_METHOD_AT: Final = slice(17, 19)
_GROUPS_AT: Final = slice(19, 39)
_GROUPS: Final = 5
_HEAD_BITS: Final = 58
_CHARACTERS: Final = 20
_SEVEN: Final = 7
_LONG_BITS: Final = 208

_CODES = np.zeros(128, dtype=np.int64)
_CODES[[ord(character) for character in CODE_40]] = range(len(CODE_40))
_SHORTER = np.zeros(128, dtype=np.bool_)  # what a shorter method holds
_SHORTER[[ord(character) for character in "0123456789ABCDEF"]] = True
_SIGNS = np.frombuffer(CODE_40.encode(), dtype=np.uint8)
_TENS = 10 ** np.arange(13, -1, -1, dtype=np.int64)
_SIXTEENS = 16 ** np.arange(3, -1, -1, dtype=np.int64)
_TWOS = (1 << np.arange(6, -1, -1)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class OwnTags:
    """Tags that were read; arrays of shape (n,). Where `valid` is false the others mean nothing."""

    gtin: Numbers
    serial: NDArray[np.bytes_]
    valid: NDArray[np.bool_]


def read_own(texts: Sequence[str]) -> OwnTags:
    """Read texts that are SGTIN+ or SGTIN-198 with a serial of 14 characters."""
    count = len(texts)
    found = OwnTags(
        np.full(count, -1, dtype=np.int64),
        np.zeros(count, dtype=f"S{SERIAL_LENGTH}"),
        np.zeros(count, dtype=np.bool_),
    )
    plus = [
        at
        for at, text in enumerate(texts)
        if len(text) == _PLUS_DIGITS and text[:2].upper() == _PLUS_HEAD
    ]
    long = [
        at for at, text in enumerate(texts) if len(text) in _LONG_LENGTHS and text[:2] == _LONG_HEAD
    ]
    if plus:
        _read_plus([texts[at] for at in plus], found, np.array(plus))
    if long:
        padded = [texts[at].ljust(_LONG_DIGITS, "0") for at in long]
        _read_long(padded, found, np.array(long))
    return found


def _read_plus(texts: Sequence[str], found: OwnTags, at: Numbers) -> None:
    nibbles = nibbles_of(texts, _PLUS_DIGITS).astype(np.int64)
    method = [int(digit, 16) for digit in _METHOD]
    digits = nibbles[:, _GTIN_AT]
    gtins = digits @ _TENS
    valid = (
        (nibbles <= 0xF).all(axis=1)
        & (nibbles[:, 2] < 8)  # no other data are announced
        & (digits < 10).all(axis=1)
        & (gtins % 10 == check_digits(gtins // 10))
        & (nibbles[:, _METHOD_AT] == method).all(axis=1)
        & (nibbles[:, -1] == 0)
    )
    groups = nibbles[:, _GROUPS_AT].reshape(-1, _GROUPS, 4) @ _SIXTEENS - 1
    codes = np.stack((groups // 1600, groups // 40 % 40, groups % 40), axis=2).reshape(len(at), -1)
    # The fifteenth is the pad, and the only one.
    valid &= (codes[:, :-1] > 0).all(axis=1) & (codes[:, -1] == 0) & (codes < 40).all(axis=1)
    signs = _SIGNS[np.where(valid[:, None], codes, 0)][:, :SERIAL_LENGTH]
    _keep(found, at, gtins, signs, valid)


def _read_long(texts: Sequence[str], found: OwnTags, at: Numbers) -> None:
    nibbles = nibbles_of(texts, _LONG_DIGITS)
    valid = (nibbles <= 0xF).all(axis=1)
    raw: NDArray[np.uint8] = nibbles[:, ::2] * np.uint8(16) + (nibbles[:, 1::2] & np.uint8(15))
    # The first 58 bits are those of SGTIN-96, but for the header.
    heads = np.zeros((len(at), TAG_BYTES), dtype=np.uint8)
    heads[:, :8] = raw[:, :8]
    heads[:, 0] = LAYOUT_OF[TagScheme.SGTIN_96].header
    read = decode_sgtin96(heads)
    bits = np.unpackbits(raw, axis=1)
    end = _HEAD_BITS + _CHARACTERS * _SEVEN
    codes = bits[:, _HEAD_BITS:end].reshape(-1, _CHARACTERS, _SEVEN) @ _TWOS
    valid &= read.valid & ~bits[:, end:].any(axis=1) & ~codes[:, SERIAL_LENGTH:].any(axis=1)
    signs = codes[:, :SERIAL_LENGTH]
    # Only the signs of own serials; any other character is the scalar reader's matter.
    valid &= (_CODES[signs] > 0).all(axis=1)
    _keep(found, at, read.gtin, signs, valid)


def _keep(
    found: OwnTags, at: Numbers, gtins: Numbers, signs: NDArray[np.uint8], valid: NDArray[np.bool_]
) -> None:
    serials = np.ascontiguousarray(signs.astype(np.uint8)).view(f"S{SERIAL_LENGTH}").reshape(-1)
    found.gtin[at[valid]] = gtins[valid]
    found.serial[at[valid]] = serials[valid]
    found.valid[at] = valid


def write_own(
    serials: NDArray[np.bytes_],
    *,
    gtin: str,
    scheme: TagScheme,
    filter_value: int,
    prefix: int | None,
) -> list[str]:
    """Write items of one GTIN as whole words of hexadecimal text.

    Args:
        serials: Shape (n,), 14 characters each of the URN Code 40 alphabet.
        gtin: 14 digits.
        scheme: SGTIN+ or SGTIN-198.
        filter_value: 0 to 7.
        prefix: Digits of the company prefix; SGTIN+ does not read it.

    Raises:
        IdentifierError: what is wrong with the GTIN, filter or prefix.
        ValueError: serials of another length.
    """
    if serials.dtype.itemsize != SERIAL_LENGTH:
        message = f"serials have {SERIAL_LENGTH} characters, not {serials.dtype.itemsize}"
        raise ValueError(message)
    if not len(serials):
        return []
    signs = np.ascontiguousarray(serials).view(np.uint8).reshape(-1, SERIAL_LENGTH)

    def scalar(at: int) -> str:
        one = Identity(Scheme.SGTIN, gtin, serials[at].decode())
        return encode(one, scheme=scheme, filter=filter_value, prefix_length=prefix).memory

    pattern = scalar(0)
    if not scheme.is_plus:
        return _write_long(signs, pattern)
    head = f"{_PLUS_HEAD}{filter_value:X}{gtin}{_METHOD}"
    codes = np.zeros((len(signs), _GROUPS * 3), dtype=np.int64)
    codes[:, :SERIAL_LENGTH] = _CODES[signs]
    groups = (codes.reshape(-1, _GROUPS, 3) @ np.array([1600, 40, 1]) + 1).astype(">u2")
    text = hex_lines(groups.view(np.uint8), ending=b"").decode()
    width = _GROUPS * 4
    found = [f"{head}{text[at : at + width]}0" for at in range(0, len(text), width)]
    for at in np.flatnonzero(_SHORTER[signs].all(axis=1)).tolist():
        found[at] = scalar(at)  # digits alone take fewer bits in another method
    return found


def _write_long(signs: NDArray[np.uint8], pattern: str) -> list[str]:
    """Write SGTIN-198; `pattern` is any tag of the same head."""
    bits = np.zeros((len(signs), _LONG_BITS), dtype=np.uint8)
    head = np.unpackbits(np.frombuffer(bytes.fromhex(pattern), dtype=np.uint8))[:_HEAD_BITS]
    bits[:, :_HEAD_BITS] = head
    end = _HEAD_BITS + SERIAL_LENGTH * _SEVEN
    letters = np.unpackbits(signs[:, :, None], axis=2)[:, :, 1:]
    bits[:, _HEAD_BITS:end] = letters.reshape(len(signs), -1)
    text = hex_lines(np.packbits(bits, axis=1), ending=b"").decode()
    return [text[at : at + _LONG_DIGITS] for at in range(0, len(text), _LONG_DIGITS)]
