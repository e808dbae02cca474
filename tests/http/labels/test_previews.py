"""The live preview, pictures, proofs and logos."""

from __future__ import annotations

import io
import json
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from PIL import Image

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels import services
from suyuan.labels.models import LabelPicture, LabelTemplateVersion
from suyuan.masterdata.models import Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.services import set_grants
from tests.conftest import MakeClient
from tests.labels_world import DESIGN, ROLL, SHEET, logo_file, with_elements

LABELS = "/app/mingqian/labels/"
TEXT = {"kind": "text", "x": 1, "y": 1, "width_mm": 30, "text": "{product} {serial}", "lines": 3}


@pytest.fixture
def planner(client_as: MakeClient, organisation: Organisation) -> Client:
    return client_as(Role.PLANNER)


def ask(client: Client, **given: Any) -> dict[str, Any]:
    values = {"design": DESIGN, "sheet": ROLL, "example": "", **given}
    answer = client.post(f"{LABELS}preview", json.dumps(values), content_type="application/json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def codes_of(png: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]


def test_the_preview_shows_a_product_and_its_order(
    planner: Client, order: CodeOrder, product: Product
) -> None:
    answer = ask(planner, design=with_elements(TEXT), example=f"order:{order.number}")
    assert product.name_zh.split()[0] in answer["svg"]
    assert issuing.serials(order)[0] in answer["svg"].replace("</text><text", "")
    assert answer["faults"] == []


def test_who_may_not_download_codes_sees_no_real_serial(
    client_as: MakeClient, actor: Actor, order: CodeOrder
) -> None:
    rights = {Right.LABELS_DESIGN, Right.CODES_VIEW}
    set_grants(actor=actor, role=Role.MARKETING.value, rights=rights)
    answer = ask(
        client_as(Role.MARKETING), design=with_elements(TEXT), example=f"order:{order.number}"
    )
    assert issuing.serials(order)[0] not in answer["svg"]
    assert "7K3M9QW2XT5VBN" in answer["svg"]


def test_another_organisations_order_or_product_gives_made_up_values(
    planner: Client, other_product: Product
) -> None:
    for key in (f"product:{other_product.gtin}", "order:CO-2026-0001", "x", "order:", "product:\0"):
        assert "海盐" not in ask(planner, design=with_elements(TEXT), example=key)["svg"]


def test_a_fault_hides_its_element_alone(planner: Client) -> None:
    wrong = {**TEXT, "x": 30, "text": "gone"}
    answer = ask(planner, design=with_elements(wrong, {**TEXT, "text": "there"}))
    assert [fault["element"] for fault in answer["faults"]] == [0]
    assert "there" in answer["svg"]
    assert "gone" not in answer["svg"]
    assert 'data-element="1"' in answer["svg"]


def test_a_sheet_that_is_too_small_is_drawn_with_what_stands_out(planner: Client) -> None:
    answer = ask(planner, sheet={**SHEET, "columns": 6})
    assert [fault["place"] for fault in answer["faults"]] == ["/sheet/columns"]
    assert "is-out" in answer["sheet_svg"]


def test_the_sheet_is_filled_when_asked(planner: Client) -> None:
    answer = ask(planner, sheet={**SHEET, "gap_x_mm": 2, "gap_y_mm": 2}, fill=True)
    assert (answer["sheet"]["columns"], answer["sheet"]["rows"]) == (5, 13)


def test_hints_name_their_elements(planner: Client) -> None:
    small = {"kind": "code", "x": 1, "y": 1, "size_mm": 6}
    answer = ask(planner, design=with_elements({**TEXT, "x": 8}, small))
    assert 1 in {remark["element"] for remark in answer["remarks"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{" * 10_000,
        b"\xff",
        b'{"design": [], "sheet": 3}',
        b'{"design": {"width_mm": 1e999, "height_mm": 1}, "sheet": {"kind": "roll"}}',
        json.dumps({"design": DESIGN, "sheet": {"kind": "roll"}, "example": {"a": 1}}).encode(),
        json.dumps({"design": with_elements(*[TEXT] * 101), "sheet": ROLL}).encode(),
    ],
)
def test_whatever_is_sent_gets_an_answer(planner: Client, body: bytes) -> None:
    answer = planner.post(f"{LABELS}preview", body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["faults"] or answer.json()["svg"]


def test_a_preview_of_megabytes_is_not_even_read(planner: Client) -> None:
    answer = planner.post(f"{LABELS}preview", b"x" * 500_000, content_type="application/json")
    assert answer.json()["faults"][0]["element"] is None


def test_a_version_is_drawn_as_a_picture(
    client_as: MakeClient, template: LabelTemplateVersion
) -> None:
    address = f"{LABELS}{template.number}/1.svg"
    answer = client_as(Role.PLANNER).get(address)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.text.startswith("<svg ")


@pytest.mark.parametrize("start", ["sheet", "bottle", "case", "jewellery", "rfid", "empty"])
def test_every_start_is_drawn(planner: Client, start: str) -> None:
    for language in ("zh", "en"):
        assert planner.get(f"{LABELS}starts/{start}.{language}.svg").text.startswith("<svg ")


def test_a_proof_bears_no_real_code(
    planner: Client, template: LabelTemplateVersion, order: CodeOrder
) -> None:
    address = f"{LABELS}{template.number}/proof"
    answer = planner.get(f"{address}.png?example=order:{order.number}")
    (code,) = codes_of(answer.content)
    assert code.endswith("/21/7K3M9QW2XT5VBN")
    assert code.startswith(str(settings.ENVIRONMENT.public_url))
    page = pypdfium2.PdfDocument(planner.get(f"{address}.pdf").content)
    assert len(page) == 1


def test_a_logo_is_taken_shown_and_removed(planner: Client) -> None:
    file = io.BytesIO(logo_file())
    file.name = "我们的商标.png"
    assert planner.post(f"{LABELS}logos/", {"picture": file}).status_code == 302
    row = LabelPicture.objects.get()
    assert row.name == "我们的商标"
    answer = planner.get(f"{LABELS}logos/{row.digest}.png")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert planner.post(f"{LABELS}logos/{row.digest}/remove").status_code == 302
    assert not LabelPicture.objects.exists()


def test_the_script_is_told_what_became_of_a_logo(planner: Client) -> None:
    headers = {"Accept": "application/json"}
    good = planner.post(f"{LABELS}logos/", {"picture": io.BytesIO(logo_file())}, headers=headers)
    assert good.status_code == 201
    assert good.json()["digest"] == LabelPicture.objects.get().digest
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    bad = planner.post(f"{LABELS}logos/", {"picture": file}, headers=headers)
    assert bad.status_code == 400
    assert bad.json()["fault"]


def test_a_script_as_logo_is_refused_on_the_page(planner: Client) -> None:
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    file.name = "logo.png"
    page = planner.post(f"{LABELS}logos/", {"picture": file})
    assert page.status_code == 422
    assert page.context["form"].errors["picture"]
    assert planner.post(f"{LABELS}logos/", {}).status_code == 422
    assert not LabelPicture.objects.exists()


def test_a_logo_in_use_stays_and_says_where(planner: Client, actor: Actor) -> None:
    digest = services.add_logo(actor=actor, name="mark", content=logo_file()).digest
    picture = {"kind": "picture", "x": 1, "y": 1, "width_mm": 9, "height_mm": 9, "picture": digest}
    services.create_template(actor=actor, name="x", design=with_elements(picture), sheet=ROLL)
    page = planner.post(f"{LABELS}logos/{digest}/remove", follow=True)
    assert "LB-0001" in page.text
    assert LabelPicture.objects.exists()


def test_another_organisations_logo_is_not_found(planner: Client, other_actor: Actor) -> None:
    digest = services.add_logo(actor=other_actor, name="mark", content=logo_file()).digest
    assert planner.get(f"{LABELS}logos/{digest}.png").status_code == 404
    assert planner.post(f"{LABELS}logos/{digest}/remove").status_code == 404
