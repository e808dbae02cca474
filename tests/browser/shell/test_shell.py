"""The shell in a browser: accessible, within the screen, usable by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations

HOME = "/app/mingqian/"
PAGES = (HOME, f"{HOME}step/use/", f"{HOME}search/?q=nothing")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_pages_are_accessible_and_fit_the_screen(
    open_page: OpenPage, violations: Violations, phone: bool, language: str
) -> None:
    for path in PAGES:
        page = open_page(path, role=Role.OWNER, phone=phone, language=language)
        assert violations(page) == [], path
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, path


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_start_page_is_accessible(
    open_page: OpenPage, violations: Violations, phone: bool
) -> None:
    assert violations(open_page("/", phone=phone)) == []


def test_slash_goes_to_the_search_box_and_enter_searches(open_page: OpenPage) -> None:
    page = open_page(HOME, role=Role.OWNER)
    page.keyboard.press("/")
    page.keyboard.type("nothing at all")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=nothing+at+all")
    expect(page.locator("input[name=q]").first).to_have_value("nothing at all")


def test_a_menu_opens_by_keyboard_and_escape_closes_it(open_page: OpenPage) -> None:
    page = open_page(HOME, role=Role.OWNER)
    summary = page.locator(".sy-menu-account summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sy-menu-account .sy-menu-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sy-menu-account .sy-menu-list")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_language_switch_changes_the_page_and_stays_on_it(open_page: OpenPage) -> None:
    page = open_page(f"{HOME}step/plan/", role=Role.OWNER)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/step/plan/")


def test_the_first_tab_stop_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page(HOME, role=Role.OWNER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_targets_on_a_phone_are_large_enough(open_page: OpenPage) -> None:
    page = open_page(HOME, role=Role.OWNER, phone=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input')]
            .filter(e => e.checkVisibility() && !e.matches('.sy-skip, .sy-top-brand'))
            .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && box.height < 44).map(([text]) => text)"""
    )
    assert small == []
