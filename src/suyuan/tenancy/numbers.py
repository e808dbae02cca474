"""Take consecutive numbers of an organisation's series, each once, whoever else is taking.

Owns: `NumberSeries` rows, how any counter row moves on, and how a number that counts from 1 each
year is written (`CP-2026-0007`).
Does not own: how other numbers are written (an SSCC, a GTIN), and where a series ends.
Invariant: two callers never get overlapping numbers. The counter moves in the caller's transaction,
whose row lock makes others wait for its end: what is rolled back was never taken, so that a series
has no gaps.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from suyuan.kernel import clock
from suyuan.tenancy.errors import SeriesExhausted
from suyuan.tenancy.models import NumberSeries


def take_numbers(
    *, organisation_id: int, series: str, count: int = 1, limit: int | None = None
) -> int:
    """Return the first of `count` consecutive numbers of a series, which begins at 0.

    Args:
        organisation_id: Whose series.
        series: Its name, such as `order:2026`; at most 40 characters.
        count: How many.
        limit: What every number has to stay below, where the series ends.

    Raises:
        SeriesExhausted: fewer than `count` are left; none is taken.
    """
    first = advance(
        NumberSeries.objects, {"organisation_id": organisation_id, "name": series}, count, limit
    )
    if first is None:
        raise SeriesExhausted(series=series)
    return first


def yearly_number(*, organisation_id: int, prefix: str, series: str | None = None) -> str:
    """Return the next human number, which counts from 1 each year of the display's calendar.

    Args:
        organisation_id: Whose number.
        prefix: What it begins with: `CO` makes `CO-2026-0001`.
        series: The counter's name before the year, `order` for `order:2026`; without one the
            counter is named as its numbers begin, `CO-2026`. It never changes once numbers were
            given: another counter would give them again.
    """
    year = timezone.localdate(clock.now()).year
    name = f"{series}:{year}" if series else f"{prefix}-{year}"
    return f"{prefix}-{year}-{take_numbers(organisation_id=organisation_id, series=name) + 1:04}"


def advance[Row: models.Model](
    counters: models.Manager[Row], key: dict[str, Any], count: int, limit: int | None = None
) -> int | None:
    """Move the counter with `key` on by `count`; return where its `next` stood before.

    The counter is made on first use.

    Args:
        counters: Rows of a model with a field `next`.
        key: The fields that find one row and its organisation; unique together.
        count: How far.
        limit: What `next` may at most become.

    Returns:
        None when the limit stands in the way; the counter then has not moved.
    """
    rows = counters.filter(**key)
    open_rows = rows if limit is None else rows.filter(next__lte=limit - count)
    with transaction.atomic():
        if not open_rows.update(next=F("next") + count):
            # Missing, or too near its limit. Somebody else may begin the series in this instant.
            counters.bulk_create([counters.model(**key)], ignore_conflicts=True)
            if not open_rows.update(next=F("next") + count):
                return None
        after: int = rows.values_list("next", flat=True).get()
    return after - count
