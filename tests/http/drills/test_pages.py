"""The wizard of starts, the preview and the pages of drills, and their API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.masterdata.services import create_party
from suyuan.recalls.drills import announce_drill, set_plan
from suyuan.recalls.drills.selectors import plan_of
from suyuan.recalls.models import Drill, DrillAnswer, RecallCase
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right, Role
from suyuan.web.recalls.start_forms import START_FORMS
from suyuan.web.recalls.views.wizard import CHOICES
from tests.recall_world import MADE, World, item, lot, material_lot

BASE = "/app/mingqian/recalls"

type MakeClient = Callable[..., Client]


def _new(**query: object) -> str:
    return f"{BASE}/new/?{urlencode(query, doseq=True)}"


def _starts_in(address: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get("start", [])


# ---------------------------------------------------------------- the wizard


def test_every_kind_of_start_is_offered_and_has_its_form(
    world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.QUALITY)
    page = client.get(f"{BASE}/new/").content.decode()

    assert {one.kind for one in CHOICES} == {"codes", *START_FORMS}
    for kind in START_FORMS:
        assert f"kind={kind}" in page
        assert client.get(_new(kind=kind)).status_code == 200


def test_form_of_a_place_leads_to_what_was_there(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.AUDITOR)
    form = {
        "kind": "stayed",
        "given": "1",
        "place": world.warehouse.identifier,
        "since": "2026-03-02T08:00",
        "until": "2026-03-03T08:00",
        "start": lot("L-C"),
    }

    answer = client.get(_new(**form))

    starts = _starts_in(answer["Location"])
    assert starts[0] == lot("L-C")
    assert starts[1].startswith("stayed?place=")
    page = client.get(answer["Location"]).content.decode()
    assert "杭州仓" in page
    assert "2026-03-02 08:00 – 2026-03-03 08:00" in page
    assert not RecallCase.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "stayed", "since": "2026-03-02T08:00", "until": "2026-03-03T08:00"},
        {"kind": "stayed", "place": "elsewhere", "since": "x", "until": "2026-03-03T08:00"},
        {"kind": "supply", "supplier": "nobody", "since": "2026-03-02", "until": "2026-03-03"},
        {"kind": "made", "since": "2026-03-02", "until": "2026-03-01"},
        {"kind": "made", "since": "2020-03-02", "until": "2020-03-02"},
        {"kind": "measured", "type": "Temperature", "since": "2026-03-02T08:00"},
        {"kind": "complaints", "more": "CP-2026-9999"},
        {"kind": "complaints"},
        {"kind": "events", "id": "urn:x:none"},
        {"kind": "events", "id": "\x00"},
    ],
)
def test_form_that_finds_nothing_comes_back_with_its_fault(
    world: World, client_as: MakeClient, more: dict[str, str]
) -> None:
    answer = client_as(Role.QUALITY).get(_new(given="1", **more))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "sy-error" in page or 'role="alert"' in page


def test_start_is_changed_left_out_and_added_to(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)
    made = "made?since=2026-03-01&until=2026-03-01"
    page = unescape(client.get(_new(start=[made, material_lot("M-1")])).content.decode())

    links = [link for link in re.findall(r'href="([^"]+)"', page) if "/recalls/new/?" in link]
    rests = [_starts_in(link) for link in links]
    assert [material_lot("M-1")] in rests  # without what was made
    assert [made] in rests
    assert any("add=1" in link for link in links)
    change = next(link for link in links if "change=" in link)
    assert 'value="2026-03-01"' in client.get(change).content.decode()
    changed = client.get(f"{change}&given=1&since=2026-02-01&until=2026-03-01")
    assert _starts_in(changed["Location"]) == [
        material_lot("M-1"),
        "made?since=2026-02-01&until=2026-03-01",
    ]


def test_lot_among_those_found_is_left_out(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)
    page = unescape(
        client.get(_new(start="made?since=2026-03-01&until=2026-03-01")).content.decode()
    )

    rests = [_starts_in(link) for link in re.findall(r'href="([^"]+)"', page)]

    assert [lot("L-A"), lot("L-B")] in [sorted(rest) for rest in rests]


def test_broken_start_in_the_address_is_a_fault_not_an_error(
    world: World, client_as: MakeClient
) -> None:
    answer = client_as(Role.QUALITY).get(_new(start=[lot("L-A"), "stayed?place=WH-1&since=soon"]))

    assert answer.status_code == 422
    assert "stayed?place=WH-1" in unescape(answer.content.decode())


def test_supplier_and_complaints_are_chosen_from_lists(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    create_party(actor=actor, code="FARM", name_zh="茶园", kind="supplier")

    page = client_as(Role.QUALITY).get(_new(kind="supply")).content.decode()

    assert "茶园 · FARM" in page


# ---------------------------------------------------------------- the preview


def test_preview_tells_grades_findings_and_whether_it_adds_up(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    page = client_as(Role.AUDITOR).get(_new(start=material_lot("M-1"))).content.decode()

    for part in ("grades-title", "findings-title", "balance-title", "why-title", "starts-title"):
        assert f'id="{part}"' in page


def test_preview_shows_goods_without_serials_as_movements(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    bulk = lot("BULK")
    events = [
        build.object_event(time=MADE, action="ADD", quantities=[build.quantity(bulk, 40)]),
        build.object_event(
            time=MADE + timedelta(days=1),
            action="OBSERVE",
            quantities=[build.quantity(bulk, 30)],
            step="shipping",
            disposition="in_transit",
            read_point=world.warehouse.identifier,
        ),
    ]
    capture_events(actor=actor, events=events, source="tests")

    page = client_as(Role.AUDITOR).get(_new(start=bulk)).content.decode()

    assert 'id="movements"' in page


def test_why_shows_the_chain_of_an_item_and_none_of_another(
    world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.AUDITOR)

    def why(unit: str) -> tuple[int, str]:
        query = urlencode({"start": material_lot("M-1"), "unit": unit})
        answer = client.get(f"{BASE}/new/why/?{query}")
        return answer.status_code, answer.content.decode()

    status, page = why(item(1))
    assert status == 200
    assert 'id="chain-title"' in page
    assert "M-1" in page
    assert 'id="chain-title"' not in why(item(201))[1]
    assert why("nonsense")[0] == 422
    assert why("\x00")[0] == 422


def test_items_of_a_grade_are_listed(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.AUDITOR)

    def count(certainty: str) -> int:
        query = urlencode({"start": material_lot("M-1"), "certainty": certainty})
        page = client.get(f"{BASE}/new/items/?{query}").content.decode()
        return len(re.findall(r"/new/why/\?", page))

    assert (count("proven"), count("possible"), count("nonsense")) == (25, 0, 0)


def test_scope_is_found_anew_after_an_event(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.AUDITOR)
    address = _new(start=lot("L-A"))
    assert re.search(r"将影响 20 |affect 20 ", client.get(address).content.decode())
    event = build.object_event(
        time=MADE,
        action="ADD",
        epcs=[item(21)],
        step="commissioning",
        ilmd={"cbvmda:lotNumber": "L-A"},
    )
    capture_events(actor=actor, events=[event], source="tests")

    assert re.search(r"将影响 21 |affect 21 ", client.get(address).content.decode())


# ---------------------------------------------------------------- drills


def test_drill_is_announced_answered_and_scored_on_its_pages(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.QUALITY)
    events = StoredEvent.objects.count()

    begun = client.post(
        f"{BASE}/drills/announce", {"sample": "material_lot", "target_minutes": "60"}
    )
    page = begun["Location"]
    number = Drill.objects.get().number
    assert number in client.get(f"{BASE}/drills/").content.decode()
    running = client.get(page).content.decode()
    assert 'name="count"' in running
    client.post(f"{page}answer", {"task": "scope", "count": "1"})
    client.post(f"{page}answer", {"task": "places", "places": [world.warehouse.identifier, "sold"]})
    client.post(f"{page}answer", {"task": "balance", "engine": "1"})
    assert DrillAnswer.objects.count() == 3
    assert client.post(f"{page}end", {"note": "Good."}).status_code == 302

    ended = client.get(page).content.decode()
    assert "/ 100" in ended
    assert "Good." in ended
    assert "sy-bars" in client.get(f"{BASE}/drills/").content.decode()
    assert StoredEvent.objects.count() == events


def test_running_drill_does_not_tell_its_answer(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    drill = announce_drill(actor=actor, sample="item")

    page = client_as(Role.QUALITY).get(f"{BASE}/drills/{drill.number}/").content.decode()

    assert drill.begins[0] not in unescape(page)
    assert "recalls/new/?start" not in page


@pytest.mark.parametrize(
    "given",
    [
        {"task": "scope", "count": "many"},
        {"task": "scope"},
        {"task": "places", "places": "nowhere"},
        {"task": "dance", "count": "1"},
        {},
    ],
)
def test_answer_that_is_none_comes_back(
    actor: Actor, world: World, client_as: MakeClient, given: dict[str, str]
) -> None:
    drill = announce_drill(actor=actor)

    answer = client_as(Role.QUALITY).post(f"{BASE}/drills/{drill.number}/answer", given)

    assert answer.status_code == 422
    assert not DrillAnswer.objects.exists()


def test_second_drill_at_once_is_refused_on_the_page(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    drill = announce_drill(actor=actor)

    answer = client_as(Role.QUALITY).post(
        f"{BASE}/drills/announce", {"sample": "lot", "target_minutes": "60"}
    )

    assert answer.status_code == 422
    assert drill.number in answer.content.decode()


def test_plan_is_kept_and_no_page_tells_its_moment(
    actor: Actor, world: World, client_as: MakeClient, api_client: MakeClient
) -> None:
    client = client_as(Role.QUALITY)
    plan = {
        "active": "on",
        "sample": "lot",
        "every_days": "30",
        "from_hour": "9",
        "to_hour": "17",
        "target_minutes": "60",
    }

    assert client.post(f"{BASE}/drills/plan", plan).status_code == 302
    assert client.post(f"{BASE}/drills/plan", {**plan, "to_hour": "9"}).status_code == 422

    kept = plan_of(actor.organisation_id)
    assert kept is not None
    assert kept.next_at is not None
    page = client.get(f"{BASE}/drills/").content.decode()
    assert f"{kept.next_at:%H:%M}" not in re.sub(r"<time.*?</time>", "", page)
    told = api_client(Right.RECALL_VIEW).get("/api/v1/drills/plan").json()
    assert "next_at" not in told


def test_consumers_page_is_the_same_during_a_drill(
    actor: Actor, world: World, stranger: Client
) -> None:
    address = f"/01/{world.product.gtin}/10/L-A"
    before = stranger.get(address)

    for sample in ("lot",):
        announce_drill(actor=actor, sample=sample)

    after = stranger.get(address)
    assert after.status_code == before.status_code
    assert "recalled" not in after.content.decode()
    assert "召回" not in after.content.decode() or "召回" in before.content.decode()


def test_auditor_sees_drills_and_changes_none(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    drill = announce_drill(actor=actor)
    client = client_as(Role.AUDITOR)

    page = client.get(f"{BASE}/drills/{drill.number}/")

    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1].split("</main")[0]
    for act in ("announce", "plan", f"{drill.number}/answer", f"{drill.number}/end"):
        assert client.post(f"{BASE}/drills/{act}", {}).status_code == 403


def test_home_page_tells_of_a_running_drill(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    announce_drill(actor=actor)

    assert "recalls/drills/" in client_as(Role.QUALITY).get("/app/mingqian/").content.decode()


# ---------------------------------------------------------------- the API


def _post(client: Client, path: str, body: object) -> Any:
    return client.post(f"/api/v1{path}", body, content_type="application/json")


def test_api_takes_starts_of_every_form(world: World, api_client: MakeClient) -> None:
    stayed = {
        "kind": "stayed",
        "place": ["WH-1"],
        "since": "2026-03-02T00:00:00Z",
        "until": "2026-03-03T00:00:00Z",
    }

    answer = _post(
        api_client(Right.RECALL_VIEW), "/recalls/scope", {"starts": [lot("L-C"), stayed]}
    ).json()

    assert answer["starts"][0] == lot("L-C")
    assert answer["starts"][1].startswith("stayed?place=")
    assert answer["summary"]["items"] == 30
    assert {"findings", "balances", "movements"} <= answer.keys()


def test_api_tells_why_and_streams_the_items(world: World, api_client: MakeClient) -> None:
    client = api_client(Right.RECALL_VIEW)
    starts = [material_lot("M-1")]

    why = _post(client, "/recalls/scope/why", {"starts": starts, "unit": item(1)}).json()
    none = _post(client, "/recalls/scope/why", {"starts": starts, "unit": item(201)}).json()
    lines = _post(client, "/recalls/scope/items", {"starts": starts})

    assert why["certainty"] == "proven"
    assert why["chain"][-1]["target"] == item(1)
    assert (none["certainty"], none["chain"]) == ("", [])
    rows = [json.loads(row) for row in b"".join(lines.streaming_content).splitlines()]
    assert len(rows) == 25
    assert {row["certainty"] for row in rows} == {"proven"}


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ({"kind": "dance"}, 422),
        ({"kind": "stayed", "colour": "red"}, 422),
        ({"kind": "stayed", "place": ["WH-1"] * 101}, 422),
        ({"kind": "stayed"}, 400),
        ({"kind": "made", "since": "2026-03-01", "until": "2026-03-01", "place": ["WH-1"]}, 400),
        ("stayed?place=WH-1&since=soon&until=2026-03-01", 400),
        (["nested"], 422),
        (None, 422),
    ],
)
def test_api_refuses_what_is_no_start(
    world: World, api_client: MakeClient, start: object, status: int
) -> None:
    answer = _post(api_client(Right.RECALL_VIEW), "/recalls/scope", {"starts": [start]})

    assert answer.status_code in {status, 400 if status == 422 else status}
    assert answer.json()["code"]


def test_api_runs_a_drill_from_announcement_to_score(world: World, api_client: MakeClient) -> None:
    client = api_client(Right.RECALL_VIEW, Right.RECALL_ACT)

    drill = _post(client, "/drills", {"sample": "material_lot"}).json()
    assert drill["items"] is None
    path = f"/drills/{drill['number']}"
    assert _post(client, f"{path}/answers", {"task": "scope", "count": 25}).status_code == 201
    assert _post(client, f"{path}/answers", {"task": "scope", "count": 25}).status_code == 409
    ended = _post(client, f"{path}/end", {"note": "Done"}).json()

    assert ended["status"] == "finished"
    assert ended["items"] in {5, 25}
    assert ended["score"] == sum(ended["parts"].values())
    assert client.get("/api/v1/drills").json()["total"] == 1
    assert client.get(f"/api/v1{path}").json() == ended


def test_api_keeps_a_plan(actor: Actor, world: World, api_client: MakeClient) -> None:
    client = api_client(Right.RECALL_VIEW, Right.RECALL_ACT)
    assert client.get("/api/v1/drills/plan").json() is None
    set_plan(
        actor=actor,
        active=False,
        sample="lot",
        every_days=7,
        from_hour=1,
        to_hour=2,
        weekends=True,
        target_minutes=5,
    )

    kept = client.put(
        "/api/v1/drills/plan", {"every_days": 10}, content_type="application/json"
    ).json()

    assert (kept["every_days"], kept["active"]) == (10, True)
