"""Take consecutive numbers, each once, whoever else is taking.

Owns: advancing a counter row by conditional update; acting anew when a row has moved on.
Invariant: two callers never get overlapping numbers; a counter never goes back once its
transaction is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import models, transaction

from suyuan.issuing.errors import Busy, OrderChangedMeanwhile
from suyuan.issuing.models import NumberSeries, ProductCounter
from suyuan.kernel.errors import Conflict
from suyuan.tenancy.models import Organisation

# PostgreSQL makes a loser wait for the winner's commit, so each try outlives one other caller.
_TRIES: Final = 64


def take_indexes(
    *, organisation: Organisation, product_id: int, count: int, limit: int, full: Conflict
) -> int:
    """Return the first of `count` consecutive indexes of a product, all below `limit`.

    Raises:
        Busy: others were faster, time and again.
        Conflict: `full`, when fewer than `count` are left.
    """
    ProductCounter.objects.get_or_create(organisation=organisation, product_id=product_id)
    rows = ProductCounter.objects.filter(organisation=organisation, product_id=product_id)
    return _take(rows, count=count, limit=limit, full=full)


def take_numbers(
    *, organisation: Organisation, series: str, count: int, limit: int, full: Conflict
) -> int:
    """Return the first of `count` consecutive numbers of a series; raises as `take_indexes`."""
    NumberSeries.objects.get_or_create(organisation=organisation, name=series)
    rows = NumberSeries.objects.filter(organisation=organisation, name=series)
    return _take(rows, count=count, limit=limit, full=full)


def _take[Row: models.Model](
    rows: models.QuerySet[Row], *, count: int, limit: int, full: Conflict
) -> int:
    for _ in range(_TRIES):
        start: int = rows.values_list("next", flat=True).get()
        if start + count > limit:
            raise full
        if rows.filter(next=start).update(next=start + count):
            return start
    raise Busy


def retried[Outcome](act: Callable[[], Outcome]) -> Outcome:
    """Do `act` in a transaction; once more, on what is true then, if somebody was faster.

    So the same call, sent twice at once, gives both senders the one outcome.

    Raises:
        OrderChangedMeanwhile: others were faster twice.
    """
    try:
        with transaction.atomic():
            return act()
    except OrderChangedMeanwhile:
        with transaction.atomic():
            return act()
