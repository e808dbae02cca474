"""What the trace screens say, to whom, and how much they ask the database."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from suyuan.capture.services import capture_document, capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import parse_identity
from suyuan.issuing import selectors as issuing
from suyuan.issuing.services import order_codes
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role
from suyuan.web.trace.addresses import address_of
from tests.conftest import MakeApiClient, MakeClient
from tests.world import BASE, BEGIN, World, sscc

pytestmark = pytest.mark.django_db

APP = "/app/mingqian"


@pytest.fixture
def client(client_as: MakeClient) -> Client:
    """Return an owner's browser, reading English."""
    client = client_as(Role.OWNER)
    client.cookies["django_language"] = "en"
    return client


def item_path(world: World, position: int) -> str:
    """Return the address of an item's page."""
    return f"{APP}/items/{world.product.gtin}/{world.serials[position]}/"


def read(client: Client, path: str) -> str:
    """Return the text of a page that must be there."""
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def test_item_page_says_first_that_a_parcel_is_on_its_way(client: Client, world: World) -> None:
    page = read(client, item_path(world, 0))
    assert "Genuine" in page
    assert "On its way to Beijing since 2026-03-04 09:00" in page
    assert world.orders[0] in page
    assert world.waybills[0] in page
    assert f"{APP}/units/{world.parcels[0][-18:]}/" in page
    assert f"{APP}/lots/{world.product.gtin}/{world.lot.code}/" in page


def test_item_page_tells_delivery(client: Client, world: World) -> None:
    assert "Sold and delivered to Beijing on 2026-03-05" in read(client, item_path(world, 2))


def test_item_page_tells_the_containers_that_were_seen_instead(
    client: Client, world: World
) -> None:
    page = read(client, item_path(world, 40))
    assert "Seen with its container" in page
    assert f"SSCC {world.pallet[-18:]}" in page
    assert "At Guangzhou warehouse since" in page


def test_item_page_draws_the_stops_in_order(client: Client, world: World) -> None:
    assert "Hangzhou factory → Guangzhou warehouse → Beijing" in read(client, item_path(world, 0))


def test_page_of_a_code_that_is_not_on_goods_says_to_commission_it(
    client: Client, actor: Actor, world: World
) -> None:
    order = order_codes(actor=actor, gtin=world.product.gtin, count=1)
    serial = issuing.serials(order, count=1)[0]
    page = read(client, f"{APP}/items/{world.product.gtin}/{serial}/")
    assert "Issued, but not seen yet" in page
    assert order.number in page


def test_recalled_item_says_so_first(client: Client, actor: Actor, world: World) -> None:
    event = build.object_event(
        time=BEGIN + timedelta(days=9),
        action="OBSERVE",
        epcs=[world.items[0]],
        step="holding",
        disposition="recalled",
    )
    capture_events(actor=actor, events=[event], source="tests")
    page = read(client, item_path(world, 0))
    assert page.index("must not be shipped or sold") < page.index("On its way")


def test_voided_event_is_struck_with_its_reason(client: Client, actor: Actor, world: World) -> None:
    told = build.object_event(
        time=BEGIN + timedelta(days=8),
        action="OBSERVE",
        epcs=[world.items[0]],
        step="destroying",
        event_id="urn:uuid:7f2e7a0c-6d7f-4a40-9d5e-0f6d6c9c1a11",
    )
    declared = told | {
        "errorDeclaration": {
            "declarationTime": "2026-03-10T08:00:00+08:00",
            "reason": "did_not_occur",
        }
    }
    capture_events(actor=actor, events=[told], source="tests")
    outcome = capture_events(actor=actor, events=[declared], source="tests")
    page = read(client, item_path(world, 0))
    assert "is-voided" in page
    assert f"Declared void by event {outcome.last_seq}: it did not happen" in page
    assert "On its way to Beijing" in page
    event = read(client, f"{APP}/events/{outcome.last_seq - 1}/")
    assert "This event was declared an error" in event


