"""Drills over the API: announce one, answer its tasks, end it, plan the next ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.kernel import clock
from suyuan.recalls import drills
from suyuan.recalls.drills import selectors
from suyuan.recalls.models import Drill, DrillAnswer, DrillPlan, DrillTask
from suyuan.tenancy.rights import Right

router = Router()

_PAGE: Final = 200


class AnnounceIn(Schema):
    """What to draw, `lot`, `material_lot` or `item`, and the time within which to answer."""

    sample: str = "lot"
    target_minutes: int = 240


class AnswerIn(Schema):
    """An answer to `scope`, `places` or `balance`; `by_engine` lets the product answer."""

    task: str
    count: int | None = None
    places: Annotated[list[str], Field(max_length=1000)] = Field(default_factory=list)
    by_engine: bool = False


class EndIn(Schema):
    """How a drill went; `score` false gives it up without one."""

    note: str = ""
    score: bool = True


class AnswerOut(Schema):
    """An answer; `right` goes from 0 to 1."""

    task: str
    answered_at: datetime
    by_engine: bool
    given: dict[str, Any]
    right: float


class DrillOut(Schema):
    """A drill. What a recall would affect is told once it has ended."""

    number: str
    sample: str
    seed: str
    drawn_from: int
    start: str
    status: str
    announced_at: datetime
    scheduled: bool
    target_minutes: int
    minutes: float
    ended_at: datetime | None
    note: str
    score: int | None
    parts: dict[str, int]
    answers: list[AnswerOut]
    begins: list[str] | None
    items: int | None
    places: dict[str, int] | None
    findings: dict[str, int] | None
    balances: list[dict[str, Any]] | None
    took_ms: int | None


class DrillPage(Schema):
    """Drills, the latest first, 200 a page."""

    items: list[DrillOut]
    total: int


class DrillQuery(Schema):
    """Which page."""

    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class PlanIn(Schema):
    """How often drills come, and within which hours of the day."""

    active: bool = True
    sample: str = "lot"
    every_days: int = 90
    from_hour: int = 9
    to_hour: int = 17
    weekends: bool = False
    target_minutes: int = 240


class PlanOut(PlanIn):
    """The plan; the moment of the next drill is told to nobody."""


def _drill(drill: Drill, known: Mapping[DrillTask, DrillAnswer] | None = None) -> dict[str, object]:
    answers = selectors.answers_of(drill) if known is None else known
    told = {
        "begins": drill.begins,
        "items": drill.item_count,
        "places": selectors.truth_of(drill).places,
        "findings": drill.findings,
        "balances": drill.balances,
        "took_ms": drill.took_ms,
    }
    plain = {
        name: getattr(drill, name)
        for name in DrillOut.model_fields
        if name not in told and name not in {"answers", "minutes", "seed"}
    }
    return {
        **plain,
        "seed": str(drill.seed),
        "minutes": selectors.minutes_taken(drill, answers, clock.now()),
        "answers": [
            {name: getattr(row, name) for name in AnswerOut.model_fields}
            for row in answers.values()
        ],
        **(dict.fromkeys(told) if drill.is_running else told),
    }


@router.get("/drills", response=DrillPage)
@requires(Right.RECALL_VIEW)
def recall_drills(request: ApiRequest, query: Query[DrillQuery]) -> dict[str, object]:
    """List drills."""
    rows = selectors.list_drills(request.actor.organisation_id)
    shown = rows[(query.page - 1) * _PAGE : query.page * _PAGE]
    listed = list(shown)
    answers = selectors.answers_of_many(request.actor.organisation_id, listed)
    items = [_drill(row, answers[row.id]) for row in listed]
    return {"items": items, "total": rows.count()}


@router.post("/drills", response={201: DrillOut})
@requires(Right.RECALL_ACT)
def announce_drill(request: ApiRequest, body: AnnounceIn) -> Status[dict[str, object]]:
    """Draw a start and let the clock run; captures nothing."""
    return Status(201, _drill(drills.announce_drill(actor=request.actor, **body.dict())))


@router.get("/drills/plan", response=PlanOut | None)
@requires(Right.RECALL_VIEW)
def drill_plan(request: ApiRequest) -> DrillPlan | None:
    """Return how often drills come; null where none are planned."""
    return selectors.plan_of(request.actor.organisation_id)


@router.put("/drills/plan", response=PlanOut)
@requires(Right.RECALL_ACT)
def keep_drill_plan(request: ApiRequest, body: PlanIn) -> DrillPlan:
    """Plan drills."""
    return drills.set_plan(actor=request.actor, **body.dict())


@router.get("/drills/{number}", response=DrillOut)
@requires(Right.RECALL_VIEW)
def recall_drill(request: ApiRequest, number: str) -> dict[str, object]:
    """Return a drill."""
    return _drill(selectors.get_drill(request.actor.organisation_id, number))


@router.post("/drills/{number}/answers", response={201: AnswerOut})
@requires(Right.RECALL_ACT)
def answer_drill(request: ApiRequest, number: str, body: AnswerIn) -> Status[dict[str, object]]:
    """Answer a task; each has one answer."""
    row = drills.answer_task(actor=request.actor, number=number, **body.dict())
    return Status(201, {name: getattr(row, name) for name in AnswerOut.model_fields})


@router.post("/drills/{number}/end", response=DrillOut)
@requires(Right.RECALL_ACT)
def end_drill(request: ApiRequest, number: str, body: EndIn) -> dict[str, object]:
    """End a drill and score it, or give it up."""
    close = drills.finish_drill if body.score else drills.abandon_drill
    return _drill(close(actor=request.actor, number=number, note=body.note))
