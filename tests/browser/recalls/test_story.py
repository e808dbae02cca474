"""From a consumer's complaint to an approved recall, and a drill, through the screens alone.

Eighty tins are made of one supplier's leaves, and as many of others'. Two buyers got some of the
bad ones. One complains; what the complaints share leads to the leaves, the leaves to a recall that
quality proposes and somebody else approves. Notices, returns and closing have tests beside this.

`SUYUAN_TEST_SCREENSHOTS=docs/screenshots/acceptance` keeps a picture of each step.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.quality.services import file_complaint
from suyuan.recalls.models import RecallCase
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.browser.walking import Walk, numbers, places
from tests.quality_world import FIRST, GTIN, Goods, build_goods, case, item
from tests.recall_world import picture, waybill_uri

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME: Final = "/app/mingqian/"
AFFECTED: Final = 80
SOLD: Final = {"TB-0310-1": (301, 302, 303), "TB-0310-2": (211, 212)}


def _deliver(actor: Actor, goods: Goods) -> None:
    """Let two buyers have got a parcel each."""
    events = []
    for number, (order, serials) in enumerate(SOLD.items(), 1):
        parcel = case(900 + number)
        papers = [("po", waybill_uri(order)), ("bol", waybill_uri(f"SF-{number}"))]
        here = goods.warehouses["NORTH" if serials[0] > 300 else "SOUTH"].identifier
        packed = build.aggregation_event(
            time=FIRST + timedelta(days=5),
            action="ADD",
            parent=parcel,
            children=[item(serial) for serial in serials],
            step="packing",
            location=here,
        )
        left = build.object_event(
            time=FIRST + timedelta(days=5, hours=2),
            action="OBSERVE",
            epcs=[parcel],
            step="shipping",
            disposition="in_transit",
            read_point=here,
            transactions=papers,
        )
        arrived = build.object_event(
            time=FIRST + timedelta(days=7),
            action="OBSERVE",
            epcs=[parcel],
            step="retail_selling",
            disposition="retail_sold",
            transactions=papers,
        )
        events += [packed, left, arrived]
    capture_events(actor=actor, events=events, source="tests")


@pytest.fixture
def walk(actor: Actor, open_page: OpenPage, violations: Violations) -> Walk:
    """Return somebody of quality at a desk; goods have been made and sold, some complained of."""
    _deliver(actor, build_goods(actor))
    for serial in (302, 303, 211, 315, 330):
        file_complaint(actor=actor, text="茶汤发苦", target=item(serial))
    page = open_page(f"{HOME}quality/complaints/", role=Role.QUALITY)
    return Walk(page, violations, timezone.localtime(), "recall-")


def complain(walk: Walk, open_page: OpenPage, folder: Path) -> None:
    """On a telephone: the code's page, words, a picture."""
    shot = folder / "lid.jpg"
    shot.write_bytes(picture("JPEG", (640, 480)))
    page = open_page(f"/01/{GTIN}/21/301", phone=True)
    page.locator("#complain summary").click()
    page.fill("#text", "打开就有霉味，茶汤发苦，不敢再喝。")
    page.fill("#order_number", "TB-0310-1")
    page.fill("#contact", "li@buyer.example")
    page.set_input_files("#pictures", shot)
    walk.look("complaint", page, show="#complain")
    page.click("#complain button")
    expect(page.locator(".cy-thanks")).to_be_visible()


def find_cause(walk: Walk) -> None:
    """From the complaint to what all complaints share, and to a recall of it."""
    page = walk.page
    page.reload()
    page.locator("main tbody a").first.click()
    expect(page.locator("main")).to_contain_text("打开就有霉味")
    expect(page.locator(".sy-shots img")).to_be_visible()
    walk.look("complaint-page")
    page.goto(page.url.split("/complaints/")[0] + f"/complaints/common/?gtin={GTIN}")
    row = page.locator("tr").filter(has_text="B-1").filter(has_text="原料")
    expect(row.first).to_contain_text("2")
    walk.look("in-common")
    row.first.locator("a[href*='/recalls/new/']").click()
    expect(page.locator("h1")).to_contain_text(str(AFFECTED))


def propose(walk: Walk) -> str:
    """Look at what is affected, and propose; return the case's address."""
    page = walk.page
    sold = sum(map(len, SOLD.values()))
    shown = numbers(page)
    assert shown["受影响单品"] == AFFECTED
    assert shown["已售出"] == sold
    assert sum(count for _, count in places(page)) == AFFECTED
    for order in SOLD:
        expect(page.locator("#parcels")).to_contain_text(order)
    walk.look("preview")
    page.locator("#confirm [name=regime]").select_option("food-2")
    page.locator("#confirm [name=rule_read]").check()
    walk.fill(
        "#confirm", title="鲜叶 B-1 霉变", reason="六起投诉，原料批次 B-1", expected_items=AFFECTED
    )
    walk.look("proposal", show="#confirm")
    walk.send("#confirm")
    walk.look("proposed")
    # Whoever proposed is not asked to approve.
    expect(page.get_by_role("link", name="查看并审批")).to_have_count(0)
    return urlsplit(page.url).path


def approve(walk: Walk, at: str, open_page: OpenPage) -> Page:
    """Let somebody else read and approve."""
    page = open_page(f"{at}decide/", role=Role.OWNER)
    expect(page.locator("main")).to_contain_text("六起投诉")
    walk.look("decide", page)
    page.get_by_role("button", name="批准").click()
    page.get_by_text(f"已批准，暂扣 {AFFECTED} 件。").wait_for()
    walk.look("approved", page)
    return page


def test_a_complaint_becomes_a_recall_that_another_person_approves(
    walk: Walk, open_page: OpenPage, tmp_path: Path
) -> None:
    complain(walk, open_page, tmp_path)
    find_cause(walk)
    approve(walk, propose(walk), open_page)
    assert walk.faults == {}


def test_a_drill_is_announced_answered_and_scored(walk: Walk) -> None:
    page = walk.page
    events = StoredEvent.objects.count()
    page.goto(page.url.split("/app/")[0] + f"{HOME}recalls/drills/")
    page.get_by_role("button", name="抽取并开始计时").click()
    expect(page.locator("#scope")).to_be_visible()
    walk.look("drill", page)
    page.locator("#scope [name=count]").fill("40")
    page.locator("#scope").get_by_role("button", name="提交答案").click()
    for task in ("places", "balance"):
        page.locator(f"#{task}").get_by_role("button", name="让系统回答").click()
    page.locator("#end").get_by_role("button", name="结束并评分").click()
    expect(page.locator("#score-title")).to_be_visible()
    walk.look("drill-scored", page)
    # Neither stock nor consumers hear of it.
    assert StoredEvent.objects.count() == events
    assert not RecallCase.objects.exists()
    assert walk.faults == {}