def test_pallet_that_was_emptied_says_so(client: Client, world: World) -> None:
    assert "It is empty" in read(client, f"{APP}/units/{world.pallet[-18:]}/")


def test_unit_page_lists_what_it_holds_now(client: Client, world: World) -> None:
    page = read(client, f"{APP}/units/{world.cases[1][-18:]}/")
    assert "24 units" in page
    assert world.serials[24] in page
    assert world.serials[0] not in page


def test_lot_page_counts_items_by_place_and_draws_descent(client: Client, world: World) -> None:
    page = read(client, f"{APP}/lots/{world.product.gtin}/{world.lot.code}/")
    assert "In house · Guangzhou warehouse: 80" in page
    assert "In transit: 8" in page
    assert f"{APP}/lots/{world.material.gtin}/{world.material_lot.code}/" in page
    assert "start=https" in page


def test_material_lot_page_knows_supplier_and_what_was_made(client: Client, world: World) -> None:
    page = read(client, f"{APP}/lots/{world.material.gtin}/{world.material_lot.code}/")
    assert "Shifeng Garden" in page
    assert "Items made of it" in page
    assert f"{APP}/lots/{world.product.gtin}/{world.lot.code}/" in page


def test_html_in_a_lot_is_escaped_everywhere(client: Client, actor: Actor, world: World) -> None:
    hostile = "<b>x</b>&'\"/"
    link = parse_identity(f"{BASE}/01/{world.product.gtin}/10/{quote(hostile, safe='')}")
    event = build.object_event(
        time=BEGIN + timedelta(days=9),
        action="ADD",
        epcs=[f"{BASE}/01/{world.product.gtin}/21/HOSTILE-1"],
        step="commissioning",
        disposition="active",
        ilmd={"cbvmda:lotNumber": hostile, "example:note": "<script>alert(1)</script>"},
    )
    outcome = capture_events(actor=actor, events=[event], source="tests")
    address = address_of("mingqian", link)
    assert address is not None
    for path in (
        address,
        f"{APP}/items/{world.product.gtin}/HOSTILE-1/",
        f"{APP}/events/",
        f"{APP}/events/{outcome.last_seq}/",
    ):
        page = read(client, path)
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    "path",
    [
        "items/09521234000013/NOBODY/",
        "items/1/7/",
        "items/09521234000013/%00/",
        "items/09521234000013/茶/",
        f"items/09521234000013/{'9' * 400}/",
        "items/%27%20OR%201=1--/1/",
        "units/000000000000000000/",
        "units/abc/",
        "lots/09521234000013/NONE/",
        f"lots/09521234000013/{'L' * 21}/",
        "trace/nothing",
        "trace/https://id.gs1.org/01/123/21/4",
        "trace/?q=%3Cscript%3E",
    ],
)
def test_unknown_code_says_what_to_do_next(client: Client, world: World, path: str) -> None:
    response = client.get(f"{APP}/{path}")
    assert response.status_code == 404
    text = response.content.decode()
    assert "What to do next" in text
    assert "<script>" not in text


def test_another_organisations_goods_look_like_unknown_ones(
    client_as: MakeClient, other_organisation: Organisation, world: World
) -> None:
    theirs = client_as(Role.OWNER, other_organisation)
    for path in (
        f"items/{world.product.gtin}/{world.serials[0]}/",
        f"units/{world.parcels[0][-18:]}/",
        f"lots/{world.product.gtin}/{world.lot.code}/",
        "events/1/",
        f"jobs/{world.outcome.job_id}/",
        f"trace/{world.items[0]}",
    ):
        assert theirs.get(f"/app/haiyan/{path}").status_code == 404
        assert theirs.get(f"{APP}/{path}").status_code == 404


def test_event_browser_needs_its_own_right(client_as: MakeClient, world: World) -> None:
    assert client_as(Role.MARKETING).get(f"{APP}/events/").status_code == 403
    assert client_as(Role.MARKETING).get(item_path(world, 0)).status_code == 403


