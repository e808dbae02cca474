"""Reading codes back: the screen and the interface."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from suyuan.capture.models import StoredEvent
from suyuan.core.carriers import draw, formats, opening
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.tenancy.models import AuditEntry, Organisation
from suyuan.tenancy.rights import Right, Role
from tests import photos
from tests.conftest import MakeApiClient, MakeClient

pytestmark = pytest.mark.django_db

READ = "/app/mingqian/codes/read/"
BASE = "http://127.0.0.1:8000"


def _links(order: CodeOrder, count: int = 1) -> list[str]:
    return selectors.links(order, count=count, base=BASE)


def _photo(*texts: str) -> bytes:
    cards = [(photos.label(text), (20 + 245 * n, 200)) for n, text in enumerate(texts)]
    return photos.file(photos.table(*cards), "JPEG", quality=90)


def _pdf(*texts: str, pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for _page in range(pages):
        for number, text in enumerate(texts):
            picture = ImageReader(io.BytesIO(formats.png(draw(text), module=4)))
            canvas.drawImage(picture, 20 + number % 5 * 110, 740 - number // 5 * 80, 60, 60)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _send(client: Client, body: bytes, name: str = "photo.jpg", **data: object) -> Any:
    return client.post(READ, {"picture": SimpleUploadedFile(name, body), **data})


def test_the_screen_asks_for_a_picture(owner: Client, organisation: Organisation) -> None:
    answer = owner.get(READ)
    assert answer.status_code == 200
    assert 'capture="environment"' in answer.text
    assert "data-picture-drop" in answer.text


def test_each_code_of_a_photo_is_told_with_its_state_and_page(
    owner: Client, active_order: CodeOrder
) -> None:
    link = _links(active_order)[0]
    answer = _send(owner, _photo(link, "https://example.com/shop"))
    assert answer.status_code == 200
    first, second = answer.context["rows"]
    serial = selectors.serials(active_order)[0]
    gtin = active_order.product.gtin
    assert first.href == reverse("trace:item", args=["mingqian", gtin, serial])
    assert str(first.state.label) == "已激活"
    assert (first.order, first.position) == (active_order.number, 1)
    assert first.place == "一号线"
    assert (str(second.state.label), second.href) == ("非标识", "")
    assert first.href in answer.text
    assert "明前龙井" in answer.text


def test_the_picture_is_shown_with_outlines_and_kept_nowhere(
    owner: Client, active_order: CodeOrder, settings: Any
) -> None:
    answer = _send(owner, _photo(*_links(active_order, 3)))
    assert answer.text.count('class="outline mark-good"') == 3
    assert "data:image/jpeg;base64," in answer.text
    assert "style=" not in answer.text
    assert 'href="#code-1"' in answer.text
    assert 'id="code-1"' in answer.text
    policy = answer["Content-Security-Policy"]
    assert re.search(r"img-src [^;]*data:", policy)
    again = owner.get(READ)
    assert "data:image/jpeg" not in again.text


def test_reading_writes_nothing(owner: Client, active_order: CodeOrder) -> None:
    before = StoredEvent.objects.count(), AuditEntry.objects.count()
    _send(owner, _photo(*_links(active_order)))
    assert (StoredEvent.objects.count(), AuditEntry.objects.count()) == before


def test_fifty_codes_are_all_told(owner: Client, active_order: CodeOrder) -> None:
    links = _links(active_order, 50)
    answer = _send(owner, _pdf(*links), "sheet.pdf")
    assert [row.text for row in answer.context["rows"]] == links
    assert {str(row.state.label) for row in answer.context["rows"]} == {"已激活"}


def test_a_picture_without_a_code_says_what_to_do(owner: Client, order: CodeOrder) -> None:
    answer = _send(owner, _photo())
    assert answer.status_code == 200
    assert answer.context["rows"] == []
    assert "没有找到码" in answer.text
    assert "data:image/jpeg" in answer.text


def test_pages_that_are_left_out_are_named(owner: Client, order: CodeOrder) -> None:
    body = _pdf("hello", pages=23)
    answer = _send(owner, body, "many.pdf")
    assert len(answer.context["rows"]) == 20
    assert "从第 21 页起未识读" in answer.text
    rest = _send(owner, body, "many.pdf", first_page="21")
    assert [row.page for row in rest.context["rows"]] == [21, 22, 23]
    beyond = _send(owner, body, "many.pdf", first_page="24")
    assert beyond.status_code == 422
    assert "文件共 23 页" in beyond.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04 no picture", "与文件名无关"),
        (photos.file(photos.label("a"))[:-200], "文件已损坏或不完整"),
        (b"%PDF-1.7 nothing", "文件已损坏"),
        (b"\0" * (opening.MOST_BYTES + 1), "超过 20 MB"),
    ],
    ids=["empty", "archive", "broken", "broken pdf", "too large"],
)
def test_a_file_that_is_no_picture_is_refused_by_name(
    owner: Client, order: CodeOrder, body: bytes, said: str
) -> None:
    answer = _send(owner, body, "picture.png")
    assert answer.status_code == 422
    assert "没有识读" in answer.text
    assert said in answer.text


def test_sending_nothing_is_said(owner: Client, order: CodeOrder) -> None:
    answer = owner.post(READ, {})
    assert answer.status_code == 422
    assert "请选择图片、照片或 PDF" in answer.text


def test_a_photo_from_the_camera_field_is_read(owner: Client, order: CodeOrder) -> None:
    photo = SimpleUploadedFile("camera.jpg", _photo(_links(order)[0]))
    answer = owner.post(READ, {"photo": photo})
    assert str(answer.context["rows"][0].state.label) == "已发放，未激活"


def test_a_counterfeit_link_is_pointed_out(owner: Client, active_order: CodeOrder) -> None:
    good = _links(active_order)[0]
    forged = good.replace(BASE, "https://mingqian.evil.example")
    answer = _send(owner, _photo(forged, f"{good[:-14]}AAAAAAAAAAAAAA"))
    assert "链接指向的不是您的网址" in answer.text
    assert "序列号从未发放" in answer.text


def test_markup_in_a_code_stays_text(owner: Client, order: CodeOrder) -> None:
    answer = _send(owner, _photo("<script>alert(1)</script>"))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_anothers_code_looks_like_one_that_nobody_knows(
    client_as: MakeClient, other_organisation: Organisation, active_order: CodeOrder
) -> None:
    outsider = client_as(Role.OWNER, other_organisation)
    body = _photo(_links(active_order)[0], f"{BASE}/01/04006381333931/21/AAAAAAAAAAAAAA")
    answer = outsider.post(
        "/app/haiyan/codes/read/", {"picture": SimpleUploadedFile("p.jpg", body)}
    )
    known, nobodys = answer.context["rows"]
    assert (known.state, known.whose, known.name) == (nobodys.state, nobodys.whose, nobodys.name)
    assert (known.href, known.order, known.place) == ("", "", "")
    assert active_order.number not in answer.text


def test_orders_are_told_to_those_who_may_see_codes(
    client_as: MakeClient, active_order: CodeOrder
) -> None:
    answer = _send(client_as(Role.QUALITY), _photo(_links(active_order)[0]))
    assert answer.status_code == 200
    assert active_order.number not in answer.text
    assert client_as(Role.MARKETING).get(READ).status_code == 403


# ---------------------------------------------------------------- the interface


def _post(client: Client, body: bytes, **data: object) -> Any:
    return client.post("/api/v1/codes/read", {"picture": SimpleUploadedFile("p.jpg", body), **data})


def test_the_interface_tells_what_the_screen_tells(
    api_client: MakeApiClient, active_order: CodeOrder
) -> None:
    link = _links(active_order)[0]
    found = _post(api_client(), _photo(link, "hello")).json()
    first, second = found["codes"]
    assert first["text"] == link
    assert first["identity"] == link.replace(BASE, "https://id.gs1.org")
    assert (first["whose"], first["state"]) == ("own", "active")
    assert (first["order"], first["order_position"]) == (active_order.number, 0)
    assert (first["symbology"], first["is_gs1"], first["page"]) == ("qr", False, 1)
    assert first["whereabouts"] == "in_house"
    assert len(first["position"]) == 4
    (page,) = found["pages"]
    assert all(0 <= x <= page["width"] and 0 <= y <= page["height"] for x, y in first["position"])
    assert (second["whose"], second["state"], second["identity"]) == ("none", "no_identity", "")
    assert (found["page_count"], found["faults"]) == (1, [])


def test_the_interface_goes_on_from_a_page(api_client: MakeApiClient, order: CodeOrder) -> None:
    body = _pdf("hello", pages=22)
    found = _post(api_client(), body).json()
    assert found["faults"] == [{"code": "pages_left_out", "page": 21}]
    rest = _post(api_client(), body, first_page=found["faults"][0]["page"]).json()
    assert [code["page"] for code in rest["codes"]] == [21, 22]


def test_the_interface_names_what_is_wrong_with_a_file(
    api_client: MakeApiClient, order: CodeOrder
) -> None:
    client = api_client()
    for body, code in ((b"", "reading_empty"), (b"PK\x03\x04", "reading_type")):
        answer = _post(client, body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert client.post("/api/v1/codes/read", {}).status_code == 422


def test_a_token_without_the_right_reads_nothing(
    api_client: MakeApiClient, order: CodeOrder
) -> None:
    assert _post(api_client(Right.CODES_VIEW), _photo("hello")).status_code == 403
    found = _post(api_client(Right.TRACE_VIEW), _photo(_links(order)[0])).json()
    assert (found["codes"][0]["state"], found["codes"][0]["order"]) == ("issued", "")
