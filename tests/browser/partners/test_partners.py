"""A partner's first hour in a browser, from mistakes to a delivery, and pages for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from suyuan.capture.models import StoredEvent
from suyuan.partners.services import share
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.partners_world import Workshop

APP = "/app/mingqian"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def enter(page: Page, workshop: Workshop, address: str) -> Page:
    """Sign the factory's person in to a page's browser."""
    cookie = workshop.client().cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return page


def check(page: Page, text: str) -> None:
    page.get_by_label("文档", exact=True).fill(text)
    page.get_by_role("button", name="检查", exact=True).click()


def test_a_clerk_learns_from_mistakes_and_delivers(
    open_page: OpenPage, workshop: Workshop, live_server: LiveServer, tmp_path: Path
) -> None:
    page = enter(open_page("/"), workshop, live_server.url)
    page.goto(f"{live_server.url}{APP}/")
    assert page.locator("h1").inner_text() == "接入 明前茶业"
    assert page.get_by_role("link", name="产品").count() == 0

    page.get_by_role("link", name="带错的文档").click()
    page.get_by_role("heading", name="有 4 处要改").wait_for()
    page.get_by_text("是不是想写 commissioning？").wait_for()
    page.locator("[data-go-line]").first.click()
    chosen = page.evaluate(
        "(() => { const d = document.getElementById('id_document');"
        " return d.value.slice(d.selectionStart, d.selectionEnd); })()"
    )
    assert '"bizStep": "comissioning"' in chosen

    page.get_by_role("link", name="生产并装箱").click()
    page.get_by_text("3 × 明前龙井 50 克 装入 SSCC").wait_for()
    page.get_by_role("button", name="发到沙箱").click()
    page.get_by_text("成功了，接下来呢？").wait_for()
    assert not StoredEvent.objects.filter(organisation=workshop.actor.organisation).exists()

    page.get_by_role("link", name="去领令牌").click()
    page.get_by_label("用在哪里").fill("ERP")
    page.get_by_role("button", name="正式令牌").click()
    page.locator(".sy-secret").get_by_text("syn_").wait_for()
    assert page.locator(".sy-hour .is-done").count() == 2

    file = tmp_path / "made.json"
    file.write_text(workshop.text(), encoding="utf-8")
    page.get_by_role("link", name="检查与发送").click()
    page.get_by_label("选择文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="正式提交").click()
    page.locator("#real-dialog").get_by_role("button", name="正式提交").click()
    page.get_by_text("已正式提交。").wait_for()
    page.get_by_role("link", name="共享给我").click()
    page.get_by_role("link", name="JSON-LD 明前龙井 50 克 W000").wait_for()


def test_a_document_that_cannot_be_read_says_where_it_breaks(
    open_page: OpenPage, workshop: Workshop, live_server: LiveServer
) -> None:
    page = enter(open_page("/", phone=True), workshop, live_server.url)
    page.goto(f"{live_server.url}{APP}/connect/check/")
    check(page, '{"type": "EPCISDocument",\n "schemaVersion": "2.0",\n}')
    page.get_by_text("这里多了一个逗号。").wait_for()
    assert page.locator(".sy-excerpt .is-meant").inner_text().startswith("2")
    check(page, workshop.text())
    page.get_by_role("heading", name="看懂了：1 个事件，没有要改的").wait_for()


@pytest.mark.parametrize("phone", [False, True])
def test_a_partners_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    workshop: Workshop,
    live_server: LiveServer,
    *,
    phone: bool,
) -> None:
    page = enter(open_page("/", phone=phone), workshop, live_server.url)
    found: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(f"{live_server.url}{APP}/connect/{path}")
        note(path)

    def note(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if faults := violations(page):
            found[name] = faults

    for path in (
        "",
        "check/",
        "check/?sample=make",
        "check/?sample=mistakes&form=xml1",
        "deliveries/",
        "shared/",
        "programs/?program=java",
    ):
        look(path)
    page.goto(f"{live_server.url}{APP}/connect/check/?sample=ship")
    page.get_by_role("button", name="发到沙箱").click()
    note("delivery")
    look("deliveries/?in=sandbox")
    look("")
    assert found == {}


@pytest.mark.parametrize("phone", [False, True])
def test_the_brands_pages_are_accessible(
    open_page: OpenPage, violations: Violations, workshop: Workshop, *, phone: bool
) -> None:
    share(actor=workshop.actor, code="FAB", limits=Limits(own_party=True), note="收发货")
    found: dict[str, list[str]] = {}
    for path in (
        "partners/",
        "partners/_new/",
        "partners/_sandbox/",
        "partners/FAB/",
        "partners/FAB/edit/",
        "partners/FAB/sharing/",
        "partners/FAB/end/",
        "connect/check/",
    ):
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    page = open_page(f"{APP}/partners/FAB/sharing/", role=Role.OWNER, phone=phone)
    page.get_by_role("button", name="预览").click()
    if faults := violations(page):
        found["preview"] = faults
    assert found == {}