def test_buttons_follow_rights(client_as: MakeClient, world: World) -> None:
    page = read(client_as(Role.WAREHOUSE), item_path(world, 0))
    assert "recalls/new" not in page
    assert "complaints/new" not in page


def test_resolver_leads_every_form_to_its_page(client: Client, world: World) -> None:
    serial, gtin = world.serials[0], world.product.gtin
    item = item_path(world, 0)
    for text, address in (
        (world.items[0], item),
        (world.items[0].replace("https://", "https:/"), item),
        (f"(01){gtin}(21){serial}", item),
        (serial.lower(), item),
        (world.pallet, f"{APP}/units/{world.pallet[-18:]}/"),
        (world.pallet[-18:], f"{APP}/units/{world.pallet[-18:]}/"),
        (world.lot_text, f"{APP}/lots/{gtin}/{world.lot.code}/"),
    ):
        assert client.get(f"{APP}/trace/{quote(text)}").headers["Location"] == address
        assert client.get(f"{APP}/trace/", {"q": text}).headers["Location"] == address


def test_order_number_leads_to_its_events(client: Client, world: World) -> None:
    response = client.get(f"{APP}/trace/", {"q": world.orders[0]}, follow=True)
    assert response.status_code == 200
    assert world.parcels[0][-18:] in response.content.decode()


def test_events_can_be_narrowed(client: Client, world: World) -> None:
    shipped = read(client, f"{APP}/events/?step=shipping")
    assert world.parcels[7][-18:] in shipped
    assert world.cases[0][-18:] not in shipped
    day = read(client, f"{APP}/events/?since=2026-03-02&until=2026-03-02")
    assert world.pallet[-18:] in day
    assert world.parcels[0][-18:] not in day
    assert "No event fits" in read(client, f"{APP}/events/?disposition=stolen")
    assert "This code names nothing" in read(client, f"{APP}/events/?q=ZZZZ")


def test_filter_that_is_no_filter_is_answered_with_its_fault(client: Client, world: World) -> None:
    assert client.get(f"{APP}/events/?since=2026-03-05&until=2026-03-01").status_code == 422
    assert client.get(f"{APP}/events/?type=Nonsense").status_code == 422


@pytest.mark.parametrize("before", ["", "x", "-1", "0-9999999999999999999", "9" * 60, "'"])
def test_hostile_cursor_is_no_fault(client: Client, world: World, before: str) -> None:
    assert client.get(f"{APP}/events/", {"before": before}).status_code == 200
    assert client.get(f"{APP}/jobs/", {"before": before}).status_code == 200


def test_huge_numbers_are_unknown_events_and_jobs(client: Client, world: World) -> None:
    for path in (f"events/{10**30}/", f"jobs/{10**30}/", "events/0/", "events/999/"):
        assert client.get(f"{APP}/{path}").status_code == 404


def test_event_page_shows_the_document_as_captured(client: Client, world: World) -> None:
    page = read(client, f"{APP}/events/2/")
    assert "These units came to be" in page
    assert "&quot;bizStep&quot;: &quot;commissioning&quot;" in page
    raw = client.get(f"{APP}/events/2/document.json").json()
    assert len(raw["epcList"]) == 100
    assert "@context" in raw


def test_job_page_tells_what_was_stored(client: Client, world: World) -> None:
    page = read(client, f"{APP}/jobs/{world.outcome.job_id}/")
    assert f"job={world.outcome.job_id}" in page
    assert "Nothing was refused" in page
    assert client.get(f"{APP}/jobs/{world.outcome.job_id}/faults.csv").status_code == 200


