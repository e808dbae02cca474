"""Give each chip keys of its own.

Owns: key diversification of AES-128 by NXP AN10922.
Invariant: knowing the keys of chips does not help to find the master key or another chip's keys.
"""

from __future__ import annotations

from typing import Final

from suyuan.core.nfc.aes import BLOCK, KEY_BYTES, ZERO, blocks, cmac, doubled, xor
from suyuan.core.nfc.errors import NfcError

UID_BYTES: Final = 7
LONGEST_INPUT: Final = 31
LONGEST_SYSTEM: Final = LONGEST_INPUT - UID_BYTES
_AES_128: Final = b"\x01"  # the constant of AN10922 §2.2


def diversify(master: bytes, diversification_input: bytes) -> bytes:
    """Return the 16 bytes of a diversified key.

    AN10922 takes the CMAC of the constant 01 and the input, always over two blocks: where both fit
    into one, padding fills the second.

    Args:
        master: 16 bytes.
        diversification_input: 1 to 31 bytes: UID, application, system identifier.

    Raises:
        NfcError: `key_length` or `diversification_input`.
    """
    if len(master) != KEY_BYTES:
        raise NfcError("key_length", length=len(master))
    if not 1 <= len(diversification_input) <= LONGEST_INPUT:
        raise NfcError("diversification_input", length=len(diversification_input))
    message = _AES_128 + diversification_input
    if len(message) > BLOCK:
        return cmac(master, message)
    padded = (message + b"\x80").ljust(2 * BLOCK, b"\0")
    encrypt = blocks(master)
    second = doubled(doubled(encrypt(ZERO)))
    return encrypt(xor(xor(encrypt(padded[:BLOCK]), padded[BLOCK:]), second))


def chip_input(uid: bytes, system: bytes) -> bytes:
    """Return the diversification input of a chip: its UID, then the system identifier.

    Raises:
        NfcError: `uid_length` or `system_identifier`.
    """
    if len(uid) != UID_BYTES:
        raise NfcError("uid_length", length=len(uid))
    if not 1 <= len(system) <= LONGEST_SYSTEM:
        raise NfcError("system_identifier", length=len(system))
    return uid + system
