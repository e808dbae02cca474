"""Write ZIP archives encrypted with AES-256 that 7-Zip, WinRAR and WinZip open, as a stream.

Owns: the file format, and the derivation of its keys from a password.
Does not own: what is in the archive, where passwords are kept.
Invariant: the same members under the same seals give the same bytes; nothing is sought, so that an
archive can go straight into a response; memory holds one block.

The format is WinZip's AE-2 (APPNOTE 6.3.10 §7.2 for the header, https://www.winzip.com/aes for the
rest), members stored and not compressed: serials that nobody can guess do not compress. For each
member, 66 bytes follow from the password and a salt of 16 by PBKDF2-HMAC-SHA1 with 1,000 rounds: a
key for AES-256, one for HMAC-SHA1 and two bytes by which a wrong password is noticed. The cipher is
AES in counter mode; its counter begins at 1 and is little-endian, unlike everybody else's. The last
ten bytes of a member are its HMAC's first ten; AE-2 has no checksum beside it.

A thousand rounds are little: who has the archive tries some hundred thousand passwords a second. So
passwords are drawn here, not thought up: `new_password` has 100 bits.

Sizes are known before a member is written, so there are no data descriptors; ZIP64 is not written,
and what would need it is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

type Bytes = bytes | bytearray | memoryview | NDArray[np.uint8]

SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_CHECK_BYTES: Final = 2
_MAC_BYTES: Final = 10
_ROUNDS: Final = 1_000
_OVERHEAD: Final = SALT_BYTES + _CHECK_BYTES + _MAC_BYTES
_LIMIT: Final = 0xFFFF_FFFF  # of sizes and offsets without ZIP64
_MOST_MEMBERS: Final = 0xFFFF
_BLOCK: Final = 16
_CHUNK: Final = 1 << 20  # keystream that is made at once

_NEEDED_VERSION: Final = 51  # APPNOTE §4.4.3.2: AES encryption
_FLAGS: Final = 0x0801  # bit 0: encrypted; bit 11: names in UTF-8
_AES_METHOD: Final = 99
_FAT: Final = 0  # made on: what every program understands

# Numbers from which nobody reads 0 for O, or 1 for l: a password may be told over the telephone.
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PASSWORD_GROUPS: Final = 4
_PASSWORD_GROUP: Final = 5


class ArchiveTooLarge(ValueError):
    """A member or the archive would need ZIP64: 4 GiB and more.

    Attributes:
        code: stable refusal code.
    """

    code = "archive_too_large"


@dataclass(frozen=True, slots=True)
class Seal:
    """The keys of one member, which follow from the password and its salt; not the password."""

    salt: bytes = field(repr=False)
    keys: bytes = field(repr=False)

    @property
    def cipher_key(self) -> bytes:
        """The key of AES-256."""
        return self.keys[:_KEY_BYTES]

    @property
    def mac_key(self) -> bytes:
        """The key of HMAC-SHA1."""
        return self.keys[_KEY_BYTES : 2 * _KEY_BYTES]

    @property
    def check(self) -> bytes:
        """Two bytes by which a program notices a wrong password."""
        return self.keys[2 * _KEY_BYTES :]


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive.

    Attributes:
        name: With `/` between folders, no leading one.
        size: Of the content, in bytes.
        content: Exactly `size` bytes, in pieces; read when the member's turn comes.
    """

    name: str
    size: int
    content: Iterable[Bytes]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the directory at the end says of a member."""

    name: bytes
    size: int
    stored: int
    offset: int


def new_password() -> str:
    """Return a password that is drawn: four groups of five signs, 100 bits."""
    groups = (
        "".join(secrets.choice(_SIGNS) for _ in range(_PASSWORD_GROUP))
        for _ in range(_PASSWORD_GROUPS)
    )
    return "-".join(groups)


def seal(password: str, salt: bytes | None = None) -> Seal:
    """Derive a member's keys; without a salt, one is drawn. Takes a millisecond.

    Raises:
        ValueError: the password is empty, or the salt has not 16 bytes.
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    if not password or len(salt) != SALT_BYTES:
        message = "a seal needs a password, and a salt of 16 bytes"
        raise ValueError(message)
    words = unicodedata.normalize("NFC", password).encode()
    length = 2 * _KEY_BYTES + _CHECK_BYTES
    return Seal(salt, hashlib.pbkdf2_hmac("sha1", words, salt, _ROUNDS, length))


