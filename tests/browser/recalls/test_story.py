"""From a consumer's complaint to a closed recall, through the screens alone.

Eighty tins are made of one supplier's leaves, and as many of others'. Two buyers got some of the
bad ones. One complains; what the complaints share leads to the leaves, the leaves to a recall that
quality proposes and somebody else approves; dispatch is refused, letters go out, a buyer answers,
a tin comes back, the case is closed and its report read. Then a drill.

`SUYUAN_TEST_SCREENSHOTS=docs/screenshots/acceptance` keeps a picture of each step.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pypdfium2
import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.quality.services import file_complaint
from suyuan.recalls.models import RecallCase
from suyuan.recalls.notices.rounds import drain
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser import pictures
from tests.browser.conftest import OpenPage, Violations
from tests.browser.walking import Walk, numbers, places
from tests.mail_server import MailServer
from tests.quality_world import FIRST, GTIN, Goods, build_goods, case, item
from tests.recall_world import picture, waybill_uri

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME: Final = "/app/mingqian/"
AFFECTED: Final = 80
SOLD: Final = {"TB-0310-1": (301, 302, 303), "TB-0310-2": (211, 212)}
CONTACTS: Final = "订单号,邮箱,收货人\nTB-0310-1,lilei@shop.example,李雷\n"


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


def dispatch(walk: Walk, open_page: OpenPage) -> None:
    """Try to send recalled goods out of the warehouse."""
    walk.page = open_page(f"{HOME}", role=Role.WAREHOUSE)
    walk.page.locator("nav").get_by_role("link", name="手工登记", exact=True).first.click()
    walk.follow("发货", exact=True)
    walk.fill(
        units=case(22),
        location="SOUTH",
        to_location="NORTH",
        time=timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    )
    walk.page.locator("main button.btn-primary[type=submit]").first.click()
    expect(walk.page.locator("main .sy-error").first).to_contain_text("召回")
    walk.look("dispatch-refused", show="main .sy-field:has(.sy-error)")


def notify(walk: Walk, page: Page, at: str, mail: MailServer, folder: Path) -> str:
    """Make the list, take in the shop's contacts, send; return the path of the buyer's link."""
    page.goto(page.url.split("/app/")[0] + f"{at}notices/")
    page.get_by_role("button", name="生成通知名单").click()
    for order in SOLD:
        expect(page.locator("#list")).to_contain_text(order)
    walk.look("recipients", page, show="#list")
    contacts = folder / "contacts.csv"
    contacts.write_text(CONTACTS, encoding="utf-8")
    page.set_input_files("input[type=file]", contacts)
    page.get_by_role("button", name="导入清单").click()
    page.get_by_role("button", name=re.compile("^发送 ")).click()
    walk.look("send", page)
    with page.expect_navigation():
        page.locator("#send-all").get_by_role("button", name="发送").click()
    drain()  # what the worker does
    page.reload()
    walk.look("sent", page)
    assert sorted(to for to, _ in mail.letters) == ["li@buyer.example", "lilei@shop.example"]
    words = mail.to("lilei@shop.example")[0].get_content()
    assert "TB-0310-1" in words
    link = re.search(r"https?://\S+(/recall/a/\S+/)", words)
    assert link is not None
    return link[1]


def read_public_notice(walk: Walk, page: Page, open_page: OpenPage) -> None:
    """Read, as anybody may, what is recalled and what to do."""
    href = page.locator("a[href*='/recall/']").first.get_attribute("href")
    assert href is not None
    public = open_page(urlsplit(href).path, phone=True)
    for lot in ("P-2", "P-3"):
        expect(public.locator("main")).to_contain_text(lot)
    expect(public.locator("main")).not_to_contain_text("P-1")
    walk.look("public-notice", public)


def answer(walk: Walk, open_page: OpenPage, link: str, owner: Page) -> None:
    """Answer through the private link, on a telephone, without an account; the list shows it."""
    page = open_page(link, phone=True)
    expect(page.locator("main")).to_contain_text("TB-0310-1")
    walk.look("answer", page)
    page.get_by_role("button", name="还在手里").click()
    expect(page.locator("[role=status]")).to_contain_text("谢谢")
    walk.look("answered", page)
    owner.reload()
    line = owner.locator("#list tr").filter(has_text="TB-0310-1").filter(has_text="买家")
    expect(line).to_contain_text(re.compile(r"还在手里\s*3"))
    walk.look("answer-on-the-list", owner, show="#list")


def take_back(walk: Walk, at: str) -> None:
    """Scan what came: one tin of the recall, one that has nothing to do with it."""
    page = walk.page
    page.goto(page.url.split("/app/")[0] + f"{at}returns/")
    for code, verdict in ((301, "召回商品，已收回"), (101, "不在召回范围")):
        page.locator(".ny-counter [name=code]").fill(f"(01){GTIN}(21){code}")
        page.locator(".ny-counter [name=location]").select_option("NORTH")
        page.locator(".ny-counter button[type=submit]").click()
        expect(page.locator(".ny-verdict")).to_contain_text(verdict)
        walk.look(f"returned-{code}", page)


def close(walk: Walk, page: Page, at: str, folder: Path) -> None:
    """Count, close, and read the report in both forms."""
    page.goto(page.url.split("/app/")[0] + f"{at}effect/")
    page.get_by_role("button", name="统计并留存").click()
    page.get_by_text("已统计并留存").wait_for()
    counts = {"已在库截留": 75, "已收回": 1, "已销毁": 0, "无法收回": 0, "仍在外": 4}
    assert numbers(page) == counts
    walk.look("effect", page)
    page.get_by_label("结案情况").fill("在库 75 件隔离待毁，寄回 1 件，其余 4 件已告知不再饮用。")
    walk.look("closing", page, show="#close")
    page.get_by_role("button", name="统计并结案").click()
    page.get_by_text("召回已结案，结果见召回报告。").wait_for()
    page.goto(page.url.split("/app/")[0] + at)
    walk.look("closed", page)
    files = {}
    for form in ("pdf", "xlsx"):
        with page.expect_download() as download:
            page.locator(f"a[href$='report.{form}']").first.click()
        files[form] = folder / f"report.{form}"
        download.value.save_as(files[form])
    pages = pypdfium2.PdfDocument(files["pdf"])
    leaf = pages[0].render(scale=1.5).to_pil()
    pictures.keep(leaf, f"{walk.story}{walk.steps + 1}-report")
    text = "".join(one.get_textpage().get_text_range() for one in pages)
    assert text.startswith("召回报告")
    for told in ("鲜叶 B-1 霉变", "六起投诉", *SOLD, "隔离待毁", "已在库截留 75 93.8 %", "未改动"):
        assert told in text
    book = load_workbook(files["xlsx"], read_only=True)
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert set(counts.items()) <= {row[:2] for row in rows}
    assert ("合计", AFFECTED, "100 %") in rows


def test_a_complaint_becomes_a_recall_that_is_closed(
    walk: Walk, open_page: OpenPage, mail: MailServer, tmp_path: Path
) -> None:
    complain(walk, open_page, tmp_path)
    find_cause(walk)
    at = propose(walk)
    owner = approve(walk, at, open_page)
    dispatch(walk, open_page)
    link = notify(walk, owner, at, mail, tmp_path)
    read_public_notice(walk, owner, open_page)
    answer(walk, open_page, link, owner)
    take_back(walk, at)
    close(walk, owner, at, tmp_path)
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
