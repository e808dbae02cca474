"""Row identifiers that any node can make without asking a database.

42 bits of milliseconds since 2024 and 21 random bits: 63 bits, roughly in order of making, so that
index pages fill in order; no sequence, which a distributed table could not share.
"""

from __future__ import annotations

import secrets
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_RANDOM_BITS = 21


def new_id() -> int:
    """Return a new positive 63-bit identifier."""
    milliseconds = time.time_ns() // 1_000_000 - _EPOCH_MS
    return (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
