"""What a consumer sees, and what nobody sees."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.core.identifiers import check_digit
from suyuan.issuing.selectors import issued_order, positions_of
from suyuan.issuing.services import withdraw_codes
from suyuan.masterdata.services import add_picture, update_product
from suyuan.quality.models import Complaint
from suyuan.quality.services import add_report, publish_report
from suyuan.tenancy.actor import Actor
from suyuan.verification.models import Scan
from tests.recall_world import PDF, open_approved, picture
from tests.scan_world import LOT, SECRET_NAMES, Goods

pytestmark = pytest.mark.django_db

type Ask = Callable[..., str]


@pytest.fixture
def ask() -> Ask:
    """Return a function that reads a page as text, as a given telephone, in Chinese."""

    def read(path: str, *, status: int = 200, device: str = "one", lang: str = "zh-CN") -> str:
        response = Client().get(path, HTTP_USER_AGENT=device, HTTP_ACCEPT_LANGUAGE=lang)
        assert response.status_code == status, response.content
        return response.content.decode()

    return read


def test_the_first_reader_sees_a_genuine_item_and_its_journey(goods: Goods, ask: Ask) -> None:
    page = ask(goods.path(), lang="en")
    for words in (
        "Genuine, first check",
        "Longjing 50 g",
        LOT,
        "Shanghai",
        "Hangzhou",
        "2026-03-01",
    ):
        assert words in page


def test_the_second_reader_sees_how_often_when_and_where(goods: Goods, ask: Ask) -> None:
    ask(goods.path())
    page = ask(goods.path(), device="two", lang="en")
    assert "Genuine code, checked before" in page
    assert "checked 2 times" in page
    assert "First checked" in page


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("unused", "Not activated"),
        ("made up", "No such code"),
        ("lot", "Batch on record"),
        ("no lot", "No such batch"),
    ],
)
def test_each_verdict_has_its_page(goods: Goods, ask: Ask, which: str, words: str) -> None:
    paths = {
        "unused": f"/01/{goods.gtin}/21/{goods.unused[0]}",
        "made up": f"/01/{goods.gtin}/21/ABCDEFGHJKMNPQ",
        "lot": f"/01/{goods.gtin}/10/{LOT}",
        "no lot": f"/01/{goods.gtin}/10/NOPE",
    }
    assert words in ask(paths[which], lang="en")


def test_a_withdrawn_code_warns_and_shows_no_journey(goods: Goods, ask: Ask, actor: Actor) -> None:
    order = issued_order(
        organisation_id=actor.organisation_id, gtin=goods.gtin, serial=goods.unused[0]
    )
    assert order is not None
    place = int(positions_of(order, goods.unused[:1])[0])
    withdraw_codes(actor=actor, order_number=order.number, positions=[place], reason="spoiled")
    path = f"/01/{goods.gtin}/21/{goods.unused[0]}"
    assert "作废标签" in ask(path)
    page = ask(path, lang="en")
    assert "Withdrawn label" in page
    assert "Shanghai" not in page


def test_a_made_up_code_borrows_no_trust(goods: Goods, ask: Ask) -> None:
    page = ask(f"/01/{goods.gtin}/21/ABCDEFGHJKMNPQ", lang="en")
    assert "This is what the package claims to be." in page
    assert "50 g</dd>" not in page
    assert 'id="journey"' not in page


def test_a_recall_is_told_with_its_notice(goods: Goods, ask: Ask, actor: Actor) -> None:
    lot = f"https://id.gs1.org/01/{goods.gtin}/10/{LOT}"
    case = open_approved(actor, lot, title="农药残留", reason="内部原因不外传")
    for path in (goods.path(), f"/01/{goods.gtin}/10/{LOT}"):
        page = ask(path, lang="en")
        assert "do not use" in page
        assert case.number in page
        assert "农药残留" in page
        assert "内部原因不外传" not in page


def test_no_partner_order_or_waybill_is_shown(goods: Goods, ask: Ask) -> None:
    for lang in ("zh-CN", "en"):
        page = ask(goods.path(), lang=lang)
        assert not [name for name in SECRET_NAMES if name in page]
    assert "明前一厂" in ask(goods.path())


def test_published_reports_are_linked_and_others_are_not(
    goods: Goods, ask: Ask, actor: Actor
) -> None:
    for title in ("农残检测", "未公开检测"):
        report = add_report(
            actor=actor,
            title=title,
            target_kind="product_lot",
            gtin=goods.gtin,
            lot=LOT,
            issued_by="省质检院",
            issued_on=date(2026, 3, 2),
            result="pass",
            data=PDF,
        )
        if title == "农残检测":
            publish_report(actor=actor, number=report.number)
    page = ask(goods.path())
    assert "农残检测" in page
    assert "/media/r/" in page
    assert "未公开检测" not in page


def test_the_picture_on_the_page_can_be_fetched(goods: Goods, ask: Ask, actor: Actor) -> None:
    add_picture(actor=actor, gtin=goods.gtin, content=picture(size=(40, 30)))
    found = re.search(
        r'<img src="(/media/p/[^"]+)" alt="明前龙井 50 克" width="40"', ask(goods.path())
    )
    assert found is not None
    assert Client().get(found[1]).status_code == 200


def test_another_organisations_product_shows_nothing_of_ours(
    goods: Goods, ask: Ask, other_actor: Actor
) -> None:
    page = ask("/01/09521234000020", status=404, lang="en")
    assert "We do not know this product" in page
    assert "Longjing" not in page


def test_html_in_texts_is_shown_as_text(goods: Goods, ask: Ask, actor: Actor) -> None:
    update_product(
        actor=actor, gtin=goods.gtin, name_zh="<script>alert(1)</script>", brand_zh="</title><b>"
    )
    page = ask(goods.path())
    assert "<script" not in page
    assert "<b>：" not in page
    assert "&lt;script&gt;" in page


def test_no_cookie_no_session_and_no_script(goods: Goods) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(goods.path())
    assert not response.cookies
    assert "django_session" not in str(queries.captured_queries)
    assert "<script" not in response.content.decode()
    assert " style=" not in response.content.decode()


def test_headers_say_what_a_public_page_must(goods: Goods) -> None:
    response = Client().get(goods.path())
    assert response["Cache-Control"] == "no-store"
    assert {"Accept-Language", "Accept"} <= set(response["Vary"].split(", "))
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert 'rel="linkset"' in response["Link"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_small(goods: Goods) -> None:
    response = Client().get(goods.path(), HTTP_ACCEPT_ENCODING="gzip, br")
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 12_000
    assert "<!DOCTYPE html>" in gzip.decompress(response.content).decode()


def test_the_number_of_queries_is_small_and_fixed(goods: Goods) -> None:
    Client().get(goods.path(1))
    counts = []
    for position in (0, 2, 3):
        with CaptureQueriesContext(connection) as queries:
            Client().get(goods.path(position))
        counts.append(len([q for q in queries.captured_queries if q["sql"].lstrip()[:6] in _READ]))
    assert counts == [13] * 3


_READ = {"SELECT", "INSERT"}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"),
        ("User-Agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)"),
        ("User-Agent", "WhatsApp/2.23"),
    ],
)
def test_previews_do_not_count(goods: Goods, header: str, value: str) -> None:
    assert Client().get(goods.path(), headers={header: value}).status_code == 200
    assert Scan.objects.count() == 0


def test_a_telephone_whose_name_ends_in_bot_counts(goods: Goods) -> None:
    Client().get(goods.path(), HTTP_USER_AGENT="Mozilla/5.0 (Linux; CUBOT X18 Plus)")
    assert Scan.objects.count() == 1


def test_head_does_not_count_and_has_no_body(goods: Goods) -> None:
    response = Client().head(goods.path())
    assert response.status_code == 200
    assert response.content == b""
    assert Scan.objects.count() == 0


@pytest.mark.parametrize(
    ("tail", "status"),
    [
        ("A%00B", 400),
        ("A%2FB", 200),
        ("A" * 10_000, 400),
        ("%E5%BA%8F%E5%88%97", 400),
        ("%FF%FE", 200),
        ("%3Cscript%3E", 200),
        ("..%2F..%2Fetc%2Fpasswd", 200),
        ("%25", 200),
    ],
)
def test_hostile_serials_are_answered_calmly(
    goods: Goods, ask: Ask, tail: str, status: int
) -> None:
    page = ask(f"/01/{goods.gtin}/21/{tail}", status=status)
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/01/", "/01/123/21/x", "/01/09521234000014", "/00/1", "/01/x"])
def test_malformed_addresses_are_told_so_in_both_languages(ask: Ask, path: str) -> None:
    assert 'lang="zh-Hans"' in ask(path, status=400)
    assert "Scan the code" in ask(path, status=400, lang="en")


def test_a_mistyped_serial_is_redirected_to_what_was_meant(goods: Goods) -> None:
    typed = goods.serials[0].lower()
    response = Client().get(f"/01/{goods.gtin}/21/{typed[:5]}-{typed[5:]}?lang=en")
    assert response.status_code == 307
    assert response["Location"] == f"{goods.path()}?lang=en"


def test_a_typed_code_on_the_products_page_leads_to_the_item(goods: Goods, ask: Ask) -> None:
    assert 'name="code"' in ask(f"/01/{goods.gtin}")
    response = Client().get(f"/01/{goods.gtin}", {"code": f" {goods.serials[0].lower()} "})
    assert response["Location"] == goods.path()
    assert Client().get(f"/01/{goods.gtin}", {"code": "序"}).status_code == 400


def test_the_language_follows_the_address_then_the_browser(goods: Goods, ask: Ask) -> None:
    assert '<html lang="zh-Hans">' in ask(goods.path(), lang="fr, zh-TW;q=0.8")
    assert '<html lang="en">' in ask(goods.path(), lang="de, en;q=0.5")
    assert '<html lang="en">' in ask(goods.path() + "?lang=en", lang="zh-CN")
    assert '<html lang="zh-Hans">' in ask(goods.path() + "?lang=xx", lang="")


def test_the_lot_on_the_package_is_compared_with_the_records(goods: Goods, ask: Ask) -> None:
    right = f"/01/{goods.gtin}/10/{LOT}/21/{goods.serials[0]}"
    wrong = f"/01/{goods.gtin}/10/OTHER/21/{goods.serials[0]}"
    warning = "not the one in our records"
    assert warning not in ask(right, lang="en")
    assert warning in ask(wrong, lang="en")


def test_misses_are_limited_and_real_codes_are_not(goods: Goods, held_clock: object) -> None:
    client = Client()
    for number in range(60):
        assert client.get(f"/01/{goods.gtin}/21/ABCDEFGHJKM{number:03}").status_code == 200
    response = client.get(f"/01/{goods.gtin}/21/ABCDEFGHJKM999")
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert 'class="cy-verdict cy-plain"' in response.content.decode()
    assert client.get(goods.path()).status_code == 200
    other = client.get(f"/01/{goods.gtin}/21/23ABCDEFGHJKMN", REMOTE_ADDR="198.51.100.1")
    assert other.status_code == 200


def test_a_parcel_says_whose_it_is_and_nothing_else(goods: Goods, ask: Ask) -> None:
    number = goods.actor.organisation.company_number
    body = f"32{number:04}00000000001"[:17].ljust(17, "0")
    page = ask(f"/00/{body}{check_digit(body)}", lang="en")
    assert "Mingqian" in page
    assert "Longjing" not in page
    assert Scan.objects.count() == 0
    assert "parcel number" in ask("/00/395212340000000014", status=404, lang="en")


def test_a_complaint_reaches_the_brand(goods: Goods) -> None:
    sent = {"text": "有异味", "order_number": "A-1", "contact": "ann@example.com"}
    response = Client(enforce_csrf_checks=True).post(goods.path(), sent, HTTP_ACCEPT_LANGUAGE="en")
    complaint = Complaint.objects.get()
    assert response.status_code == 201
    assert complaint.number in response.content.decode()
    assert (complaint.text, complaint.gtin, complaint.channel) == (
        "有异味",
        goods.gtin,
        "consumer_page",
    )
    assert b"ann@example.com" not in bytes(complaint.reporter or b"")
    assert Scan.objects.count() == 0


def test_an_empty_complaint_comes_back_with_what_is_missing(goods: Goods) -> None:
    response = Client().post(
        goods.path(), {"text": " ", "contact": '"><b>'}, HTTP_ACCEPT_LANGUAGE="en"
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert 'aria-invalid="true"' in page
    assert "&quot;&gt;&lt;b&gt;" in page
    assert not Complaint.objects.exists()


def test_bait_and_floods_make_no_complaints(goods: Goods, held_clock: object) -> None:
    client = Client()
    client.post(goods.path(), {"text": "buy", "website": "http://spam.example"})
    assert not Complaint.objects.exists()
    answers = [client.post(goods.path(), {"text": "x"}).status_code for _ in range(7)]
    assert answers == [201] * 5 + [429] * 2
