"""Ordering codes: ranges, numbers, limits, repeats."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection

from suyuan.core.codespace import INDEX_LIMIT
from suyuan.issuing import selectors
from suyuan.issuing.errors import ProductInactive, SpaceExhausted
from suyuan.issuing.models import CodeOrder, ProductCounter
from suyuan.issuing.services import order_codes
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound, SuyuanError
from suyuan.masterdata.errors import NotSerialised
from suyuan.masterdata.models import Lot, Product
from suyuan.masterdata.services import create_lot, update_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry


def test_orders_take_consecutive_ranges(actor: Actor, product: Product) -> None:
    first = order_codes(actor=actor, gtin=product.gtin, count=1000)
    second = order_codes(actor=actor, gtin=product.gtin, count=5)
    assert (first.start, first.end, second.start, second.end) == (0, 1000, 1000, 1005)


def test_ten_million_codes_are_one_row(actor: Actor, product: Product) -> None:
    order_codes(actor=actor, gtin=product.gtin, count=10_000_000)
    assert CodeOrder.objects.count() == 1


@pytest.mark.parametrize("count", [0, -1, 10_000_001, 2**63])
def test_a_count_outside_the_limits_is_refused(actor: Actor, product: Product, count: int) -> None:
    with pytest.raises(Invalid) as refusal:
        order_codes(actor=actor, gtin=product.gtin, count=count)
    assert refusal.value.code == "order_count"
    assert not CodeOrder.objects.exists()


def test_the_space_ends_at_its_limit(actor: Actor, product: Product) -> None:
    order_codes(actor=actor, gtin=product.gtin, count=1)
    ProductCounter.objects.update(next=INDEX_LIMIT - 10)
    with pytest.raises(SpaceExhausted):
        order_codes(actor=actor, gtin=product.gtin, count=11)
    assert order_codes(actor=actor, gtin=product.gtin, count=10).end == INDEX_LIMIT


def test_numbers_count_from_one_each_year(actor: Actor, product: Product) -> None:
    with clock.held_at(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)):
        old = [order_codes(actor=actor, gtin=product.gtin, count=1).number for _ in range(2)]
    with clock.held_at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):  # midnight in Shanghai
        new = order_codes(actor=actor, gtin=product.gtin, count=1).number
    assert [*old, new] == ["CO-2026-0001", "CO-2026-0002", "CO-2027-0001"]


def test_a_repeated_request_returns_the_first_order(actor: Actor, product: Product) -> None:
    first = order_codes(actor=actor, gtin=product.gtin, count=10, request_key="r-1")
    again = order_codes(actor=actor, gtin=product.gtin, count=99, request_key="r-1")
    assert (again.number, again.count) == (first.number, 10)
    assert selectors.totals(actor.organisation_id).issued == 10


def test_a_repeated_request_is_answered_even_when_a_rule_would_now_refuse(
    actor: Actor, product: Product
) -> None:
    first = order_codes(actor=actor, gtin=product.gtin, count=10, request_key="r-1")
    update_product(actor=actor, gtin=product.gtin, active=False)
    again = order_codes(actor=actor, gtin=product.gtin, count=0, request_key="r-1")
    assert again.number == first.number


def test_request_keys_of_two_organisations_do_not_meet(
    actor: Actor, product: Product, other_actor: Actor, other_product: Product
) -> None:
    order_codes(actor=actor, gtin=product.gtin, count=10, request_key="r-1")
    other = order_codes(actor=other_actor, gtin=other_product.gtin, count=7, request_key="r-1")
    assert other.count == 7


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("x" * 501, "too_long"),
        ("a\x00b", "text_control_character"),
        ("\u202eevil", "text_control_character"),
    ],
)
def test_a_hostile_note_is_refused(actor: Actor, product: Product, note: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        order_codes(actor=actor, gtin=product.gtin, count=1, note=note)
    assert refusal.value.code == code


def test_a_note_is_kept_as_written(actor: Actor, product: Product) -> None:
    note = "=cmd|' /C calc'!A0 <script>alert(1)</script> 加急"
    assert order_codes(actor=actor, gtin=product.gtin, count=1, note=note).note == note


def test_another_organisations_product_looks_unknown(actor: Actor, other_product: Product) -> None:
    with pytest.raises(NotFound):
        order_codes(actor=actor, gtin=other_product.gtin, count=1)


def test_a_lot_of_another_product_looks_unknown(
    actor: Actor, product: Product, batch_product: Product
) -> None:
    create_lot(actor=actor, gtin=batch_product.gtin, code="B1", produced_on=date(2026, 3, 1))
    with pytest.raises(NotFound):
        order_codes(actor=actor, gtin=product.gtin, count=1, lot_code="B1")


def test_an_order_may_name_its_lot(actor: Actor, product: Product, lot: Lot) -> None:
    order = order_codes(actor=actor, gtin=product.gtin, count=1, lot_code=lot.code)
    assert selectors.get_order(actor.organisation_id, order.number).lot == lot


def test_a_batch_product_gets_no_serials(actor: Actor, batch_product: Product) -> None:
    with pytest.raises(NotSerialised):
        order_codes(actor=actor, gtin=batch_product.gtin, count=1)


def test_a_retired_product_gets_no_serials(actor: Actor, product: Product) -> None:
    update_product(actor=actor, gtin=product.gtin, active=False)
    with pytest.raises(ProductInactive):
        order_codes(actor=actor, gtin=product.gtin, count=1)


def test_ordering_needs_its_right(actor: Actor, product: Product) -> None:
    powerless = Actor(organisation=actor.organisation, name="user:a", rights=frozenset())
    with pytest.raises(Forbidden):
        order_codes(actor=powerless, gtin=product.gtin, count=1)


def test_an_order_is_audited_and_marks_its_product(actor: Actor, product: Product) -> None:
    order = order_codes(actor=actor, gtin=product.gtin, count=12)
    entry = AuditEntry.objects.get(action="codes.order")
    assert (entry.object_id, entry.changes["count"]) == (order.number, [None, 12])
    product.refresh_from_db()
    assert product.codes_issued


@pytest.mark.parametrize(
    "number", ["", "CO-2026-9999", "CO-2026-0001\x00", "x" * 5000, "CO-二〇二六"]
)
def test_an_unknown_number_is_not_found(actor: Actor, order: CodeOrder, number: str) -> None:
    with pytest.raises(NotFound):
        selectors.get_order(actor.organisation_id, number)


def test_an_order_of_another_organisation_is_not_found(
    other_actor: Actor, order: CodeOrder
) -> None:
    with pytest.raises(NotFound):
        selectors.get_order(other_actor.organisation_id, order.number)


def _order_in_threads(actor: Actor, gtin: str, *, threads: int, key: str = "") -> list[str]:
    """Order in several threads at once; return the stable codes of what failed."""
    ready = threading.Barrier(threads)
    failures: list[str] = []

    def run() -> None:
        try:
            ready.wait()
            for _ in range(3):
                order_codes(actor=actor, gtin=gtin, count=7, request_key=key)
        except SuyuanError as error:
            failures.append(error.code)
        except Exception as error:  # noqa: BLE001 - reported by the assertion
            failures.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_ranges_never_overlap_under_concurrent_orders(actor: Actor, product: Product) -> None:
    assert _order_in_threads(actor, product.gtin, threads=6) == []
    ranges = sorted((order.start, order.end) for order in CodeOrder.objects.all())
    assert len(ranges) == 18
    assert all(before[1] == after[0] for before, after in pairwise(ranges))
    assert len({order.number for order in CodeOrder.objects.all()}) == 18


@pytest.mark.django_db(transaction=True)
def test_one_request_sent_by_many_at_once_makes_one_order(actor: Actor, product: Product) -> None:
    assert _order_in_threads(actor, product.gtin, threads=4, key="same") == []
    assert CodeOrder.objects.count() == 1