# The gate, the session and the frame take six of them.
@pytest.mark.parametrize(
    ("name", "most"),
    [("item", 34), ("unit", 38), ("lot", 96), ("material", 106), ("events", 16), ("event", 22)],
)
def test_pages_ask_a_bounded_number_of_questions(
    client: Client, world: World, django_assert_max_num_queries: object, name: str, most: int
) -> None:
    paths = {
        "item": item_path(world, 0),
        "unit": f"{APP}/units/{world.cases[1][-18:]}/",
        "lot": f"{APP}/lots/{world.product.gtin}/{world.lot.code}/",
        "material": f"{APP}/lots/{world.material.gtin}/{world.material_lot.code}/",
        "events": f"{APP}/events/",
        "event": f"{APP}/events/2/",
    }
    client.get(f"{APP}/")
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        assert client.get(paths[name]).status_code == 200


def test_addresses_of_what_has_no_page_lead_to_its_events() -> None:
    place = address_of("mingqian", parse_identity(f"{BASE}/414/6901234000016"))
    assert place is not None
    assert place.startswith(reverse("trace:events", kwargs={"org": "mingqian"}))
    assert address_of("mingqian", parse_identity("urn:epc:id:gid:1.2.3")) is None


def test_api_tells_history_genealogy_and_events(api_client: MakeApiClient, world: World) -> None:
    api = api_client(Right.TRACE_VIEW, Right.EVENTS_VIEW)
    history = api.get("/api/v1/trace", {"code": world.items[2]}).json()
    assert history["identifier"] == world.items[2]
    assert history["state"]["whereabouts"] == "sold"
    assert history["lots"] == [world.lot_text]
    case = api.get("/api/v1/trace", {"code": world.cases[1]}).json()
    assert (case["contents_count"], len(case["contents"])) == (24, 24)
    path = f"/api/v1/lots/{world.product.gtin}/{world.lot.code}/genealogy"
    family = api.get(path).json()
    assert {node["identifier"] for node in family["nodes"]} == {
        world.lot_text,
        world.material_lot_text,
    }
    events = api.get("/api/v1/events", {"step": "shipping"}).json()
    assert len(events["items"]) == 9
    assert events["next"] is None
    assert api.get("/api/v1/events", {"code": world.items[0]}).json()["items"]


def test_api_refuses_unknown_codes_and_missing_rights(
    api_client: MakeApiClient, other_organisation: Organisation, world: World
) -> None:
    theirs = api_client(organisation=other_organisation)
    assert theirs.get("/api/v1/trace", {"code": world.items[0]}).status_code == 404
    path = f"/api/v1/lots/{world.product.gtin}/{world.lot.code}/genealogy"
    assert theirs.get(path).status_code == 404
    assert theirs.get("/api/v1/events", {"code": world.items[0]}).json()["items"] == []
    few = api_client(Right.CODES_VIEW)
    assert few.get("/api/v1/events").status_code == 403
    assert few.get("/api/v1/trace", {"code": sscc(1)}).status_code == 403


@pytest.mark.parametrize("path", ["events/1/", "jobs/", "events/", "trace/", "units/{case}/"])
def test_tables_are_tables(client: Client, world: World, path: str) -> None:
    page = read(client, f"{APP}/{path.format(case=world.cases[1][-18:])}")
    assert page.count("<table") == page.count("</table>") == page.count("<thead") == 1


def test_refused_events_are_told_with_place_and_sentence(
    client: Client, actor: Actor, world: World
) -> None:
    good = build.object_event(time=BEGIN, action="OBSERVE", epcs=[world.items[0]])
    bad = good | {"bizStep": "<dancing>"}
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T08:00:00+08:00",
        "epcisBody": {"eventList": [good, bad]},
    }
    outcome = capture_document(
        actor=actor, body=json.dumps(body).encode(), source="tests", proceed=True
    )
    page = read(client, f"{APP}/jobs/{outcome.job_id}/")
    assert "The vocabulary has no business step “&lt;dancing&gt;”." in page
    assert "/epcisBody/eventList/1/bizStep" in page
    assert str(outcome.job_id) in read(client, f"{APP}/jobs/?refused=1")
    table = client.get(f"{APP}/jobs/{outcome.job_id}/faults.csv")
    assert b"unknown_step" in b"".join(table.streaming_content)  # type: ignore[attr-defined]
