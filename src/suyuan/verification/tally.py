"""Write a scan down: the item's tally and the scan itself, in one short transaction.

Owns: the statement that makes exactly one scan the first, and how durable a scan is.

The statement is the same on SQLite and PostgreSQL: insert the tally, or count up the one that is
there, and return what it then says. Whoever inserts is first; the row's lock orders the others.

The rule of visits: a device that looks again within `VISIT` of its own last look continues its
visit, which is not counted a second time; and a device whose own look was the first stays the
first for `VISIT`. So loading the page again does not frighten anybody.

A scan may be lost when the power fails, an event may not: on SQLite this transaction does not wait
for the disk (`synchronous=NORMAL`), on PostgreSQL neither (`synchronous_commit=off`). Neither can
damage the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import time_of
from suyuan.verification import device
from suyuan.verification.values import Seen, SeenBy, Verdict

VISIT: Final = timedelta(minutes=10)
_COUNTED: Final = frozenset({None, Verdict.RECALLED, Verdict.TAP_GENUINE})

_COUNT: Final = """
    INSERT INTO verification_scantally AS tally
        (organisation_id, id, scans, first_at, first_region, first_device, last_at, last_device)
    VALUES (%s, %s, 1, %s, %s, %s, %s, %s)
    ON CONFLICT (organisation_id, id) DO UPDATE SET
        scans = tally.scans + CASE
            WHEN tally.last_device = excluded.last_device AND tally.last_at > %s THEN 0 ELSE 1 END,
        last_at = excluded.last_at,
        last_device = excluded.last_device
    RETURNING scans, first_at, first_region, first_device
"""
_READ: Final = (
    "SELECT scans, first_at, first_region, first_device, last_device, last_at "
    "FROM verification_scantally WHERE organisation_id = %s AND id = %s"
)
_INSERT: Final = """
    INSERT INTO verification_scan
        (organisation_id, id, key, at, gtin, code, verdict, region, device, language)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def write(
    *,
    organisation_id: int,
    key: int | None,
    gtin: str,
    code: str,
    verdict: Verdict | None,
    seen_by: SeenBy,
    at: datetime,
) -> Seen | None:
    """Store a scan, and count it when it is of an item that is ours.

    Args:
        organisation_id: Whose code it is.
        key: The identity's key, if it has one.
        gtin: 14 digits.
        code: Serial or lot.
        verdict: What was found; None for a genuine item, whose tally says which it is.
        seen_by: Who asks.
        at: Now.

    Returns:
        The tally of a genuine or recalled item, this scan included; None for everything else.
    """
    own = device.digest(seen_by, at) or 0
    counted = key is not None and verdict in _COUNTED
    # A tap is evidence each time: every one is written down.
    if counted and key is not None and verdict is not Verdict.TAP_GENUINE:
        row = _row(organisation_id, key)
        if row is not None and row[4] == own and time_of(row[5]) > at - VISIT:
            return _seen(row[:4], seen_by=seen_by, at=at)  # the same visit: nothing to write
    when = connection.ops.adapt_datetimefield_value(at)
    seen = None
    with _not_waiting_for_the_disk(), connection.cursor() as cursor:
        if counted:
            since = connection.ops.adapt_datetimefield_value(at - VISIT)
            place = (organisation_id, key, when, seen_by.region, own, when, own, since)
            cursor.execute(_COUNT, place)
            seen = _seen(cursor.fetchone(), seen_by=seen_by, at=at)
        word = (verdict or verdict_of(seen)).value
        scan = (organisation_id, new_id(), key or 0, when, gtin, code[:20], word)
        cursor.execute(_INSERT, (*scan, seen_by.region, own, seen_by.language))
    return seen


def verdict_of(seen: Seen | None) -> Verdict:
    """Return the verdict on a genuine item by its tally."""
    first = seen is None or seen.own_first
    return Verdict.GENUINE_FIRST if first else Verdict.GENUINE_SEEN


def read(*, organisation_id: int, key: int, seen_by: SeenBy, at: datetime) -> Seen | None:
    """Return the tally of an item as this device would see it; None if nobody has looked."""
    row = _row(organisation_id, key)
    return None if row is None else _seen(row[:4], seen_by=seen_by, at=at)


def _row(organisation_id: int, key: int) -> tuple[Any, ...] | None:
    """Return scans, the first's time, region and device, the last's device and time."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, (organisation_id, key))
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _seen(row: tuple[Any, ...], *, seen_by: SeenBy, at: datetime) -> Seen:
    scans, first_at, first_region, first_device = row
    first_at = time_of(first_at)
    recent = at - first_at < VISIT
    # By the salt of the first look's day, so that midnight makes no difference.
    own_first = recent and device.digest(seen_by, first_at, make=False) == first_device
    return Seen(scans=scans, first_at=first_at, first_region=first_region, own_first=own_first)


@contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """Open the transaction of a scan; within another transaction, be part of that."""
    lowered = connection.vendor == "sqlite" and not connection.in_atomic_block
    if lowered:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit TO OFF")
            yield
    finally:
        if lowered:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=FULL")
