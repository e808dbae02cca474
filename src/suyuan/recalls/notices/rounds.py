"""What the worker does for notices again and again.

Owns: rhythm. Everything is taken up from the rows, so that a worker may die at any instant.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import close_old_connections, connections

from suyuan.kernel import clock
from suyuan.recalls.notices.forgetting import forget_due
from suyuan.recalls.notices.posting import post_due
from suyuan.recalls.notices.queueing import remind_due

RHYTHM: Final = 2.0  # seconds
_SWEEP_EVERY: Final = 900  # rounds: half an hour
_log = logging.getLogger(__name__)


def sweep() -> int:
    """Queue the reminders that are due, and forget contacts whose time has come."""
    now = clock.now()
    return remind_due(now) + forget_due(now)


def drain() -> int:
    """Send until nothing is due: for commands and tests."""
    done = 0
    while settled := post_due():
        done += settled
    return done


def run(ended: threading.Event, *, seconds: float = RHYTHM) -> None:
    """Go on until `ended`; the connection to the database is this thread's own."""
    rounds = 0
    while not ended.is_set():
        close_old_connections()
        busy = _safe_round(sweeping=rounds % _SWEEP_EVERY == 0)
        rounds += 1
        ended.wait(0 if busy else seconds)
    connections.close_all()


def _safe_round(*, sweeping: bool) -> bool:
    try:
        if sweeping:
            sweep()
        return bool(post_due())
    except Exception:  # noqa: BLE001 - nobody would start the loop again; the rows are still there
        _log.warning("a round of notices failed", exc_info=True)
        return False
