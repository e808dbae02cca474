"""What becomes of recalled items: each counts once, and the count is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.process import services as process
from suyuan.process.errors import GoodsRecalled
from suyuan.recalls import selectors
from suyuan.recalls.digest import count_digest
from suyuan.recalls.effect import effect_of
from suyuan.recalls.errors import CaseClosed, NotAffected, NotApproved
from suyuan.recalls.models import EffectCount, Outcome, OutcomeGroup, RecallCase
from suyuan.recalls.services import close_recall, count_effect, give_up, open_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import DEFAULT_GRANTS, Role
from tests.recall_world import (
    MOVING_PARCEL,
    SOLD_PARCEL,
    World,
    item,
    lot,
    material_lot,
    open_approved,
)


@pytest.fixture
def case(actor: Actor, world: World) -> RecallCase:
    """Return an approved case: 22 items in house, 2 on their way, 1 sold."""
    return open_approved(actor, material_lot("M-1"))


def _later() -> datetime:
    return clock.now() + timedelta(seconds=1)


def _counts(case: RecallCase) -> dict[str, int]:
    return effect_of(RecallCase.objects.get(pk=case.pk)).counts


def test_at_the_beginning_goods_are_stopped_or_out(case: RecallCase) -> None:
    assert _counts(case) == {
        "stopped": 22,
        "recovered": 0,
        "destroyed": 0,
        "unreachable": 0,
        "out": 3,
    }


def test_each_item_counts_once_whatever_happens(actor: Actor, case: RecallCase) -> None:
    now = _later()
    process.take_return(actor=actor, units=[item(1)], location="WH-1", time=now, parcel=SOLD_PARCEL)
    process.receive(actor=actor, units=[MOVING_PARCEL], location="WH-1", time=now)
    process.destroy(actor=actor, units=[item(20), item(1)], location="WH-1", time=_later())

    effect = effect_of(case)

    assert effect.counts == {
        "stopped": 21,
        "recovered": 2,
        "destroyed": 2,
        "unreachable": 0,
        "out": 0,
    }
    together = sum(len(items) for items in effect.outcomes.values())
    assert together == case.item_count
    union = effect.outcomes[Outcome.OUT]
    for items in effect.outcomes.values():
        union = union | items
    assert union == case.item_keys


def test_what_is_written_off_is_beyond_reach_until_it_turns_up(
    actor: Actor, case: RecallCase
) -> None:
    assert give_up(actor=actor, number=case.number, codes=[item(1), "", item(1)], why="Eaten") == 1
    assert _counts(case)["unreachable"] == 1
    assert _counts(case)["out"] == 2

    process.take_return(actor=actor, units=[item(1)], location="WH-1", time=_later())

    assert _counts(case)["unreachable"] == 0
    assert _counts(case)["recovered"] == 1


def test_written_off_goods_stay_recalled(actor: Actor, case: RecallCase) -> None:
    give_up(actor=actor, number=case.number, codes=[item(1)], why="Eaten")

    key = lineage.resolve(organisation_id=actor.organisation_id, text=item(1))
    assert key is not None
    assert lineage.state(organisation_id=actor.organisation_id, key=key).recalled


@pytest.mark.parametrize(
    ("codes", "error", "place"),
    [
        ([], Invalid, "/codes"),
        (["  "], Invalid, "/codes"),
        (["nonsense"], Invalid, "/codes/0"),
        ([item(1), "\x00"], Invalid, "/codes/1"),
        ([item(1), item(201)], NotAffected, "/codes/1"),
        (["x"] * 1001, Invalid, "/codes"),
    ],
)
def test_what_is_not_affected_is_not_written_off(
    actor: Actor, case: RecallCase, codes: list[str], error: type[Exception], place: str
) -> None:
    with pytest.raises(error) as refusal:
        give_up(actor=actor, number=case.number, codes=codes, why="Eaten")

    assert refusal.value.place == place  # type: ignore[attr-defined]
    assert _counts(case)["unreachable"] == 0


def test_a_count_is_kept_with_its_bitmaps(actor: Actor, case: RecallCase) -> None:
    count = count_effect(actor=actor, number=case.number)

    groups = {row.outcome: row for row in OutcomeGroup.objects.filter(count_id=count.id)}
    assert set(groups) == set(Outcome.values)
    assert len(groups["stopped"].item_keys) == groups["stopped"].item_count == 22
    assert count.digest == count_digest(case, count, OutcomeGroup.objects.order_by("id"))
    assert len(selectors.outcome_items(case, "out", count.position)) == 3
    assert not selectors.outcome_items(case, "out", 99)


def test_closing_keeps_a_last_count_and_the_note(actor: Actor, case: RecallCase) -> None:
    count_effect(actor=actor, number=case.number)

    closed = close_recall(actor=actor, number=case.number, note="Two never came back.")

    last = EffectCount.objects.get(is_final=True)
    assert (last.position, closed.status) == (2, "closed")
    for verb in (count_effect, close_recall):
        with pytest.raises(CaseClosed):
            verb(actor=actor, number=case.number, **({"note": "x"} if verb is close_recall else {}))


def test_a_proposal_is_neither_counted_nor_closed(actor: Actor, world: World) -> None:
    number = open_recall(actor=actor, title="Bad", reason="Residues", starts=[lot("L-A")]).number

    with pytest.raises(NotApproved):
        count_effect(actor=actor, number=number)
    with pytest.raises(NotApproved):
        close_recall(actor=actor, number=number, note="Done")
    with pytest.raises(NotApproved):
        give_up(actor=actor, number=number, codes=[item(1)], why="Eaten")


def test_others_neither_count_nor_write_off(
    actor: Actor, other_actor: Actor, case: RecallCase
) -> None:
    with pytest.raises(NotFound):
        count_effect(actor=other_actor, number=case.number)
    with pytest.raises(NotFound):
        give_up(actor=other_actor, number=case.number, codes=[item(1)], why="Eaten")


def test_roles_without_the_right_count_nothing(actor: Actor, case: RecallCase) -> None:
    with pytest.raises(Forbidden):
        count_effect(actor=replace(actor, rights=DEFAULT_GRANTS[Role.AUDITOR]), number=case.number)


def test_goods_in_transit_are_stopped_at_the_next_act(actor: Actor, case: RecallCase) -> None:
    with pytest.raises(GoodsRecalled):
        process.deliver(actor=actor, units=[MOVING_PARCEL], time=_later())

    assert _counts(case)["out"] == 3
