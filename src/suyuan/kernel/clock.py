"""The one place that asks what time it is, so that a test or a demonstration can hold it still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_held: ContextVar[datetime | None] = ContextVar("held_time", default=None)


def now() -> datetime:
    """Return the present time, in UTC; or the held one within `held_at`."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` for this context."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
