"""The inner (scratch-off) code under a package's cover.

Owns: how an inner code follows from a serial.
Does not own: how many tries a serial has and which reveal was the first (verification).
Invariant: knowing serials, and inner codes of other serials, does not help to guess one.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives import hashes, hmac

from suyuan.core.codespace.alphabet import write_text
from suyuan.core.codespace.space import check_gtin

INNER_LENGTH: Final = 8
_MIN_KEY: Final = 16


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
    if len(key) < _MIN_KEY:
        message = f"an inner key has at least {_MIN_KEY} bytes"
        raise ValueError(message)
    if not serial:
        message = "a serial is not empty"
        raise ValueError(message)
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(check_gtin(gtin).encode() + serial.encode())
    return write_text(int.from_bytes(mac.finalize()[:5]), length=INNER_LENGTH)
