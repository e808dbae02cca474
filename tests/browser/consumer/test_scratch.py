"""The hidden code in a browser: asked for, brought by a link, opened, opened again, locked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from suyuan.core.codespace import inner_link
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.services import update_product
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal
from tests.browser.conftest import OpenPage, Violations
from tests.browser.pictures import take
from tests.scan_world import Goods

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ANN, BEN = "Ann's telephone", "Ben's telephone"


@pytest.fixture
def codes(goods: Goods) -> list[str]:
    """Return the hidden codes of the goods, which have some."""
    update_product(
        actor=goods.actor,
        gtin=goods.gtin,
        inner_code="scratch",
        inner_hint_zh="在茶罐盖内侧的银色涂层下。",
        inner_hint_en="Under the silver layer inside the lid.",
    )
    forget_all()
    order = CodeOrder.objects.select_related("product").get(count=4)
    return issuing.inner_codes(order, 0, 4)


def enter(page: Page, code: str) -> None:
    page.locator("#inner").fill(code)
    page.locator("#scratch button").click()


def said(page: Page) -> str:
    return page.locator("h1").inner_text()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_consumer_scratches_enters_and_is_the_first(
    open_page: OpenPage, violations: Violations, goods: Goods, codes: list[str], language: str
) -> None:
    english = language == "en"
    page = open_page(goods.path(), phone=True, language=language, agent=ANN)
    assert said(page) == ("Our code. Scratch to be sure" if english else "是我们的码，请刮开确认")
    assert violations(page) == []
    take(page, f"scratch-ask-{language[:2]}")
    enter(page, f"{codes[0][:4]} {codes[0][4:]}".lower())
    assert said(page) == ("Genuine, first opened now" if english else "正品，首次刮开验证")
    assert violations(page) == []
    take(page, f"scratch-first-{language[:2]}")
    page.reload()
    assert said(page) == ("Genuine, first opened now" if english else "正品，首次刮开验证")
    other = open_page(goods.path(), phone=True, language=language, agent=BEN)
    assert said(other) == (
        "Our code, scratched open before" if english else "是我们的码，但已被刮开验证过"
    )
    assert violations(other) == []
    take(other, f"scratch-opened-{language[:2]}")
    enter(other, codes[0])
    assert said(other) == ("Right code, opened before" if english else "刮开码正确，但此前已验证过")
    take(other, f"scratch-again-{language[:2]}")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_wrong_codes_are_counted_down_to_a_lock(
    open_page: OpenPage, violations: Violations, goods: Goods, codes: list[str], language: str
) -> None:
    english = language == "en"
    page = open_page(goods.path(), phone=True, language=language)
    enter(page, "12345")
    assert ("8 letters and digits" if english else "8 位字母和数字") in page.locator(
        "#inner-fault"
    ).inner_text()
    assert violations(page) == []
    for number in range(5):
        enter(page, f"ABCD000{number}")
        if number == 1:
            assert violations(page) == []
            take(page, f"scratch-wrong-{language[:2]}")
    assert said(page) == ("Locked after five wrong codes" if english else "已输错五次，暂停验证")
    assert page.locator("#inner").count() == 0
    assert violations(page) == []
    take(page, f"scratch-locked-{language[:2]}")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_link_with_the_code_opens_nothing_until_the_button_is_pressed(
    open_page: OpenPage, violations: Violations, goods: Goods, codes: list[str], language: str
) -> None:
    english = language == "en"
    page = open_page(inner_link(goods.path(), codes[0]), phone=True, language=language)
    assert said(page) == ("One step left" if english else "还差一步")
    assert not Reveal.objects.exists()
    assert violations(page) == []
    take(page, f"scratch-brought-{language[:2]}")
    page.get_by_role("link", name="中文" if english else "English").click()
    assert said(page) == ("还差一步" if english else "One step left")
    page.locator("#scratch button").click()
    assert said(page) == ("正品，首次刮开验证" if english else "Genuine, first opened now")
    assert codes[0] not in page.url
