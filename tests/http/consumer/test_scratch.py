"""What the page asks of a hidden code, and what nobody gets out of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.core.codespace import inner_link
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.services import update_product
from suyuan.quality.models import Complaint
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal, Scan
from tests.scan_world import LOT, Goods

pytestmark = pytest.mark.django_db

type Enter = Callable[..., str]


@pytest.fixture
def codes(goods: Goods) -> list[str]:
    """Return the hidden codes of the goods, which have some."""
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    forget_all()
    order = CodeOrder.objects.select_related("product").get(count=4)
    return issuing.inner_codes(order, 0, 4)


@pytest.fixture
def enter(goods: Goods) -> Enter:
    """Return a function that sends a code and returns the page in English."""

    def send(code: str, *, path: str = "", device: str = "one") -> str:
        response = Client().post(
            path or goods.path(),
            {"inner": code},
            HTTP_USER_AGENT=device,
            HTTP_ACCEPT_LANGUAGE="en",
        )
        assert response.status_code == 200, response.content
        return response.content.decode()

    return send


def get(path: str, **headers: str) -> HttpResponse:
    return Client().get(path, headers={"Accept-Language": "en", **headers})  # type: ignore[return-value]


def test_the_outer_code_alone_is_not_called_genuine(goods: Goods, codes: list[str]) -> None:
    page = ""
    for device in ("one", "two"):
        page = get(goods.path(), **{"User-Agent": device}).content.decode()
        assert "Our code. Scratch to be sure" in page
        assert "Genuine" not in page
        assert codes[0] not in page
    assert "looked up 2 times" in page


def test_the_right_code_opens_it_once(goods: Goods, codes: list[str], enter: Enter) -> None:
    assert "Genuine, first opened now" in enter(codes[0])
    assert "Right code, opened before" in enter(codes[0], device="two")
    page = get(goods.path(), **{"User-Agent": "two"}).content.decode()
    assert "scratched open before" in page
    assert (
        "Genuine, first opened now" in get(goods.path(), **{"User-Agent": "one"}).content.decode()
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Purpose": "prefetch"},
        {"User-Agent": "WhatsApp/2.23"},
        {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
    ],
)
def test_looking_at_a_link_with_the_code_opens_nothing(
    goods: Goods, codes: list[str], headers: dict[str, str]
) -> None:
    page = get(inner_link(goods.path(), codes[0]), **headers).content.decode()
    assert "One step left" in page
    assert f'name="inner" value="{codes[0]}"' in page
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("brought", ["x", "<script>", "%00", "A" * 5000, "ABCDEFGU"])
def test_a_link_with_what_cannot_be_a_code_asks_for_one(
    goods: Goods, codes: list[str], brought: str
) -> None:
    page = get(f"{goods.path()}?inner={brought}").content.decode()
    assert "Our code. Scratch to be sure" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    "typed", ["", " ", "<script>alert(1)</script>", '"><b>', "ＡＢＣ", "\0\0", "9" * 100_000]
)
def test_what_cannot_be_a_code_comes_back_as_text_and_costs_nothing(
    goods: Goods, codes: list[str], enter: Enter, typed: str
) -> None:
    page = enter(typed)
    assert "8 letters and digits" in page
    assert "<script" not in page
    assert '"><b>' not in page
    assert len(page) < 40_000
    assert not Reveal.objects.exists()


def test_wrong_codes_count_down_and_lock(goods: Goods, codes: list[str], enter: Enter) -> None:
    for number in range(4):
        assert "This is not the code" in enter(f"ABCD000{number}")
    assert "1 try is left." in enter("ABCD0003")
    assert "Locked after five" in enter("ABCD0004")
    assert "Locked after five" in enter(codes[0])
    page = get(goods.path()).content.decode()
    assert "Locked after five" in page
    assert 'name="inner"' not in page


def test_codes_that_do_not_exist_tell_nothing_of_hidden_codes(
    goods: Goods, codes: list[str], enter: Enter
) -> None:
    made_up = f"/01/{goods.gtin}/21/ABCDEFGHJKMNPQ"
    unused = f"/01/{goods.gtin}/21/{goods.unused[0]}"
    assert "No such code" in enter(codes[0], path=made_up)
    assert "Not activated" in enter(codes[0], path=unused)
    assert not Reveal.objects.exists()
    assert not Scan.objects.exists()


def test_a_recalled_item_is_not_asked_for_its_hidden_code(
    goods: Goods, codes: list[str], enter: Enter
) -> None:
    goods.mark("recalled", goods.link())
    assert "do not use" in enter(codes[0])
    assert not Reveal.objects.exists()


def test_many_made_up_codes_from_one_network_are_slowed(goods: Goods, codes: list[str]) -> None:
    statuses = set()
    for number in range(70):
        path = f"/01/{goods.gtin}/21/ABCDEFGHJKMN{number:02}"
        statuses.add(Client().post(path, {"inner": codes[0]}).status_code)
    assert statuses == {200, 429}


def test_a_product_without_hidden_codes_takes_no_entry(goods: Goods, enter: Enter) -> None:
    page = enter("ABCDEFGH")
    assert "Genuine" in page
    assert 'name="inner"' not in page
    assert not Reveal.objects.exists()
    assert not Complaint.objects.exists()


def test_a_lot_and_a_product_take_no_entry(goods: Goods, codes: list[str]) -> None:
    for path in (f"/01/{goods.gtin}/10/{LOT}", f"/01/{goods.gtin}"):
        response = Client().post(path, {"inner": codes[0]})
        assert response.status_code == 422  # as a complaint that says nothing
    assert not Reveal.objects.exists()


def test_an_entry_sets_no_cookie_and_is_kept_nowhere(
    goods: Goods, codes: list[str], enter: Enter
) -> None:
    response = Client().post(goods.path(), {"inner": codes[0]})
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert "form-action 'self'" in response["Content-Security-Policy"]


def test_a_complaint_can_still_be_sent(goods: Goods, codes: list[str]) -> None:
    response = Client().post(goods.path(), {"text": "涂层已被刮开"})
    assert response.status_code == 201
    assert Complaint.objects.count() == 1


def test_the_hidden_code_costs_one_query_and_products_without_pay_none(
    goods: Goods, codes: list[str]
) -> None:
    def queries(position: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            get(goods.path(position))
        return len([q for q in captured.captured_queries if q["sql"].lstrip()[:6] in _READ])

    get(goods.path(1))
    assert queries(0) == 14
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="none")
    forget_all()
    get(goods.path(1))
    assert queries(2) == 13


_READ = {"SELECT", "INSERT"}


def test_the_page_that_asks_is_small(goods: Goods, codes: list[str]) -> None:
    response = Client().get(goods.path(), HTTP_ACCEPT_ENCODING="gzip")
    assert len(response.content) < 12_000
