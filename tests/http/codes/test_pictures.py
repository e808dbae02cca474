"""Pictures of codes: the screen, the files, the interface, the audit trail."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import pack_order
from suyuan.masterdata.models import Location, Lot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry, Organisation
from suyuan.tenancy.rights import Right, Role
from tests.conftest import MakeApiClient, MakeClient
from tests.issuing_world import MADE
from tests.reading import codes_on_pdf, codes_on_png

pytestmark = pytest.mark.django_db

APP = "/app/mingqian/codes"
BASE = "http://127.0.0.1:8000"
CASE = "095212340000000013"


def _link(order: CodeOrder) -> str:
    return selectors.links(order, base=BASE)[0]


def _page(client: Client, **query: object) -> Any:
    return client.get(f"{APP}/picture/?{urlencode(query)}")


def _file(client: Client, form: str, **query: object) -> Any:
    return client.get(f"{APP}/picture.{form}?{urlencode(query)}")


def test_the_screen_begins_with_a_question(owner: Client, organisation: Organisation) -> None:
    answer = owner.get(f"{APP}/picture/")
    assert answer.status_code == 200
    assert "要哪个码" in answer.text


def test_a_code_is_shown_as_it_will_be_printed(owner: Client, order: CodeOrder) -> None:
    answer = _page(owner, code=_link(order), size_mm=20, dpi=203)
    assert answer.status_code == 200
    drawn = answer.context["drawn"]
    assert drawn.symbol.text == _link(order)
    assert f'width="{drawn.size.printed_mm:g}mm"' in answer.text
    assert "这个尺寸手机容易识读" in answer.text
    assert "style=" not in answer.text


def test_a_size_that_phones_cannot_read_is_pointed_out(owner: Client, order: CodeOrder) -> None:
    answer = _page(owner, code=_link(order), size_mm=8, dpi=300)
    assert "太小：许多手机读不出" in answer.text
    advised = answer.context["advised_mm"]
    assert f"宽度不小于 {advised} 毫米" in answer.text
    better = _page(owner, code=_link(order), size_mm=float(advised) + 0.1, dpi=300)
    assert "这个尺寸手机容易识读" in better.text


def test_a_script_asks_for_the_picture_alone(owner: Client, order: CodeOrder) -> None:
    address = f"{APP}/picture/?{urlencode({'code': _link(order)})}"
    part = owner.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "<svg" in part.text
    wrong = owner.get(f"{APP}/picture/?code=nonsense", headers={"HX-Request": "true"})
    assert wrong.status_code == 200  # htmx shows only what succeeds
    assert 'role="alert"' in wrong.text


@pytest.mark.parametrize(
    ("symbology", "form"),
    [(kind, form) for kind in ("qr", "datamatrix", "gs1_datamatrix") for form in ("png", "pdf")],
)
def test_every_kind_is_sent_as_a_file_that_reads_back(
    owner: Client, order: CodeOrder, symbology: str, form: str
) -> None:
    answer = _file(owner, form, code=_link(order), symbology=symbology, size_mm=25)
    assert answer.status_code == 200
    texts = codes_on_png(answer.content) if form == "png" else codes_on_pdf(answer.content)[0]
    serial = selectors.serials(order)[0]
    elements = f"(01){order.product.gtin}(21){serial}"
    assert texts == [elements if symbology == "gs1_datamatrix" else _link(order)]
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert serial in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"


def test_a_case_bears_bars_unless_another_kind_is_asked_for(
    owner: Client, organisation: Organisation
) -> None:
    answer = _file(owner, "png", code=f"(00){CASE}")
    assert codes_on_png(answer.content) == [f"(00){CASE}"]
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.height == round(31.75 / 25.4 * 300)
    qr = _file(owner, "png", code=f"00{CASE}", symbology="qr")
    assert codes_on_png(qr.content) == [f"{BASE}/00/{CASE}"]


@pytest.mark.parametrize(
    ("form", "kind"), [("svg", "image/svg+xml"), ("eps", "application/postscript")]
)
def test_vector_files_have_their_type(
    owner: Client, order: CodeOrder, form: str, kind: str
) -> None:
    answer = _file(owner, form, code=_link(order))
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_each_download_is_in_the_audit_trail_and_a_look_is_not(
    owner: Client, order: CodeOrder
) -> None:
    before = AuditEntry.objects.count()
    _page(owner, code=_link(order))
    owner.head(f"{APP}/picture.png?{urlencode({'code': _link(order)})}")
    assert AuditEntry.objects.count() == before
    _file(owner, "pdf", code=_link(order), size_mm=20)
    entry = AuditEntry.objects.latest("at")
    assert (entry.action, entry.object_kind) == ("codes.picture", "code")
    assert entry.object_id == _link(order).replace(BASE, "https://id.gs1.org")
    assert entry.changes["form"] == [None, "pdf"]
    assert entry.actor.startswith("user:owner")


@pytest.mark.parametrize(
    "query",
    [
        {"code": ""},
        {"code": "nonsense"},
        {"code": f"(00){CASE[:-1]}4"},
        {"code": "https://example.com/x", "symbology": "gs1_datamatrix"},
        {"code": f"(00){CASE}", "symbology": "aztec"},
        {"code": f"(00){CASE}", "dpi": "72"},
        {"code": f"(00){CASE}", "size_mm": "1"},
        {"code": f"(00){CASE}", "size_mm": "4"},
        {"code": f"(00){CASE}", "size_mm": "nan"},
        {"code": f"(00){CASE}", "bar_mm": "9999"},
        {"code": f"(00){CASE}", "level": "Z"},
        {"code": "urn:x:" + "y" * 1_500},
    ],
)
def test_what_cannot_be_drawn_is_refused(
    owner: Client, organisation: Organisation, query: dict[str, str]
) -> None:
    before = AuditEntry.objects.count()
    assert _file(owner, "png", **query).status_code == 400
    if query["code"]:
        assert _page(owner, **query).status_code == 422
    assert AuditEntry.objects.count() == before


def test_an_unknown_format_is_refused(owner: Client, organisation: Organisation) -> None:
    assert _file(owner, "gif", code=f"(00){CASE}").status_code == 400
    address = f"{APP}/picture.gif?{urlencode({'code': f'(00){CASE}'})}"
    assert owner.head(address).status_code == 400


def test_pages_of_goods_lead_to_their_pictures(
    owner: Client, actor: Actor, active_order: CodeOrder, line: Location, lot: Lot
) -> None:
    packed = pack_order(
        actor=actor,
        order_number=active_order.number,
        per_case=50,
        location_code=line.code,
        time=MADE,
    )
    gtin, serial = active_order.product.gtin, selectors.serials(active_order)[0]
    sscc = packed.cases[0].rsplit("/", 1)[-1]
    stem = f"https://id.gs1.org/01/{gtin}"
    item = f"{stem}/21/{serial}"
    for address, code in (
        (reverse("trace:item", args=["mingqian", gtin, serial]), item),
        (reverse("trace:unit", args=["mingqian", sscc]), packed.cases[0]),
        (reverse("trace:lot", args=["mingqian", gtin, lot.code]), f"{stem}/10/{lot.code}"),
        (f"{APP}/orders/{active_order.number}/", _link(active_order)),
        (f"{APP}/orders/{active_order.number}/", f"00{sscc}"),
        (f"{APP}/batches/?gtin={gtin}&lot={lot.code}", f"{BASE}/01/{gtin}/10/{lot.code}"),
    ):
        answer = owner.get(address)
        assert answer.status_code == 200, address
        assert f"/codes/picture/?code={quote(code, safe='')}" in answer.text, address


def test_a_role_without_downloads_sees_no_picture(client_as: MakeClient, order: CodeOrder) -> None:
    auditor = client_as(Role.AUDITOR)
    assert _page(auditor, code=_link(order)).status_code == 403
    assert _file(auditor, "svg", code=_link(order)).status_code == 403
    assert "codes/picture" not in auditor.get(f"{APP}/orders/{order.number}/").text


# ---------------------------------------------------------------- the interface


def test_the_interface_sends_a_picture_by_query_or_body(
    api_client: MakeApiClient, order: CodeOrder
) -> None:
    client = api_client()
    wanted = {"code": _link(order), "format": "png", "size_mm": 25, "dpi": 600}
    by_query = client.get(f"/api/v1/codes/picture?{urlencode(wanted)}")
    by_body = client.post("/api/v1/codes/picture", wanted, content_type="application/json")
    assert by_query.content == by_body.content
    assert codes_on_png(by_query.content) == [_link(order)]
    assert by_query["Content-Type"] == "image/png"
    assert by_query["Suyuan-Grade"] == "good"
    assert AuditEntry.objects.filter(action="codes.picture").count() == 2


def test_the_interface_gives_the_hint_without_a_picture(
    api_client: MakeApiClient, order: CodeOrder
) -> None:
    query = urlencode({"code": _link(order), "size_mm": 10, "dpi": 203})
    found = api_client(Right.CODES_VIEW).get(f"/api/v1/codes/hint?{query}").json()
    assert found["text"] == _link(order)
    assert (found["module_dots"], found["reader"], found["grade"]) == (2, "phone", "fair")
    assert found["printed_mm"] == pytest.approx(found["modules"] * 0.25)
    assert found["advised_mm"] > found["printed_mm"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"code": "nonsense"}, 400, "uri_malformed"),
        ({"code": f"(00){CASE}", "size_mm": 4}, 400, "symbol_too_small"),
        ({"code": f"(00){CASE}", "size_mm": 400}, 400, "symbol_options"),
        ({"code": f"(00){CASE}", "dpi": 72}, 400, "symbol_options"),
        ({"code": f"(00){CASE}", "format": "gif"}, 422, "invalid"),
        ({}, 422, "invalid"),
    ],
)
def test_the_interface_names_what_is_wrong(
    api_client: MakeApiClient, order: CodeOrder, query: dict[str, object], status: int, code: str
) -> None:
    answer = api_client().get(f"/api/v1/codes/picture?{urlencode(query)}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_token_needs_the_right_to_download(api_client: MakeApiClient, order: CodeOrder) -> None:
    client = api_client(Right.CODES_VIEW)
    address = f"/api/v1/codes/picture?{urlencode({'code': _link(order)})}"
    assert client.get(address).status_code == 403
