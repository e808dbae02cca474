"""Numbers of events and the time of their capture.

Owns: which numbers a period of capture can have. Numbers are given in the order of capture, so a
bisection finds them; no index of record times is kept.
"""

from __future__ import annotations

from typing import Final

from suyuan.capture.models import EventSequence
from suyuan.capture.queries.plan import Plan
from suyuan.kernel.lists import select

_CLOCK_SLACK: Final = 10 * 60 * 1_000_000  # by which a clock may have been set back


def top_number(organisation_id: int) -> int:
    """Return the number that the next event will have."""
    rows = EventSequence.objects.filter(organisation_id=organisation_id)
    return rows.values_list("next", flat=True).first() or 1


def first_captured_since(organisation_id: int, record_time: int, top: int | None = None) -> int:
    """Return a number before which every event was captured before `record_time`.

    A clock that was set back by less than ten minutes does not deceive: some of the events from
    that number on may have been captured a little earlier.
    """
    low, high = 1, top_number(organisation_id) if top is None else top
    sought = record_time - _CLOCK_SLACK
    while low < high:
        middle = (low + high) // 2
        if _recorded(organisation_id, middle) < sought:
            low = middle + 1
        else:
            high = middle
    return low


def _recorded(organisation_id: int, seq: int) -> int:
    found = select(
        "SELECT record_time FROM capture_storedevent WHERE organisation_id = %s AND seq = %s",
        [organisation_id, seq],
    )
    return int(found[0][0]) if found else 0


def narrowed(organisation_id: int, plan: Plan, reach: tuple[int, int]) -> tuple[int, int]:
    """Narrow a range of numbers by what is asked of the time of capture."""
    low, high = reach
    if plan.recorded_since is not None:
        low = max(low, first_captured_since(organisation_id, plan.recorded_since, high))
    if plan.recorded_until is not None:
        until = plan.recorded_until + 2 * _CLOCK_SLACK
        high = min(high, first_captured_since(organisation_id, until, high))
    return low, high
