"""AES-128 as the chips use it: single blocks, CBC, CMAC.

Owns: nothing but short names for `cryptography`'s primitives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK: Final = 16
ZERO: Final = bytes(BLOCK)
KEY_BYTES: Final = 16

_ECB: Final = modes.ECB()  # noqa: S305 - of single blocks, as the chip's own definitions say
_CBC_ZERO: Final = modes.CBC(ZERO)


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the 16 bytes of AES-CMAC (NIST SP 800-38B)."""
    mac = CMAC(AES128(key))
    mac.update(message)
    return mac.finalize()


def block(key: bytes, plain: bytes) -> bytes:
    """Return one block, or several each by itself, encrypted."""
    return Cipher(AES128(key), _ECB).encryptor().update(plain)


def blocks(key: bytes) -> Callable[[bytes], bytes]:
    """Return what encrypts one block after the other, each by itself, under one key."""
    return Cipher(AES128(key), _ECB).encryptor().update


def unblock(key: bytes, secret: bytes) -> bytes:
    """Return what `block` was given."""
    return Cipher(AES128(key), _ECB).decryptor().update(secret)


def cbc(key: bytes, plain: bytes, iv: bytes = ZERO) -> bytes:
    """Return whole blocks encrypted in CBC mode, without padding."""
    return Cipher(AES128(key), modes.CBC(iv)).encryptor().update(plain)


def uncbc(key: bytes, secret: bytes, iv: bytes = ZERO) -> bytes:
    """Return what `cbc` was given."""
    mode = _CBC_ZERO if iv is ZERO else modes.CBC(iv)
    return Cipher(AES128(key), mode).decryptor().update(secret)


def xor(one: bytes, other: bytes) -> bytes:
    """Return the bitwise difference of two texts of one length."""
    size = len(one)
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(size)


def doubled(value: bytes) -> bytes:
    """Return a block times x in GF(2**128), with the polynomial of CMAC."""
    number = int.from_bytes(value) << 1
    if number >> 128:
        number = (number ^ 0x87) & ((1 << 128) - 1)
    return number.to_bytes(BLOCK)
