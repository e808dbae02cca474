"""What the page tells of a recall that nobody has approved: nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.capture.identities import find_key
from suyuan.core.identifiers import parse_identity
from suyuan.lineage import selectors as lineage
from suyuan.recalls.models import RecallCase
from suyuan.recalls.services import (
    approve_recall,
    close_recall,
    open_recall,
    reject_recall,
    take_up,
    withdraw_recall,
)
from suyuan.recalls.untold import untold
from suyuan.tenancy.actor import Actor
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Scan
from suyuan.verification.values import Verdict
from tests.recall_world import approver
from tests.scan_world import LOT, Goods

pytestmark = pytest.mark.django_db

_READ = {"SELECT", "INSERT"}


@pytest.fixture
def proposed(goods: Goods) -> RecallCase:
    """Return a proposal that holds the goods as a precaution."""
    lot = f"https://id.gs1.org/01/{goods.gtin}/10/{LOT}"
    case = open_recall(
        actor=goods.actor, title="Secret title", reason="x", starts=[lot], precaution=True
    )
    assert case.held_count == 4
    return case


@pytest.fixture
def second(goods: Goods) -> Actor:
    """Return the person who decides."""
    return approver(goods.actor.organisation)


def read(path: str, device: str = "one") -> str:
    forget_all()
    response = Client().get(path, HTTP_USER_AGENT=device, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200
    return response.content.decode()


def is_told(goods: Goods, position: int = 0) -> bool:
    page = read(goods.path(position))
    told = "do not use" in page
    assert told or "ecall" not in page
    assert told or "Secret title" not in page
    return told


def test_goods_held_by_a_proposal_are_shown_as_any_others(
    goods: Goods, proposed: RecallCase
) -> None:
    assert not is_told(goods)
    assert proposed.number not in read(goods.path())
    assert set(Scan.objects.values_list("verdict", flat=True)) <= {
        Verdict.GENUINE_FIRST,
        Verdict.GENUINE_SEEN,
    }


def test_approval_tells_at_once(goods: Goods, proposed: RecallCase, second: Actor) -> None:
    assert not is_told(goods)
    approve_recall(actor=second, number=proposed.number)
    assert is_told(goods)
    assert proposed.number in read(goods.path())


def test_rejected_proposal_leaves_no_trace_on_the_page(
    goods: Goods, proposed: RecallCase, second: Actor
) -> None:
    before = read(goods.path(1)).count("<li")
    reject_recall(actor=second, number=proposed.number, note="no")
    assert not is_told(goods)
    assert read(goods.path(1)).count("<li") == before


def test_closed_recall_is_still_told_with_its_number(
    goods: Goods, proposed: RecallCase, second: Actor
) -> None:
    approve_recall(actor=second, number=proposed.number)
    close_recall(actor=second, number=proposed.number, note="done")
    assert is_told(goods)
    assert proposed.number in read(goods.path())


def test_withdrawn_recall_is_told_no_more(
    goods: Goods, proposed: RecallCase, second: Actor
) -> None:
    approve_recall(actor=second, number=proposed.number)
    withdraw_recall(actor=second, number=proposed.number, note="false alarm")
    assert "do not use" not in read(goods.path())


def test_mark_from_outside_is_told_though_a_proposal_holds_the_goods(
    goods: Goods, proposed: RecallCase
) -> None:
    goods.mark("recalled", goods.link())
    assert is_told(goods, 0)
    assert not is_told(goods, 1)


def test_second_proposal_hides_nothing_of_an_approved_recall(
    goods: Goods, proposed: RecallCase, second: Actor
) -> None:
    approve_recall(actor=second, number=proposed.number)
    open_recall(
        actor=goods.actor, title="Other", reason="x", starts=[goods.link()], precaution=True
    )
    assert is_told(goods)


def test_what_a_wider_scope_holds_is_told_once_it_is_approved(
    goods: Goods, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_recall(
        actor=goods.actor, title="One", reason="x", starts=[goods.link()], precaution=True
    )
    approve_recall(actor=second, number=case.number)
    wider = [goods.link(0), goods.link(1)]
    RecallCase.objects.filter(number=case.number).update(starts=wider)
    take_up(actor=goods.actor, number=case.number)
    assert is_told(goods, 0)
    assert not is_told(goods, 1)
    approve_recall(actor=second, number=case.number)
    assert is_told(goods, 1)


def test_case_number_of_another_organisation_hides_nothing(
    goods: Goods, proposed: RecallCase, other_actor: Actor
) -> None:
    key = find_key(goods.actor.organisation_id, parse_identity(goods.link()))
    assert key is not None
    steps = lineage.history(organisation_id=goods.actor.organisation_id, key=key).steps
    marks = {s.happening.seq for s in steps if s.happening.disposition == "recalled"}
    assert untold(goods.actor.organisation_id, key, marks) == marks
    assert untold(other_actor.organisation_id, key, marks) == frozenset()


def test_recalled_goods_cost_a_small_and_fixed_number_of_queries(
    goods: Goods, proposed: RecallCase, second: Actor
) -> None:
    def queries(position: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get(goods.path(position))
        return len([q for q in captured.captured_queries if q["sql"].lstrip()[:6] in _READ])

    read(goods.path(3))
    held = queries(0)
    assert held == 13 + 2
    approve_recall(actor=second, number=proposed.number)
    for number in range(5):  # cases that have nothing to do with it
        more = open_recall(
            actor=goods.actor, title=f"C{number}", reason="x", starts=[goods.link(3)]
        )
        approve_recall(actor=second, number=more.number)
    read(goods.path(3))
    assert queries(1) == queries(2) <= 13 + 3