def write(
    members: Iterable[tuple[Member, Seal]], *, modified: datetime
) -> Iterator[bytes | memoryview]:
    """Yield the archive of `members`, piece by piece; a piece is valid until the next is asked for.

    Args:
        members: Asked for one after the other, so that a later member may tell of earlier ones.
        modified: The time that every member bears, as its wall clock says.

    Raises:
        ArchiveTooLarge: 4 GiB and more, or too many members.
        ValueError: a member's content has not the size it was announced with.
    """
    entries: list[_Entry] = []
    offset = 0
    stamp = _dos_time(modified)
    for member, keys in members:
        entry = _Entry(member.name.encode(), member.size, member.size + _OVERHEAD, offset)
        if offset + entry.stored >= _LIMIT or len(entries) >= _MOST_MEMBERS:
            raise ArchiveTooLarge(member.name)
        head = _local_header(entry, stamp)
        offset += len(head) + entry.stored
        entries.append(entry)
        yield head + keys.salt + keys.check
        yield from _sealed(member, keys)
    directory = b"".join(_central_header(entry, stamp) for entry in entries)
    end = (b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), offset, 0)
    yield directory + struct.pack("<4sHHHHIIH", *end)


def size_of(members: Iterable[tuple[str, int]]) -> int:
    """Return the size of an archive of members with these names and sizes."""
    total = 22  # the end of the directory
    for name, size in members:
        entry = _Entry(name.encode(), size, size + _OVERHEAD, 0)
        total += len(_local_header(entry, 0)) + entry.stored + len(_central_header(entry, 0))
    return total


def _sealed(member: Member, keys: Seal) -> Iterator[bytes | memoryview]:
    """Yield a member's ciphertext, then its code of authentication."""
    stream = _KeyStream(keys.cipher_key)
    mac = hmac.new(keys.mac_key, digestmod="sha1")
    done = 0
    for piece in member.content:
        plain = piece if isinstance(piece, np.ndarray) else np.frombuffer(piece, dtype=np.uint8)
        for at in range(0, len(plain), _CHUNK):
            sealed = stream.cover(plain[at : at + _CHUNK])
            mac.update(sealed)
            yield sealed
        done += len(plain)
    if done != member.size:
        message = f"{member.name} was announced with {member.size} bytes and has {done}"
        raise ValueError(message)
    yield mac.digest()[:_MAC_BYTES]


class _KeyStream:
    """AES in counter mode with WinZip's counter: ECB over counters that numpy fills in."""

    def __init__(self, key: bytes) -> None:
        # One block is never enciphered twice under a key: what ECB is bad at does not happen.
        self._encrypt = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        blocks = _CHUNK // _BLOCK + 1
        self._counters = np.zeros((blocks, 2), dtype="<u8")
        self._steps = np.arange(1, blocks + 1, dtype=np.uint64)
        # `update_into` wants room for one more block, less a byte.
        self._stream = np.empty(blocks * _BLOCK + _BLOCK - 1, dtype=np.uint8)
        self._out = np.empty(_CHUNK, dtype=np.uint8)
        self._at = 0

    def cover(self, plain: NDArray[np.uint8]) -> memoryview:
        """Return the ciphertext of the next bytes, at most `_CHUNK`; valid until the next call."""
        first, skip = divmod(self._at, _BLOCK)
        blocks = -(-(skip + len(plain)) // _BLOCK)
        np.add(self._steps[:blocks], np.uint64(first), out=self._counters[:blocks, 0])
        self._encrypt.update_into(self._counters[:blocks].data.cast("B"), self._stream.data)
        self._at += len(plain)
        out = self._out[: len(plain)]
        np.bitwise_xor(plain, self._stream[skip : skip + len(plain)], out=out)
        return out.data


def _local_header(entry: _Entry, stamp: int) -> bytes:
    """APPNOTE §4.3.7."""
    extra = _aes_extra()
    head = (b"PK\x03\x04", _NEEDED_VERSION, _FLAGS, _AES_METHOD, stamp, 0)
    sizes = (entry.stored, entry.size, len(entry.name), len(extra))
    return struct.pack("<4sHHHIIIIHH", *head, *sizes) + entry.name + extra


def _central_header(entry: _Entry, stamp: int) -> bytes:
    """APPNOTE §4.3.12."""
    extra = _aes_extra()
    head = (b"PK\x01\x02", _NEEDED_VERSION, _FAT, _NEEDED_VERSION, _FLAGS, _AES_METHOD, stamp, 0)
    sizes = (entry.stored, entry.size, len(entry.name), len(extra), 0)
    place = (0, 0, 0, entry.offset)
    return struct.pack("<4sBBHHHIIIIHHHHHII", *head, *sizes, *place) + entry.name + extra


def _aes_extra() -> bytes:
    """Field 0x9901: AE-2, vendor AE, strength 3 (256 bits), the content's own method: stored."""
    return struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)


def _dos_time(moment: datetime) -> int:
    """Return a time as DOS keeps it, in steps of two seconds (APPNOTE §4.4.6)."""
    day = (moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return day << 16 | moment.hour << 11 | moment.minute << 5 | moment.second // 2
