"""Goods on their way: each verb as an event, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.identifiers import IdentifierError
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import next_sscc
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata.models import Location, Party
from suyuan.process import references, services, units
from suyuan.tenancy.actor import Actor
from tests.issuing_world import MADE

type Captured = list[dict[str, Any]]


@pytest.fixture
def captured(monkeypatch: pytest.MonkeyPatch) -> Captured:
    """Return the events that services hand to capture, as they do."""
    seen: Captured = []
    real = capture_events

    def spy(*, actor: Actor, events: list[dict[str, Any]], source: str) -> Any:
        seen.extend(events)
        return real(actor=actor, events=events, source=source)

    monkeypatch.setattr(services, "capture_events", spy)
    return seen


def test_goods_go_from_the_line_to_their_buyer(
    actor: Actor,
    active_order: CodeOrder,
    line: Location,
    warehouse: Location,
    shop: Party,
    captured: Captured,
) -> None:
    items = selectors.commissioned_items(active_order)[:4]
    case = next_sscc(actor)[0]
    services.pack(actor=actor, parent_sscc=case, children=items, time=MADE, location=line.code)
    services.ship(
        actor=actor,
        units=[case],
        from_location=line.code,
        to_location=warehouse.code,
        to_party=shop.code,
        transactions=[("desadv", "D 1/2")],
        time=MADE,
    )
    services.receive(actor=actor, units=[case], location=warehouse.code, time=MADE)
    services.unpack(actor=actor, parent_sscc=case, time=MADE, location=warehouse.code)
    services.pack_parcel(
        actor=actor,
        items=items[:2],
        order_number="8843-2",
        waybill="SF1024",
        destination_region="310000",
        time=MADE,
        location=warehouse.code,
    )
    parcel = services.parcel_text(actor, "SF1024")
    services.ship(
        actor=actor,
        units=[parcel],
        from_location=warehouse.code,
        to_region="310000",
        transactions=[("bol", "SF1024")],
        time=MADE,
    )
    services.deliver(
        actor=actor, units=[parcel], order_number="8843-2", waybill="SF1024", time=MADE
    )
    services.take_return(
        actor=actor, units=items[:1], parcel=parcel, location=warehouse.code, time=MADE
    )
    services.destroy(actor=actor, units=items[:1], location=warehouse.code, time=MADE)
    assert [event["bizStep"] for event in captured] == [
        "packing",
        "shipping",
        "receiving",
        "unpacking",
        "packing",
        "shipping",
        "retail_selling",
        "unpacking",
        "receiving",
        "destroying",
    ]
    assert captured[1]["bizTransactionList"] == [
        {"type": "desadv", "bizTransaction": "urn:suyuan:mingqian:desadv:D%201%2F2"}
    ]
    assert "bizLocation" not in captured[1]
    assert captured[4]["parentID"] == "urn:suyuan:mingqian:parcel:SF1024"
    assert StoredEvent.objects.count() == 1 + len(captured)


def test_the_same_act_again_stores_nothing(
    actor: Actor, active_order: CodeOrder, warehouse: Location
) -> None:
    acts = [
        services.receive(
            actor=actor,
            units=selectors.commissioned_items(active_order),
            location=warehouse.code,
            time=MADE,
        )
        for _ in range(2)
    ]
    assert [(act.stored, act.duplicates) for act in acts] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ([], "units_missing", "/units"),
        (["106141412345678907"], "sscc_check_digit", "/units/0"),
        (["106141412345678908", "(00)106141412345678908"], "unit_twice", "/units/1"),
        (["https://id.gs1.org/01/09521234000013/10/L1"], "not_a_unit", "/units/0"),
        (["https://id.gs1.org/01/09521234000013"], "not_a_unit", "/units/0"),
        (["https://id.gs1.org/414/9521321000018"], "not_a_unit", "/units/0"),
        (["hello"], "uri_malformed", "/units/0"),
        (["\x00"], "uri_malformed", "/units/0"),
        (["x" * 3000], "too_long", "/units/0"),
    ],
)
def test_a_wrong_unit_is_refused_with_its_place(
    actor: Actor, warehouse: Location, given: list[str], code: str, place: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.receive(actor=actor, units=given, location=warehouse.code, time=MADE)
    assert (refusal.value.code, refusal.value.place) == (code, place)
    assert not StoredEvent.objects.exists()


def test_too_many_units_are_refused(
    actor: Actor, warehouse: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "UNIT_LIMIT", 1)
    with pytest.raises(Invalid) as refusal:
        services.receive(actor=actor, units=["a", "b"], location=warehouse.code, time=MADE)
    assert refusal.value.code == "too_many_units"


def test_a_unit_does_not_go_into_itself(actor: Actor, warehouse: Location) -> None:
    with pytest.raises(Invalid) as refusal:
        services.pack(
            actor=actor,
            parent_sscc="106141412345678908",
            children=["00106141412345678908"],
            time=MADE,
            location=warehouse.code,
        )
    assert refusal.value.code == "unit_in_itself"


def test_a_place_of_another_organisation_looks_unknown(
    other_actor: Actor, warehouse: Location
) -> None:
    with pytest.raises(NotFound):
        services.receive(
            actor=other_actor, units=["106141412345678908"], location=warehouse.code, time=MADE
        )


def test_a_time_without_zone_is_refused(actor: Actor, warehouse: Location) -> None:
    with pytest.raises(Invalid) as refusal:
        services.receive(
            actor=actor,
            units=["106141412345678908"],
            location=warehouse.code,
            time=datetime(2026, 3, 1),  # noqa: DTZ001 - what is tested
        )
    assert refusal.value.code == "time_zone_required"


def test_every_verb_needs_the_right_to_capture(actor: Actor, warehouse: Location) -> None:
    powerless = Actor(organisation=actor.organisation, name="user:a", rights=frozenset())
    where: dict[str, Any] = {"actor": powerless, "time": MADE}
    one = ["106141412345678908"]
    verbs: list[Callable[[], object]] = [
        lambda: services.pack(parent_sscc=one[0], children=one, location="WH-1", **where),
        lambda: services.unpack(parent_sscc=one[0], location="WH-1", **where),
        lambda: services.ship(units=one, from_location="WH-1", **where),
        lambda: services.receive(units=one, location="WH-1", **where),
        lambda: services.pack_parcel(
            items=one, order_number="1", waybill="2", location="WH-1", **where
        ),
        lambda: services.deliver(units=one, **where),
        lambda: services.take_return(units=one, location="WH-1", **where),
        lambda: services.destroy(units=one, location="WH-1", **where),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()


@pytest.mark.parametrize("text", ["8843-2", "订单 7", "a:b/c?d#e", "100%"])
def test_a_number_reads_back_from_its_reference(text: str) -> None:
    assert references.number_of(references.reference("brand", "po", text)) == text


def test_an_address_stays_as_it_is() -> None:
    assert references.reference("brand", "po", "urn:x:1") == "urn:x:1"


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("nonsense", "1", "transaction_type"),
        ("po", " ", "required"),
        ("po", "1\x00", "text_control_character"),
        ("po", "1" * 81, "too_long"),
        ("po", "urn:a b", "uri_malformed"),
    ],
)
def test_a_wrong_reference_is_refused(kind: str, number: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        references.reference("brand", kind, number)
    assert refusal.value.code == code


def test_a_region_reads_back_and_an_unknown_one_is_refused() -> None:
    assert references.region_of(references.region_text("310000")) == "310000"
    assert references.region_of("urn:suyuan:brand:po:1") == ""
    with pytest.raises(Invalid):
        references.region_text("999999")


def test_lines_are_read_in_any_form_and_each_fault_has_its_line() -> None:
    found, faults = units.read_lines(
        [
            "106141412345678908",
            "",
            "(01)09521234000013(21)ABC",
            "https://t.example/01/09521234000013/21/ABC?x=1",
            "urn:epc:id:sgtin:0614141.812345.6789",
            "nonsense",
            "00106141412345678908",
        ]
    )
    assert len(found) == 3
    assert [(fault.line, fault.code) for fault in faults] == [
        (4, "unit_twice"),
        (6, "uri_malformed"),
        (7, "unit_twice"),
    ]


def test_a_class_is_no_unit() -> None:
    with pytest.raises(IdentifierError) as refusal:
        units.read_unit("(01)09521234000013")
    assert refusal.value.code == "not_a_unit"
