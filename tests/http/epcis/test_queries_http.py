"""Facts about reading events over HTTP: queries, pages, top-level resources, discovery."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from suyuan.capture.services import capture_events
from suyuan.kernel import clock
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from tests.query_world import ITEM_LINK, ITEM_URN, SENT_ID, SITE, STEP
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
ROOT = "/epcis/v2/"
COLLECTIONS = ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")

type ApiClient = Callable[..., Client]


@pytest.fixture
def world(actor: Actor) -> World:
    return build_world(actor)


def events(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    listed: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"][
        "eventList"
    ]
    return listed


def following(answer: Any) -> str:
    """Return the address of the next page, "" on the last."""
    found = re.fullmatch(r'<https?://[^/]+(/[^>]+)>; rel="next"', answer.get("Link", ""))
    return found[1] if found else ""


def pages(client: Client, path: str) -> Iterator[Any]:
    while path:
        answer = client.get(path)
        yield answer
        path = following(answer)


def test_a_query_by_urn_finds_what_was_captured_by_link(
    actor: Actor, api_client: ApiClient
) -> None:
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-02-01T00:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "epcList": [ITEM_LINK],
    }
    capture_events(actor=actor, events=[event], source="tests")
    client = api_client()
    for form in (ITEM_URN, ITEM_LINK):
        assert len(events(client.get(f"{ROOT}events", {"MATCH_epc": form}))) == 1
        assert len(events(client.get(f"{ROOT}epcs/{quote(form, safe='')}/events"))) == 1


def test_parameters_joined_by_bars_and_lists_ask_the_same(
    world: World, api_client: ApiClient
) -> None:
    client = api_client()
    joined = events(client.get(f"{ROOT}events?EQ_bizStep=shipping%7Creceiving&perPage=100"))
    again = events(client.get(f"{ROOT}events?EQ_bizStep=shipping&EQ_bizStep=receiving&perPage=100"))
    assert joined == again
    assert {one["bizStep"] for one in joined} == {"shipping", "receiving"}


@pytest.mark.parametrize(
    ("query", "status", "kind", "code"),
    [
        ("EQ_bizStep=shiping", 400, "QueryParameterException", "query_word"),
        ("GE_eventTime=now", 400, "QueryParameterException", "query_value_time"),
        ("what=1", 400, "QueryParameterException", "query_parameter"),
        ("eventCountLimit=3", 400, "QueryParameterException", "query_needs_order"),
        ("maxEventCount=3", 413, "QueryTooLargeException", "query_too_large"),
        ("nextPageToken=x", 400, "ValidationException", "page_token"),
        ("perPage=0", 400, "ValidationException", "per_page"),
    ],
)
def test_a_query_that_is_refused_says_why_with_the_standards_exception(
    world: World, api_client: ApiClient, query: str, status: int, kind: str, code: str
) -> None:
    answer = api_client().get(f"{ROOT}events?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["type"], problem["code"]) == (
        status,
        f"epcisException:{kind}",
        code,
    )


@pytest.mark.parametrize("query", ["", "orderBy=eventTime", "orderBy=recordTime&EQ_action=ADD"])
def test_pages_hold_every_event_once_and_the_last_has_no_link(
    world: World, api_client: ApiClient, query: str
) -> None:
    client = api_client()
    whole = [one["eventID"] for one in events(client.get(f"{ROOT}events?{query}&perPage=1000"))]
    met: list[str] = []
    for answer in pages(client, f"{ROOT}events?{query}&perPage=5"):
        some = [one["eventID"] for one in events(answer)]
        assert 0 < len(some) <= 5
        assert ("GS1-Next-Page-Token-Expires" in answer) == bool(following(answer))
        met += some
    assert met == whole


def test_a_page_token_serves_its_own_request_and_asker_until_it_is_given_back(
    world: World, api_client: ApiClient, other_organisation: Organisation
) -> None:
    client = api_client()
    path = following(client.get(f"{ROOT}events?perPage=3"))
    token = re.search("nextPageToken=([^&]+)", path)
    assert token is not None
    assert client.get(path).status_code == 200
    assert client.get(f"{path}&EQ_action=ADD").status_code == 400
    assert api_client(organisation=other_organisation).get(path).status_code == 400
    stranger = api_client(organisation=other_organisation)
    address = f"{ROOT}nextPageToken/{token[1]}"
    assert stranger.delete(address).status_code == 404
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 204
    assert client.get(path).json()["code"] == "page_token"
    assert client.delete(f"{ROOT}nextPageToken/nothing").status_code == 404


def test_a_page_token_expires(world: World, api_client: ApiClient) -> None:
    client = api_client()
    path = following(client.get(f"{ROOT}events?perPage=3"))
    with clock.held_at(clock.now() + timedelta(hours=25)):
        assert client.get(path).json()["code"] == "page_token"


def test_the_root_lists_the_resources_of_the_standard(api_client: ApiClient) -> None:
    answer = api_client().get(ROOT).json()
    assert answer["type"] == "Collection"
    assert set(answer["member"]) == {*COLLECTIONS, "capture", "events", "queries"}


def test_each_collection_lists_its_members_each_with_its_events(
    world: World, api_client: ApiClient
) -> None:
    client = api_client()
    expected = {
        "eventTypes": {"ObjectEvent", "AssociationEvent"},
        "epcs": {*world.items, *world.cases, *world.parcels, world.pallet},
        "bizSteps": {"shipping", "sampling"},
        "bizLocations": {world.factory.identifier, world.warehouse.identifier},
        "readPoints": {world.factory.identifier},
        "dispositions": {"in_transit", "unavailable"},
    }
    for word in COLLECTIONS:
        members: list[str] = []
        for answer in pages(client, f"{ROOT}{word}?perPage=7"):
            assert len(answer.json()["member"]) <= 7
            members += answer.json()["member"]
        assert len(members) == len(set(members)), word
        assert expected[word] <= set(members), word
        one = next(iter(expected[word]))
        address = f"{ROOT}{word}/{quote(one, safe='')}"
        assert client.get(address).json()["member"] == ["events"]
        assert client.get(f"{address}/events").status_code == 200
        assert client.get(f"{ROOT}{word}/nothing").status_code == 404
        assert client.get(f"{ROOT}{word}/nothing/events").status_code == 404


def test_epcs_are_listed_once_although_the_index_has_them_in_blocks_and_alone(
    world: World, api_client: ApiClient
) -> None:
    found = [
        name
        for answer in pages(api_client(), f"{ROOT}epcs?perPage=1000")
        for name in answer.json()["member"]
    ]
    assert sorted(found) == sorted({*world.items, *world.cases, *world.parcels, world.pallet})


def test_events_of_a_member_can_be_narrowed_and_paged(world: World, api_client: ApiClient) -> None:
    client = api_client()
    step = f"{ROOT}bizSteps/shipping/events"
    assert {one["bizStep"] for one in events(client.get(f"{step}?perPage=100"))} == {"shipping"}
    assert events(client.get(f"{step}?EQ_action=DELETE")) == []
    assert len(list(pages(client, f"{step}?perPage=4"))) == 3


def test_own_words_and_names_with_slashes_are_found_in_addresses(
    actor: Actor, api_client: ApiClient
) -> None:
    event = {
        "type": "ObjectEvent",
        "eventID": SENT_ID,
        "eventTime": "2026-02-01T00:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": STEP,
        "bizLocation": {"id": SITE},
        "epcList": [ITEM_LINK],
    }
    capture_events(actor=actor, events=[event], source="tests")
    client = api_client()
    assert client.get(f"{ROOT}bizSteps?perPage=100").json()["member"][-1] == STEP
    for path in (
        f"bizSteps/{quote(STEP, safe='')}/events",
        f"bizSteps/{STEP}/events",
        f"bizSteps/{STEP.replace('//', '/')}/events",
        f"bizLocations/{quote(SITE, safe='')}/events",
        f"eventTypes/ObjectEvent/events?MATCH_anyEPC={quote(ITEM_URN)}",
    ):
        assert [one["eventID"] for one in events(client.get(ROOT + path))] == [SENT_ID], path


def test_identifiers_of_collections_come_in_the_form_asked_for(
    world: World, api_client: ApiClient
) -> None:
    client = api_client()
    answer = client.get(f"{ROOT}epcs?perPage=1", headers={"GS1-EPC-Format": "Always_EPC_URN"})
    assert answer["GS1-EPC-Format"] == "Always_EPC_URN"


def test_lists_have_no_xml(world: World, api_client: ApiClient) -> None:
    client = api_client()
    for word in ("", *COLLECTIONS):
        answer = client.get(f"{ROOT}{word}", headers={"Accept": "application/xml"})
        assert answer.status_code == 406


@pytest.mark.parametrize(
    "path",
    ["", "events", "capture", "epcs", "epcs/urn:x:1", "epcs/urn:x:1/events", "bizSteps/shipping"],
)
def test_options_tells_methods_versions_and_forms(api_client: ApiClient, path: str) -> None:
    answer = api_client().options(f"{ROOT}{path}")
    assert answer.status_code == 204
    assert {"GET", "OPTIONS"} <= set(answer["Allow"].split(", "))
    for name in (
        "GS1-EPCIS-Version",
        "GS1-EPCIS-Min",
        "GS1-EPCIS-Max",
        "GS1-CBV-Version",
        "GS1-CBV-Min",
        "GS1-CBV-Max",
        "GS1-EPC-Format",
        "GS1-CBV-XML-Format",
        "GS1-Vendor-Version",
    ):
        assert answer[name]


def test_another_organisation_finds_none_of_it(
    world: World, api_client: ApiClient, other_organisation: Organisation
) -> None:
    client = api_client(organisation=other_organisation)
    assert events(client.get(f"{ROOT}events")) == []
    assert client.get(f"{ROOT}epcs").json()["member"] == []
    assert client.get(f"{ROOT}readPoints").json()["member"] == []
    assert client.get(f"{ROOT}epcs/{quote(world.items[0], safe='')}").status_code == 404


def test_reading_needs_a_right_to_read(world: World, api_client: ApiClient) -> None:
    client = api_client(Right.EVENTS_CAPTURE)
    assert client.get(f"{ROOT}events").status_code == 403
    assert client.get(f"{ROOT}epcs").status_code == 403
    assert client.get(ROOT).status_code == 200
