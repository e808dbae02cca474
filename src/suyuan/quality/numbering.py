"""Running numbers that people read out on the telephone: `RC-2026-0001`.

Owns: how such a number is written.
Invariant: within an organisation and a year, numbers begin at 1 and have no gaps; see
`tenancy.numbers`.
"""

from __future__ import annotations

from django.utils import timezone

from suyuan.kernel import clock
from suyuan.tenancy.numbers import take_numbers


def next_number(*, organisation_id: int, prefix: str) -> str:
    """Return the next number of `prefix` in the present year of the display's calendar."""
    series = f"{prefix}-{timezone.localdate(clock.now()).year}"
    return f"{series}-{take_numbers(organisation_id=organisation_id, series=series) + 1:04}"
