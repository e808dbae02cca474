"""Carriers in a browser: a wedge scanner binds pairs, a tag is replaced, a hidden code unlocked."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page

from suyuan.carriers import services
from suyuan.carriers.models import Carrier
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.services import update_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from suyuan.verification.memory import forget_all
from tests.browser.conftest import OpenPage, Violations
from tests.browser.pictures import take
from tests.scan_world import Goods

APP = "/app/mingqian"
TAG = "3034257BF7194E4000001A85"
CHIP = "046EA21A9B7080"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def scan(page: Page, text: str) -> None:
    """Type as a wedge scanner does: fast, into whatever has the focus, Enter at the end."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_wedge_scanner_binds_pair_after_pair_without_the_mouse(
    open_page: OpenPage, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    page = open_page(f"{APP}/carriers/bind/", role=Role.WAREHOUSE)
    for number, (unit, value) in enumerate([(first, TAG), (second, CHIP)], start=1):
        scan(page, unit)
        assert Carrier.objects.count() == number - 1
        with page.expect_navigation():
            scan(page, value)
        assert Carrier.objects.count() == number
    assert page.locator("ul.sy-list li").count() == 2
    take(page, "carriers-bind")


def test_a_tag_is_replaced_and_both_stay_on_the_items_page(
    open_page: OpenPage, actor: Actor, active_order: CodeOrder
) -> None:
    serial = issuing.serials(active_order)[0]
    services.bind(actor=actor, kind="rfid", value=TAG, unit=serial)
    page = open_page(f"{APP}/carriers/?q={TAG}", role=Role.OWNER)
    page.get_by_role("link", name=TAG).click()
    page.locator("#replace_new_value").fill(CHIP)
    page.locator("#replace_new_kind").select_option("nfc")
    page.locator("#replace_reason").select_option("damaged")
    page.get_by_role("button", name="替换").click()
    take(page, "carriers-replaced")
    page.get_by_role("link", name="明前龙井").first.click()
    card = page.locator("#carriers")
    assert CHIP in card.inner_text()
    assert TAG in card.inner_text()
    assert "损坏" in card.inner_text()
    card.scroll_into_view_if_needed()
    take(page, "carriers-item")


def test_releasing_asks_first(open_page: OpenPage, actor: Actor, active_order: CodeOrder) -> None:
    serial = issuing.serials(active_order)[0]
    services.bind(actor=actor, kind="rfid", value=TAG, unit=serial)
    page = open_page(f"{APP}/carriers/one/?kind=rfid&value={TAG}", role=Role.OWNER)
    page.get_by_role("button", name="解绑").click()
    dialog = page.locator("#release-dialog")
    dialog.get_by_role("button", name="取消").click()
    assert Carrier.objects.get().is_live
    page.get_by_role("button", name="解绑").first.click()
    with page.expect_navigation():
        dialog.get_by_role("button", name="解绑").click()
    assert not Carrier.objects.get().is_live


def test_a_locked_hidden_code_is_unlocked_on_the_items_page(
    open_page: OpenPage, goods: Goods
) -> None:
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    forget_all()
    for number in range(5):
        Client().post(goods.path(), {"inner": f"ABCD000{number}"})
    page = open_page(f"{APP}/items/{goods.gtin}/{goods.serials[0]}/", role=Role.OWNER)
    card = page.locator("#carriers")
    card.scroll_into_view_if_needed()
    take(page, "carriers-locked")
    card.locator("#id_reason").fill("已核对标签照片")
    card.get_by_role("button", name="再开放五次").click()
    assert "还没有人刮开验证" in page.locator("#carriers").inner_text()


@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    actor: Actor,
    active_order: CodeOrder,
    *,
    phone: bool,
) -> None:
    first, second = issuing.links(active_order, count=2)
    serial = issuing.serials(active_order)[0]
    services.bind(actor=actor, kind="rfid", value=TAG, unit=first, note="托盘侧")
    services.replace(
        actor=actor, kind="rfid", value=TAG, new_value="AB" * 12, reason="damaged", note="撕裂"
    )
    services.bind(actor=actor, kind="nfc", value=CHIP, unit=second)
    services.bind(
        actor=actor, kind="qr", value="https://old.example/q/8f3?from=box&batch=12", unit=second
    )
    found: dict[str, list[str]] = {}
    size = "phone" if phone else "desk"
    for name, path in {
        "list": "carriers/",
        "bind": "carriers/bind/",
        "upload": "carriers/upload/",
        "one": f"carriers/one/?kind=rfid&value={'AB' * 12}",
        "ended": f"carriers/one/?kind=rfid&value={TAG}",
        "item": f"items/09521234000013/{serial}/",
    }.items():
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
        take(page, f"carriers-{name}-{size}")
    assert found == {}
