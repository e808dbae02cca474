"""Instants as whole microseconds since 1970 in UTC: exact, and small to store and compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(time: datetime) -> int:
    """Return the microseconds since 1970 of a time with a zone; floats would round it."""
    passed = time - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def moment(microseconds: int) -> datetime:
    """Return the time, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
