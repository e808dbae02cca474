"""The first day of a newcomer, from an empty installation to a recall, through the screens alone.

A thousand tins are made of one lot of leaves and go out on three pallets. At the warehouse a case
is opened for two buyers: two tins are delivered, three are on their way; one pallet is on its way
to a shop. Then the leaves turn out to be bad.

`SUYUAN_TEST_SCREENSHOTS=docs/screenshots/acceptance` keeps a picture of each step.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Violations
from tests.browser.walking import Walk, numbers, origin, places
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME = "/app/mingqian/"
GTIN = "09521234000013"
ITEMS, PER_CASE, PER_PALLET = 1000, 24, 14
ON_LAST_PALLET = ITEMS - 2 * PER_PALLET * PER_CASE
SOLD, POSTED = 2, 3
AT_WAREHOUSE = ITEMS - ON_LAST_PALLET - SOLD - POSTED
BUYER = {"order_number": "TB-0305-001", "waybill": "SF1000000001"}
OTHER_BUYER = {"order_number": "TB-0305-002", "waybill": "SF1000000002"}
PHONE = "Mozilla/5.0 (Linux; Android 16; Tea drinker) Mobile"


@pytest.fixture
def walk(open_page: OpenPage, violations: Violations, db: None) -> Walk:
    """Return a stranger before the installation's first page, in Chinese."""
    began = timezone.localtime().replace(hour=8, minute=0, second=0) - timedelta(days=6)
    return Walk(open_page("/"), violations, began)


def sign_up(walk: Walk) -> None:
    """From the first page to an organisation of one's own."""
    walk.follow("登录")
    walk.look("sign-in")
    walk.follow("注册")
    walk.fill(email="owner@mingqian.example", password1=PASSWORD)
    walk.look("sign-up")
    walk.send()
    walk.page.goto(f"{origin(walk.page)}/app/")
    walk.follow("创建企业")
    walk.fill(name_zh="明前茶业", name_en="Mingqian Tea", slug="mingqian")
    walk.look("organisation")
    walk.send()
    expect(walk.page.locator("main")).to_contain_text("从这里开始")
    walk.look("home")


def enter_master_data(walk: Walk) -> None:
    """Who supplies what, where things happen, and what is sold."""
    walk.new("往来单位", "新建", code="FARM-1", kind="supplier", name_zh="狮峰茶园")
    for code, kind, name, english, region in (
        ("LINE-1", "factory", "杭州一厂", "Hangzhou factory", "330100"),
        ("WH-1", "warehouse", "广州仓", "Guangzhou warehouse", "440100"),
        ("SHOP-1", "shop", "成都太古里店", "Chengdu shop", "510100"),
    ):
        named = {"name_zh": name, "name_en": english}
        walk.new("地点", "新建", code=code, kind=kind, region=region, **named)
    walk.look("location")
    walk.new("原料", "新建", code="LEAF", name_zh="鲜叶", uom="KGM", supplier="FARM-1")
    walk.new(
        "原料批次",
        "新建",
        material="LEAF",
        code="F-0228",
        supplier="FARM-1",
        received_on=walk.at(0)[:10],
        quantity="60",
    )
    walk.look("material-lot")
    walk.page.locator("nav").get_by_role("link", name="产品", exact=True).first.click()
    walk.follow("新建")
    walk.fill(gtin=GTIN, name_zh="明前龙井 50 g", name_en="Longjing 50 g", category="tea")
    walk.fill(granularity="item", shelf_life_days="540", net_content="50 g")
    walk.look("product")
    walk.send()


def make(walk: Walk) -> list[str]:
    """Open a batch, order its codes, activate and pack them; return the codes' links."""
    walk.page.locator("nav").get_by_role("link", name="开立批次", exact=True).first.click()
    walk.fill(gtin=GTIN, code="L260301", produced_on=walk.at(0)[:10], location_code="LINE-1")
    walk.fill(time=walk.at(1))
    uses = walk.page.locator("[name=uses-0-material_lot]")
    uses.select_option(label="鲜叶 · F-0228 · KGM")
    walk.page.fill("[name=uses-0-quantity]", "60")
    walk.look("batch")
    walk.send()
    walk.follow("为该批次申码")
    walk.fill(count=ITEMS)
    walk.look("code-order")
    walk.send()
    with walk.page.expect_download() as download:
        walk.page.get_by_role("link", name="链接").first.click()
    links = Path(download.value.path()).read_text(encoding="utf-8").split()
    walk.look("codes")
    walk.fill("#commission", location_code="LINE-1", time=walk.at(2))
    walk.send("#commission")
    walk.fill("#pack", per_case=PER_CASE, per_pallet=PER_PALLET)
    walk.fill("#pack", location_code="LINE-1", time=walk.at(4))
    walk.look("packing", show="#pack")
    walk.send("#pack")
    walk.page.locator("#packings summary").click()
    walk.look("packed", show="#packings")
    return links


