"""Facts about carriers' pages: scanning pairs, files, replacing, and every way to the item."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.carriers import selectors, services
from suyuan.carriers.models import Carrier, CarrierKind
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.numbers import sscc, unit_prefix
from suyuan.masterdata.services import update_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Role
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal
from tests.conftest import MakeClient
from tests.scan_world import Goods

pytestmark = pytest.mark.django_db

APP = "/app/mingqian"
TAG = "3034257BF7194E4000001A85"
CHIP = "046EA21A9B7080"
OLD = "https://old.example/q//8f3?a=1&b=茶"


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    return client_as(Role.OWNER)


def page(client: Client, path: str, *, status: int = 200) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.content
    return response.content.decode()


def test_a_scanned_pair_is_bound_and_the_form_waits_for_the_next(
    owner: Client, active_order: CodeOrder
) -> None:
    serial = issuing.serials(active_order)[0]
    sent = {"unit": serial, "value": CHIP, "kind": "", "note": ""}
    response = owner.post(f"{APP}/carriers/bind/", sent, headers={"Accept-Language": "en"})
    assert response.status_code == 302
    carrier = Carrier.objects.get()
    assert (carrier.kind, carrier.value) == ("nfc", CHIP)
    text = page(owner, f"{APP}/carriers/bind/")
    assert "leads to" in text
    assert text.count(CHIP) >= 2
    assert text.index("autofocus") > text.index('name="unit"') - 400


def test_enter_after_the_first_scan_asks_for_the_second_and_finds_no_fault(
    owner: Client, active_order: CodeOrder
) -> None:
    serial = issuing.serials(active_order)[0]
    response = owner.post(f"{APP}/carriers/bind/", {"unit": serial, "value": ""})
    text = response.content.decode()
    assert response.status_code == 200
    assert f'value="{serial}"' in text
    assert "sy-error" not in text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("rfid", "xyz"),
        ("nfc", "12"),
        ("qr", "<script>alert(1)</script>\0"),
        ("qr", "x" * 1001),
        ("tattoo", "x"),
    ],
)
def test_a_faulty_pair_comes_back_with_what_was_sent(
    owner: Client, active_order: CodeOrder, kind: str, value: str
) -> None:
    sent = {"unit": issuing.serials(active_order)[0], "value": value, "kind": kind}
    response = owner.post(f"{APP}/carriers/bind/", sent)
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()
    assert not Carrier.objects.exists()


def test_a_value_that_leads_elsewhere_is_refused_with_the_units_name(
    owner: Client, actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.serials(active_order, count=2)
    services.bind(actor=actor, kind="rfid", value=TAG, unit=first)
    response = owner.post(
        f"{APP}/carriers/bind/",
        {"unit": second, "value": TAG, "kind": "rfid"},
        headers={"Accept-Language": "en"},
    )
    assert response.status_code == 422
    assert first in response.content.decode()


@pytest.mark.parametrize("value", [TAG, CHIP, OLD, "胶囊 7"])
def test_search_trace_and_event_filter_lead_from_any_carrier_to_its_item(
    owner: Client, actor: Actor, active_order: CodeOrder, value: str
) -> None:
    serial = issuing.serials(active_order)[0]
    kinds = {TAG: "rfid", CHIP: "nfc"}
    services.bind(actor=actor, kind=kinds.get(value, "qr"), value=value, unit=serial)
    item = f"{APP}/items/09521234000013/{serial}/"
    for path in (
        f"{APP}/search/?{urlencode({'q': value})}",
        f"{APP}/trace/?{urlencode({'q': value})}",
        f"{APP}/trace/{quote(value, safe='')}",
    ):
        response = owner.get(path)
        assert response["Location"] == item, path
    assert "commissioning" in page(
        owner, f"{APP}/events/?{urlencode({'q': value})}"
    ) or serial in page(owner, f"{APP}/events/?{urlencode({'q': value})}")
    services.release(actor=actor, kind=kinds.get(value, "qr"), value=value, reason="lost")
    assert owner.get(f"{APP}/trace/?{urlencode({'q': value})}").status_code == 404


def test_the_items_page_lists_live_and_ended_carriers_with_reasons(
    owner: Client, client_as: MakeClient, actor: Actor, active_order: CodeOrder
) -> None:
    serial = issuing.serials(active_order)[0]
    services.bind(actor=actor, kind="rfid", value=TAG, unit=serial)
    services.replace(
        actor=actor, kind="rfid", value=TAG, new_value="AB" * 12, reason="damaged", note="torn off"
    )
    text = page(owner, f"{APP}/items/09521234000013/{serial}/")
    for words in (TAG, "AB" * 12, "Damaged", "torn off", "in place of"):
        assert words in text
    without = client_as(Role.QUALITY)  # may trace, but not see tags and chips
    assert TAG not in page(without, f"{APP}/items/09521234000013/{serial}/")


def test_a_case_that_no_event_names_has_a_page_once_something_leads_to_it(
    owner: Client, actor: Actor
) -> None:
    number = sscc(unit_prefix(actor.organisation), 3)
    assert owner.get(f"{APP}/units/{number}/").status_code == 404
    services.bind(actor=actor, kind="rfid", value=TAG, unit=number)
    assert TAG in page(owner, f"{APP}/units/{number}/")
    assert owner.get(f"{APP}/trace/?q={TAG}")["Location"] == f"{APP}/units/{number}/"


def test_the_list_is_filtered_and_its_links_lead_to_the_value(
    owner: Client, actor: Actor, active_order: CodeOrder
) -> None:
    first, second = issuing.serials(active_order, count=2)
    services.bind(actor=actor, kind="qr", value=OLD, unit=first)
    services.bind(actor=actor, kind="nfc", value=CHIP, unit=second)
    text = page(owner, f"{APP}/carriers/?kind=nfc")
    assert CHIP in text
    assert "old.example" not in text
    query = urlencode({"kind": "qr", "value": OLD})
    assert first in page(owner, f"{APP}/carriers/one/?{query}")
    for wrong in (
        "",
        "?kind=qr",
        "?kind=tattoo&value=x",
        "?kind=nfc&value=zz",
        "?kind=qr&value=no",
    ):
        assert owner.get(f"{APP}/carriers/one/{wrong}").status_code == 404


def test_replacing_and_releasing_keep_the_history(
    owner: Client, actor: Actor, active_order: CodeOrder
) -> None:
    services.bind(actor=actor, kind="rfid", value=TAG, unit=issuing.serials(active_order)[0])
    sent = {"kind": "rfid", "value": TAG, "reason": "damaged", "note": ""}
    faulty = owner.post(
        f"{APP}/carriers/one/replace", {**sent, "new_value": "x", "new_kind": "nfc"}
    )
    assert faulty.status_code == 422
    done = owner.post(f"{APP}/carriers/one/replace", {**sent, "new_value": CHIP, "new_kind": "nfc"})
    assert done.status_code == 302
    assert TAG in page(owner, done["Location"])
    other = {"kind": "nfc", "value": CHIP, "reason": "other", "note": ""}
    assert owner.post(f"{APP}/carriers/one/release", other).status_code == 422
    ended = owner.post(f"{APP}/carriers/one/release", {**other, "note": "fell off"})
    assert "fell off" in page(owner, ended["Location"])
    assert selectors.key_of(actor.organisation_id, CarrierKind.NFC, CHIP) is None


def upload(client: Client, body: str | bytes) -> tuple[int, str]:
    content = body.encode() if isinstance(body, str) else body
    response = client.post(
        f"{APP}/carriers/upload/",
        {"file": SimpleUploadedFile("pairs.csv", content)},
        headers={"Accept-Language": "en"},
    )
    return response.status_code, response.content.decode()


def test_a_file_is_bound_whole_and_again_changes_nothing(
    owner: Client, active_order: CodeOrder
) -> None:
    serials = issuing.serials(active_order, count=3)
    body = "类型,载体值,单品,备注\n" + "".join(
        f",{number:024X},{one},=1+1\n" for number, one in enumerate(serials)
    )
    assert upload(owner, body)[0] == 302
    assert upload(owner, body)[0] == 302
    assert set(Carrier.objects.values_list("kind", flat=True)) == {"rfid"}
    assert Carrier.objects.count() == 3


def test_a_file_with_faults_binds_nothing_and_names_each_row(
    owner: Client, active_order: CodeOrder
) -> None:
    first, second = issuing.serials(active_order, count=2)
    status, text = upload(
        owner,
        f"value,unit,kind\n{TAG},{first},rfid\n{TAG},{second},rfid\nzz,{first},nfc\n{OLD},nobody,qr\n",
    )
    assert status == 422
    assert "3 rows have faults" in text
    for words in ("Row 2 binds the same value", "no UID of a chip", "names no item"):
        assert words in text
    assert not Carrier.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"PK\x03\x04broken",
        "value,unit,colour\n1,2,3\n",
        "value,value\n1,2\n",
        "kind,value\nqr,1\n",
        "=cmd|' /C calc'!A0,unit\n1,2\n",
    ],
)
def test_what_is_no_file_of_bindings_is_refused_whole(owner: Client, body: str | bytes) -> None:
    status, text = upload(owner, body)
    assert status == 422
    assert "sy-error" in text


def test_staff_see_and_unlock_a_locked_hidden_code(
    owner: Client, client_as: MakeClient, goods: Goods
) -> None:
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    forget_all()
    for number in range(5):
        Client().post(goods.path(), {"inner": f"ABCD000{number}"})
    item = f"{APP}/items/{goods.gtin}/{goods.serials[0]}/"
    assert "Locked: five wrong codes" in page(owner, item)
    assert "Allow five more tries" not in page(client_as(Role.PLANNER), item)
    sent = {"gtin": goods.gtin, "serial": goods.serials[0]}
    assert owner.post(f"{APP}/carriers/hidden/unlock", {**sent, "reason": ""}).status_code == 302
    assert Reveal.objects.get().tries == 5
    done = owner.post(f"{APP}/carriers/hidden/unlock", {**sent, "reason": "Picture seen"})
    assert done["Location"] == f"{item}#carriers"
    assert Reveal.objects.get().tries == 0
    assert AuditEntry.objects.filter(action="inner_code.unlock").count() == 1
    assert "Nobody has opened it yet" in page(owner, item)
    for wrong in ({"gtin": "1", "serial": "x"}, {"gtin": goods.gtin, "serial": "NEVER"}):
        assert owner.post(f"{APP}/carriers/hidden/unlock", wrong).status_code == 404
