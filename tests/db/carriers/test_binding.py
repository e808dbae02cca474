"""Facts about binding, replacing and releasing carriers."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from pytest_django import DjangoAssertNumQueries

from suyuan.capture.identities import identity_of
from suyuan.carriers import selectors, services
from suyuan.carriers.errors import (
    BindingsRefused,
    CarrierIsUnit,
    CarrierTaken,
    CarrierUnknown,
)
from suyuan.carriers.judging import Wanted
from suyuan.carriers.models import Carrier, CarrierKind, Reason
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.numbers import sscc
from suyuan.kernel.errors import Forbidden, Invalid
from suyuan.lineage import selectors as lineage
from suyuan.masterdata.models import Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right

TAG = "3034257BF7194E4000001A85"
CHIP = "04:6e:a2 1a-9b-70-80"
OLD = "https://old.example/q/8f3?a=1&b=茶"


def test_carrier_of_a_code_that_is_not_active_yet_leads_to_its_item(
    actor: Actor, order: CodeOrder
) -> None:
    serial = issuing.serials(order)[0]
    carrier = services.bind(
        actor=actor, kind="nfc", value=CHIP, unit=f"(01)09521234000013(21){serial}"
    )
    assert carrier.value == "046EA21A9B7080"
    key = selectors.key_of(actor.organisation_id, CarrierKind.NFC, "04-6E-A2-1A-9B-70-80")
    assert key == carrier.key
    assert identity_of(actor.organisation_id, carrier.key).secondary == serial


def test_key_given_before_activation_is_the_item_s_key_ever_after(
    actor: Actor, order: CodeOrder, request: pytest.FixtureRequest
) -> None:
    serial = issuing.serials(order)[0]
    carrier = services.bind(actor=actor, kind="rfid", value=TAG, unit=serial)
    request.getfixturevalue("active_order")
    link = issuing.links(order)[0]
    assert lineage.resolve(organisation_id=actor.organisation_id, text=link) == carrier.key


@pytest.mark.parametrize("spoken", ["bare", "lower", "link", "elements", "another carrier"])
def test_unit_is_named_in_any_way(actor: Actor, active_order: CodeOrder, spoken: str) -> None:
    serial = issuing.serials(active_order)[0]
    ways = {
        "bare": serial,
        "lower": f"{serial[:4]}-{serial[4:]}".lower(),
        "link": f"https://id.example/01/09521234000013/21/{serial}",
        "elements": f"010952123400001321{serial}",
        "another carrier": CHIP,
    }
    first = services.bind(actor=actor, kind="nfc", value=CHIP, unit=issuing.links(active_order)[0])
    carrier = services.bind(actor=actor, kind="rfid", value=TAG, unit=ways[spoken])
    assert carrier.key == first.key


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        ("rfid", TAG, f" {TAG.lower()} "),
        ("rfid", f"urn:epc:raw:96.x{TAG}", TAG),
        ("nfc", CHIP, "046ea21a9b7080"),
        ("qr", OLD, f"  {OLD} "),
        ("qr", "]Q1A B", "A  B"),
        ("datamatrix", "]d2240A\x1d91B", "240A\x1d91B"),
        ("other", "胶囊 7", "胶囊  7"),
    ],
)
def test_every_carrier_leads_to_the_item_from_any_text_of_it(
    actor: Actor, active_order: CodeOrder, kind: str, value: str, typed: str
) -> None:
    bound = services.bind(actor=actor, kind=kind, value=value, unit=issuing.links(active_order)[0])
    found = selectors.resolve(actor.organisation_id, typed)
    assert found == bound
    assert selectors.key_of(actor.organisation_id, CarrierKind(kind), typed) == bound.key


def test_carrier_of_a_case_that_is_not_filled_yet_leads_to_it(actor: Actor) -> None:
    prefix = f"2{actor.organisation.company_number:04}0"
    number = sscc(prefix, 7)
    carrier = services.bind(actor=actor, kind="rfid", value=TAG, unit=number)
    assert carrier.unit == f"https://id.gs1.org/00/{number}"


@pytest.mark.parametrize(
    "unit",
    [
        "https://id.gs1.org/00/395212340000000014",  # another firm's number, never seen
        "https://id.gs1.org/01/09521234000013/21/NEVER-MADE",
        "https://id.gs1.org/01/09521234000013/10/L260301",  # a lot bears no carrier of its own
        "whatever",
        "0" * 900,
    ],
)
def test_what_is_no_unit_of_ours_is_refused(actor: Actor, order: CodeOrder, unit: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.bind(actor=actor, kind="qr", value=OLD, unit=unit)
    assert (refusal.value.code, refusal.value.place) == ("unit_unknown", "unit")


def test_another_organisation_s_item_is_no_unit_and_its_carriers_lead_nowhere(
    actor: Actor, other_actor: Actor, active_order: CodeOrder
) -> None:
    link = issuing.links(active_order)[0]
    services.bind(actor=actor, kind="qr", value=OLD, unit=link)
    with pytest.raises(Invalid, match="unit_unknown"):
        services.bind(actor=other_actor, kind="rfid", value=TAG, unit=link)
    assert selectors.resolve(other_actor.organisation_id, OLD) is None
    with pytest.raises(CarrierUnknown):
        selectors.history_of_value(other_actor.organisation_id, CarrierKind.QR, OLD)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("rfid", "30342", "tag_malformed"),
        ("rfid", "zz34257BF7194E4000001A85", "tag_malformed"),
        ("rfid", "AB" * 65, "tag_malformed"),
        ("rfid", "ﬀ" * 12, "tag_malformed"),
        ("nfc", "046EA21A9B70", "chip_malformed"),
        ("nfc", "", "required"),
        ("qr", " \x1d ", "required"),
        ("qr", "x" * 501, "too_long"),
        ("qr", "x" * 100_000, "too_long"),
        ("qr", "a\0b", "text_control_character"),
        ("qr", "a\u202eb", "text_control_character"),
        ("tattoo", "x", "carrier_kind"),
    ],
)
def test_malformed_value_is_refused_by_name(
    actor: Actor, order: CodeOrder, kind: str, value: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.bind(actor=actor, kind=kind, value=value, unit=issuing.serials(order)[0])
    assert refusal.value.code == code
    assert not Carrier.objects.exists()


def test_value_of_500_characters_of_four_bytes_is_kept_whole(
    actor: Actor, active_order: CodeOrder
) -> None:
    value = "𠮷" * 500
    services.bind(actor=actor, kind="qr", value=value, unit=issuing.links(active_order)[0])
    found = selectors.resolve(actor.organisation_id, value)
    assert found is not None
    assert found.value == value


def test_binding_again_changes_nothing_and_says_nothing_twice(
    actor: Actor, active_order: CodeOrder
) -> None:
    unit = issuing.links(active_order)[0]
    first = services.bind(actor=actor, kind="rfid", value=TAG, unit=unit)
    again = services.bind(actor=actor, kind="rfid", value=TAG.lower(), unit=unit)
    assert again == first
    assert AuditEntry.objects.filter(action="carriers.bind").count() == 1


@pytest.mark.parametrize("kind", ["qr", "datamatrix"])
def test_value_bound_to_another_unit_is_refused_with_that_unit_s_name(
    actor: Actor, active_order: CodeOrder, kind: str
) -> None:
    first, second = issuing.links(active_order, count=2)
    services.bind(actor=actor, kind="qr", value=OLD, unit=first)
    with pytest.raises(CarrierTaken) as refusal:
        services.bind(actor=actor, kind=kind, value=OLD, unit=second)
    assert refusal.value.data["unit"] == first


def test_code_of_another_item_cannot_be_bound_as_a_carrier(
    actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    with pytest.raises(CarrierIsUnit) as refusal:
        services.bind(actor=actor, kind="qr", value=first, unit=second)
    assert refusal.value.data["unit"] == first
    with pytest.raises(Invalid, match="carrier_own_code"):
        services.bind(actor=actor, kind="qr", value=first, unit=first)


def test_replaced_carrier_stays_on_record_with_its_reason(
    actor: Actor, active_order: CodeOrder
) -> None:
    unit = issuing.links(active_order)[0]
    old = services.bind(actor=actor, kind="rfid", value=TAG, unit=unit)
    new = services.replace(
        actor=actor, kind="rfid", value=TAG, new_value="E2801160", reason="damaged", note="torn"
    )
    old.refresh_from_db()
    assert (old.is_live, old.reason, old.end_note) == (False, Reason.DAMAGED, "torn")
    assert (new.key, new.replaces_id, new.is_live) == (old.key, old.id, True)
    assert selectors.carriers_of(actor.organisation_id, old.key) == [new]
    assert selectors.history(actor.organisation_id, old.key) == [new, old]
    assert selectors.resolve(actor.organisation_id, TAG) is None
    entry = AuditEntry.objects.get(action="carriers.replace")
    assert entry.changes["value"] == [f"rfid:{TAG}", "rfid:E2801160"]
    again = services.replace(
        actor=actor, kind="rfid", value=TAG, new_value="E2801160", reason="damaged", note="torn"
    )
    assert again == new
    assert AuditEntry.objects.filter(action="carriers.replace").count() == 1


def test_tag_is_replaced_by_a_chip_that_was_bound_beforehand(
    actor: Actor, active_order: CodeOrder
) -> None:
    unit = issuing.links(active_order)[0]
    old = services.bind(actor=actor, kind="rfid", value=TAG, unit=unit)
    spare = services.bind(actor=actor, kind="nfc", value=CHIP, unit=unit)
    new = services.replace(
        actor=actor, kind="rfid", value=TAG, new_kind="nfc", new_value=CHIP, reason="lost"
    )
    assert (new, new.replaces_id) == (spare, old.id)


def test_replacement_that_another_unit_bears_changes_nothing(
    actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    services.bind(actor=actor, kind="rfid", value=TAG, unit=first)
    services.bind(actor=actor, kind="nfc", value=CHIP, unit=second)
    with pytest.raises(CarrierTaken):
        services.replace(
            actor=actor, kind="rfid", value=TAG, new_kind="nfc", new_value=CHIP, reason="lost"
        )
    assert selectors.key_of(actor.organisation_id, CarrierKind.RFID, TAG) is not None
    with pytest.raises(Invalid, match="carrier_same"):
        services.replace(actor=actor, kind="rfid", value=TAG, new_value=TAG, reason="lost")


def test_released_value_may_be_bound_to_another_unit_and_keeps_both_histories(
    actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    services.bind(actor=actor, kind="rfid", value=TAG, unit=first)
    ended = services.release(actor=actor, kind="rfid", value=TAG, reason="wrong")
    assert services.release(actor=actor, kind="rfid", value=TAG, reason="lost") == ended
    assert AuditEntry.objects.filter(action="carriers.release").count() == 1
    bound = services.bind(actor=actor, kind="rfid", value=TAG, unit=second)
    rows = selectors.history_of_value(actor.organisation_id, CarrierKind.RFID, TAG)
    assert [row.unit for row in rows] == [second, first]
    assert rows[0] == bound


@pytest.mark.parametrize(
    ("reason", "note", "code"), [("bored", "", "reason"), ("other", " ", "required")]
)
def test_end_needs_a_reason_that_says_something(
    actor: Actor, active_order: CodeOrder, reason: str, note: str, code: str
) -> None:
    services.bind(actor=actor, kind="rfid", value=TAG, unit=issuing.links(active_order)[0])
    with pytest.raises(Invalid) as refusal:
        services.release(actor=actor, kind="rfid", value=TAG, reason=reason, note=note)
    assert refusal.value.code == code


def test_what_was_never_bound_can_be_neither_released_nor_replaced(actor: Actor) -> None:
    with pytest.raises(CarrierUnknown):
        services.release(actor=actor, kind="rfid", value=TAG, reason="lost")
    with pytest.raises(CarrierUnknown):
        services.replace(actor=actor, kind="rfid", value=TAG, new_value="AB" * 8, reason="lost")


def test_every_act_needs_the_right(actor: Actor, active_order: CodeOrder) -> None:
    reader = changed(actor, rights=frozenset({Right.CARRIERS_VIEW}))
    unit = issuing.links(active_order)[0]
    with pytest.raises(Forbidden):
        services.bind(actor=reader, kind="rfid", value=TAG, unit=unit)
    with pytest.raises(Forbidden):
        services.release(actor=reader, kind="rfid", value=TAG, reason="lost")
    with pytest.raises(Forbidden):
        services.replace(actor=reader, kind="rfid", value=TAG, new_value="AB" * 8, reason="lost")


def test_bulk_binds_every_row_once(actor: Actor, active_order: CodeOrder) -> None:
    serials = issuing.serials(active_order, count=60)
    rows = [Wanted("rfid", f"{number:024X}", one, row=number) for number, one in enumerate(serials)]
    outcome = services.bind_all(actor=actor, rows=[*rows, rows[0]])
    assert (len(outcome.bound), outcome.unchanged) == (60, 1)
    again = services.bind_all(actor=actor, rows=rows)
    assert (len(again.bound), again.unchanged) == (0, 60)
    keys = selectors.keys_of(actor.organisation_id, CarrierKind.RFID, [f"{7:024X}", "AB" * 8])
    assert keys == {f"{7:024X}": outcome.bound[7].key}


def test_bulk_costs_no_query_a_row(
    actor: Actor,
    active_order: CodeOrder,
    product: Product,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    links = issuing.links(active_order, count=100)
    rows = [Wanted("rfid", f"{number:024X}", one) for number, one in enumerate(links)]
    with django_assert_max_num_queries(24):
        services.bind_all(actor=actor, rows=rows)


def test_bulk_with_one_faulty_row_binds_nothing_and_names_every_fault(
    actor: Actor, active_order: CodeOrder
) -> None:
    first, second, third = issuing.links(active_order, count=3)
    services.bind(actor=actor, kind="qr", value=OLD, unit=first)
    rows = [
        Wanted("rfid", TAG, first, row=2),
        Wanted("rfid", "xyz", first, row=3),
        Wanted("qr", OLD, second, row=4),
        Wanted("nfc", CHIP, "whatever", row=5),
        Wanted("rfid", TAG, third, row=6),
        Wanted("qr", first, second, row=7),
        Wanted("smoke", "x", second, row=8),
        Wanted("other", "x", " ", row=9),
    ]
    with pytest.raises(BindingsRefused) as refusal:
        services.bind_all(actor=actor, rows=rows)
    assert [(fault.row, fault.error.code) for fault in refusal.value.rows] == [
        (3, "tag_malformed"),
        (4, "carrier_taken"),
        (5, "unit_unknown"),
        (6, "carrier_twice"),
        (7, "carrier_is_unit"),
        (8, "carrier_kind"),
        (9, "required"),
    ]
    assert Carrier.objects.count() == 1


def test_bulk_of_too_many_rows_is_refused_before_it_is_read(actor: Actor) -> None:
    rows = [Wanted("rfid", TAG, "x")] * (services.MOST_ROWS + 1)
    with pytest.raises(Invalid, match="too_many_rows"):
        services.bind_all(actor=actor, rows=rows)


def test_list_is_filtered_by_text_kind_and_whether_it_lives(
    actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    chip = services.bind(actor=actor, kind="nfc", value=CHIP, unit=first, note="瓶盖")
    tag = services.bind(actor=actor, kind="rfid", value=TAG, unit=second)
    services.release(actor=actor, kind="rfid", value=TAG, reason="lost")
    here = actor.organisation_id
    assert list(selectors.list_carriers(here)) == [tag, chip]
    assert list(selectors.list_carriers(here, live=True)) == [chip]
    assert list(selectors.list_carriers(here, kind="rfid")) == [tag]
    assert list(selectors.list_carriers(here, text="04:6E:A2:1A")) == [chip]
    assert list(selectors.list_carriers(here, text=CHIP)) == [chip]
    assert list(selectors.list_carriers(here, text="瓶盖")) == [chip]
    assert list(selectors.list_carriers(here, text="a\0b")) == []
    assert selectors.counts(here) == {"qr": 0, "datamatrix": 0, "rfid": 0, "nfc": 1, "other": 0}
