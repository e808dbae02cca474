"""Running numbers that people read out on the telephone: `RC-2026-0001`.

Owns: `NumberSeries` rows.
Invariant: within an organisation and a year, numbers have no gaps and are never given twice: the
counter moves in the transaction that uses the number.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from suyuan.kernel import clock
from suyuan.quality.models import NumberSeries


def next_number(*, organisation_id: int, prefix: str) -> str:
    """Return the next number of `prefix` in the present year; call it inside a transaction.

    The counter's row stays locked until that transaction ends, so that numbers follow one another.
    """
    series = f"{prefix}-{timezone.localdate(clock.now()).year}"
    rows = NumberSeries.objects.filter(organisation_id=organisation_id, series=series)
    if not rows.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                NumberSeries.objects.create(organisation_id=organisation_id, series=series, last=1)
        except IntegrityError:  # somebody else began the series in this instant
            rows.update(last=F("last") + 1)
    last = rows.values_list("last", flat=True).get()
    return f"{series}-{last:04d}"
