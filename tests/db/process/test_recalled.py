"""Recalled goods are stopped where somebody would pack, send or hand them over."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.instants import moment
from suyuan.kernel import clock
from suyuan.lineage.recalled import recalled_among
from suyuan.process import services
from suyuan.process.errors import GoodsRecalled
from suyuan.recalls.services import withdraw_recall
from suyuan.tenancy.actor import Actor
from tests.recall_world import (
    MADE,
    MOVING_PARCEL,
    World,
    approver,
    item,
    lot,
    open_approved,
)
from tests.recall_world import world as world

CASE = "https://id.gs1.org/00/395212340000000045"
PALLET = "https://id.gs1.org/00/395212340000000052"


@pytest.fixture
def number(actor: Actor, world: World) -> str:
    """Return the case that recalls lot L-A: items 1 to 20."""
    return open_approved(actor, lot("L-A")).number


def test_a_recalled_item_is_not_packed_and_the_refusal_names_it_and_its_case(
    actor: Actor, number: str
) -> None:
    with pytest.raises(GoodsRecalled) as refusal:
        services.pack(
            actor=actor,
            parent_sscc=CASE,
            children=[item(201), item(20), item(19)],
            time=clock.now(),
            location="WH-1",
        )

    error = refusal.value
    assert error.place == "/children/1"
    assert error.data == {"given": item(20), "goods": item(20), "recall": number, "count": 2}


def test_a_pallet_with_one_recalled_item_is_not_sent(actor: Actor, world: World) -> None:
    for parent, children in ((CASE, [item(20), item(201)]), (PALLET, [CASE])):
        services.pack(
            actor=actor, parent_sscc=parent, children=children, time=MADE, location="WH-1"
        )
    open_approved(actor, item(20))

    with pytest.raises(GoodsRecalled) as refusal:
        services.ship(actor=actor, units=[PALLET], from_location="WH-1", time=clock.now())

    assert refusal.value.data["goods"] == item(20)
    services.unpack(
        actor=actor, parent_sscc=CASE, children=[item(20)], time=clock.now(), location="WH-1"
    )
    later = clock.now() + timedelta(seconds=1)
    assert services.ship(actor=actor, units=[PALLET], from_location="WH-1", time=later).stored == 1


def test_a_parcel_on_its_way_is_not_handed_over(actor: Actor, number: str) -> None:
    with pytest.raises(GoodsRecalled):
        services.deliver(actor=actor, units=[MOVING_PARCEL], time=clock.now())


def test_a_recalled_item_goes_into_no_parcel(actor: Actor, number: str) -> None:
    with pytest.raises(GoodsRecalled):
        services.pack_parcel(
            actor=actor,
            items=[item(20)],
            order_number="O-9",
            waybill="SF-9",
            time=clock.now(),
            location="WH-1",
        )


def test_other_goods_go_on(actor: Actor, number: str) -> None:
    done = services.ship(actor=actor, units=[item(201)], from_location="WH-1", time=clock.now())

    assert done.stored == 1


def test_receiving_returning_and_destroying_go_on(actor: Actor, number: str) -> None:
    now = clock.now()
    assert services.receive(actor=actor, units=[MOVING_PARCEL], location="WH-1", time=now).stored
    assert services.take_return(actor=actor, units=[item(1)], location="WH-1", time=now).stored
    assert services.destroy(actor=actor, units=[item(20)], location="WH-1", time=now).stored


def test_recalled_goods_may_be_sent_back(actor: Actor, number: str) -> None:
    now = clock.now()
    packed = services.pack(
        actor=actor,
        parent_sscc=CASE,
        children=[item(20)],
        time=now,
        location="WH-1",
        going_back=True,
    )
    sent = services.ship(actor=actor, units=[CASE], from_location="WH-1", time=now, going_back=True)

    assert (packed.stored, sent.stored) == (1, 1)


def test_what_was_done_before_the_recall_can_still_be_recorded(actor: Actor, number: str) -> None:
    before = clock.now() - timedelta(hours=1)

    done = services.ship(actor=actor, units=[item(20)], from_location="WH-1", time=before)

    assert done.stored == 1


@pytest.mark.parametrize(("seconds", "stopped"), [(0, True), (-1, False)])
def test_an_act_in_the_minute_of_the_hold_is_refused_and_one_before_it_is_not(
    actor: Actor, number: str, seconds: int, stopped: bool
) -> None:
    held = moment(StoredEvent.objects.latest("seq").time)
    time = held.replace(second=0, microsecond=0) + timedelta(seconds=seconds)

    with pytest.raises(GoodsRecalled) if stopped else nullcontext():
        services.ship(actor=actor, units=[item(20)], from_location="WH-1", time=time)


def test_released_goods_go_on(actor: Actor, number: str) -> None:
    person = approver(actor.organisation)
    withdraw_recall(actor=person, number=number, note="A wrong lot")

    later = clock.now() + timedelta(seconds=1)
    assert services.ship(actor=actor, units=[item(20)], from_location="WH-1", time=later).stored


def test_an_item_that_is_reported_late_is_stopped_by_its_lot(actor: Actor, number: str) -> None:
    born = build.object_event(
        time=MADE,
        action="ADD",
        epcs=[item(21)],
        step="commissioning",
        disposition="active",
        ilmd={"cbvmda:lotNumber": "L-A"},
    )
    capture_events(actor=actor, events=[born], source="tests")

    with pytest.raises(GoodsRecalled):
        services.ship(actor=actor, units=[item(21)], from_location="WH-1", time=clock.now())


def test_other_organisations_recall_stops_nothing_here(
    actor: Actor, other_actor: Actor, number: str
) -> None:
    assert recalled_among(other_actor.organisation_id, [1, 2, 3]) == []


def test_without_any_recall_one_query_answers(
    actor: Actor, world: World, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert recalled_among(actor.organisation_id, [1, 2, 3]) == []
