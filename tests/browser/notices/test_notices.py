"""Notices in a browser: list, letter, counter, the public's pages; accessible on desk and phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from suyuan.recalls.models import Notice
from suyuan.recalls.notices.announcing import public_id_of, set_announcement
from suyuan.recalls.notices.links import token_of
from suyuan.recalls.notices.preparing import import_contacts
from suyuan.recalls.notices.queueing import send_notices
from suyuan.recalls.notices.rounds import drain
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.browser.pictures import take
from tests.mail_server import MailServer
from tests.notice_world import Noticed

APP = "/app/mingqian/recalls"
LIST = "订单号,邮箱,收货人\nORDER-1,li@buyer.example,李雷\n"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def scan(page: Page, text: str) -> None:
    """Type as a wedge scanner does: fast, into whatever has the focus, Enter at the end."""
    with page.expect_navigation():
        page.keyboard.type(text)
        page.keyboard.press("Enter")


@pytest.fixture
def told(noticed: Noticed, actor: Actor, mail: MailServer) -> Noticed:
    """Return a recall whose notices have been sent."""
    set_announcement(actor=actor, number=noticed.number, hotline="400-800-1234（9:00 至 18:00）")
    import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    send_notices(actor=actor, number=noticed.number)
    drain()
    return noticed


def answer_path(recipient: str) -> str:
    row = Notice.objects.get(recipient=recipient)
    return f"/recall/a/{token_of(row.organisation_id, row.id)}/"


def test_a_gloved_hand_scans_returns_one_after_the_other(
    open_page: OpenPage, told: Noticed
) -> None:
    page = open_page(f"{APP}/{told.number}/returns/", role=Role.WAREHOUSE, phone=True)
    for code, verdict in (
        ("(01)09521234000013(21)1", "召回商品，已收回"),
        ("https://id.gs1.org/01/09521234000013/21/1", "召回商品，此前已收回"),
        ("(01)09521234000013(21)201", "不在召回范围"),
        ("9999", "查无此码"),
    ):
        scan(page, code)
        assert verdict in page.locator(".ny-verdict").inner_text()
        take(page, f"notices-return-{verdict}")


def test_a_buyer_answers_with_one_touch_and_without_a_script(
    open_page: OpenPage, told: Noticed
) -> None:
    page = open_page(answer_path("order:ORDER-1"), phone=True)
    take(page, "notices-answer")
    page.get_by_role("button", name="已经丢弃").click()
    assert "谢谢" in page.locator("[role=status]").inner_text()
    assert Notice.objects.get(recipient="order:ORDER-1").answer == {"thrown_away": 1}
    assert page.context.cookies() == []
    take(page, "notices-answered")


def test_sending_asks_first(open_page: OpenPage, noticed: Noticed, mail: MailServer) -> None:
    page = open_page(f"{APP}/{noticed.number}/notices/", role=Role.OWNER)
    page.get_by_role("button", name="发送 2 份通知").click()
    dialog = page.locator("#send-all")
    dialog.get_by_role("button", name="取消").click()
    assert not Notice.objects.filter(state="queued").exists()
    page.get_by_role("button", name="发送 2 份通知").click()
    with page.expect_navigation():
        dialog.get_by_role("button", name="发送").click()
    assert Notice.objects.filter(state="queued").count() == 2


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_pages_are_accessible(
    open_page: OpenPage, violations: Violations, told: Noticed, *, phone: bool, language: str
) -> None:
    case = told.case
    number = Notice.objects.get(recipient="party:D-1").number
    found: dict[str, list[str]] = {}
    pages = {
        "list": f"{APP}/{case.number}/notices/",
        "one": f"{APP}/{case.number}/notices/{number}/",
        "announcement": f"{APP}/{case.number}/notices/announcement/",
        "returns": f"{APP}/{case.number}/returns/",
        "words": f"{APP}/messages/",
        "template": f"{APP}/messages/buyer/zh-hans/",
        "public": f"/recall/{public_id_of(case)}/",
        "answer-buyer": answer_path("order:=ORDER-2"),
        "answer-partner": answer_path("party:D-1"),
    }
    size = f"{'phone' if phone else 'desk'}-{language[:2]}"
    for name, path in pages.items():
        role = Role.OWNER if path.startswith("/app") else None
        page = open_page(path, role=role, phone=phone, language=language)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        faults = [*violations(page), *(["wider than the screen"] if wide else [])]
        if faults:
            found[name] = faults
        take(page, f"notices-{name}-{size}")
    assert found == {}
