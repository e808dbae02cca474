"""Commissioning, packing by plan, opening batches."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from suyuan.capture.models import StoredEvent
from suyuan.core.epcis import DocumentError
from suyuan.core.identifiers import Sscc
from suyuan.issuing import selectors
from suyuan.issuing.errors import (
    AlreadyCommissioned,
    LotDiffers,
    NothingToCommission,
    NothingToPack,
    SsccExhausted,
)
from suyuan.issuing.models import Activation, CodeOrder, Packing
from suyuan.issuing.services import (
    commission,
    commissioning,
    next_sscc,
    open_lot,
    order_codes,
    pack_order,
)
from suyuan.issuing.values import MaterialUse
from suyuan.kernel.errors import Forbidden, Invalid, NotFound, SuyuanError
from suyuan.masterdata.errors import CodeTaken
from suyuan.masterdata.models import Location, Lot, Material, Product
from suyuan.masterdata.services import create_lot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import NumberSeries
from suyuan.tenancy.services import add_company_prefix
from tests.issuing_world import MADE


def _commission(actor: Actor, order: CodeOrder, line: Location, **more: Any) -> Activation:
    values = {"lot_code": "", "time": MADE, "location_code": line.code, **more}
    return commission(actor=actor, order_number=order.number, **values)


def test_commissioning_captures_one_event_for_the_whole_order(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    activation = _commission(actor, order, line)
    order.refresh_from_db()
    assert (order.commissioned_count, order.status) == (100, "commissioned")
    assert (activation.first_seq, activation.last_seq) == (1, 1)
    assert StoredEvent.objects.count() == 1


def test_a_large_order_is_split_into_events(
    actor: Actor, order: CodeOrder, line: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commissioning, "EVENT_LIMIT", 30)
    activation = _commission(actor, order, line)
    assert (activation.first_seq, activation.last_seq) == (1, 4)


def test_the_same_commissioning_again_changes_nothing(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    first = _commission(actor, order, line)
    assert _commission(actor, order, line).id == first.id
    assert StoredEvent.objects.count() == 1
    order.refresh_from_db()
    assert order.commissioned_count == 100


def test_a_range_is_commissioned_once(actor: Actor, order: CodeOrder, line: Location) -> None:
    _commission(actor, order, line, first=10, count=20)
    with pytest.raises(AlreadyCommissioned):
        _commission(actor, order, line, first=0, count=11)
    with pytest.raises(AlreadyCommissioned):
        _commission(actor, order, line, first=29)
    _commission(actor, order, line, first=0, count=10)
    _commission(actor, order, line, first=30)
    with pytest.raises(NothingToCommission):
        _commission(actor, order, line)
    assert selectors.waiting_ranges(order) == []


def test_parts_of_an_order_may_go_to_lots_of_their_own(
    actor: Actor, product: Product, lot: Lot, line: Location
) -> None:
    create_lot(actor=actor, gtin=product.gtin, code="L2", produced_on=date(2026, 3, 1))
    order = order_codes(actor=actor, gtin=product.gtin, count=10)
    with pytest.raises(Invalid) as refusal:
        _commission(actor, order, line)
    assert refusal.value.code == "lot_required"
    _commission(actor, order, line, lot_code=lot.code, count=4)
    _commission(actor, order, line, lot_code="L2", first=4)
    parts = [(part.lot.code, part.count) for part in selectors.activations(order)]
    assert parts == [(lot.code, 4), ("L2", 6)]


def test_an_orders_lot_is_kept(
    actor: Actor, order: CodeOrder, product: Product, line: Location
) -> None:
    create_lot(actor=actor, gtin=product.gtin, code="L2", produced_on=date(2026, 3, 1))
    with pytest.raises(LotDiffers):
        _commission(actor, order, line, lot_code="L2")


@pytest.mark.parametrize(("first", "count"), [(-1, 5), (0, 0), (0, 101), (100, None), (99, 2)])
def test_a_range_outside_the_order_is_refused(
    actor: Actor, order: CodeOrder, line: Location, first: int, count: int | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        _commission(actor, order, line, first=first, count=count)
    assert refusal.value.code == "commission_range"


def test_what_capture_refuses_leaves_nothing_behind(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    with pytest.raises(DocumentError):
        _commission(actor, order, line, time=datetime(2199, 1, 1, tzinfo=UTC))
    order.refresh_from_db()
    assert order.commissioned_count == 0
    assert not Activation.objects.exists()


def test_a_place_of_another_organisation_looks_unknown(
    actor: Actor, order: CodeOrder, other_actor: Actor
) -> None:
    with pytest.raises(NotFound):
        commission(
            actor=actor, order_number=order.number, lot_code="", time=MADE, location_code="LINE-1"
        )


def test_commissioning_needs_its_right(actor: Actor, order: CodeOrder, line: Location) -> None:
    powerless = Actor(organisation=actor.organisation, name="user:a", rights=frozenset())
    with pytest.raises(Forbidden):
        _commission(powerless, order, line)


def _at_once(act: Callable[[], object], *, threads: int) -> list[str]:
    """Do `act` in several threads at once; return the codes of what failed."""
    ready = threading.Barrier(threads)
    failures: list[str] = []

    def run() -> None:
        try:
            ready.wait()
            act()
        except SuyuanError as error:
            failures.append(error.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_one_commissioning_sent_by_two_at_once_happens_once(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    assert _at_once(lambda: _commission(actor, order, line), threads=2) == []
    order.refresh_from_db()
    assert (order.commissioned_count, StoredEvent.objects.count()) == (100, 1)


@pytest.mark.django_db(transaction=True)
def test_one_plan_sent_by_two_at_once_packs_once(
    actor: Actor, active_order: CodeOrder, line: Location
) -> None:
    assert _at_once(lambda: _pack(actor, active_order, line), threads=2) == []
    active_order.refresh_from_db()
    assert (active_order.packed_count, Packing.objects.count()) == (100, 1)


def _pack(actor: Actor, order: CodeOrder, line: Location, **more: Any) -> Any:
    values = {"per_case": 24, "location_code": line.code, "time": MADE, **more}
    return pack_order(actor=actor, order_number=order.number, **values)


def test_a_plan_fills_cases_and_pallets(
    actor: Actor, active_order: CodeOrder, line: Location
) -> None:
    packed = _pack(actor, active_order, line, per_pallet=3)
    assert (packed.items, len(packed.cases), len(packed.pallets)) == (100, 5, 2)
    assert len(set(packed.cases) | set(packed.pallets)) == 7
    assert StoredEvent.objects.count() == 1 + 5 + 2
    assert selectors.outer_units(active_order) == list(packed.pallets)


def test_the_same_plan_again_changes_nothing(
    actor: Actor, active_order: CodeOrder, line: Location
) -> None:
    first = _pack(actor, active_order, line)
    again = _pack(actor, active_order, line)
    assert (again.cases, again.items) == (first.cases, first.items)
    assert Packing.objects.count() == 1
    with pytest.raises(NothingToPack):
        _pack(actor, active_order, line, per_case=12)


def test_a_plan_may_leave_items_loose(
    actor: Actor, active_order: CodeOrder, line: Location
) -> None:
    packed = _pack(actor, active_order, line, count=48)
    outer = selectors.outer_units(active_order)
    assert len(packed.cases) == 2
    assert len(outer) == 2 + 52
    assert _pack(actor, active_order, line, per_case=52).items == 52


def test_codes_that_are_not_active_are_not_packed(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    with pytest.raises(NothingToPack):
        _pack(actor, order, line)


@pytest.mark.parametrize("bad", [{"per_case": 0}, {"per_pallet": -1}, {"count": 0}])
def test_a_plan_that_packs_nothing_is_refused(
    actor: Actor, active_order: CodeOrder, line: Location, bad: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        _pack(actor, active_order, line, **bad)


def test_logistic_units_are_numbered_below_the_company_prefix(actor: Actor) -> None:
    add_company_prefix(actor=actor, prefix="0952123")
    numbers = next_sscc(actor, 3)
    assert numbers == sorted(set(numbers))
    assert all(Sscc.parse(number).value[1:8] == "0952123" for number in numbers)


def test_without_a_prefix_units_get_numbers_of_this_installation(
    actor: Actor, other_actor: Actor
) -> None:
    mine, theirs = next_sscc(actor)[0], next_sscc(other_actor)[0]
    number = actor.organisation.company_number
    assert mine[1:7] == f"2{number:04}0"
    assert mine != theirs


def test_the_extension_digit_continues_the_series(actor: Actor) -> None:
    next_sscc(actor)
    NumberSeries.objects.update(next=10**10 - 1)
    last, first = next_sscc(actor, 2)
    assert (last[0], first[0]) == ("0", "1")
    NumberSeries.objects.update(next=10**11)
    with pytest.raises(SsccExhausted):
        next_sscc(actor)


def test_opening_a_lot_says_what_went_into_it(
    actor: Actor, product: Product, leaf: Material, line: Location
) -> None:
    lot = open_lot(
        actor=actor,
        gtin=product.gtin,
        code="L9",
        produced_on=date(2026, 3, 1),
        location_code=line.code,
        inputs=[
            MaterialUse(leaf.gtin, "F1", Decimal("12.5"), "KGM"),
            MaterialUse(leaf.gtin, "F2"),
        ],
        quantity=Decimal(1000),
        time=MADE,
    )
    assert lot.expires_on == date(2027, 8, 23)  # 540 days of shelf life
    assert StoredEvent.objects.count() == 1


def test_a_lot_without_inputs_is_captured_as_created(
    actor: Actor, product: Product, line: Location
) -> None:
    open_lot(actor=actor, gtin=product.gtin, code="L9", produced_on=date(2026, 3, 1))
    assert StoredEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("inputs", "code", "place"),
    [
        ([("F1", 1), ("F9", 1)], "material_lot_unknown", "/inputs/1"),
        ([("F1", 1), ("F1", 2)], "input_twice", "/inputs/1"),
        ([("F\x00", 1)], "material_lot_unknown", "/inputs/0"),
        ([("F1", -1)], "quantity_range", "quantity"),
        ([("F1", 0)], "quantity_range", "quantity"),
        ([("F1", "NaN")], "quantity_range", "quantity"),
    ],
)
def test_a_wrong_input_leaves_no_lot(
    actor: Actor,
    product: Product,
    leaf: Material,
    inputs: list[tuple[str, Any]],
    code: str,
    place: str,
) -> None:
    uses = [MaterialUse(leaf.gtin, lot, Decimal(amount), "KGM") for lot, amount in inputs]
    with pytest.raises(Invalid) as refusal:
        open_lot(
            actor=actor, gtin=product.gtin, code="L9", produced_on=date(2026, 3, 1), inputs=uses
        )
    assert (refusal.value.code, refusal.value.place) == (code, place)
    assert not Lot.objects.exists()


def test_a_lot_is_opened_once(actor: Actor, product: Product, lot: Lot) -> None:
    with pytest.raises(CodeTaken):
        open_lot(actor=actor, gtin=product.gtin, code=lot.code, produced_on=date(2026, 3, 1))
    assert not StoredEvent.objects.exists()
