"""Drills: what is drawn, what is asked, how it is scored, and that nothing moves."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from suyuan.capture.models import StoredEvent
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.kernel.ids import new_id
from suyuan.lineage import selectors as lineage
from suyuan.masterdata.models import Lot
from suyuan.recalls.drills import (
    abandon_drill,
    announce_drill,
    announce_due,
    answer_task,
    finish_drill,
    set_plan,
)
from suyuan.recalls.drills.drawing import draw
from suyuan.recalls.drills.planning import random_moment
from suyuan.recalls.drills.scoring import MOST, right_count, right_places, score_of
from suyuan.recalls.drills.selectors import (
    answers_of,
    get_drill,
    plan_of,
    running_drill,
    truth_of,
)
from suyuan.recalls.errors import DrillEnded, DrillRunning, NothingToDraw, TaskAnswered
from suyuan.recalls.models import (
    Drill,
    DrillAnswer,
    DrillPlan,
    DrillSample,
    DrillStatus,
    RecallCase,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import DEFAULT_GRANTS, Role
from tests.recall_world import World, item, lot, material_lot

_NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def _plan(actor: Actor, **more: object) -> DrillPlan:
    given: dict[str, object] = {
        "active": True,
        "sample": "lot",
        "every_days": 30,
        "from_hour": 9,
        "to_hour": 17,
        "weekends": False,
        "target_minutes": 60,
        **more,
    }
    return set_plan(actor=actor, **given)  # type: ignore[arg-type]


# ---------------------------------------------------------------- drawing


def test_same_seed_draws_the_same_start_and_another_seed_another(
    actor: Actor, world: World
) -> None:
    drawn = [draw(actor.organisation_id, DrillSample.LOT, seed).start for seed in range(40)]

    again = [draw(actor.organisation_id, DrillSample.LOT, seed).start for seed in range(40)]
    assert drawn == again
    assert set(drawn) == {lot("L-A"), lot("L-B"), lot("L-C")}


def test_recent_lots_are_drawn_more_often(actor: Actor, world: World) -> None:
    rows = Lot.objects.filter(organisation_id=actor.organisation_id)
    rows.exclude(code="L-C").update(produced_on=datetime(2025, 11, 1, tzinfo=UTC).date())

    drawn = Counter(draw(actor.organisation_id, DrillSample.LOT, n).start for n in range(60))

    assert drawn[lot("L-C")] > 40


def test_material_lots_are_drawn_as_such(actor: Actor, world: World) -> None:
    drawn = {draw(actor.organisation_id, DrillSample.MATERIAL_LOT, n).start for n in range(20)}

    assert drawn == {material_lot("M-1"), material_lot("M-2")}


def test_item_begins_with_its_lot(actor: Actor, world: World) -> None:
    for seed in range(8):
        drawn = draw(actor.organisation_id, DrillSample.ITEM, seed)
        key = lineage.resolve(organisation_id=actor.organisation_id, text=drawn.start)
        assert key is not None
        (of,) = lineage.history(organisation_id=actor.organisation_id, key=key).lots
        assert drawn.begins == (of.digital_link(),)


def test_nothing_is_drawn_where_no_event_names_a_lot(actor: Actor) -> None:
    with pytest.raises(NothingToDraw):
        announce_drill(actor=actor)


def test_other_organisations_lots_are_not_drawn(other_actor: Actor, world: World) -> None:
    with pytest.raises(NothingToDraw):
        announce_drill(actor=other_actor)


# ---------------------------------------------------------------- nothing moves


@pytest.mark.parametrize("sample", list(DrillSample))
def test_whole_drill_captures_no_event_opens_no_case_and_marks_nothing(
    actor: Actor, world: World, sample: DrillSample
) -> None:
    events = StoredEvent.objects.count()
    key = lineage.resolve(organisation_id=actor.organisation_id, text=item(1))
    assert key is not None
    before = lineage.state(organisation_id=actor.organisation_id, key=key)

    drill = announce_drill(actor=actor, sample=sample)
    for task in ("scope", "places", "balance"):
        answer_task(actor=actor, number=drill.number, task=task, by_engine=True)
    finish_drill(actor=actor, number=drill.number)

    assert StoredEvent.objects.count() == events
    assert not RecallCase.objects.exists()
    assert lineage.state(organisation_id=actor.organisation_id, key=key) == before


# ---------------------------------------------------------------- a drill


@pytest.fixture
def drill(actor: Actor, world: World) -> Drill:
    """Return a drill that began with M-1: 25 items, 22 of them in the warehouse."""
    seed = next(
        n
        for n in range(100)
        if draw(actor.organisation_id, DrillSample.MATERIAL_LOT, n).start == material_lot("M-1")
    )
    with clock.held_at(_NOW):
        return announce_drill(actor=actor, sample="material_lot", seed=seed, target_minutes=60)


def test_drill_freezes_what_a_recall_would_find(actor: Actor, world: World, drill: Drill) -> None:
    truth = truth_of(get_drill(actor.organisation_id, drill.number))

    assert drill.number.startswith("DR-2026-")
    assert truth.items == drill.item_count == len(drill.item_keys) == 25
    assert truth.places == {world.warehouse.identifier: 22, "in_transit": 2, "sold": 1}
    assert drill.start == material_lot("M-1")
    assert drill.drawn_from == 2


def test_right_answers_in_time_are_worth_all_they_can_be(
    actor: Actor, world: World, drill: Drill
) -> None:
    truth = truth_of(drill)
    with clock.held_at(_NOW + timedelta(minutes=30)):
        answer_task(actor=actor, number=drill.number, task="scope", count=25)
        answer_task(actor=actor, number=drill.number, task="places", places=list(truth.places))
        answer_task(actor=actor, number=drill.number, task="balance", count=truth.unbalanced)
    with clock.held_at(_NOW + timedelta(hours=9)):
        ended = finish_drill(actor=actor, number=drill.number, note="Quick.")

    assert ended.parts["time"] == MOST["time"]  # the clock stopped with the last answer
    assert ended.parts["answers"] == MOST["answers"]
    assert ended.parts["proven"] == MOST["proven"]
    assert ended.score == sum(ended.parts.values())
    assert running_drill(actor.organisation_id) is None


def test_wrong_late_and_missing_answers_cost_points(actor: Actor, drill: Drill) -> None:
    with clock.held_at(_NOW + timedelta(minutes=10)):
        half = answer_task(actor=actor, number=drill.number, task="scope", count=50)
        wrong = answer_task(actor=actor, number=drill.number, task="places", places=["returned"])
    with clock.held_at(_NOW + timedelta(minutes=90)):
        ended = finish_drill(actor=actor, number=drill.number)

    assert (half.right, wrong.right) == (0.5, 0.0)
    assert ended.parts["time"] == MOST["time"] / 2
    assert ended.parts["answers"] == round(MOST["answers"] * 0.5 / 3)


def test_products_answer_is_recorded_as_such(actor: Actor, drill: Drill) -> None:
    row = answer_task(actor=actor, number=drill.number, task="scope", by_engine=True)

    assert row.by_engine
    assert row.given == {"count": 25}


def test_task_is_answered_once(actor: Actor, drill: Drill) -> None:
    answer_task(actor=actor, number=drill.number, task="scope", count=1)

    with pytest.raises(TaskAnswered):
        answer_task(actor=actor, number=drill.number, task="scope", count=25)

    assert [row.given for row in answers_of(drill).values()] == [{"count": 1}]


def test_one_drill_runs_at_a_time(actor: Actor, drill: Drill) -> None:
    with pytest.raises(DrillRunning) as refusal:
        announce_drill(actor=actor)

    assert refusal.value.data == {"number": drill.number}


def test_database_holds_one_running_drill_for_each_organisation(actor: Actor, drill: Drill) -> None:
    again = get_drill(actor.organisation_id, drill.number)
    again.id, again.number = new_id(), "DR-2026-9999"

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_ended_drill_stays_ended(actor: Actor, drill: Drill) -> None:
    abandon_drill(actor=actor, number=drill.number, note="Fire alarm.")

    row = get_drill(actor.organisation_id, drill.number)
    assert (row.status, row.score, row.note) == (DrillStatus.ABANDONED, None, "Fire alarm.")
    for act in (finish_drill, abandon_drill):
        with pytest.raises(DrillEnded):
            act(actor=actor, number=drill.number)
    with pytest.raises(DrillEnded):
        answer_task(actor=actor, number=drill.number, task="scope", count=1)


def test_every_act_is_in_the_audit_trail(actor: Actor, drill: Drill) -> None:
    answer_task(actor=actor, number=drill.number, task="scope", count=1)
    finish_drill(actor=actor, number=drill.number)

    rows = AuditEntry.objects.filter(object_kind="drill").order_by("id")
    assert sorted(row.action for row in rows) == ["drill.announce", "drill.answer", "drill.end"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"task": "dance"}, "drill_task"),
        ({"task": "scope"}, "drill_count"),
        ({"task": "scope", "count": -1}, "drill_count"),
        ({"task": "balance", "count": 1 << 60}, "drill_count"),
        ({"task": "places"}, "drill_places"),
        ({"task": "places", "places": [" "]}, "drill_places"),
        ({"task": "places", "places": [str(n) for n in range(1001)]}, "drill_places"),
    ],
)
def test_answer_that_is_none_is_refused(
    actor: Actor, drill: Drill, given: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        answer_task(actor=actor, number=drill.number, **given)  # type: ignore[arg-type]

    assert refusal.value.code == code
    assert not DrillAnswer.objects.exists()


def test_other_organisations_drill_does_not_exist(other_actor: Actor, drill: Drill) -> None:
    with pytest.raises(NotFound):
        answer_task(actor=other_actor, number=drill.number, task="scope", count=25)
    with pytest.raises(NotFound):
        finish_drill(actor=other_actor, number=drill.number)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.MARKETING])
def test_roles_without_the_right_drill_nobody(actor: Actor, world: World, role: Role) -> None:
    other = replace(actor, rights=DEFAULT_GRANTS[role])

    with pytest.raises(Forbidden):
        announce_drill(actor=other)
    with pytest.raises(Forbidden):
        _plan(other)


# ---------------------------------------------------------------- the plan


def test_planned_moment_is_within_days_hours_and_the_working_week(actor: Actor) -> None:
    plan = DrillPlan(every_days=20, from_hour=9, to_hour=11, weekends=False)

    for _ in range(200):
        local = timezone.localtime(random_moment(plan, _NOW, first=True))
        assert _NOW < local < _NOW + timedelta(days=24)
        assert 9 <= local.hour < 11
        assert local.weekday() < 5


def test_due_drill_is_announced_once_and_the_next_moment_drawn(actor: Actor, world: World) -> None:
    with clock.held_at(_NOW):
        first = _plan(actor).next_at
    assert first is not None

    assert announce_due(first - timedelta(seconds=1)) == 0
    assert announce_due(first) == 1
    assert announce_due(first) == 0

    drill = Drill.objects.get()
    plan = plan_of(actor.organisation_id)
    assert drill.scheduled
    assert drill.target_minutes == 60
    assert plan is not None
    assert plan.next_at is not None
    assert plan.next_at > first


def test_plan_waits_while_a_drill_runs(actor: Actor, drill: Drill) -> None:
    first = _plan(actor).next_at
    assert first is not None

    assert announce_due(first) == 0
    assert Drill.objects.count() == 1


def test_inactive_plan_announces_nothing(actor: Actor, world: World) -> None:
    _plan(actor)
    assert _plan(actor, active=False).next_at is None

    assert announce_due(_NOW + timedelta(days=900)) == 0
    assert DrillPlan.objects.count() == 1


def test_moment_of_the_next_drill_is_not_in_the_audit_trail(actor: Actor, world: World) -> None:
    _plan(actor)

    row = AuditEntry.objects.get(action="drill.plan")
    assert "next_at" not in row.changes


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"every_days": 0}, "drill_days"),
        ({"every_days": 1000}, "drill_days"),
        ({"from_hour": 9, "to_hour": 9}, "drill_hours"),
        ({"to_hour": 25}, "drill_hours"),
        ({"sample": "pallet"}, "drill_sample"),
        ({"target_minutes": 0}, "drill_minutes"),
    ],
)
def test_plan_that_is_none_is_refused(actor: Actor, more: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _plan(actor, **more)

    assert refusal.value.code == code
    assert not DrillPlan.objects.exists()


# ---------------------------------------------------------------- the score


def test_score_is_the_sum_of_shares() -> None:
    best = score_of(minutes=1, target_minutes=60, rights=[1, 1, 1], proven=1, balanced=1, gaps=0)
    worst = score_of(minutes=1e6, target_minutes=60, rights=[], proven=0, balanced=0, gaps=9)

    assert best == dict(MOST)
    assert sum(best.values()) == 100
    assert set(worst.values()) == {0}


def test_score_never_grows_with_time() -> None:
    chance = random.Random(7)
    minutes = sorted(chance.uniform(0, 300) for _ in range(50))
    points = [
        score_of(minutes=one, target_minutes=60, rights=[1], proven=0.5, balanced=0.5, gaps=1)[
            "time"
        ]
        for one in minutes
    ]

    assert points == sorted(points, reverse=True)


def test_right_places_are_those_where_the_items_are() -> None:
    truth = {"a": 90, "b": 10}

    assert right_places(["a", "b"], truth) == 1
    assert right_places(["a"], truth) == 0.9
    assert right_places(["a", "b", "c", "d"], truth) == 0.5
    assert right_places(["c"], truth) == 0
    assert right_places([], {}) == 1
    assert right_count(0, 0) == 1
