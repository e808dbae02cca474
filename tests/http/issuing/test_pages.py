"""Pages of issuing and of recording by hand, through the browser's requests."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from suyuan.capture.models import StoredEvent
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder, Packing
from suyuan.masterdata.models import Location, Lot, Material, Product
from suyuan.masterdata.numbering import code_spaces
from suyuan.tenancy.models import AuditEntry, Organisation
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient

APP = "/app/mingqian"
WHEN = "2026-03-01T10:30"


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    return client_as(Role.OWNER)


def _text(response: Any) -> str:
    return b"".join(response).decode()


def _commissioning(line: Location, lot: Lot, **more: object) -> dict[str, object]:
    return {
        "lot_code": lot.code,
        "location_code": line.code,
        "time": WHEN,
        "first": 1,
        "count": 100,
        **more,
    }


def test_the_list_says_what_to_do_when_there_is_nothing(owner: Client, product: Product) -> None:
    page = owner.get(f"{APP}/codes/")
    assert page.status_code == 200
    assert f"{APP}/codes/new/" in page.text


def test_an_order_is_made_once_however_often_it_is_sent(
    owner: Client, product: Product, lot: Lot
) -> None:
    form = owner.get(f"{APP}/codes/new/").context["form"]
    sent = {
        "gtin": product.gtin,
        "count": 1000,
        "lot_code": lot.code,
        "note": "首批",
        "request_key": form["request_key"].value(),
    }
    for _ in range(2):
        answer = owner.post(f"{APP}/codes/new/", sent)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{APP}/codes/orders/CO-")
    assert CodeOrder.objects.get().count == 1000
    assert "首批" in owner.get(f"{APP}/codes/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "0"},
        {"count": "10000001"},
        {"count": "many"},
        {"gtin": "09521234000020"},
        {"lot_code": "NOPE"},
        {"note": "a\x00b"},
    ],
)
def test_a_wrong_order_keeps_what_was_typed_and_stores_nothing(
    owner: Client, product: Product, wrong: dict[str, str]
) -> None:
    sent = {"gtin": product.gtin, "count": "7", "lot_code": "", "note": "kept", **wrong}
    answer = owner.post(f"{APP}/codes/new/", sent)
    assert answer.status_code in {404, 422}
    assert not CodeOrder.objects.exists()


def test_a_note_is_shown_as_text(owner: Client, order: CodeOrder) -> None:
    CodeOrder.objects.update(note="<script>alert(1)</script>")
    for address in (f"{APP}/codes/", f"{APP}/codes/orders/{order.number}/"):
        page = owner.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_orders_are_found_by_product_lot_and_number(owner: Client, order: CodeOrder) -> None:
    for query in ("龙井", "L260301", order.number, order.product.gtin):
        assert order.number in owner.get(f"{APP}/codes/?q={quote(query)}").text
    assert order.number not in owner.get(f"{APP}/codes/?q=nothing").text
    assert owner.get(f"{APP}/codes/?q=%00&page=x&status=y").status_code == 200


@pytest.mark.parametrize("form", ["csv", "txt", "links"])
def test_a_download_streams_every_code_and_is_audited(
    owner: Client, order: CodeOrder, form: str
) -> None:
    answer = owner.get(f"{APP}/codes/orders/{order.number}/download/{form}")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{order.number}.')
    text = _text(answer)
    assert all(serial in text for serial in selectors.serials(order, count=100))
    assert AuditEntry.objects.get(action="codes.download").changes == {"form": [None, form]}


def test_a_table_can_be_read_back(owner: Client, order: CodeOrder) -> None:
    answer = owner.get(f"{APP}/codes/orders/{order.number}/download/csv")
    rows = list(csv.DictReader(io.StringIO(_text(answer).removeprefix("\ufeff"))))
    assert len(rows) == 100
    assert rows[0]["link"].endswith(f"/01/{order.product.gtin}/21/{rows[0]['serial']}")


def test_an_unknown_download_is_not_found(owner: Client, order: CodeOrder) -> None:
    assert owner.get(f"{APP}/codes/orders/{order.number}/download/exe").status_code == 404


def test_who_may_not_download_sees_no_serial(client_as: MakeClient, order: CodeOrder) -> None:
    auditor = client_as(Role.AUDITOR)
    page = auditor.get(f"{APP}/codes/orders/{order.number}/")
    assert page.status_code == 200
    assert selectors.serials(order)[0] not in page.text
    assert auditor.get(f"{APP}/codes/orders/{order.number}/download/txt").status_code == 403


def _decoded(answer: Any) -> list[str]:
    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"))
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_a_qr_code_opens_the_consumers_page(owner: Client, order: CodeOrder) -> None:
    link = selectors.links(order)[0]
    answer = owner.get(f"{APP}/codes/picture.png?code={quote(link, safe='')}")
    serial = selectors.serials(order)[0]
    assert _decoded(answer) == [f"http://127.0.0.1:8000/01/{order.product.gtin}/21/{serial}"]
    svg = owner.get(f"{APP}/codes/qr.svg?code={quote(link, safe='')}")
    assert svg["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "query",
    ["", "code=", "code=nonsense", "code=urn:x:1&module=0", "code=urn:x:1&module=999", "module=x"],
)
def test_a_wrong_qr_request_is_refused(owner: Client, query: str) -> None:
    assert owner.get(f"{APP}/codes/qr.svg?{query}").status_code == 400


def test_codes_are_commissioned_from_the_orders_page(
    owner: Client, order: CodeOrder, line: Location, lot: Lot
) -> None:
    address = f"{APP}/codes/orders/{order.number}/"
    assert 'id="commission"' in owner.get(address).text
    for _ in range(2):
        assert owner.post(f"{address}commission", _commissioning(line, lot)).status_code == 302
    order.refresh_from_db()
    assert order.commissioned_count == 100
    assert StoredEvent.objects.count() == 1
    assert 'id="commission"' not in owner.get(address).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 101},
        {"first": 0},
        {"location_code": "NOPE"},
        {"time": "2199-01-01T00:00"},
        {"time": "soon"},
    ],
)
def test_a_wrong_commissioning_says_so_and_stores_nothing(
    owner: Client, order: CodeOrder, line: Location, lot: Lot, wrong: dict[str, object]
) -> None:
    sent = _commissioning(line, lot, **wrong)
    answer = owner.post(f"{APP}/codes/orders/{order.number}/commission", sent)
    assert answer.status_code == 422
    assert "sy-error" in answer.text or 'role="alert"' in answer.text
    assert not StoredEvent.objects.exists()


def test_an_order_is_packed_by_plan(owner: Client, active_order: CodeOrder, line: Location) -> None:
    address = f"{APP}/codes/orders/{active_order.number}/"
    sent = {"per_case": 24, "per_pallet": 2, "location_code": line.code, "time": WHEN}
    assert owner.post(f"{address}pack", sent).status_code == 302
    packing = Packing.objects.get()
    assert (packing.cases, packing.pallets) == (5, 3)
    page = owner.get(address).text
    assert selectors.unit_numbers(packing, cases=True, most=1)[0] in page


def test_a_key_is_changed_from_the_products_page(
    owner: Client, order: CodeOrder, client_as: MakeClient
) -> None:
    address = f"{APP}/codes/products/{order.product.gtin}/"
    assert owner.post(f"{address}rotate").status_code == 302
    versions = [key.version for key in owner.get(address).context["versions"]]
    assert versions == [2, 1]
    assert owner.get(f"{address}rotate").status_code == 405
    assert client_as(Role.PLANNER).post(f"{address}rotate").status_code == 403


def test_a_batch_products_page_says_why_it_has_no_codes(
    owner: Client, batch_product: Product
) -> None:
    assert owner.get(f"{APP}/codes/products/{batch_product.gtin}/").status_code == 200


def _batch(product: Product, **more: object) -> dict[str, object]:
    return {
        "gtin": product.gtin,
        "code": "L9",
        "produced_on": "2026-03-01",
        "time": WHEN,
        "uses-TOTAL_FORMS": "3",
        "uses-INITIAL_FORMS": "0",
        **more,
    }


def test_a_batch_is_opened_with_its_materials(
    owner: Client, product: Product, leaf: Material, line: Location
) -> None:
    sent = _batch(
        product,
        **{
            "uses-0-material_lot": f"{leaf.gtin}/F1",
            "uses-0-quantity": "12.5",
            "uses-2-material_lot": f"{leaf.gtin}/F2",
            "uses-2-quantity": "3",
            "uses-2-uom": "grm",
        },
    )
    answer = owner.post(f"{APP}/codes/batches/new/", sent)
    assert answer.status_code == 302
    page = owner.get(answer["Location"])
    assert page.status_code == 200
    assert "L9" in page.text
    assert Lot.objects.get().expires_on is not None
    assert StoredEvent.objects.count() == 1


def test_adding_rows_keeps_what_was_typed(owner: Client, product: Product, leaf: Material) -> None:
    sent = _batch(product, **{"uses-0-material_lot": f"{leaf.gtin}/F1", "add_rows": "1"})
    page = owner.post(f"{APP}/codes/batches/new/", sent)
    assert page.status_code == 200
    assert len(page.context["uses"].forms) == 6
    assert 'value="L9"' in page.text
    assert not Lot.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "小"},
        {"produced_on": "x"},
        {"uses-0-material_lot": "1/2"},
        {"uses-TOTAL_FORMS": "9999999"},
        {"uses-TOTAL_FORMS": "x"},
        {"expires_on": "2020-01-01"},
    ],
)
def test_a_wrong_batch_stores_nothing(
    owner: Client, product: Product, leaf: Material, wrong: dict[str, object]
) -> None:
    answer = owner.post(f"{APP}/codes/batches/new/", _batch(product, **wrong))
    assert answer.status_code == 422
    assert not Lot.objects.exists()
    assert not StoredEvent.objects.exists()


def test_a_batch_has_a_page_with_its_own_code(owner: Client, lot: Lot, product: Product) -> None:
    address = f"{APP}/codes/batches/?gtin={product.gtin}&lot="
    assert "qr.svg" in owner.get(f"{address}{lot.code}").text
    assert owner.get(f"{address}NOPE").status_code == 404
    assert owner.get(f"{address}%00").status_code == 404


def test_a_whole_order_is_shipped_and_delivered_by_hand(
    owner: Client, active_order: CodeOrder, line: Location, warehouse: Location
) -> None:
    pack = {"per_case": 24, "location_code": line.code, "time": WHEN}
    owner.post(f"{APP}/codes/orders/{active_order.number}/pack", pack)
    base = {"order": active_order.number, "level": "outer", "units": "", "time": WHEN}
    ship = {**base, "location": line.code, "to_location": warehouse.code, "despatch_advice": "D1"}
    deliver = {**base, "order_number": "8843", "waybill": "SF1", "region": "310000"}
    before = StoredEvent.objects.count()
    assert owner.post(f"{APP}/collect/ship/", ship).status_code == 302
    assert owner.post(f"{APP}/collect/deliver/", deliver).status_code == 302
    assert owner.post(f"{APP}/collect/deliver/", deliver).status_code == 302  # sent twice
    assert StoredEvent.objects.count() == before + 2


@pytest.mark.parametrize(
    "step", ["pack", "unpack", "ship", "receive", "parcel", "deliver", "return", "destroy"]
)
def test_every_step_can_be_recorded_from_lines(
    owner: Client, active_order: CodeOrder, line: Location, step: str
) -> None:
    address = f"{APP}/collect/{step}/"
    assert owner.get(address).status_code == 200
    sent = {
        "units": "\n".join(selectors.links(active_order, count=3)),
        "location": line.code,
        "parent": "106141412345678908" if step == "unpack" else "",
        "order_number": "8843",
        "waybill": "SF1",
        "time": WHEN,
    }
    answer = owner.post(address, sent)
    assert answer.status_code == 302, answer.text
    assert StoredEvent.objects.count() > 1


def test_one_wrong_line_stores_nothing_and_is_named(
    owner: Client, active_order: CodeOrder, line: Location, product: Product
) -> None:
    space = code_spaces(active_order.organisation_id, product.gtin)[0]
    unissued = f"https://id.gs1.org/01/{product.gtin}/21/{space.serial(5_000_000)}"
    lines = [*selectors.links(active_order, count=2), "<b>nonsense</b>", "", unissued]
    sent = {"units": "\n".join(lines), "location": line.code, "time": WHEN}
    answer = owner.post(f"{APP}/collect/receive/", sent)
    assert answer.status_code == 422
    assert [fault[0] for fault in answer.context["faults"]] == [3, 5]
    assert "<b>nonsense" not in answer.text
    assert lines[0] in answer.text  # what was pasted is kept
    assert StoredEvent.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"units": ""}, {"location": ""}, {"time": "2199-01-01T00:00"}])
def test_a_step_without_what_it_needs_is_refused(
    owner: Client, active_order: CodeOrder, line: Location, wrong: dict[str, str]
) -> None:
    sent = {
        "units": selectors.links(active_order)[0],
        "location": line.code,
        "time": WHEN,
        **wrong,
    }
    answer = owner.post(f"{APP}/collect/receive/", sent)
    assert answer.status_code == 422
    assert StoredEvent.objects.count() == 1


def test_an_unknown_step_is_not_found(owner: Client, organisation: Organisation) -> None:
    assert owner.get(f"{APP}/collect/nonsense/").status_code == 404


def test_what_is_another_organisations_looks_unknown(
    client_as: MakeClient, other_organisation: Organisation, order: CodeOrder, lot: Lot
) -> None:
    outsider = client_as(Role.OWNER, other_organisation)
    gtin = order.product.gtin
    for address in (
        f"orders/{order.number}/",
        f"orders/{order.number}/download/txt",
        f"products/{gtin}/",
        f"batches/?gtin={gtin}&lot={lot.code}",
    ):
        assert outsider.get(f"/app/haiyan/codes/{address}").status_code == 404
        assert outsider.get(f"{APP}/codes/{address}").status_code == 404


def test_a_stranger_is_asked_to_sign_in(stranger: Client, order: CodeOrder) -> None:
    for address in ("codes/", f"codes/orders/{order.number}/", "collect/pack/", "codes/qr.svg"):
        answer = stranger.get(f"{APP}/{address}")
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
