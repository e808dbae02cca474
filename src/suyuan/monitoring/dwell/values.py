"""A question about time, and its answer, as values. Lengths of time are microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from suyuan.lineage.values import Whereabouts

SECOND: Final = 1_000_000
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
# Where one bar of a distribution ends and the next begins; times of people, not powers of two.
BINS: Final = tuple(
    seconds * SECOND
    for seconds in (
        *(_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, _DAY),
        *(2 * _DAY, 3 * _DAY, 5 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 60 * _DAY, 90 * _DAY),
        *(180 * _DAY, 365 * _DAY),
    )
)
LATE: Final = timedelta(hours=24)


class By(StrEnum):
    """What stays are put together by."""

    STAGE = "stage"  # from one business step to the next
    PLACE = "place"
    PARTNER = "partner"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Question:
    """Which stays are asked for.

    Attributes:
        since: that ended from here on; None: whenever.
        until: that ended up to here.
        gtin: of this product; "" any.
        place: at the place with this identifier; "" any.
        partner: at places of the party with this code; "" any.
        by: how they are put together.
        late: an event recorded later than this after it happened is late.
        sample: look at some so many items if there are more; 0: at all.
    """

    since: datetime | None = None
    until: datetime | None = None
    gtin: str = ""
    place: str = ""
    partner: str = ""
    by: By = By.STAGE
    late: timedelta = LATE
    sample: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What the stays of one group have in common; "" where the grouping does not tell.

    Attributes:
        step: the business step that began them, of `By.STAGE`.
        next_step: that ended them.
        whereabouts: the state in which they were spent, of all others.
        place: identifier of the place; of goods on their way, the place that they left.
        partner: code of the party that has the place.
        gtin: the product.
    """

    step: str = ""
    next_step: str = ""
    whereabouts: str = ""
    place: str = ""
    partner: str = ""
    gtin: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """The stays of a group that ended in one week."""

    monday: date
    items: int
    median: int


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group; every item counts once for each of its stays.

    Attributes:
        subject: what the stays have in common.
        items: how many stays of items.
        p10: nearest-rank quantiles of their lengths.
        p50: the median.
        p90: ninety of a hundred were not longer.
        p99: ninety-nine of a hundred were not longer.
        total: all lengths together.
        share: of the total of all groups.
        late: stays that rest on an event that was recorded late.
        missing: stays within which a scan is missing.
        bins: how many stays have a length in each bin; one more than `BINS`.
        weeks: by the week in which they ended, the earliest first; weeks without are left out.
    """

    subject: Subject
    items: int
    p10: int
    p50: int
    p90: int
    p99: int
    total: int
    share: float
    late: int
    missing: int
    bins: Sequence[int] = ()
    weeks: Sequence[Week] = ()


@dataclass(frozen=True, slots=True)
class Oldest:
    """Items of one product that have been at one place, in one state, and still are."""

    whereabouts: Whereabouts
    place: str
    gtin: str
    items: int
    since: datetime  # of the oldest
    median_since: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """The answer.

    Attributes:
        groups: the one that takes the most time first.
        items: how many items the question is about.
        measured: how many of them were looked at: all, or a sample.
        stays: how many stays of items were measured.
        late: of these, how many rest on an event that was recorded late.
        missing: of these, within how many a scan is missing.
        oldest: what has stayed longest, and still does.
        at_seq: the last event that counts.
    """

    groups: Sequence[Group] = field(default_factory=tuple)
    items: int = 0
    measured: int = 0
    stays: int = 0
    late: int = 0
    missing: int = 0
    oldest: Sequence[Oldest] = ()
    at_seq: int = 0
