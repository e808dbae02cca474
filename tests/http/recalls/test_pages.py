"""The pages of recalls and their API."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from django.test import Client
from openpyxl import load_workbook

from suyuan.recalls.models import RecallCase
from suyuan.recalls.services import approve_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from suyuan.tenancy.services import issue_token
from suyuan.web.recalls import workbook
from tests.recall_world import World, approver, item, lot, material_lot, open_approved

BASE = "/app/mingqian/recalls"

type MakeClient = Callable[..., Client]


def _new(*starts: str) -> str:
    return f"{BASE}/new/?{urlencode({'start': starts}, doseq=True)}"


def _decision(start: str, **more: object) -> dict[str, object]:
    return {
        "start": start,
        "title": "Bad leaves",
        "reason": "Residues",
        "hold": "on",
        "expected_items": "25",
        "request_key": "one",
        **more,
    }


def test_new_recall_asks_what_is_bad_first(world: World, client_as: MakeClient) -> None:
    page = client_as(Role.QUALITY).get(f"{BASE}/new/").content.decode()

    assert 'name="start"' in page


def test_lots_page_arrives_with_its_lot_and_sees_the_scope(
    world: World, client_as: MakeClient
) -> None:
    answer = client_as(Role.QUALITY).get(_new(material_lot("M-1")))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "杭州仓" in page
    assert "SF-1" in page
    assert "ORDER-2" in page
    assert "sy-map" in page
    assert not RecallCase.objects.exists()


def test_several_codes_stand_on_lines_of_their_own(world: World, client_as: MakeClient) -> None:
    answer = client_as(Role.QUALITY).get(_new(f"{lot('L-A')}\r\n{lot('L-B')}"))

    assert re.search(r"召回将影响 25|affect 25", answer.content.decode())


def test_unknown_code_is_named_and_what_was_typed_is_kept(
    world: World, client_as: MakeClient
) -> None:
    answer = client_as(Role.QUALITY).get(_new(lot("L-A"), "nonsense"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "nonsense: " in page
    assert lot("L-A") in page


def test_starts_can_be_changed(world: World, client_as: MakeClient) -> None:
    page = client_as(Role.QUALITY).get(f"{_new(lot('L-A'))}&edit=1").content.decode()

    assert "<textarea" in page
    assert lot("L-A") in page


def test_every_number_of_a_preview_leads_to_its_list(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.AUDITOR)
    preview = client.get(_new(material_lot("M-1"))).content.decode()

    links = set(re.findall(r'href="(/app/mingqian/recalls/new/items/[^"]+)"', preview))

    assert len(links) >= 4
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_auditor_looks_but_cannot_open(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.AUDITOR)

    assert 'name="expected_items"' not in client.get(_new(lot("L-A"))).content.decode()
    assert client.post(f"{BASE}/new/open", _decision(lot("L-A"))).status_code == 403


def test_decision_opens_a_case_and_the_same_form_again_opens_none(
    world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.QUALITY)

    first = client.post(f"{BASE}/new/open", _decision(material_lot("M-1")))
    second = client.post(f"{BASE}/new/open", _decision(material_lot("M-1")))

    case = RecallCase.objects.get()
    assert first["Location"] == second["Location"] == f"{BASE}/{case.number}/"
    page = client.get(first["Location"]).content.decode()
    assert "Bad leaves" in page
    assert "SF-2" in page
    assert case.number in client.get(f"{BASE}/").content.decode()


@pytest.mark.parametrize("typed", ["24", "", "many"])
def test_wrong_number_opens_nothing_and_keeps_what_was_typed(
    world: World, client_as: MakeClient, typed: str
) -> None:
    answer = client_as(Role.QUALITY).post(
        f"{BASE}/new/open", _decision(material_lot("M-1"), expected_items=typed)
    )

    assert answer.status_code == 422
    assert "Bad leaves" in answer.content.decode()
    assert not RecallCase.objects.exists()


def test_decision_without_starts_is_refused(world: World, client_as: MakeClient) -> None:
    answer = client_as(Role.QUALITY).post(f"{BASE}/new/open", _decision(""))

    assert answer.status_code == 400


@pytest.fixture
def case(actor: Actor, world: World) -> RecallCase:
    """Return an approved case of 25 items."""
    return open_approved(actor, material_lot("M-1"), title="=Bad leaves", reason="Residues")


def test_every_number_of_a_case_leads_to_its_list(case: RecallCase, client_as: MakeClient) -> None:
    client = client_as(Role.AUDITOR)
    page = client.get(f"{BASE}/{case.number}/").content.decode()

    links = set(re.findall(rf'href="({BASE}/{case.number}/items/[^"]*)"', page))

    assert len(links) >= 4
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    sold = client.get(f"{BASE}/{case.number}/items/?whereabouts=sold").content.decode()
    assert "SF-1" in sold
    assert "SF-2" not in sold


def test_parcels_are_found_by_waybill_order_and_state(
    case: RecallCase, client_as: MakeClient
) -> None:
    client = client_as(Role.AUDITOR)

    for query, found in (("q=SF-1", True), ("q=SF-9", False), ("whereabouts=sold", True)):
        page = client.get(f"{BASE}/{case.number}/?{query}").content.decode()
        assert ("ORDER-1" in page) is found


def test_csv_has_a_row_for_each_item_and_no_formula(
    case: RecallCase, client_as: MakeClient
) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/items.csv")

    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *rows = list(csv.reader(StringIO(body)))
    assert len(rows) == 25
    assert len(header) == len(rows[0])
    orders = {row[0]: row[8] for row in rows}
    assert orders[item(1)] == "ORDER-1"
    assert orders[item(2)] == "'=ORDER-2"


def test_csv_of_one_state_has_only_its_items(case: RecallCase, client_as: MakeClient) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/items.csv?whereabouts=sold")

    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(list(csv.reader(StringIO(body)))) == 2


def test_workbook_has_a_row_for_each_item_and_no_formula(
    case: RecallCase, client_as: MakeClient
) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/items.xlsx")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=False))
    assert len(rows) == 26
    assert all(cell.data_type != "f" for row in rows for cell in row)


def test_workbook_of_too_many_rows_is_refused(
    case: RecallCase, client_as: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 24)

    assert client_as(Role.AUDITOR).get(f"{BASE}/{case.number}/items.xlsx").status_code == 409


def test_case_is_closed_with_a_note_once(case: RecallCase, client_as: MakeClient) -> None:
    client, path = client_as(Role.QUALITY), f"{BASE}/{case.number}/close"

    assert client.post(path, {"note": ""}).status_code == 422
    assert client.post(path, {"note": "All destroyed"}).status_code == 302
    assert client.post(path, {"note": "Again"}).status_code == 422
    assert "All destroyed" in client.get(f"{BASE}/{case.number}/").content.decode()
    assert case.number in client.get(f"{BASE}/?status=closed&q=leaves").content.decode()


@pytest.fixture
def token(actor: Actor) -> dict[str, str]:
    """Return the header of a token that may see and open recalls."""
    _, secret = issue_token(
        actor=actor, name="api", scopes=["recall.view", "recall.act"], expires_at=None
    )
    return {"Authorization": f"Bearer {secret}"}


def test_api_previews_proposes_streams_and_closes_what_a_person_approved(
    world: World, actor: Actor, stranger: Client, token: dict[str, str]
) -> None:
    def post(path: str, body: dict[str, object], **headers: str) -> dict[str, object]:
        answer = stranger.post(
            f"/api/v1/recalls{path}",
            body,
            content_type="application/json",
            headers={**token, **headers},
        )
        assert answer.status_code in {200, 201}, answer.content
        found: dict[str, object] = answer.json()
        return found

    starts = [material_lot("M-1")]
    scope = post("/scope", {"starts": starts})
    body = {"title": "Bad", "reason": "Residues", "starts": starts, "expected_items": 25}
    first = post("", body, **{"Idempotency-Key": "k1"})
    again = post("", body, **{"Idempotency-Key": "k1"})
    number = first["number"]

    assert scope["summary"]["items"] == 25  # type: ignore[index]
    assert first == again
    lines = stranger.get(f"/api/v1/recalls/{number}/items?whereabouts=sold", headers=token)
    rows = [json.loads(r) for r in b"".join(lines.streaming_content).splitlines()]  # type: ignore[attr-defined]
    assert [(row["item"], row["waybill"]) for row in rows] == [(item(1), "SF-1")]
    parcels = stranger.get(f"/api/v1/recalls/{number}/parcels", headers=token).json()
    assert parcels["total"] == 2
    approve_recall(actor=approver(actor.organisation), number=str(number))
    assert post(f"/{number}/close", {"note": "Done"})["status"] == "closed"
    assert stranger.get("/api/v1/recalls?status=closed", headers=token).json()["total"] == 1
    assert stranger.get(f"/api/v1/recalls/{number}", headers=token).status_code == 200


def test_api_names_the_place_of_an_unknown_start(
    world: World, stranger: Client, token: dict[str, str]
) -> None:
    answer = stranger.post(
        "/api/v1/recalls/scope",
        {"starts": [lot("L-A"), "nonsense"]},
        content_type="application/json",
        headers=token,
    )

    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["place"]) == ("identity_unknown", "/starts/1")
