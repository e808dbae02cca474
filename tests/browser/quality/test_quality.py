"""Quality's screens in a real browser: pictures, sisters, what complaints share, suppliers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from suyuan.quality.models import Complaint, ComplaintPicture
from suyuan.quality.services import add_report, file_complaint
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.quality_world import GTIN, LEAVES, build_goods, item
from tests.recall_world import PDF, picture

BASE = "/app/mingqian"


@pytest.fixture
def number(actor: Actor, transactional_db: None) -> str:
    """Return the number of a complaint about goods that others complain of too."""
    build_goods(actor)
    for serial in (302, 303, 304, 305, 312, 201):
        file_complaint(actor=actor, text="茶汤发苦", target=item(serial))
    add_report(
        actor=actor,
        title="鲜叶农残",
        target_kind="material_lot",
        gtin=LEAVES,
        lot="B-1",
        issued_by="检验中心",
        issued_on=date(2026, 3, 6),
        result="fail",
        data=PDF,
    )
    return file_complaint(
        actor=actor, text="有霉味", target=item(301), uploads=[picture(size=(300, 200))]
    ).number


def test_consumer_sends_a_complaint_with_pictures_without_script(
    number: str, open_page: OpenPage, violations: Violations, tmp_path: Path
) -> None:
    shots = [tmp_path / name for name in ("a.png", "b.jpg")]
    shots[0].write_bytes(picture(size=(60, 40)))
    shots[1].write_bytes(picture("JPEG", (60, 40)))
    page = open_page(f"/01/{GTIN}/21/301", phone=True)
    page.locator("#complain summary").click()
    page.fill("#text", "罐子是坏的")
    page.set_input_files("#pictures", shots)
    assert violations(page) == []

    page.click("#complain button")

    expect(page.locator(".cy-thanks")).to_be_visible()
    complaint = Complaint.objects.get(text="罐子是坏的")
    assert ComplaintPicture.objects.filter(complaint_id=complaint.id).count() == 2


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_a_complaint_to_what_many_share_to_a_recall(
    number: str, open_page: OpenPage, violations: Violations, language: str
) -> None:
    page = open_page(f"{BASE}/quality/complaints/{number}/", role=Role.QUALITY, language=language)
    expect(page.locator(".sy-shots img")).to_be_visible()
    assert page.evaluate("document.querySelector('.sy-shots img').naturalWidth") == 300
    assert violations(page) == []

    page.goto(page.url + "sisters/hour/")
    assert violations(page) == []
    page.goto(page.url.split("/quality/")[0] + "/quality/complaints/common/")
    assert violations(page) == []
    page.locator("table a[href*='/recalls/new/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/recalls/new/" in page.url


@pytest.mark.parametrize("phone", [False, True])
def test_supplier_screens_lead_from_a_bar_to_its_lots(
    number: str, open_page: OpenPage, violations: Violations, *, phone: bool
) -> None:
    page = open_page(
        f"{BASE}/suppliers/?begin=2026-02-01&end=2026-03-31", role=Role.QUALITY, phone=phone
    )
    assert violations(page) == []
    assert page.evaluate("document.body.scrollWidth <= window.innerWidth")

    page.locator(".sy-whiskers a").first.click()

    expect(page.locator("#lots")).to_contain_text("B-1")
    assert violations(page) == []
    page.locator("#lots a", has_text="B-1").first.click()
    expect(page.locator(".sy-note.sy-tone-bad").first).to_contain_text("鲜叶农残")
    assert violations(page) == []
