"""The pages of a case: deciding, looking again, counting, closing, its report."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from django.test import Client
from django.utils.translation import override
from openpyxl import load_workbook

from suyuan.process.references import region_text
from suyuan.recalls.models import EffectCount, Notice, RecallCase, ScopeGroup
from suyuan.recalls.notices.preparing import prepare_notices
from suyuan.recalls.services import open_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from suyuan.web.recalls.report import report_of
from suyuan.web.recalls.report_pdf import pdf_of
from tests.recall_world import World, item, material_lot, open_approved

BASE = "/app/mingqian/recalls"

type MakeClient = Callable[..., Client]


@pytest.fixture
def proposal(actor: Actor, world: World) -> RecallCase:
    """Return a proposed case of 25 items."""
    return open_recall(
        actor=actor, title="农残超标", reason="复检不合格", starts=[material_lot("M-1")]
    )


@pytest.fixture
def case(actor: Actor, world: World) -> RecallCase:
    """Return an approved case of 25 items."""
    return open_approved(
        actor, material_lot("M-1"), title="农残超标", reason="复检不合格", regime="food-2"
    )


def test_a_proposal_leads_to_its_decision(proposal: RecallCase, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)
    page = client.get(f"{BASE}/{proposal.number}/").content.decode()
    assert f'href="{BASE}/{proposal.number}/decide/"' in page

    form = client.get(f"{BASE}/{proposal.number}/decide/").content.decode()
    assert 'value="approve"' in form
    answer = client.post(
        f"{BASE}/{proposal.number}/decide/", {"version": "1", "decision": "approve"}
    )

    assert answer.status_code == 302
    assert RecallCase.objects.get().status == "approved"


def test_whoever_proposed_sees_who_may_approve(world: World, client_as: MakeClient) -> None:
    client, other = client_as(Role.QUALITY), client_as(Role.QUALITY)
    decision = {
        "start": material_lot("M-1"),
        "title": "Bad leaves",
        "reason": "Residues",
        "hold": "on",
        "precaution": "on",
        "expected_items": "25",
        "request_key": "one",
        "regime": "food-1",
        "rule_read": "on",
    }
    client.post(f"{BASE}/new/open", decision)
    case = RecallCase.objects.get()

    page = client.get(f"{BASE}/{case.number}/").content.decode()
    assert "founder@mingqian.example" in page
    form = client.get(f"{BASE}/{case.number}/decide/").content.decode()
    assert 'value="approve"' not in form
    forced = client.post(f"{BASE}/{case.number}/decide/", {"version": "1", "decision": "approve"})
    assert forced.status_code == 422
    assert RecallCase.objects.get().status == "proposed"
    assert case.begin_by is not None
    done = other.post(f"{BASE}/{case.number}/decide/", {"version": "1", "decision": "approve"})
    assert done.status_code == 302


def test_limits_of_a_regulation_are_taken_only_by_who_read_them(
    world: World, client_as: MakeClient
) -> None:
    decision = {
        "start": material_lot("M-1"),
        "title": "Bad",
        "reason": "Residues",
        "expected_items": "25",
        "request_key": "one",
        "regime": "food-1",
    }

    answer = client_as(Role.QUALITY).post(f"{BASE}/new/open", decision)

    assert answer.status_code == 422
    assert not RecallCase.objects.exists()


def test_a_rejection_without_a_reason_is_refused(
    proposal: RecallCase, client_as: MakeClient
) -> None:
    client, path = client_as(Role.QUALITY), f"{BASE}/{proposal.number}/decide/"

    assert client.post(path, {"version": "1", "decision": "reject"}).status_code == 422
    answer = client.post(path, {"version": "1", "decision": "reject", "note": "样品弄混"})

    assert answer.status_code == 302
    assert RecallCase.objects.get().status == "rejected"
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "99", "1e9", "-1"])
def test_a_decision_on_another_version_changes_nothing(
    proposal: RecallCase, client_as: MakeClient, version: str
) -> None:
    answer = client_as(Role.QUALITY).post(
        f"{BASE}/{proposal.number}/decide/", {"version": version, "decision": "approve"}
    )

    assert answer.status_code == 422
    assert RecallCase.objects.get().status == "proposed"


def test_a_recall_is_called_off_with_a_reason(case: RecallCase, client_as: MakeClient) -> None:
    client, path = client_as(Role.QUALITY), f"{BASE}/{case.number}/withdraw/"

    assert client.get(path).status_code == 200
    assert client.post(path, {"note": ""}).status_code == 422
    assert client.post(path, {"note": "误报"}).status_code == 302
    assert "误报" in client.get(f"{BASE}/{case.number}/").content.decode()
    assert client.post(path, {"note": "Again"}).status_code == 422


def test_looking_again_shows_the_difference_and_changes_nothing(
    case: RecallCase, client_as: MakeClient
) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/again/")

    assert answer.status_code == 200
    assert 'name="why"' not in answer.content.decode()


def test_effect_is_counted_written_off_and_closed(case: RecallCase, client_as: MakeClient) -> None:
    client, base = client_as(Role.QUALITY), f"{BASE}/{case.number}"

    assert client.post(f"{base}/effect/count").status_code == 302
    lost = {"codes": f"{item(1)}\n", "why": "已食用"}
    assert client.post(f"{base}/effect/give-up", lost).status_code == 302
    assert client.post(f"{base}/effect/give-up", {"codes": "x", "why": "?"}).status_code == 422
    page = client.get(f"{base}/effect/").content.decode()
    links = set(re.findall(rf'href="({base}/items/\?outcome[^"]*)"', page))
    assert client.post(f"{base}/close", {"note": "收回 22 件"}).status_code == 302
    assert client.post(f"{base}/effect/count").status_code == 302  # told, not done
    assert EffectCount.objects.count() == 2
    overview = client.get(f"{base}/").content.decode()
    links |= set(re.findall(rf'href="({base}/items/\?outcome[^"]*)"', overview))
    assert links
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("query", ["outcome=out&count=1e5", "outcome=&count=", "certainty=maybe"])
def test_odd_filters_of_items_find_nothing(
    case: RecallCase, client_as: MakeClient, query: str
) -> None:
    assert client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/items/?{query}").status_code == 200


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PLANNER])
def test_who_may_only_look_does_nothing(
    case: RecallCase, client_as: MakeClient, role: Role
) -> None:
    client = client_as(role)
    for path in ("decide/", "withdraw/", "effect/count", "effect/give-up", "close"):
        assert client.post(f"{BASE}/{case.number}/{path}", {"note": "x"}).status_code == 403
    for path in ("", "effect/", "again/", "report.pdf", "report.xlsx"):
        answer = client.get(f"{BASE}/{case.number}/{path}")
        assert answer.status_code == 200
        if answer.streaming:
            assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_report_is_a_pdf_with_chinese_text_that_can_be_copied(
    actor: Actor, case: RecallCase, client_as: MakeClient
) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/report.pdf")

    assert answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert case.number in text
    assert "农残超标" in text
    assert "复检不合格" in text
    assert "杭州仓" in text
    assert "还没有通知任何人" in text
    assert pdf_of(report_of(actor, case)).startswith(b"%PDF")


def test_the_workbook_has_sheets_and_no_formula(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    case = open_approved(actor, material_lot("M-1"), title="=1+1", reason="@cmd")
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/report.xlsx")

    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(book.sheetnames) >= 6
    assert all(cell.data_type != "f" for cell in cells)


def test_deadlines_stand_in_the_list(case: RecallCase, client_as: MakeClient) -> None:
    RecallCase.objects.update(end_by=case.opened_at)

    page = client_as(Role.AUDITOR).get(f"{BASE}/?status=current").content.decode()

    assert "逾期" in page


def test_parcels_are_on_the_map_in_their_buyers_provinces(
    case: RecallCase, client_as: MakeClient
) -> None:
    parcels = ScopeGroup.objects.filter(case_id=case.id, kind="shipment")
    parcels.filter(whereabouts="sold").update(place=region_text("440300"))
    parcels.filter(whereabouts="in_transit").update(place=region_text("440100"))
    page = client_as(Role.QUALITY).get(f"{BASE}/{case.number}/").content.decode()
    drawing = page[page.index('aria-labelledby="scope-title') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert drawing.count("广东") >= 2  # one place for what is sold, one for what is on its way


def test_the_report_tells_who_was_told(actor: Actor, case: RecallCase) -> None:
    prepare_notices(actor=actor, number=case.number)
    with override("en"):
        report = report_of(actor, case)
    (section,) = [one for one in report.sections if one.title == "Notices"]
    assert section.table is not None
    *kinds, every = section.table.rows
    assert len(kinds) >= 1
    assert every[1] == str(Notice.objects.filter(case_id=case.id).count())
    assert every[2] == "0"
