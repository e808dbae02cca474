"""What complaints have in common: upstream factors, and how much oftener they are met than usual.

Owns: `common_factors`: which factors are compared, with what, and what stands out.
Does not own: the statistics (core.intervals), what went into what (origins).

The share of a factor among the goods complained of is set against its share among all items made
in the period. The items made are counted, so that only the first share is uncertain (Wilson);
where more than a hundred thousand were made, places are told by a sample of them (Katz). As many
factors are compared at once, one of them *stands out* only if the lower end of its lift is above 1
at a confidence that makes up for that (Bonferroni), and two complaints at least share it. A lift is
a hint where to look, no proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from suyuan.core.intervals import CONFIDENCE, Rate, lift, lift_of_samples
from suyuan.masterdata import selectors as masterdata
from suyuan.quality.models import Complaint
from suyuan.quality.tallies import (
    Case,
    FactorKind,
    Key,
    Tally,
    by_hour,
    by_lot,
    by_place,
    cases_of,
    made_of,
)

MOST_LOTS: Final = 2_000
MOST_COMPLAINTS: Final = 1_000
_MARGIN: Final = timedelta(days=30)
_MOST_STARTS: Final = 50
_SHOWN: Final = 12  # of a kind
_OF_ITEMS: Final = frozenset({FactorKind.HOUR, FactorKind.PLACE})


@dataclass(frozen=True, slots=True)
class Factor:
    """One respect in which goods complained of are alike.

    Attributes:
        kind: which respect.
        value: what it is: an identity's text, a code, a name; of an hour its beginning (ISO, UTC).
        lift: how much oftener it is met among the goods complained of; `cases` of `of` have it.
        whole_cases: items made in the period that have it (of a sample, for places).
        whole: items made in the period.
        stands_out: beyond what chance does among so many comparisons.
        numbers: the complaints, the first fifty.
        starts: what a recall that begins with it would begin with, as canonical texts.
    """

    kind: FactorKind
    value: str
    lift: Rate
    whole_cases: int
    whole: int
    stands_out: bool
    numbers: tuple[str, ...]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """What a set of complaints has in common.

    Attributes:
        complaints: how many were looked at.
        used: goods that could be compared; each item once, however often it was complained of.
        unreadable: complaints that name no goods.
        outside: complaints about goods not made in the period, or with no birth in any event.
        made: items made in the period.
        since: first day of making. until: last day.
        compared: how many factors were compared.
        sampled: of how many items the places are known, where that is not all; else 0.
        factors: what stands out first, then by the lower end of the lift.
        cut: some lots or complaints were left out, because there are too many.
    """

    complaints: int
    used: int
    unreadable: int
    outside: int
    made: int
    since: date
    until: date
    compared: int
    sampled: int
    factors: Sequence[Factor]
    cut: bool = False


def period_of(organisation_id: int, complaints: Sequence[Complaint]) -> tuple[date, date]:
    """Return a period that holds the making of the goods complained of, a month wider each way."""
    pairs = {(one.gtin, one.lot) for one in complaints if one.lot}
    days = [row.produced_on for row in masterdata.lots_by_code(organisation_id, pairs).values()]
    days = days or [one.reported_at.date() for one in complaints] or [date(2000, 1, 1)]
    return min(days) - _MARGIN, max(days) + _MARGIN


def common_factors(
    *,
    organisation_id: int,
    complaints: Sequence[Complaint],
    since: date | None = None,
    until: date | None = None,
    gtin: str = "",
) -> Common:
    """Return what complaints have in common.

    Args:
        organisation_id: whose.
        complaints: which; beyond a thousand the rest is left out.
        since: first day of the making of what they are compared with; by default a month before
            the first goods complained of.
        until: last day; by default a month after the last.
        gtin: compare with items of this product alone, 14 digits.
    """
    looked_at = complaints[:MOST_COMPLAINTS]
    first, last = period_of(organisation_id, looked_at)
    since, until = since or first, until or last
    lots = list(
        masterdata.list_lots(organisation_id, gtin=gtin).filter(
            produced_on__gte=since, produced_on__lte=until
        )[: MOST_LOTS + 1]
    )
    made = made_of(organisation_id, lots[:MOST_LOTS], since, until)
    cases, unreadable, outside = cases_of(organisation_id, looked_at, made)
    tallies = by_lot(organisation_id, cases, made, one_product=bool(gtin))
    tallies |= by_hour(organisation_id, cases, made)
    places, looked = by_place(organisation_id, cases, made)
    compared = len(tallies) + len(places)
    level = 1 - (1 - CONFIDENCE) / max(1, compared)
    factors = [_factor(key, one, cases, made.count, level) for key, one in tallies.items()]
    sampled = looked if looked < made.count else 0
    factors += [
        _factor(key, one, cases, looked, level, sampled=bool(sampled))
        for key, one in places.items()
    ]
    return Common(
        complaints=len(complaints),
        used=len(cases),
        unreadable=unreadable,
        outside=outside,
        made=made.count,
        since=since,
        until=until,
        compared=compared,
        sampled=sampled,
        factors=_sorted(factors),
        cut=len(complaints) > MOST_COMPLAINTS or len(lots) > MOST_LOTS,
    )


def _factor(
    key: Key,
    tally: Tally,
    cases: Sequence[Case],
    whole: int,
    level: float,
    *,
    sampled: bool = False,
) -> Factor:
    kind, value = key
    of, count = _asked(kind, cases), len(tally.cases)
    compare = lift_of_samples if sampled else lift
    rate = compare(count, of, tally.whole, whole)
    strict = compare(count, of, tally.whole, whole, confidence=level)
    numbers = [number for at in sorted(tally.cases) for number in cases[at].numbers]
    return Factor(
        kind=kind,
        value=value,
        lift=rate,
        whole_cases=tally.whole,
        whole=whole,
        stands_out=strict.known and strict.low > 1 and count > 1,
        numbers=tuple(numbers[:_MOST_STARTS]),
        starts=tuple(tally.starts)[:_MOST_STARTS],
    )


def _asked(kind: FactorKind, cases: Iterable[Case]) -> int:
    """Return how many cases can have a factor at all: of a lot alone neither hour nor place."""
    return sum(1 for case in cases if kind not in _OF_ITEMS or case.item is not None)


def _sorted(factors: Iterable[Factor]) -> list[Factor]:
    """Return what stands out first, then by the lower end of the lift; some of each kind."""
    ordered = sorted(
        factors, key=lambda one: (-one.stands_out, -one.lift.low, -one.lift.cases, one.value)
    )
    shown: dict[FactorKind, int] = defaultdict(int)
    kept = []
    for one in ordered:
        shown[one.kind] += 1
        if shown[one.kind] <= _SHOWN:
            kept.append(one)
    return kept
