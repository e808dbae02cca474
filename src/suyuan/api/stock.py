"""Stock and dwell times over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.kernel.errors import Invalid
from suyuan.lineage.values import Whereabouts
from suyuan.monitoring.dwell import BINS, By, Group, Question, report
from suyuan.monitoring.stock import ON_HAND, stock_now
from suyuan.tenancy.rights import Right

router = Router()

_SECOND = 1_000_000
_SAMPLE = 20_000
_MOST = 1_000_000

type Gtin = Annotated[str, Field(pattern=r"^[0-9]{0,14}$")]


class StockLineOut(Schema):
    """Items of one product in one state at one place; `place` is empty where none is recorded."""

    whereabouts: Whereabouts
    place: str
    gtin: str
    items: int
    recalled: int


class StockOut(Schema):
    """The stock, the largest lines first.

    Events up to `at_event` are in it for sure; `last_event` is the last that there is.
    """

    lines: list[StockLineOut]
    at_event: int
    last_event: int
    refreshed_at: datetime | None


class StockQuery(Schema):
    """What of the stock; on hand (in house, in transit, returned) when no state is named."""

    gtin: Gtin = ""
    whereabouts: Whereabouts | None = None


@router.get("/stock", response=StockOut)
@requires(Right.TRACE_VIEW)
def stock(request: ApiRequest, query: Query[StockQuery]) -> dict[str, object]:
    """Tell how many items of each product are in which state at which place."""
    states = (query.whereabouts,) if query.whereabouts else ON_HAND
    found = stock_now(request.actor.organisation_id, gtin=query.gtin, states=states)
    lines = [
        {
            "whereabouts": line.whereabouts,
            "place": line.location,
            "gtin": line.gtin,
            "items": line.items,
            "recalled": line.recalled,
        }
        for line in found.lines
    ]
    return {
        "lines": lines,
        "at_event": found.at_seq,
        "last_event": found.last_seq,
        "refreshed_at": found.refreshed_at,
    }


class WeekOut(Schema):
    """The stays that ended in the week which begins on `monday`."""

    monday: date
    stays: int
    median: float


class GroupOut(Schema):
    """The figures of one group of stays; lengths in seconds.

    Of `step`, `next_step`, `whereabouts`, `place`, `partner` and `gtin` those are filled by which
    stays were put together. `bins` counts lengths between the report's `edges`.
    """

    step: str
    next_step: str
    whereabouts: str
    place: str
    partner: str
    gtin: str
    stays: int
    p10: float
    p50: float
    p90: float
    p99: float
    total: float
    share: float
    late: int
    missing: int
    bins: list[int]
    weeks: list[WeekOut]


class OldestOut(Schema):
    """Items that have been at one place, in one state, and still are."""

    whereabouts: Whereabouts
    place: str
    gtin: str
    items: int
    since: datetime
    median_since: datetime


class DwellOut(Schema):
    """Where time goes; what takes the most first.

    `measured` of `items` items were looked at: all, or a sample. `edges` are in seconds.
    """

    items: int
    measured: int
    stays: int
    late: int
    missing: int
    at_event: int
    edges: list[float]
    groups: list[GroupOut]
    oldest: list[OldestOut]


class DwellQuery(Schema):
    """Stays that ended in a period; `sample` is how many items are looked at, 0 all."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    gtin: Gtin = ""
    place: Annotated[str, Field(max_length=500)] = ""
    partner: Annotated[str, Field(max_length=40)] = ""
    by: By = By.STAGE
    sample: Annotated[int, Field(ge=1, le=_MOST)] = _SAMPLE


@router.get("/dwell", response=DwellOut)
@requires(Right.TRACE_VIEW)
def dwell(request: ApiRequest, query: Query[DwellQuery]) -> dict[str, object]:
    """Tell how long goods stay, and where."""
    if query.since and query.until and query.until < query.since:
        raise Invalid("period_empty", place="query:until")
    question = Question(**query.dict())
    found = report(request.actor.organisation_id, question)
    return {
        "items": found.items,
        "measured": found.measured,
        "stays": found.stays,
        "late": found.late,
        "missing": found.missing,
        "at_event": found.at_seq,
        "edges": [edge / _SECOND for edge in BINS],
        "groups": [_group(one) for one in found.groups],
        "oldest": [
            {name: getattr(one, name) for name in OldestOut.model_fields} for one in found.oldest
        ],
    }


def _group(one: Group) -> dict[str, Any]:
    subject = one.subject
    names = ("step", "next_step", "whereabouts", "place", "partner", "gtin")
    lengths = ("p10", "p50", "p90", "p99", "total")
    return {
        **{name: getattr(subject, name) for name in names},
        **{name: getattr(one, name) / _SECOND for name in lengths},
        "stays": one.items,
        "share": one.share,
        "late": one.late,
        "missing": one.missing,
        "bins": list(one.bins),
        "weeks": [
            {"monday": week.monday, "stays": week.items, "median": week.median / _SECOND}
            for week in one.weeks
        ],
    }
