"""Readers in a browser: set one up, see tags come without reloading, follow an arrival."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from suyuan.docks.models import Reader
from suyuan.docks.services import take_reads
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.docks_world import FOREIGN, seen

APP = "/app/mingqian/docks/"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_reader_is_set_up_and_its_field_fills_before_the_eyes(
    open_page: OpenPage, actor: Actor, dock: Location, tags: list[str], active_order: CodeOrder
) -> None:
    page = open_page(APP, role=Role.OWNER, language="en")
    page.get_by_role("link", name="New reader").first.click()
    page.get_by_label("Short code").fill("IN-7")
    page.get_by_label("Name", exact=True).fill("Door 7")
    page.get_by_label("Where the reader stands").select_option(dock.code)
    page.get_by_label("What the reader is for").select_option("receiving")
    page.get_by_role("button", name="Set the reader up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Door 7")

    take_reads(actor=actor, reader_code="IN-7", report=seen([*tags[:3], FOREIGN]))
    expect(page.get_by_text("3 arrived")).to_be_visible()
    expect(page.get_by_text("Somebody else's")).to_be_visible()
    page.get_by_label("The report").fill(seen(tags[3:4], 1).decode())
    page.get_by_role("button", name="Take the report").click()
    expect(page.get_by_text("1 arrived")).to_be_visible()
    serial = issuing.serials(active_order)[0]
    page.get_by_role("link", name=serial).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Longjing")


@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    actor: Actor,
    receiving: Reader,
    passage: Reader,
    tags: list[str],
    *,
    phone: bool,
) -> None:
    take_reads(actor=actor, reader_code="IN-1", report=seen([*tags[:3], FOREIGN]))
    for path in ("", "new/", "readers/IN-1/", "readers/IN-1/stays/", "readers/GATE-1/edit/"):
        page = open_page(APP + path, role=Role.OWNER, phone=phone)
        assert violations(page) == []
        page.close()
