"""What codes that were read mean to an organisation."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.capture.services import capture_events
from suyuan.carriers.services import bind
from suyuan.core.epcis import build
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import (
    allot,
    commission,
    order_codes,
    pack_order,
    plan_sets,
    withdraw_codes,
)
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.models import Location, Lot, Product
from suyuan.masterdata.numbering import code_spaces
from suyuan.masterdata.services import create_material, create_product
from suyuan.process import services as process
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.verification import readback
from suyuan.verification.readback import CodeState, Standing, Whose, standings
from tests.issuing_world import MADE

pytestmark = pytest.mark.django_db

BASE = "https://t.example"


def _standing(organisation: Organisation, text: str) -> Standing:
    (found,) = standings(organisation, [text], base_url=BASE)
    assert found.text == text
    return found


def _judged(organisation: Organisation, text: str) -> tuple[Whose, CodeState]:
    found = _standing(organisation, text)
    return found.whose, found.state


def _links(order: CodeOrder, count: int = 1, *, first: int = 0) -> list[str]:
    return selectors.links(order, first=first, count=count, base=BASE)


def test_an_issued_code_is_ours_but_on_no_goods(
    organisation: Organisation, order: CodeOrder
) -> None:
    found = _standing(organisation, _links(order, first=7)[0])
    assert (found.whose, found.state) == (Whose.OWN, CodeState.ISSUED)
    assert (found.order, found.position) == (order, 7)
    assert (found.whereabouts, found.prints, found.elsewhere) == (None, [], False)


def test_an_active_code_is_where_its_events_say(
    organisation: Organisation, active_order: CodeOrder, line: Location
) -> None:
    found = _standing(organisation, _links(active_order)[0])
    assert (found.whose, found.state) == (Whose.OWN, CodeState.ACTIVE)
    assert found.whereabouts is Whereabouts.IN_HOUSE
    assert found.location == line.identifier


def test_every_form_of_a_code_means_the_same(
    organisation: Organisation, active_order: CodeOrder
) -> None:
    serial = selectors.serials(active_order)[0]
    gtin = active_order.product.gtin
    for text in (
        f"(01){gtin}(21){serial}",
        f"01{gtin}21{serial}",
        f"]d201{gtin}21{serial}",
        f"https://id.gs1.org/01/{gtin}/21/{serial}",
        f"urn:epc:id:sgtin:9521234.000001.{serial}",
        serial,
        serial.lower(),
    ):
        assert _judged(organisation, text) == (Whose.OWN, CodeState.ACTIVE), text


def test_a_part_of_an_order_may_be_active(
    organisation: Organisation, actor: Actor, order: CodeOrder, lot: Lot, line: Location
) -> None:
    commission(
        actor=actor, order_number=order.number, lot_code=lot.code, time=MADE,
        location_code=line.code, first=10, count=5,
    )  # fmt: skip
    states = [one.state for one in standings(organisation, _links(order, 20), base_url=BASE)]
    assert states == [CodeState.ISSUED] * 10 + [CodeState.ACTIVE] * 5 + [CodeState.ISSUED] * 5


def test_a_withdrawn_code_says_so(
    organisation: Organisation, actor: Actor, order: CodeOrder
) -> None:
    withdraw_codes(actor=actor, order_number=order.number, positions=[3], reason="torn")
    assert _judged(organisation, _links(order, first=3)[0]) == (Whose.OWN, CodeState.WITHDRAWN)
    assert _judged(organisation, _links(order, first=4)[0]) == (Whose.OWN, CodeState.ISSUED)


def test_labels_are_told_but_sets_without_labels_are_none(
    organisation: Organisation, actor: Actor, order: CodeOrder
) -> None:
    plan_sets(actor=actor, order_number=order.number, per_case=10, count=20)
    allot(actor=actor, order_number=order.number, first=30, count=5, kind="print", reference="P-1")
    allot(
        actor=actor, order_number=order.number, first=30, count=1, kind="print", reference="P-2",
        again="smudged",
    )  # fmt: skip
    texts = [_links(order, first=at)[0] for at in (0, 30, 31, 35)]
    found = standings(organisation, texts, base_url=BASE)
    assert [[(one.reference, one.copy) for one in row.prints] for row in found] == [
        [], [("P-1", 1), ("P-2", 2)], [("P-1", 1)], [],
    ]  # fmt: skip


def test_a_serial_that_was_never_issued_stands_out(
    organisation: Organisation, order: CodeOrder, product: Product
) -> None:
    later = code_spaces(order.organisation_id, product.gtin)[0].serial(5_000_000)
    for serial in (later, "ABCDEFGH", "7K3M"):
        text = f"{BASE}/01/{product.gtin}/21/{serial}"
        found = _standing(organisation, text)
        assert (found.whose, found.state) == (Whose.OWN, CodeState.NEVER_ISSUED)
        assert found.order is None


def test_a_recalled_item_says_so_whatever_else_is_true(
    organisation: Organisation, actor: Actor, active_order: CodeOrder
) -> None:
    item = selectors.links(active_order)[0]
    event = build.object_event(
        time=MADE, action="OBSERVE", epcs=[item], disposition="recalled", step="holding"
    )
    capture_events(actor=actor, events=[event], source="tests")
    assert _judged(organisation, item) == (Whose.OWN, CodeState.RECALLED)


def test_a_link_of_ours_to_another_address_is_marked(
    organisation: Organisation, active_order: CodeOrder
) -> None:
    good = _links(active_order)[0]
    for text, elsewhere in (
        (good, False),
        (good.replace("https://t.example", "HTTPS://T.EXAMPLE"), False),
        (good.replace(BASE, "https://id.gs1.org"), False),
        (good.replace(BASE, "https://t.example.evil"), True),
        (good.replace("https", "http"), True),
        (good.removeprefix(f"{BASE}/01/"), False),
    ):
        assert _standing(organisation, text).elsewhere is elsewhere, text


def test_what_is_anothers_looks_like_what_nobody_knows(
    organisation: Organisation, other_actor: Actor, other_product: Product
) -> None:
    theirs = order_codes(actor=other_actor, gtin=other_product.gtin, count=5)
    serial = selectors.serials(theirs)[0]
    known = _standing(organisation, f"{BASE}/01/{other_product.gtin}/21/{serial}")
    nobodys = _standing(organisation, f"{BASE}/01/04006381333931/21/{serial}")
    assert (known.whose, known.state) == (nobodys.whose, nobodys.state)
    assert (known.whose, known.state) == (Whose.UNKNOWN, CodeState.UNKNOWN)
    assert known.order is None
    assert _judged(other_actor.organisation, known.text) == (Whose.OWN, CodeState.ISSUED)


def test_goods_of_a_partner_are_known_by_events(organisation: Organisation, actor: Actor) -> None:
    item = "https://id.gs1.org/01/04006381333931/21/77"
    event = build.object_event(time=MADE, action="OBSERVE", epcs=[item], step="receiving")
    capture_events(actor=actor, events=[event], source="tests")
    found = _standing(organisation, item)
    assert (found.whose, found.state) == (Whose.PARTNER, CodeState.SEEN)
    assert found.whereabouts is Whereabouts.IN_HOUSE


def test_products_lots_materials_and_places_are_kept(
    organisation: Organisation, actor: Actor, product: Product, lot: Lot
) -> None:
    material = create_material(actor=actor, code="LEAF", name_zh="鲜叶", uom="KGM")
    traded = create_product(actor=actor, gtin="04006381333931", name_zh="贸易品", own=False)
    for text, whose in (
        (f"{BASE}/01/{product.gtin}", Whose.OWN),
        (product.gtin[1:], Whose.OWN),  # an EAN-13
        (f"{BASE}/01/{product.gtin}/10/{lot.code}", Whose.OWN),
        (f"(01){material.gtin}", Whose.PARTNER),
        (f"(01){traded.gtin}", Whose.PARTNER),
    ):
        assert _judged(organisation, text) == (whose, CodeState.KEPT), text


def test_a_place_with_a_gln_is_kept(
    organisation: Organisation, actor: Actor, warehouse: Location
) -> None:
    warehouse.gln = "9521234000013"
    warehouse.save(update_fields=["gln"])
    assert _judged(organisation, "(414)9521234000013") == (Whose.OWN, CodeState.KEPT)
    assert _judged(organisation, "(414)9521234999997") == (Whose.UNKNOWN, CodeState.UNKNOWN)


def test_a_lot_without_a_record_is_ours_and_not_seen(
    organisation: Organisation, product: Product
) -> None:
    found = _judged(organisation, f"{BASE}/01/{product.gtin}/10/NOWHERE")
    assert found == (Whose.OWN, CodeState.NOT_SEEN)


def test_cases_are_planned_then_seen(
    organisation: Organisation, actor: Actor, active_order: CodeOrder, line: Location
) -> None:
    fresh = order_codes(actor=actor, gtin=active_order.product.gtin, count=20)
    plan = plan_sets(actor=actor, order_number=fresh.number, per_case=10)
    planned = selectors.set_units(plan, kind="case")[0].sscc
    packed = pack_order(
        actor=actor, order_number=active_order.number, per_case=50, location_code=line.code,
        time=MADE,
    )  # fmt: skip
    assert _judged(organisation, f"(00){planned}") == (Whose.OWN, CodeState.PLANNED)
    assert _judged(organisation, packed.cases[0]) == (Whose.OWN, CodeState.SEEN)
    foreign = "(00)106141412345678908"
    assert _judged(organisation, foreign) == (Whose.UNKNOWN, CodeState.UNKNOWN)


def test_an_item_in_a_shipped_case_is_on_its_way(
    organisation: Organisation, actor: Actor, active_order: CodeOrder, line: Location,
    warehouse: Location,
) -> None:  # fmt: skip
    packed = pack_order(
        actor=actor, order_number=active_order.number, per_case=50, location_code=line.code,
        time=MADE,
    )  # fmt: skip
    process.ship(
        actor=actor,
        units=[packed.cases[0]],
        from_location=line.code,
        to_location=warehouse.code,
        time=MADE.replace(hour=4),
    )  # fmt: skip
    inside, outside = standings(
        organisation, [*_links(active_order), *_links(active_order, first=60)], base_url=BASE
    )
    assert inside.whereabouts is Whereabouts.IN_TRANSIT
    assert outside.whereabouts is Whereabouts.IN_HOUSE


def test_a_bound_carrier_leads_to_its_item(
    organisation: Organisation, actor: Actor, active_order: CodeOrder
) -> None:
    item = selectors.links(active_order)[0]
    bind(actor=actor, kind="qr", value="https://old.example/q?id=77", unit=item)
    found = _standing(organisation, "https://old.example/q?id=77")
    assert (found.whose, found.state, found.bound) == (Whose.OWN, CodeState.ACTIVE, True)
    assert found.identity is not None
    assert found.identity.digital_link() == item


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "https://example.com/shop?x=1",
        "WIFI:S:home;;",
        "x" * 5_000,
        "溯源",
        "\0",
        "((",
    ],
)
def test_what_names_nothing_is_no_identity(organisation: Organisation, text: str) -> None:
    assert _judged(organisation, text) == (Whose.NONE, CodeState.NO_IDENTITY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://t.example/01/09521234000014/21/A", "gtin_check_digit"),
        ("(00)106141412345678909", "sscc_check_digit"),
        ("(01)09521234000013(21)", "element_malformed"),
    ],
)
def test_what_is_wrong_with_a_code_is_named(
    organisation: Organisation, text: str, code: str
) -> None:
    found = _standing(organisation, text)
    assert found.state is CodeState.NO_IDENTITY
    assert found.fault is not None
    assert found.fault.code == code


def test_the_order_is_kept_and_a_code_may_come_twice(
    organisation: Organisation, order: CodeOrder
) -> None:
    texts = [_links(order)[0], "hello", _links(order)[0]]
    found = standings(organisation, texts, base_url=BASE)
    assert [one.text for one in found] == texts
    assert found[0] is found[2]


def test_more_codes_of_an_order_ask_no_more_of_the_database(
    organisation: Organisation, active_order: CodeOrder
) -> None:
    def asked(count: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = standings(organisation, _links(active_order, count), base_url=BASE)
        assert [one.state for one in found] == [CodeState.ACTIVE] * count
        return len(queries)

    asked(1)
    assert asked(90) <= asked(2)


def test_at_most_a_thousand_are_answered(organisation: Organisation) -> None:
    assert len(standings(organisation, ["hello"] * 1_001, base_url=BASE)) == readback.MOST
