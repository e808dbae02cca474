"""A recall in a real browser: proposed, approved by a second person, counted, closed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from suyuan.recalls.models import RecallCase
from suyuan.recalls.services import count_effect, open_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.recall_world import World, item, material_lot, open_approved

BASE = "/app/mingqian/recalls"
_PICTURES = os.environ.get("SUYUAN_TEST_PICTURES", "")


def _picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page where somebody wants to look at it."""
    if _PICTURES:
        page.screenshot(path=Path(_PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def proposal(actor: Actor, world: World) -> RecallCase:
    """Return a proposed case."""
    return open_recall(
        actor=actor,
        title="明前龙井农残超标",
        reason="复检毒死蜱 0.42 mg/kg，超过限量。",
        starts=[material_lot("M-1")],
        precaution=True,
        regime="food-2",
    )


@pytest.fixture
def case(actor: Actor, world: World) -> RecallCase:
    """Return an approved case that was counted once."""
    case = open_approved(
        actor, material_lot("M-1"), title="明前龙井农残超标", reason="复检不合格", regime="food-2"
    )
    count_effect(actor=actor, number=case.number)
    return case


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_of_a_case_are_accessible(
    case: RecallCase, open_page: OpenPage, violations: Violations, language: str, phone: bool
) -> None:
    for name in ("", "effect/", "again/", "withdraw/", "items/"):
        page = open_page(
            f"{BASE}/{case.number}/{name}", role=Role.QUALITY, phone=phone, language=language
        )
        assert violations(page) == [], name
        _picture(page, f"case-{name.strip('/')}-{language}-{'phone' if phone else 'desk'}")


def test_a_second_person_reads_approves_and_closes(
    proposal: RecallCase, open_page: OpenPage, violations: Violations
) -> None:
    page = open_page(f"{BASE}/{proposal.number}/", role=Role.QUALITY)
    _picture(page, "proposed")
    page.get_by_role("link", name="查看并审批").first.click()
    assert violations(page) == []
    _picture(page, "decide")
    page.get_by_role("button", name="批准").click()
    page.get_by_text("已批准，暂扣 25 件。").wait_for()
    _picture(page, "approved")
    page.get_by_role("link", name="召回效果", exact=True).click()
    page.get_by_label("无法收回的单品，每行一个码").fill(item(1))
    page.get_by_label("已知情况").fill("已食用")
    page.get_by_role("button", name="核销").click()
    page.get_by_text("1 件计为无法收回。").wait_for()
    page.get_by_label("结案情况").fill("在库 22 件已隔离。")
    page.get_by_role("button", name="统计并结案").click()
    page.get_by_text("召回已结案，结果见召回报告。").wait_for()
    _picture(page, "closed")

    assert RecallCase.objects.get().status == "closed"


def test_the_list_and_the_proposal_are_accessible(
    proposal: RecallCase, open_page: OpenPage, violations: Violations
) -> None:
    page = open_page(f"{BASE}/", role=Role.QUALITY)
    assert violations(page) == []
    _picture(page, "list")
    page = open_page(f"{BASE}/new/?start={material_lot('M-1')}#confirm", role=Role.QUALITY)
    assert violations(page) == []
    _picture(page, "proposal-form")
