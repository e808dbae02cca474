"""The inner (scratch-off) code under a package's cover.

Owns: how an inner code follows from a serial, and the link that brings it along.
Does not own: how many tries a serial has and which reveal was the first (verification).
Invariant: knowing serials, and inner codes of other serials, does not help to guess one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import numpy as np
from cryptography.hazmat.primitives import hashes, hmac
from numpy.typing import NDArray

from suyuan.core.codespace.alphabet import write_short, write_text
from suyuan.core.codespace.space import check_gtin

INNER_LENGTH: Final = 8
INNER_QUERY: Final = "inner"  # the parameter of a link that brings a code along
_MIN_KEY: Final = 16
_HASH_BLOCK: Final = 64  # bytes that SHA-256 takes at once
_CODE_BYTES: Final = 5


def inner_code(*, key: bytes, gtin: str, serial: str) -> str:
    """Return the inner code of one item: 8 Crockford characters, 40 bits.

    They are the first five bytes of HMAC-SHA256(key, message), most significant digit first; the
    message is the GTIN's 14 ASCII digits followed by the serial in UTF-8. The GTIN's length is
    fixed, so no two items share a message. With five tries a guess succeeds once in 2 * 10**11.

    Args:
        key: at least 16 bytes, never the key of the code space.
        gtin: 14 digits.
        serial: the item's serial, as printed; it need not be one of ours.

    Raises:
        ValueError: the key is too short, the GTIN is not 14 digits or the serial is empty.

    Source: HMAC, RFC 2104; characters, Douglas Crockford, "Base 32".
    """
    _check_key(key)
    if not serial:
        message = "a serial is not empty"
        raise ValueError(message)
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(check_gtin(gtin).encode() + serial.encode())
    return write_text(int.from_bytes(mac.finalize()[:_CODE_BYTES]), length=INNER_LENGTH)


def inner_codes(*, key: bytes, gtin: str, serials: Iterable[bytes]) -> NDArray[np.bytes_]:
    """Return the inner codes of many items: dtype S8, in the order of `serials`.

    Each is what `inner_code` gives; half a million a second, because the states of both hashes
    after the padded key, and after the GTIN, are copied rather than computed anew.

    Args:
        key: at least 16 bytes, never the key of the code space.
        gtin: 14 digits.
        serials: in UTF-8, none of them empty.

    Raises:
        ValueError: the key is too short, the GTIN is not 14 digits or a serial is empty.
    """
    _check_key(key)
    # RFC 2104 §2: a key longer than a block is hashed first.
    short = hashlib.sha256(key).digest() if len(key) > _HASH_BLOCK else key
    block = short.ljust(_HASH_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + check_gtin(gtin).encode())
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    found = bytearray()
    for serial in serials:
        if not serial:
            message = "a serial is not empty"
            raise ValueError(message)
        one = inner.copy()
        one.update(serial)
        two = outer.copy()
        two.update(one.digest())
        found += two.digest()[:_CODE_BYTES]
    digits = np.frombuffer(found, dtype=np.uint8).reshape(-1, _CODE_BYTES).astype(np.int64)
    values = digits[:, 0]
    for column in range(1, _CODE_BYTES):
        values = values << 8 | digits[:, column]
    return write_short(values, length=INNER_LENGTH)


def inner_link(link: str, code: str) -> str:
    """Return the link that brings an inner code along, for a second QR under the layer."""
    return f"{link}?{INNER_QUERY}={code}"


def _check_key(key: bytes) -> None:
    if len(key) < _MIN_KEY:
        message = f"an inner key has at least {_MIN_KEY} bytes"
        raise ValueError(message)
