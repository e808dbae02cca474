"""Row identifiers that any node can make without asking a database.

42 bits of milliseconds since 2024 and 21 more that begin at random in each millisecond: 63 bits,
roughly in order of making, so that index pages fill in order; no sequence, which a distributed
table could not share.

Invariant: a process never makes the same identifier twice. Independent random bits would not do:
a bulk insert makes thousands within a millisecond, and 1,000 draws of 21 bits collide in one case
of five.
"""

from __future__ import annotations

import random
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_SPREAD_BITS = 21
# Steps of random width keep two processes apart that began a millisecond near one another.
_STEP_BITS = 4

_draw = random.SystemRandom().getrandbits
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a new positive 63-bit identifier, greater than any this process made before."""
    global _last  # noqa: PLW0603 - the one thing that a process remembers
    milliseconds = time.time_ns() // 1_000_000 - _EPOCH_MS
    with _lock:
        if milliseconds > _last >> _SPREAD_BITS:
            _last = (milliseconds << _SPREAD_BITS) | _draw(_SPREAD_BITS)
        else:  # the same millisecond, a full one, or a clock set back: go on from the last
            _last += 1 + _draw(_STEP_BITS)
        return _last
