"""Issuing in a browser: a code that a scanner reads, and pages for everybody.

The way from a batch to the buyer is walked in `tests/browser/test_acceptance.py`.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Location, Material
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations

APP = "/app/mingqian"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
