"""The leakage resilient primitive: what a chip in LRP mode has instead of AES.

Owns: LRP's evaluation, its block mode (LRICB) and its CMAC.
Source: NXP AN12304, algorithms 1 to 5, with nibbles of m = 4 bits.

A chip is switched to LRP for good, to keep its keys from being measured through its current. Each
evaluation is some thirty AES calls under changing keys, so a verification takes a hundred times
as long as in AES mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from suyuan.core.nfc.aes import BLOCK, ZERO, block, doubled, unblock, xor
from suyuan.core.nfc.errors import NfcError

_UPPER: Final = b"\x55" * BLOCK
_LOWER: Final = b"\xaa" * BLOCK
_NIBBLES: Final = 16
_UPDATED: Final = 2  # updated keys that messages need: 0 for MACs, 1 for file data


class Lrp:
    """The primitive under one secret key, with one of its updated keys."""

    def __init__(self, key: bytes, updated: int = 0) -> None:
        """Make the sixteen secret plaintexts and take updated key number `updated`."""
        self._plaintexts = tuple(_chain(block(key, _UPPER), _NIBBLES))
        self._key = tuple(_chain(block(key, _LOWER), max(_UPDATED, updated + 1)))[updated]

    def evaluate(self, value: bytes, *, final: bool = True) -> bytes:
        """Return the block that `value` leads to, nibble by nibble."""
        state = self._key
        for byte in value:
            state = block(state, self._plaintexts[byte >> 4])
            state = block(state, self._plaintexts[byte & 15])
        return block(state, ZERO) if final else state

    def encrypt(self, plain: bytes, counter: bytes) -> bytes:
        """Return whole blocks encrypted; each has a key of its own, counted on from `counter`."""
        return b"".join(block(key, part) for key, part in self._keyed(plain, counter))

    def decrypt(self, secret: bytes, counter: bytes) -> bytes:
        """Return what `encrypt` was given."""
        return b"".join(unblock(key, part) for key, part in self._keyed(secret, counter))

    def cmac(self, message: bytes) -> bytes:
        """Return the 16 bytes of CMAC with the primitive in the place of the cipher."""
        first = doubled(self.evaluate(ZERO))
        head, tail = _split(message)
        state = ZERO
        for part in head:
            state = self.evaluate(xor(part, state))
        if len(tail) == BLOCK:
            last = xor(tail, first)
        else:
            last = xor((tail + b"\x80").ljust(BLOCK, b"\0"), doubled(first))
        return self.evaluate(xor(last, state))

    def _keyed(self, text: bytes, counter: bytes) -> Iterator[tuple[bytes, bytes]]:
        if not text or len(text) % BLOCK:
            raise NfcError("blocks_incomplete", length=len(text))
        number, size = int.from_bytes(counter), len(counter)
        for at in range(0, len(text), BLOCK):
            # A counter that is full goes on from zero (AN12304 §2.4).
            wrapped = number % (1 << 8 * size)
            yield self.evaluate(wrapped.to_bytes(size)), text[at : at + BLOCK]
            number += 1


def _chain(state: bytes, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield block(state, _LOWER)
        state = block(state, _UPPER)


def _split(message: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole blocks in front, and the last one, which may be short or empty."""
    cut = max(0, (len(message) - 1) // BLOCK * BLOCK)
    return [message[at : at + BLOCK] for at in range(0, cut, BLOCK)], message[cut:]
