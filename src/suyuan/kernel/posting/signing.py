"""The signature of a message: `GS1-Signature`.

Owns: its form. The standard leaves it open (EPCIS 2.0 §12.8.1: "HMAC with SHA-256 directly").

    GS1-Signature: t=1767225600,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd

`t` is when the message was sent, in seconds since 1970; `v1` the HMAC-SHA-256, in hexadecimal, of
the text of `t`, a full stop and the body's bytes, under the signature token's bytes in UTF-8. The
time is signed too, so that who overheard a message cannot send it again a day later: a receiver
refuses what is older than five minutes. Further `v…` may stand beside one day: take the one you
know.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

HEADER: Final = "GS1-Signature"


def signature(token: bytes, body: bytes, *, at: int) -> str:
    """Return the header's value for a body that is sent at `at` (seconds since 1970)."""
    digest = hmac.new(token, b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def is_signed(token: bytes, body: bytes, header: str, *, now: int, tolerance: int = 300) -> bool:
    """Tell whether a header is a fresh signature of a body: what a receiver has to do."""
    told = dict(part.partition("=")[::2] for part in header.split(","))
    at = told.get("t", "")
    if not (at.isascii() and at.isdigit() and len(at) < 13 and abs(now - int(at)) <= tolerance):
        return False
    wanted = signature(token, body, at=int(at)).partition("v1=")[2]
    return hmac.compare_digest(wanted, told.get("v1", ""))
