"""Answer a drill's tasks, and end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.recalls.drills.scoring import right_count, right_places, score_of
from suyuan.recalls.drills.selectors import Truth, answers_of, get_drill, minutes_taken, truth_of
from suyuan.recalls.errors import DrillEnded, TaskAnswered
from suyuan.recalls.models import Drill, DrillAnswer, DrillStatus, DrillTask
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NOTE: Final = Text(2000, lines=True)
_MOST_PLACES: Final = 1_000
_MOST_COUNT: Final = 1 << 53


def answer_task(
    *,
    actor: Actor,
    number: str,
    task: str,
    count: int | None = None,
    places: Sequence[str] = (),
    by_engine: bool = False,
) -> DrillAnswer:
    """Answer one task of a running drill; the clock takes the moment.

    Args:
        actor: With the right `recall.act`.
        number: The drill's.
        task: `scope`: how many items are affected; `places`: where they are; `balance`: how many
            lots do not add up.
        count: The answer to the first and the last.
        places: Locations' identifiers and states, for `places`.
        by_engine: Let the product answer; it is recorded that it did.

    Raises:
        NotFound: no such drill.
        Invalid: `drill_task`, `drill_count`, `drill_places`.
        DrillEnded: the clock does not run any more.
        TaskAnswered: the task has its answer.
    """
    actor.require(Right.RECALL_ACT)
    try:
        wanted = DrillTask(task)
    except ValueError as error:
        raise Invalid("drill_task", place="task", given=str(task)[:40]) from error
    with transaction.atomic():
        drill = _running(actor, number)
        truth = truth_of(drill)
        given = _true(wanted, truth) if by_engine else _given(wanted, count, places)
        row = DrillAnswer(
            organisation=actor.organisation,
            drill_id=drill.id,
            task=wanted,
            answered_at=clock.now(),
            answered_by=actor.name,
            by_engine=by_engine,
            given=given,
            right=1.0 if by_engine else _right(wanted, given, truth),
        )
        if wanted in answers_of(drill):
            raise TaskAnswered(number=number)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise TaskAnswered(number=number) from error
        changes = {"task": [None, wanted.value], "by_engine": [None, by_engine]}
        actor.audit("drill.answer", kind="drill", object_id=number, changes=dict(changes))
    return row


def _running(actor: Actor, number: str) -> Drill:
    drill = get_drill(actor.organisation_id, number, lock=True)
    if not drill.is_running:
        raise DrillEnded(number=number)
    return drill


def _given(task: DrillTask, count: int | None, places: Sequence[str]) -> dict[str, Any]:
    if task is DrillTask.PLACES:
        named = list(dict.fromkeys(place.strip()[:300] for place in places if place.strip()))
        if not named or len(named) > _MOST_PLACES:
            raise Invalid("drill_places", place="places")
        return {"places": named}
    if count is None or not 0 <= count <= _MOST_COUNT:
        raise Invalid("drill_count", place="count")
    return {"count": count}


def _true(task: DrillTask, truth: Truth) -> dict[str, Any]:
    match task:
        case DrillTask.SCOPE:
            return {"count": truth.items}
        case DrillTask.PLACES:
            return {"places": list(truth.places)}
        case DrillTask.BALANCE:
            return {"count": truth.unbalanced}


def _right(task: DrillTask, given: dict[str, Any], truth: Truth) -> float:
    match task:
        case DrillTask.SCOPE:
            return right_count(given["count"], truth.items)
        case DrillTask.PLACES:
            return right_places(given["places"], truth.places)
        case DrillTask.BALANCE:
            return right_count(given["count"], truth.unbalanced)


def finish_drill(*, actor: Actor, number: str, note: str = "") -> Drill:
    """End a drill and score it; a task without an answer counts as wrong.

    Raises:
        NotFound: no such drill.
        DrillEnded: it has ended before.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        drill = _running(actor, number)
        answers, truth, now = answers_of(drill), truth_of(drill), clock.now()
        drill.parts = score_of(
            minutes=minutes_taken(drill, answers, now),
            target_minutes=drill.target_minutes,
            rights=[one.right for one in answers.values()],
            proven=truth.proven,
            balanced=truth.balanced,
            gaps=len(drill.findings),
        )
        drill.score = sum(drill.parts.values())
        _end(actor, drill, DrillStatus.FINISHED, note)
    return drill


def abandon_drill(*, actor: Actor, number: str, note: str = "") -> Drill:
    """End a drill without a score: it was disturbed. Raises as `finish_drill`."""
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        drill = _running(actor, number)
        _end(actor, drill, DrillStatus.ABANDONED, note)
    return drill


def _end(actor: Actor, drill: Drill, status: DrillStatus, note: str) -> None:
    drill.note = _NOTE.check(note, "note")
    drill.status, drill.ended_at, drill.ended_by = status, clock.now(), actor.name
    drill.save(update_fields=["status", "ended_at", "ended_by", "note", "score", "parts"])
    changes: dict[str, object] = {"status": ["running", status.value], "score": [None, drill.score]}
    actor.audit("drill.end", kind="drill", object_id=drill.number, changes=changes)
