"""Number logistic units."""

from __future__ import annotations

from typing import NamedTuple

from suyuan.issuing.errors import SsccExhausted
from suyuan.issuing.numbers import series_limit, sscc, unit_prefix
from suyuan.issuing.values import UNIT_LIMIT
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import SeriesExhausted
from suyuan.tenancy.numbers import take_numbers
from suyuan.tenancy.rights import Right


class UnitNumbers(NamedTuple):
    """The first of consecutive numbers of a prefix's series."""

    prefix: str
    first: int


def next_sscc(actor: Actor, count: int = 1) -> list[str]:
    """Return `count` new SSCCs of the organisation, 18 digits each.

    Raises:
        Forbidden: without `events.capture`.
        Invalid: `unit_count`, outside 1 to 100,000.
        SsccExhausted: the company prefix has fewer left.
    """
    actor.require(Right.EVENTS_CAPTURE)
    numbers = take_units(actor, count)
    return [sscc(numbers.prefix, number) for number in range(numbers.first, numbers.first + count)]


def take_units(actor: Actor, count: int, *, limit: int = UNIT_LIMIT) -> UnitNumbers:
    """Take `count` numbers of logistic units; raises as `next_sscc`, but looks at no right."""
    if not 1 <= count <= limit:
        raise Invalid("unit_count", place="count", limit=limit, given=count)
    prefix = unit_prefix(actor.organisation)
    try:
        first = take_numbers(
            organisation_id=actor.organisation_id,
            series=f"sscc:{prefix}",
            count=count,
            limit=series_limit(prefix),
        )
    except SeriesExhausted as error:
        raise SsccExhausted(prefix=prefix) from error
    return UnitNumbers(prefix, first)
