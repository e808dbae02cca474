"""Sets: cases and pallets that know their items before anything is active."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import DocumentError, Fault, build
from suyuan.core.identifiers import parse_identity
from suyuan.issuing import selectors
from suyuan.issuing.errors import (
    AlreadyAllotted,
    NothingToPack,
    NothingToPlan,
    SetCancelled,
    SetInUse,
    SetItemsActive,
    SetLotDiffers,
)
from suyuan.issuing.models import Activation, Allotment, CodeOrder, SetPlan
from suyuan.issuing.services import (
    activate_set,
    activate_sets,
    allot,
    begin_activation,
    cancel_sets,
    commission,
    order_codes,
    pack_order,
    plan_sets,
    set_activation,
    withdraw_codes,
)
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.masterdata.models import Location, Lot, Product
from suyuan.masterdata.services import create_lot
from suyuan.tenancy.actor import Actor
from tests.issuing_world import MADE


def _plan(actor: Actor, order: CodeOrder, **more: Any) -> SetPlan:
    values = {"per_case": 10, "per_pallet": 4, **more}
    return plan_sets(actor=actor, order_number=order.number, **values)


def _activate(
    actor: Actor, sscc: str, line: Location, lot: str = ""
) -> set_activation.SetActivation:
    return activate_set(actor=actor, sscc=sscc, lot_code=lot, location_code=line.code, time=MADE)


def _cases(plan: SetPlan) -> list[str]:
    return [unit.sscc for unit in selectors.set_units(plan, kind="case", count=plan.cases)]


def _pallets(plan: SetPlan) -> list[str]:
    return [unit.sscc for unit in selectors.set_units(plan, kind="pallet", count=plan.pallets)]


def _contents(actor: Actor, sscc: str) -> int:
    key = lineage.resolve(
        organisation_id=actor.organisation_id, text=f"https://id.gs1.org/00/{sscc}"
    )
    assert key is not None
    return len(lineage.contents(organisation_id=actor.organisation_id, key=key))


# ---------------------------------------------------------------- planning


def test_a_plan_is_one_row_and_no_event(actor: Actor, order: CodeOrder) -> None:
    plan = _plan(actor, order, count=95)
    assert (plan.cases, plan.pallets, plan.count) == (10, 3, 95)
    assert plan.number.startswith("SET-")
    assert SetPlan.objects.count() == 1
    assert not StoredEvent.objects.exists()
    assert len({*_cases(plan), *_pallets(plan)}) == 13
    assert selectors.unallotted_ranges(order) == [(95, 100)]
    assert selectors.unallotted_ranges(order, within=plan.number) == [(0, 95)]


def test_labels_follow_the_order_of_packing(actor: Actor, order: CodeOrder) -> None:
    plan = _plan(actor, order, count=45, per_case=10, per_pallet=3)
    labels = list(selectors.stream_sets(plan, base="https://tea.example"))
    kinds = "".join(label.kind[0] for label in labels)
    case = "c" + "i" * 10
    assert kinds == "p" + case * 3 + "p" + case + "c" + "i" * 5
    assert [label.position for label in labels if label.kind == "item"] == list(range(45))
    assert labels[0].link == f"https://tea.example/00/{_pallets(plan)[0]}"
    item = labels[2]
    assert parse_identity(item.link).secondary == item.text
    assert (item.case, item.pallet) == (_cases(plan)[0], _pallets(plan)[0])


def test_withdrawn_items_and_empty_cases_get_no_label(actor: Actor, order: CodeOrder) -> None:
    plan = _plan(actor, order, count=30, per_pallet=0)
    withdraw_codes(
        actor=actor, order_number=order.number, positions=[3, *range(10, 20)], reason="spoiled"
    )
    labels = list(selectors.stream_sets(plan))
    assert [label.text for label in labels if label.kind == "case"] == [
        _cases(plan)[0],
        _cases(plan)[2],
    ]
    assert len([label for label in labels if label.kind == "item"]) == 19


def test_a_unit_is_found_by_its_number(actor: Actor, other_actor: Actor, order: CodeOrder) -> None:
    _plan(actor, order, count=40, per_case=20, per_pallet=2)
    plan = _plan(actor, order, count=45)
    case, pallet = _cases(plan)[4], _pallets(plan)[1]
    unit = selectors.set_of_unit(actor.organisation_id, case)
    assert unit is not None
    assert (unit.kind, unit.index, unit.span, unit.active) == ("case", 4, (80, 85), False)
    assert selectors.pallet_of_case(unit) == pallet
    whole = selectors.set_of_unit(actor.organisation_id, pallet)
    assert whole is not None
    assert (whole.kind, whole.span, list(whole.cases)) == ("pallet", (80, 85), [4])
    assert [item.position for item in selectors.items_of_unit(actor.organisation_id, case)] == [
        *range(80, 85)
    ]
    assert selectors.set_of_unit(other_actor.organisation_id, case) is None
    wrong = case[:-1] + str((int(case[-1]) + 1) % 10)
    for text in (wrong, "", "1", "x" * 18, "９" * 18):
        assert selectors.set_of_unit(actor.organisation_id, text) is None
    with pytest.raises(NotFound):
        selectors.items_of_unit(other_actor.organisation_id, case)


def test_sets_take_the_first_free_part_that_is_long_enough(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    allot(actor=actor, order_number=order.number, first=5, count=5, kind="print", reference="PJ-1")
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=40,
        count=10,
    )
    assert (_plan(actor, order, count=30).first, _plan(actor, order, count=5).first) == (10, 0)
    whole = _plan(actor, order)
    assert (whole.first, whole.end) == (50, 100)
    with pytest.raises(NothingToPlan) as refusal:
        _plan(actor, order, count=1)
    assert refusal.value.data["longest"] == 0


def test_the_same_request_plans_once(actor: Actor, order: CodeOrder) -> None:
    first = _plan(actor, order, count=20, request_key="k")
    assert _plan(actor, order, count=20, request_key="k").number == first.number


@pytest.mark.parametrize(
    "wrong", [{"per_case": 0}, {"per_case": 10_001}, {"per_pallet": -1}, {"count": 0}]
)
def test_sizes_outside_their_bounds_are_refused(
    actor: Actor, order: CodeOrder, wrong: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        _plan(actor, order, **wrong)


def test_labels_of_a_set_are_claimed_within_it(actor: Actor, order: CodeOrder) -> None:
    plan = _plan(actor, order, count=20)
    claim = {"order_number": order.number, "first": 0, "count": 20, "kind": "print"}
    with pytest.raises(AlreadyAllotted) as refusal:
        allot(actor=actor, reference="PJ-1", **claim)  # type: ignore[arg-type]
    assert refusal.value.data["reference"] == plan.number
    row = allot(actor=actor, reference="PJ-1", within=plan.number, **claim)  # type: ignore[arg-type]
    assert row.copy == 1
    with pytest.raises(AlreadyAllotted):
        allot(actor=actor, reference="PJ-2", within=plan.number, **claim)  # type: ignore[arg-type]
    assert selectors.unallotted_ranges(order, within=plan.number) == []


def test_cancelled_sets_give_their_items_back(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order, count=20)
    cancel_sets(actor=actor, number=plan.number, why="1:12 was meant")
    assert cancel_sets(actor=actor, number=plan.number).cancelled_by == "system"
    assert selectors.unallotted_ranges(order) == [(0, 100)]
    assert selectors.set_of_unit(actor.organisation_id, _cases(plan)[0]) is None
    with pytest.raises(SetCancelled):
        activate_sets(
            actor=actor, number=plan.number, lot_code="", location_code=line.code, time=MADE
        )


def test_sets_with_labels_are_not_cancelled(actor: Actor, order: CodeOrder) -> None:
    plan = _plan(actor, order, count=20)
    allot(
        actor=actor,
        order_number=order.number,
        first=0,
        count=1,
        kind="print",
        reference="PJ-1",
        within=plan.number,
    )
    with pytest.raises(SetInUse):
        cancel_sets(actor=actor, number=plan.number)


# ---------------------------------------------------------------- activating


def test_activating_a_case_commissions_then_packs_its_items(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order, count=95)
    done = _activate(actor, _cases(plan)[2], line)
    assert (done.items, done.cases, done.pallets) == (10, 1, 0)
    events = list(StoredEvent.objects.order_by("seq").values_list("time", "type"))
    assert len(events) == 2
    assert events[0][0] == events[1][0]
    order.refresh_from_db()
    assert (order.commissioned_count, order.packed_count) == (10, 10)
    assert _contents(actor, _cases(plan)[2]) == 10
    activation = Activation.objects.get()
    assert (activation.first, activation.count) == (20, 10)
    unit = selectors.set_of_unit(actor.organisation_id, _cases(plan)[2])
    assert unit is not None
    assert unit.active


def test_activating_again_changes_nothing(actor: Actor, order: CodeOrder, line: Location) -> None:
    plan = _plan(actor, order, count=95)
    _activate(actor, _cases(plan)[0], line)
    assert _activate(actor, _cases(plan)[0], line).repeated
    assert StoredEvent.objects.count() == 2


def test_a_pallet_activates_what_its_cases_have_left(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order, count=95)
    _activate(actor, _cases(plan)[1], line)
    done = _activate(actor, _pallets(plan)[0], line)
    assert (done.items, done.cases, done.pallets) == (30, 3, 1)
    assert _activate(actor, _pallets(plan)[0], line).repeated
    assert selectors.outer_units(order) == [f"https://id.gs1.org/00/{_pallets(plan)[0]}"]
    assert _contents(actor, _pallets(plan)[0]) == 4
    order.refresh_from_db()
    assert (order.commissioned_count, order.packed_count) == (40, 40)
    with pytest.raises(NothingToPack):
        pack_order(
            actor=actor, order_number=order.number, per_case=5, location_code=line.code, time=MADE
        )


def test_all_sets_are_activated_at_once(actor: Actor, order: CodeOrder, line: Location) -> None:
    plan = _plan(actor, order, count=95)
    _activate(actor, _cases(plan)[9], line)
    done = activate_sets(
        actor=actor, number=plan.number, lot_code="", location_code=line.code, time=MADE
    )
    assert (done.items, done.cases, done.pallets) == (90, 9, 3)
    plan.refresh_from_db()
    assert (plan.active_cases, plan.active_pallets) == (10, 3)
    outer = selectors.outer_units(order)
    assert outer == [f"https://id.gs1.org/00/{sscc}" for sscc in _pallets(plan)]


def test_withdrawn_items_are_left_out_of_their_case(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order, count=40)
    withdraw_codes(
        actor=actor, order_number=order.number, positions=[0, 4, *range(10, 20)], reason="spoiled"
    )
    done = _activate(actor, _pallets(plan)[0], line)
    assert (done.items, done.cases) == (28, 4)
    assert _contents(actor, _cases(plan)[0]) == 8
    assert _contents(actor, _pallets(plan)[0]) == 3
    order.refresh_from_db()
    assert (order.commissioned_count, order.packed_count, order.withdrawn_count) == (28, 28, 12)


def test_a_case_with_an_item_active_otherwise_is_refused(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order, count=40)
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=12,
        count=1,
    )
    with pytest.raises(SetItemsActive) as refusal:
        _activate(actor, _pallets(plan)[0], line)
    assert refusal.value.data["sscc"] == _cases(plan)[1]
    assert refusal.value.data["serial"] == selectors.serials(order, first=12)[0]
    assert StoredEvent.objects.count() == 1
    _activate(actor, _cases(plan)[0], line)


def test_a_case_that_is_active_of_another_lot_is_refused(
    actor: Actor, product: Product, lot: Lot, line: Location
) -> None:
    create_lot(actor=actor, gtin=product.gtin, code="L2", produced_on=date(2026, 3, 1))
    order = order_codes(actor=actor, gtin=product.gtin, count=40)
    plan = _plan(actor, order)
    _activate(actor, _cases(plan)[0], line, lot.code)
    with pytest.raises(SetLotDiffers):
        _activate(actor, _cases(plan)[0], line, "L2")
    with pytest.raises(Invalid):
        _activate(actor, _cases(plan)[1], line)
    _activate(actor, _cases(plan)[1], line, "L2")


def test_a_set_is_activated_only_with_the_right_and_in_its_organisation(
    actor: Actor, other_actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = _plan(actor, order)
    with pytest.raises(Forbidden):
        _activate(Actor(actor.organisation, "nobody", frozenset()), _cases(plan)[0], line)
    with pytest.raises(NotFound):
        _activate(other_actor, _cases(plan)[0], line)
    with pytest.raises(Invalid):
        activate_set(
            actor=actor,
            sscc=_cases(plan)[0],
            lot_code="",
            location_code=line.code,
            time=MADE.replace(tzinfo=None),
        )


def test_a_plan_of_a_million_items_is_one_row(actor: Actor, product: Product) -> None:
    order = order_codes(actor=actor, gtin=product.gtin, count=1_000_000)
    plan = _plan(actor, order, per_case=24, per_pallet=40)
    assert (plan.cases, plan.pallets) == (41_667, 1_042)
    assert Allotment.objects.count() == 1
    labels = selectors.stream_sets(plan)
    assert [next(labels).kind for _ in range(4)] == ["pallet", "case", "item", "item"]


# ---------------------------------------------------------------- many sets


def _whole(actor: Actor, plan: SetPlan, line: Location) -> set_activation.SetActivation:
    return activate_sets(
        actor=actor, number=plan.number, lot_code="", location_code=line.code, time=MADE
    )


def _begin(actor: Actor, plan: SetPlan, line: Location) -> SetPlan:
    return begin_activation(
        actor=actor, number=plan.number, lot_code="", location_code=line.code, time=MADE
    )


@pytest.mark.parametrize("per_pallet", [0, 4])
def test_sets_are_activated_in_slices(
    actor: Actor,
    order: CodeOrder,
    line: Location,
    monkeypatch: pytest.MonkeyPatch,
    per_pallet: int,
) -> None:
    monkeypatch.setattr(set_activation, "SLICE_ITEMS", 30)
    plan = _plan(actor, order, count=95, per_pallet=per_pallet)
    done = _whole(actor, plan, line)
    assert (done.items, done.cases, done.pallets) == (95, 10, 3 if per_pallet else 0)
    assert _whole(actor, plan, line).repeated
    order.refresh_from_db()
    assert (order.commissioned_count, order.packed_count) == (95, 95)


def test_a_later_slice_that_is_refused_leaves_the_earlier_ones(
    actor: Actor, order: CodeOrder, line: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_activation, "SLICE_ITEMS", 30)
    plan = _plan(actor, order, count=90, per_pallet=0)
    item = selectors.links(order, first=70)
    event = build.object_event(
        time=MADE, action="ADD", epcs=item, step="commissioning", disposition="active"
    )
    capture_events(actor=actor, events=[event], source="tests")
    with pytest.raises(SetItemsActive):
        _whole(actor, plan, line)
    plan.refresh_from_db()
    assert plan.active_cases == 6


def test_items_active_through_their_order_are_refused_before_anything_is_done(
    actor: Actor, order: CodeOrder, line: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_activation, "SLICE_ITEMS", 30)
    plan = _plan(actor, order, count=90, per_pallet=0)
    _activate(actor, _cases(plan)[8], line)
    commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=70,
        count=5,
    )
    for act in (_whole, _begin):
        with pytest.raises(SetItemsActive) as refusal:
            act(actor, plan, line)
        assert refusal.value.data["count"] == 5
    plan.refresh_from_db()
    assert plan.active_cases == 1


def test_the_background_activates_what_it_was_asked_to(
    actor: Actor, order: CodeOrder, line: Location, django_capture_on_commit_callbacks: Any
) -> None:
    plan = _plan(actor, order, count=95)
    with django_capture_on_commit_callbacks(execute=True):
        assert _begin(actor, plan, line).in_background
        assert _begin(actor, plan, line).in_background  # again: nothing changes
    plan.refresh_from_db()
    assert (plan.active_cases, plan.filling) == (10, None)
    set_activation.go_on(actor.organisation_id, plan.number)


def test_the_background_keeps_what_it_stopped_at(
    actor: Actor, order: CodeOrder, line: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(actor, order, count=95)
    _begin(actor, plan, line)
    cancel = SetCancelled(number=plan.number)
    monkeypatch.setattr(set_activation, "activate_sets", _raising(cancel))
    set_activation.go_on(actor.organisation_id, plan.number)
    plan.refresh_from_db()
    assert (plan.filling or {})["fault"] == "set_cancelled"
    assert not plan.in_background
    _begin(actor, plan, line)
    fault = Fault("time_in_future", "/0/eventTime", {})
    monkeypatch.setattr(set_activation, "activate_sets", _raising(DocumentError([fault])))
    set_activation.go_on(actor.organisation_id, plan.number)
    plan.refresh_from_db()
    assert (plan.filling or {})["fault"] == "time_in_future"


def _raising(error: Exception) -> Any:
    def act(**_arguments: object) -> None:
        raise error

    return act


@pytest.mark.django_db(transaction=True)
def test_two_claims_of_one_range_at_once_leave_one(actor: Actor, order: CodeOrder) -> None:
    numbers = iter(("PJ-1", "PJ-2"))
    ready = threading.Barrier(2)
    failed: list[str] = []

    def claim(reference: str) -> None:
        try:
            ready.wait()
            allot(
                actor=actor,
                order_number=order.number,
                first=0,
                count=100,
                kind="print",
                reference=reference,
            )
        except AlreadyAllotted as error:
            failed.append(error.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=claim, args=(number,)) for number in numbers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == ["already_allotted"]
    assert Allotment.objects.count() == 1