def send_out(walk: Walk, links: list[str]) -> None:
    """Ship to the warehouse, open a case there for two buyers, send a pallet to a shop."""
    units = re.findall(r"\b\d{18}\b", walk.page.locator("#packings").inner_text())
    first_pallet, _second, last_pallet = units[:3]
    first_case = units[3]
    walk.follow("登记发货")
    walk.fill(location="LINE-1", to_location="WH-1", time=walk.at(8))
    walk.look("ship")
    walk.send()
    order = walk.page.locator("[name=order] option").nth(1).get_attribute("value")
    walk.record("收货", 30, order=order, location="WH-1")
    for unit in (first_pallet, first_case):
        walk.record("拆箱", 32, parent=unit, location="WH-1")
    for buyer, bought in ((BUYER, links[:SOLD]), (OTHER_BUYER, links[SOLD : SOLD + POSTED])):
        walk.page.locator("nav").get_by_role("link", name="手工登记", exact=True).first.click()
        walk.follow("包裹打包", exact=True)
        walk.fill(units="\n".join(bought), location="WH-1", time=walk.at(54))
        walk.fill(region="110000", **buyer)
        if buyer is BUYER:
            walk.look("parcel")
        walk.send()
        walk.record("发货", 56, location="WH-1", region="110000", **buyer)
    walk.record("发货", 57, units=last_pallet, location="WH-1", to_location="SHOP-1")
    walk.record("签收", 80, **BUYER)
    walk.look("delivered")


def buyer_scans(walk: Walk, open_page: OpenPage, link: str) -> None:
    """Scan on one device, then on another that knows nothing of the first."""
    path = urlsplit(link).path
    first = open_page(path)
    expect(first.locator("#verdict")).to_have_class(re.compile("cy-good"))
    expect(first.locator("#verdict-title")).to_have_text("正品，首次查验")
    steps = first.locator("#journey .cy-journey")
    for place in ("杭州", "广州"):
        expect(steps).to_contain_text(place)
    expect(first.locator("#journey svg")).to_be_visible()
    walk.look("consumer", first)
    walk.look("journey", first, show="#journey")
    second = open_page(path, phone=True, agent=PHONE)
    expect(second.locator("#verdict-title")).to_have_text("正品编码，此前已被查验")
    walk.look("seen-before", second)


def find(walk: Walk, link: str) -> None:
    """Find the item by serial, by order number and by waybill; read it in English too."""
    serial = link.rpartition("/")[2]
    for paper in (BUYER["order_number"], BUYER["waybill"]):
        walk.search(paper)
        if paper != BUYER["waybill"]:
            walk.follow(BUYER["waybill"], exact=True)
        expect(walk.page.locator("h1")).to_have_text("包裹")
        for told in (*BUYER.values(), serial):
            expect(walk.page.locator("main")).to_contain_text(told)
    walk.look("parcel-found")
    walk.follow(serial, exact=True)
    expect(walk.page.locator("h1")).to_have_text("明前龙井 50 g")
    walk.search(serial)
    expect(walk.page.locator("h1")).to_have_text("明前龙井 50 g")
    expect(walk.page.locator("main")).to_contain_text(BUYER["waybill"])
    walk.look("item")
    walk.page.get_by_role("button", name="English").click()
    expect(walk.page.locator("html")).to_have_attribute("lang", "en")
    expect(walk.page.locator("h1")).to_have_text("Longjing 50 g")
    walk.look("item-english")
    walk.page.get_by_role("button", name="中文").click()
    walk.follow("L260301", exact=True)
    expect(walk.page.locator("main svg").get_by_text("F-0228").first).to_be_attached()
    walk.look("genealogy", show="#descent")


def recall(walk: Walk) -> None:
    """From the lot of leaves to a recall, with every number checked."""
    walk.search("F-0228")
    if "/search/" in walk.page.url:
        walk.follow(re.compile("F-0228"))
    walk.follow("有问题")
    expected = [("在途", POSTED + ON_LAST_PALLET), ("在库", AT_WAREHOUSE), ("已售出", SOLD)]
    assert sum(count for _, count in expected) == ITEMS
    assert places(walk.page) == sorted(expected)
    shown = numbers(walk.page)
    assert shown["受影响单品"] == ITEMS
    assert shown["在库"] + shown["在途"] + shown["已售出"] == ITEMS
    walk.look("recall-preview")
    walk.fill("#confirm", title="鲜叶农残超标", reason="F-0228 复检不合格", expected_items=ITEMS)
    walk.look("recall-confirm", show="#confirm")
    walk.send("#confirm")
    expect(walk.page.locator("h1")).to_have_text("鲜叶农残超标")
    assert places(walk.page) == sorted(expected)
    assert numbers(walk.page) == shown
    for paper in (*BUYER.values(), *OTHER_BUYER.values()):
        expect(walk.page.locator("#parcels")).to_contain_text(paper)
    walk.look("recall-case")
    walk.follow("查看并审批")
    walk.fill(note="除我以外没有别人可以审批")
    walk.look("recall-decide")
    walk.page.get_by_role("button", name="批准").click()
    expect(walk.page.locator("main")).to_contain_text("本企业没有其他人有召回权限。")


def test_a_newcomer_goes_from_an_empty_account_to_a_recall(walk: Walk, open_page: OpenPage) -> None:
    sign_up(walk)
    enter_master_data(walk)
    links = make(walk)
    send_out(walk, links)
    buyer_scans(walk, open_page, links[0])
    find(walk, links[0])
    recall(walk)
    recalled = open_page(urlsplit(links[0]).path, phone=True, agent=PHONE)
    expect(recalled.locator("#verdict-title")).to_have_text("正在召回，请勿使用")
    expect(recalled.locator("#recall")).to_contain_text("鲜叶农残超标")
    walk.look("recalled", recalled)
    assert walk.faults == {}
