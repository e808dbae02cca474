"""A product's code space: FF1 for radix 32 and 14 characters, fast.

Owns: index to serial and back, for one key, GTIN and numbering-key version.
Does not own: FF1 in general (ff1), characters (alphabet), which indexes were issued.
Invariant: equals `ff1.FF1(radix=32)` on the index's 14 base-32 digits under the same tweak.

What makes this case of FF1 (NIST SP 800-38G §5.1) small:

- Both halves are seven digits of five bits: a half is an integer below 2**35 and "modulo radix to
  the seventh" is a mask.
- The tweak has 10 bytes, a half takes 5 and the round number 1, so Q is one block without
  padding. The message of the PRF is P, Q, and P is constant: AES(P) is computed once and a round
  is AES(AES(P) ^ Q), a single block. A round over an array is one call of AES-ECB.
- Twelve bytes of the answer count (d = 12) and only their low 35 bits survive the mask: they lie
  in bytes 4 to 11.

The tweak, which is public and may never change once serials were issued:

    bytes 0-6   the GTIN's 14 digits as a big-endian integer
    bytes 7-9   the numbering key's version as a big-endian integer
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from numpy.typing import NDArray

from suyuan.core.codespace.alphabet import (
    ALPHABET,
    HALF_BITS,
    HALF_MASK,
    SERIAL_LENGTH,
    as_serials,
    read_pairs,
    read_text,
    write_pairs,
    write_text,
)

INDEX_LIMIT: Final = 1 << 40  # an EPC key keeps 40 bits for the index
_ROUNDS: Final = 10
_BLOCK: Final = 16
_HALF_BYTES: Final = 5
_GTIN_LENGTH: Final = 14
_VERSION_LIMIT: Final = 1 << 24
_BATCH: Final = 16_384  # what one batch touches then stays in a second-level cache of 1 MiB


class IndexOutOfSpace(ValueError):
    """An index is negative or not below 2**40.

    Attributes:
        code: stable refusal code.
        index: the first offender found; for a range, its last index if that is too large.
    """

    code = "index_out_of_space"

    def __init__(self, index: int) -> None:
        super().__init__(f"index {index} is not between 0 and {INDEX_LIMIT - 1}")
        self.index = index


def check_gtin(gtin: str) -> str:
    """Return `gtin` unchanged.

    Raises:
        ValueError: it is not 14 ASCII digits. The check digit is not looked at.
    """
    if len(gtin) != _GTIN_LENGTH or not (gtin.isascii() and gtin.isdecimal()):
        message = "a GTIN is written with 14 digits here"
        raise ValueError(message)
    return gtin


class _PerThread(threading.local):
    """One AES context for each thread: a context must not be used by two at a time."""

    def __init__(self, cipher: Cipher[modes.ECB]) -> None:
        self.update = cipher.encryptor().update


class _Rounds:
    """FF1's rounds over arrays of halves; buffers for one call, never shared between threads.

    Args:
        encryptor: AES-ECB context of this call.
        starts: for each round, AES(P) ^ Q with a zero half, as a 128-bit integer.
        size: the longest array that will be given.
    """

    def __init__(self, encryptor: CipherContext, starts: Sequence[int], size: int) -> None:
        self._encryptor = encryptor
        # Signed throughout: bits are the same modulo 2**64, and tables are indexed without a cast.
        halves = np.frombuffer(b"".join(start.to_bytes(_BLOCK) for start in starts), dtype=">i8")
        self._starts = halves[1::2]
        self._blocks = np.empty((size, 2), dtype=">i8")
        # The rounds differ in the second half of the block only.
        self._blocks[:, 0] = halves[0]
        # update_into wants room for one more block, less a byte.
        self._stream = np.empty(size * _BLOCK + _BLOCK - 1, dtype=np.uint8)
        self._y = np.ndarray(
            (size,), dtype=">i8", buffer=self._stream.data, offset=4, strides=(_BLOCK,)
        )

    def _keystream(self, i: int, half: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return y of round `i` modulo 2**64, shape (n,)."""
        n = len(half)
        blocks = self._blocks[:n]
        np.bitwise_xor(half, self._starts[i], out=blocks[:, 1])
        self._encryptor.update_into(blocks.data.cast("B"), self._stream.data)
        return self._y[:n]

    def encrypt(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Encrypt halves in place; both of shape (n,), contiguous, each value below 2**35."""
        for i in range(_ROUNDS):
            a += self._keystream(i, b)
            a &= HALF_MASK
            a, b = b, a

    def decrypt(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Decrypt halves in place; arguments as for `encrypt`."""
        for i in reversed(range(_ROUNDS)):
            a, b = b, a
            a -= self._keystream(i, b)
            a &= HALF_MASK


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSpace:
    """The serials of one product under one version of its numbering key.

    An immutable value, equal to another of the same key, GTIN and version; safe to share between
    threads. Its representation shows no key.

    Args:
        key: AES key of 16, 24 or 32 bytes; not kept as an attribute.
        gtin: 14 digits.
        version: version of the numbering key, 0 to 2**24 - 1.

    Raises:
        ValueError: an argument is outside these bounds.

    Source: NIST SP 800-38G §5.1 (FF1); the module says which parameters are fixed and why.
    """

    key: InitVar[bytes]
    gtin: str
    version: int
    _starts: tuple[int, ...] = field(init=False, repr=False)  # differs with the key
    _cipher: Cipher[modes.ECB] = field(init=False, repr=False, compare=False)
    _local: _PerThread = field(init=False, repr=False, compare=False)

    def __post_init__(self, key: bytes) -> None:
        check_gtin(self.gtin)
        if not 0 <= self.version < _VERSION_LIMIT:
            message = f"version {self.version} is not between 0 and {_VERSION_LIMIT - 1}"
            raise ValueError(message)
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - one block, inside FF1
        local = _PerThread(cipher)
        object.__setattr__(self, "_cipher", cipher)
        object.__setattr__(self, "_local", local)
        object.__setattr__(self, "_starts", _round_starts(local, self._tweak()))

    def _tweak(self) -> bytes:
        return int(self.gtin).to_bytes(7) + self.version.to_bytes(3)

    def serials(self, indexes: NDArray[np.uint64]) -> NDArray[np.bytes_]:
        """Return the serials of `indexes`.

        Args:
            indexes: integers of shape (n,), each below 2**40, in any order.

        Returns:
            Array of dtype S14 and shape (n,).

        Raises:
            IndexOutOfSpace: an index is negative or not below 2**40.
            TypeError: the array does not hold integers.
            ValueError: the array has more or less than one dimension.
        """
        return self._serials(_check_indexes(indexes))

    def serial_range(self, start: int, count: int) -> NDArray[np.bytes_]:
        """Return the serials of `start` up to `start + count - 1`: dtype S14, shape (count,).

        Raises:
            IndexOutOfSpace: the range leaves the space.
            ValueError: `count` is negative.
        """
        return self._serials(_range(start, count))

    def text_block(
        self, start: int, count: int, *, prefix: bytes = b"", suffix: bytes = b"\n"
    ) -> bytes:
        """Return lines of fixed width, one a serial: prefix, 14 characters, suffix.

        Meant for streaming downloads: the caller asks for some ten thousand lines at a time.

        Args:
            start: first index.
            count: how many lines.
            prefix: put before each serial, for example b"https://h/01/09506000134352/21/".
            suffix: put after each serial.

        Raises:
            IndexOutOfSpace: the range leaves the space.
            ValueError: `count` is negative.
        """
        indexes = _range(start, count)
        line = prefix + bytes(SERIAL_LENGTH) + suffix
        block = bytearray(line) * count
        if count:
            shape = (count, SERIAL_LENGTH // 2)
            strides = (len(line), 2)
            self._write(indexes, np.ndarray(shape, np.uint16, block, len(prefix), strides))
        return bytes(block)

    def indexes(
        self, serials: NDArray[np.bytes_] | NDArray[np.str_] | Sequence[str]
    ) -> NDArray[np.int64]:
        """Return the indexes of `serials`.

        Texts are taken as they are: `normalise` what a person typed before asking.

        Args:
            serials: n texts as an array of bytes, an array of text or a sequence of str.

        Returns:
            Shape (n,); -1 where the text is no serial of this space: another length, another
            alphabet, or an index that is not below 2**40. Says nothing about what was issued.

        Raises:
            TypeError: the array holds neither bytes nor text.
            ValueError: the array has more or less than one dimension.
        """
        texts = as_serials(serials)
        pairs = texts.view(np.uint16).reshape(-1, SERIAL_LENGTH // 2)
        out = np.empty(len(texts), dtype=np.int64)
        rounds = self._rounds(len(texts))
        for at in range(0, len(texts), _BATCH):
            high, low, valid = read_pairs(pairs[at : at + _BATCH])
            rounds.decrypt(high, low)
            valid &= high < INDEX_LIMIT >> HALF_BITS
            out[at : at + _BATCH] = np.where(valid, high << HALF_BITS | low, -1)
        return out

    def serial(self, index: int) -> str:
        """Return the serial of one index.

        Raises:
            IndexOutOfSpace: `index` is negative or not below 2**40.
        """
        if not 0 <= index < INDEX_LIMIT:
            raise IndexOutOfSpace(index)
        update = self._local.update
        a, b = index >> HALF_BITS, index & HALF_MASK
        for start in self._starts:
            y = int.from_bytes(update((start ^ b).to_bytes(_BLOCK))) >> 32
            a, b = b, a + y & HALF_MASK
        return write_text(a << HALF_BITS | b)

    def index(self, serial: str) -> int | None:
        """Return the index of one serial, or None where `indexes` would say -1."""
        value = read_text(serial)
        if value is None:
            return None
        update = self._local.update
        a, b = value >> HALF_BITS, value & HALF_MASK
        for start in reversed(self._starts):
            y = int.from_bytes(update((start ^ a).to_bytes(_BLOCK))) >> 32
            a, b = b - y & HALF_MASK, a
        found = a << HALF_BITS | b
        return found if found < INDEX_LIMIT else None

    def _rounds(self, count: int) -> _Rounds:
        return _Rounds(self._cipher.encryptor(), self._starts, min(count, _BATCH))

    def _serials(self, indexes: NDArray[np.int64]) -> NDArray[np.bytes_]:
        out = np.empty(len(indexes), dtype=f"S{SERIAL_LENGTH}")
        self._write(indexes, out.view(np.uint16).reshape(-1, SERIAL_LENGTH // 2))
        return out

    def _write(self, indexes: NDArray[np.int64], out: NDArray[np.uint16]) -> None:
        """Write the serials of checked indexes, shape (n,), as character pairs, shape (n, 7)."""
        rounds = self._rounds(len(indexes))
        for at in range(0, len(indexes), _BATCH):
            batch = indexes[at : at + _BATCH]
            a, b = batch >> HALF_BITS, batch & HALF_MASK
            rounds.encrypt(a, b)
            write_pairs(a, b, out[at : at + _BATCH])


def _round_starts(local: _PerThread, tweak: bytes) -> tuple[int, ...]:
    """Return AES(P) ^ Q for each round with a zero half, as 128-bit integers."""
    p = (
        bytes((1, 2, 1))
        + len(ALPHABET).to_bytes(3)
        + bytes((_ROUNDS, SERIAL_LENGTH // 2))
        + SERIAL_LENGTH.to_bytes(4)
        + len(tweak).to_bytes(4)
    )
    whitening = int.from_bytes(local.update(p))
    return tuple(
        whitening ^ int.from_bytes(tweak + bytes((i,)) + bytes(_HALF_BYTES)) for i in range(_ROUNDS)
    )


def _check_indexes(indexes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return `indexes` as int64; raises as `CodeSpace.serials`."""
    if indexes.ndim != 1:
        message = f"indexes have one dimension, not {indexes.ndim}"
        raise ValueError(message)
    if indexes.dtype.kind not in "ui":
        message = f"indexes are integers, not {indexes.dtype}"
        raise TypeError(message)
    # A negative number becomes one far above the limit.
    unsigned = indexes.astype(np.uint64, copy=False)
    if len(unsigned) and unsigned.max() >= INDEX_LIMIT:
        raise IndexOutOfSpace(int(indexes[np.argmax(unsigned)]))
    return unsigned.view(np.int64)


def _range(start: int, count: int) -> NDArray[np.int64]:
    """Return `count` indexes from `start`; raises as `CodeSpace.serial_range`."""
    if count < 0:
        message = f"a count of {count} is negative"
        raise ValueError(message)
    if start < 0:
        raise IndexOutOfSpace(start)
    if start + count > INDEX_LIMIT:
        raise IndexOutOfSpace(start + count - 1)
    return np.arange(start, start + count, dtype=np.int64)
