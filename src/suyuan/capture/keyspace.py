"""What a key's upper 23 bits count, and the arithmetic from an identity to its place there.

Owns: the kinds of classes, and which identities need no dictionary.
Does not own: reading and giving out keys (identities, keymaker).

| kind | the index is | stem |
| --- | --- | --- |
| OWN | the code space's index (FF1 decrypted) | GTIN / key version |
| NUMERIC | the serial itself: digits, no leading zero, below 2**40 | GTIN |
| SSCC | the last 12 of its 17 digits | the first 5 |
| SERIAL, LOT, OTHER | a number from the dictionary | GTIN, GTIN, scheme |

An own serial is looked for under the oldest numbering key first: a key made later then never
changes what an old serial means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from suyuan.core.codespace import SERIAL_LENGTH, CodeSpace
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import INDEX_MASK
from suyuan.kernel.errors import SuyuanError


class ClassKind(IntEnum):
    """What a class's index counts; stored, so numbers never change."""

    OWN = 1
    NUMERIC = 2
    SSCC = 3
    SERIAL = 4
    LOT = 5
    OTHER = 6


class KeySpaceFull(SuyuanError):
    """An organisation has used up its 2**23 classes."""

    code = "key_space_full"
    status = 507


type ClassName = tuple[ClassKind, str]

_SSCC_STEM: Final = 5
SSCC_INDEX: Final = 12
FEW: Final = 10  # up to so many, the scalar cipher is quicker than the vectorised one


def numeric_index(serial: str) -> int | None:
    """Return the serial as a number if the number gives the serial back and fits the index."""
    if not serial.isdigit() or len(serial) > 13 or (serial[0] == "0" and serial != "0"):
        return None
    number = int(serial)
    return number if number <= INDEX_MASK else None


def _own_index(spaces: Iterable[CodeSpace], serial: str) -> tuple[int, int] | None:
    """Return (key version, index) of an own serial; `spaces` come newest first."""
    if len(serial) != SERIAL_LENGTH:
        return None
    for space in reversed(tuple(spaces)):
        index = space.index(serial)
        if index is not None:
            return space.version, index
    return None


def digest_of(identity: Identity) -> bytes:
    """Return what the dictionary finds an identity by."""
    text = f"{identity.scheme}\0{identity.primary}\0{identity.secondary}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def dictionary_class(identity: Identity) -> ClassName:
    """Return the class of an identity that the dictionary numbers."""
    if identity.scheme is Scheme.SGTIN:
        return ClassKind.SERIAL, identity.primary
    if identity.scheme is Scheme.LGTIN:
        return ClassKind.LOT, identity.primary
    return ClassKind.OTHER, identity.scheme.value


def arithmetic(identity: Identity, spaces: Iterable[CodeSpace]) -> tuple[ClassName, int] | None:
    """Return class and index where arithmetic gives them, else None."""
    if identity.scheme is Scheme.SSCC:
        body = identity.primary[:-1]
        return (ClassKind.SSCC, body[:_SSCC_STEM]), int(body[_SSCC_STEM:])
    if identity.scheme is not Scheme.SGTIN:
        return None
    own = _own_index(spaces, identity.secondary)
    if own is not None:
        return (ClassKind.OWN, f"{identity.primary}/{own[0]}"), own[1]
    number = numeric_index(identity.secondary)
    return None if number is None else ((ClassKind.NUMERIC, identity.primary), number)
