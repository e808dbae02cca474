"""Each verdict, and what makes it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from suyuan.issuing.selectors import issued_order, positions_of
from suyuan.issuing.services import withdraw_codes
from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata.services import create_lot, create_product
from suyuan.tenancy.actor import Actor
from suyuan.verification import device
from suyuan.verification.facts import product_facts
from suyuan.verification.models import DeviceSalt, Scan, ScanTally
from suyuan.verification.selectors import list_scans, scans_of, times_seen
from suyuan.verification.services import verify_lot
from suyuan.verification.values import SeenBy, Verdict
from tests.scan_world import ANN, BEN, LOT, Goods

pytestmark = pytest.mark.django_db


def test_the_first_device_is_told_that_it_is_the_first(goods: Goods) -> None:
    found = goods.ask()
    assert found.verdict is Verdict.GENUINE_FIRST
    assert found.lot == LOT
    assert found.seen is not None
    assert found.seen.scans == 1


def test_another_device_is_told_when_and_where_the_first_was(
    goods: Goods, held_clock: datetime
) -> None:
    goods.ask(seen_by=ANN)
    found = goods.ask(seen_by=BEN)
    assert found.verdict is Verdict.GENUINE_SEEN
    assert found.seen is not None
    assert (found.seen.scans, found.seen.first_at) == (2, held_clock)
    assert found.seen.first_region == "330100"


def test_loading_the_page_again_within_ten_minutes_is_the_same_visit(goods: Goods) -> None:
    start = datetime.fromisoformat("2026-03-02T04:30:00+00:00")
    with clock.held_at(start):
        goods.ask()
    with clock.held_at(start + timedelta(minutes=9)):
        again = goods.ask()
    assert again.verdict is Verdict.GENUINE_FIRST
    assert again.seen is not None
    assert again.seen.scans == 1
    assert Scan.objects.count() == 1


def test_the_same_device_days_later_is_told_that_the_code_was_seen(goods: Goods) -> None:
    start = datetime.fromisoformat("2026-03-02T04:30:00+00:00")
    with clock.held_at(start):
        goods.ask()
    with clock.held_at(start + timedelta(days=3)):
        later = goods.ask()
    assert later.verdict is Verdict.GENUINE_SEEN
    assert later.seen is not None
    assert later.seen.scans == 2


def test_midnight_does_not_frighten_a_reader(goods: Goods) -> None:
    with clock.held_at(datetime.fromisoformat("2026-03-02T23:58:00+00:00")):
        goods.ask()
    with clock.held_at(datetime.fromisoformat("2026-03-03T00:02:00+00:00")):
        assert goods.ask().verdict is Verdict.GENUINE_FIRST


def test_a_first_reader_stays_first_after_somebody_else_looked(
    goods: Goods, held_clock: datetime
) -> None:
    goods.ask(seen_by=ANN)
    goods.ask(seen_by=BEN)
    again = goods.ask(seen_by=ANN)
    assert again.verdict is Verdict.GENUINE_FIRST


def test_a_serial_that_was_never_issued_is_told_so(goods: Goods) -> None:
    found = goods.ask("ABCDEFGHJKMNPQ")
    assert found.verdict is Verdict.NEVER_ISSUED
    assert found.history is None
    scan = Scan.objects.get()
    assert (scan.key, scan.code, scan.verdict) == (0, "ABCDEFGHJKMNPQ", "never_issued")


def test_a_serial_of_another_product_is_never_issued_here(goods: Goods, actor: Actor) -> None:
    sibling = create_product(actor=actor, gtin="09521234000020", name_zh="红茶", granularity="item")
    facts = product_facts(sibling.gtin)
    assert facts is not None
    with_its_serial = Goods(actor, sibling, serials=goods.serials)
    assert with_its_serial.ask().verdict is Verdict.NEVER_ISSUED


def test_a_code_without_commissioning_is_not_activated(goods: Goods) -> None:
    found = goods.ask(goods.unused[0])
    assert found.verdict is Verdict.NOT_ACTIVATED
    assert ScanTally.objects.count() == 0


def test_a_withdrawn_code_is_withdrawn_and_its_neighbour_is_not(goods: Goods) -> None:
    order = issued_order(
        organisation_id=goods.actor.organisation_id, gtin=goods.gtin, serial=goods.unused[0]
    )
    assert order is not None
    position = int(positions_of(order, goods.unused[:1])[0])
    withdraw_codes(
        actor=goods.actor, order_number=order.number, positions=[position], reason="smeared"
    )
    assert goods.ask(goods.unused[0]).verdict is Verdict.WITHDRAWN
    assert goods.ask(goods.unused[1]).verdict is Verdict.NOT_ACTIVATED
    assert goods.ask().verdict is Verdict.GENUINE_FIRST
    assert [scan.verdict for scan in Scan.objects.filter(code=goods.unused[0])] == ["withdrawn"]


def test_a_recalled_item_is_recalled_however_often_it_was_seen(goods: Goods) -> None:
    goods.ask()
    goods.mark("recalled", goods.link())
    assert goods.ask(seen_by=BEN).verdict is Verdict.RECALLED
    assert goods.ask(goods.serials[1]).verdict is Verdict.GENUINE_FIRST


def test_a_recall_shows_at_once_although_product_data_is_remembered(goods: Goods) -> None:
    assert goods.ask().verdict is Verdict.GENUINE_FIRST
    goods.mark("recalled", goods.link())
    assert goods.ask().verdict is Verdict.RECALLED


def test_an_item_of_a_recalled_lot_is_recalled(goods: Goods) -> None:
    goods.mark("recalled", f"https://id.gs1.org/01/{goods.gtin}/10/{LOT}")
    assert goods.ask().verdict is Verdict.RECALLED


def test_a_lot_that_was_cleared_is_no_longer_recalled(goods: Goods) -> None:
    link = f"https://id.gs1.org/01/{goods.gtin}/10/{LOT}"
    goods.mark("recalled", link)
    goods.mark("conformant", link)
    assert goods.ask().verdict is Verdict.GENUINE_FIRST


def test_a_lot_has_its_three_verdicts(goods: Goods, actor: Actor) -> None:
    facts = product_facts(goods.gtin)
    assert facts is not None
    create_lot(actor=actor, gtin=goods.gtin, code="FRESH", produced_on=goods.product.created_at)

    def verdict(lot: str) -> Verdict:
        return verify_lot(facts=facts, lot=lot, seen_by=ANN).verdict

    assert verdict("FRESH") is Verdict.LOT_GENUINE
    assert verdict("NOPE") is Verdict.LOT_UNKNOWN
    assert verdict(LOT) is Verdict.LOT_GENUINE
    goods.mark("recalled", f"https://id.gs1.org/01/{goods.gtin}/10/{LOT}")
    assert verdict(LOT) is Verdict.LOT_RECALLED


def test_a_preview_is_answered_and_not_counted(goods: Goods) -> None:
    assert goods.ask(counts=False).verdict is Verdict.GENUINE_FIRST
    assert Scan.objects.count() == ScanTally.objects.count() == 0
    assert goods.ask(seen_by=BEN).verdict is Verdict.GENUINE_FIRST
    assert goods.ask(counts=False).verdict is Verdict.GENUINE_SEEN


def test_another_organisation_sees_none_of_the_scans(goods: Goods, other_actor: Actor) -> None:
    found = goods.ask()
    assert found.key is not None
    mine, other = goods.actor.organisation_id, other_actor.organisation_id
    assert scans_of(mine, found.key).count() == times_seen(mine, found.key) == 1
    assert scans_of(other, found.key).count() == times_seen(other, found.key) == 0
    assert list_scans(other).count() == 0


def test_salts_older_than_yesterday_are_gone(db: None) -> None:
    start = datetime.fromisoformat("2026-03-02T04:30:00+00:00")
    digests = {device.digest(ANN, start + timedelta(days=day)) for day in range(4)}
    assert len(digests) == 4
    assert DeviceSalt.objects.count() == 2
    device.forget()
    assert device.digest(ANN, start, make=False) is None


def test_an_agent_cannot_pretend_to_be_another_address(db: None) -> None:
    at = datetime.fromisoformat("2026-03-02T04:30:00+00:00")
    one = device.digest(SeenBy(address="203.0.113.7", agent="x"), at)
    other = device.digest(SeenBy(address="203.0.113.7\nx", agent=""), at)
    assert one != other


def test_a_refusal_carries_when_to_ask_again(goods: Goods, held_clock: datetime) -> None:
    for number in range(60):
        goods.ask(f"ABCDEFGHJKM{number:03}")
    with pytest.raises(SuyuanError) as caught:
        goods.ask("ABCDEFGHJKM999")
    assert caught.value.code == "too_many_asked"
    assert caught.value.data == {"seconds": 2}
    assert goods.ask().verdict is Verdict.GENUINE_FIRST
