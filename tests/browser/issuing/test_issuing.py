"""Issuing in a browser: from a batch to the buyer, and a code that a scanner reads."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from suyuan.capture.models import StoredEvent
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder, Packing
from suyuan.masterdata.models import Location, Lot, Material, Product
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations

APP = "/app/mingqian"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _send(page: Page) -> None:
    page.locator("main button.btn-primary[type=submit]").first.click()
    page.wait_for_load_state()


def test_codes_go_from_an_order_to_the_buyer(
    open_page: OpenPage, product: Product, lot: Lot, line: Location, warehouse: Location
) -> None:
    page = open_page(f"{APP}/codes/new/?gtin={product.gtin}&lot={lot.code}", role=Role.OWNER)
    page.fill("[name=count]", "1000")
    _send(page)
    order = CodeOrder.objects.get()
    expect(page.locator("h1")).to_contain_text(order.number)
    for form in ("commission", "pack"):
        page.locator(f"#{form} [name=location_code]").select_option(line.code)
        page.locator(f"#{form} button[type=submit]").click()
        page.wait_for_load_state()
    assert Packing.objects.get().cases == 42
    page.get_by_role("link", name="登记发货").click()
    expect(page.locator("[name=order]")).to_have_value(order.number)
    page.locator("[name=location]").select_option(line.code)
    page.locator("[name=to_location]").select_option(warehouse.code)
    _send(page)
    page.goto(page.url.replace("/ship/", "/deliver/"))
    page.locator("[name=order]").select_option(order.number)
    page.fill("[name=order_number]", "8843")
    page.fill("[name=waybill]", "SF1024")
    _send(page)
    assert StoredEvent.objects.count() == 1 + 42 + 2


def test_a_scanner_reads_the_code_on_the_orders_page(open_page: OpenPage, order: CodeOrder) -> None:
    page = open_page(f"{APP}/codes/orders/{order.number}/", role=Role.OWNER)
    picture = page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    shot = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    codes = zxingcpp.read_barcodes(np.asarray(shot))
    serial = selectors.serials(order)[0]
    assert [code.text.rpartition("/")[2] for code in codes] == [serial]


@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    active_order: CodeOrder,
    leaf: Material,
    warehouse: Location,
    *,
    phone: bool,
) -> None:
    gtin = active_order.product.gtin
    found: dict[str, list[str]] = {}
    for path in (
        "codes/",
        "codes/new/",
        f"codes/orders/{active_order.number}/",
        f"codes/products/{gtin}/",
        "codes/batches/new/",
        f"codes/batches/?gtin={gtin}&lot=L260301",
        "collect/ship/",
    ):
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    assert found == {}
