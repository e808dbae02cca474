"""Stock and dwell times in a browser: from a number, or a bar, to the items behind it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from suyuan.masterdata.services import create_location, create_lot, create_party, create_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.stock_world import (
    DEPOT,
    FACTORY,
    GTIN,
    OTHER_GTIN,
    born,
    item,
    packed,
    received,
    shipped,
    sold,
    tell,
    unit,
    unpacked,
)

APP = "/app/mingqian/"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods(actor: Actor) -> None:
    """Make two products; cases leave the factory day by day, and some of them are opened."""
    create_party(actor=actor, code="LOG", name_zh="云仓", name_en="Cloud", kind="warehouse")
    create_product(
        actor=actor, gtin=GTIN, name_zh="明前龙井", name_en="Longjing", granularity="item"
    )
    create_product(
        actor=actor, gtin=OTHER_GTIN, name_zh="正山小种", name_en="Lapsang", granularity="item"
    )
    create_lot(
        actor=actor,
        gtin=GTIN,
        code="A-1",
        produced_on=date(2026, 3, 1),
        expires_on=date(2027, 9, 1),
    )
    for code, zh, gln in (("FAC", "西湖工厂", FACTORY[-13:]), ("WH", "杭州仓", DEPOT[-13:])):
        create_location(
            actor=actor, code=code, name_zh=zh, name_en=code.title(), kind="warehouse", gln=gln,
            party="LOG" if code == "WH" else "",
        )  # fmt: skip
    made = born(0, *range(1, 241))
    made["ilmd"] = {"cbvmda:lotNumber": "A-1"}
    tell(actor, made, born(1, *range(1, 31), gtin=OTHER_GTIN))
    for case in range(10):
        numbers = range(case * 24 + 1, case * 24 + 25)
        box, start = unit(case), 20 * case
        events = [
            packed(start + 2 + case, box, *(item(n) for n in numbers)),
            shipped(start + 6 + 2 * case, box),
        ]
        if case < 8:
            events.append(received(start + 30 + 3 * case, box))
        if case < 4:
            events.append(unpacked(start + 50 + 3 * case, box))
            events += [sold(start + 60 + n % 90, item(n)) for n in numbers if n % 3]
        tell(actor, *events)


def test_a_number_leads_to_its_lots_and_items(open_page: OpenPage, goods: None) -> None:
    page = open_page(f"{APP}stock/", role=Role.WAREHOUSE, language="en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock by place")
    page.get_by_role("row", name="Wh").get_by_role("link", name="128", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("128 items")
    expect(page.get_by_role("link", name="A-1")).to_be_visible()


def test_a_bar_leads_to_its_items(open_page: OpenPage, goods: None) -> None:
    page = open_page(f"{APP}dwell/", role=Role.WAREHOUSE, language="en")
    page.get_by_role("link", name="By place", exact=True).click()
    page.get_by_role("table").get_by_role("link", name="On the way from Fac").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On the way from Fac")
    page.get_by_role("link", name="≥1 d").first.click()
    expect(page.get_by_role("heading", name="Items of the bar")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_are_accessible(
    open_page: OpenPage, violations: Violations, goods: None, phone: bool, language: str
) -> None:
    for path in (
        "stock/",
        f"stock/items/?product={GTIN}&state=in_house",
        "dwell/",
        "dwell/?by=place",
        "dwell/group/?by=stage&step=shipping&next_step=receiving",
    ):
        page = open_page(f"{APP}{path}", role=Role.WAREHOUSE, phone=phone, language=language)
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path
