"""RFID in a browser: from an order to tags, from a tag back to its item; pages for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.rfid import selectors
from suyuan.rfid.models import TagRange
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations

APP = "/app/mingqian"
FOREIGN = "3074257BF7194E4000001A85"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_tags_are_given_read_and_ended(
    open_page: OpenPage, prefix: str, active_order: CodeOrder
) -> None:
    page = open_page(f"{APP}/rfid/", role=Role.OWNER, language="en")
    page.get_by_role("link", name="Give tags").first.click()
    page.get_by_label("Code order").select_option(active_order.number)
    page.get_by_label("How many tags").fill("20")
    page.get_by_role("button", name="Preview").click()
    hexadecimal = "303645214800004000000001"
    expect(page.get_by_text(hexadecimal)).to_be_visible()
    page.get_by_role("button", name="Give tags").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("TR-")
    with page.expect_download() as download:
        page.get_by_role("link", name="Table for encoders").click()
    assert hexadecimal in download.value.path().read_text(encoding="utf-8-sig")

    page.goto(page.url.partition("ranges/")[0] + "read/")
    page.get_by_label("EPCs, one a line").fill(f"{hexadecimal}\n{FOREIGN}")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("Somebody else's")).to_be_visible()
    page.get_by_role("link", name=issuing.serials(active_order)[0]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Longjing")

    made = TagRange.objects.get()
    page.goto(page.url.partition("items/")[0] + f"rfid/ranges/{made.number}/")
    page.get_by_label("Why").fill("Wrong roll")
    page.get_by_role("button", name="End this range").first.click()
    page.get_by_role("dialog").get_by_role("button", name="End this range").click()
    expect(page.get_by_text("Wrong roll")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    made: TagRange,
    active_order: CodeOrder,
    *,
    phone: bool,
    language: str,
) -> None:
    tag = selectors.tags(made)[0]
    found: dict[str, list[str]] = {}
    for path in (
        "rfid/",
        f"rfid/new/?order={active_order.number}",
        f"rfid/ranges/{made.number}/",
        f"rfid/read/?q={tag.hex}",
        f"rfid/write/?code={tag.item.secondary}",
    ):
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone, language=language)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    assert found == {}
