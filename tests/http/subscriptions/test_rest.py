"""Stored queries and subscriptions over HTTP, as EPCIS 2.0 §12.8 has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from suyuan.capture.models import CaptureJob
from suyuan.kernel import clock
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.models import NamedQuery, Subscription
from suyuan.subscriptions.services import subscribe
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from tests.conftest import MakeApiClient
from tests.receiver import receiving
from tests.subscriptions_world import Capture

pytestmark = pytest.mark.django_db
BASE = "/epcis/v2/queries"
SHIPPED = {"eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping", "receiving"]}


def _post(client: Client, path: str, body: object, **headers: str) -> Any:
    return client.post(
        path, json.dumps(body), content_type="application/json", headers=headers or None
    )


def test_query_is_defined_listed_read_and_removed(api_client: MakeApiClient) -> None:
    client = api_client()
    made = _post(client, BASE, {"name": "我的查询", "query": SHIPPED})
    assert made.status_code == 201
    address = made["Location"]
    assert client.get(address).json() == {"name": "我的查询", "query": SHIPPED}
    assert client.get(BASE).json() == [{"name": "我的查询", "query": SHIPPED}]
    assert client.delete(address).status_code == 204
    gone = client.get(address)
    assert gone.status_code == 404
    assert gone.json()["type"] == "epcisException:NoSuchResourceException"


def test_queries_come_page_by_page(api_client: MakeApiClient) -> None:
    client = api_client()
    for number in range(5):
        _post(client, BASE, {"name": f"q{number}", "query": {}})
    names: list[str] = []
    address = f"{BASE}?perPage=2"
    while address:
        page = client.get(address)
        names += [one["name"] for one in page.json()]
        link = page.headers.get("Link", "")
        address = link.partition(">")[0][1:].partition("127.0.0.1:8000")[2]
        assert len(page.json()) <= 2
    assert names == [f"q{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "q"}, 400, "required"),
        ({"query": {}}, 400, "required"),
        ({"name": "", "query": {}}, 400, "required"),
        ({"name": "a/b", "query": {}}, 400, "name_slash"),
        ({"name": "x" * 129, "query": {}}, 400, "too_long"),
        ({"name": 7, "query": {}}, 400, "control_value"),
        ({"name": "q", "query": []}, 400, "control_value"),
        ({"name": "q", "query": {"EQ_colour": ["red"]}}, 400, "query_parameter"),
        ({"name": "q", "query": {"GE_eventTime": "yesterday"}}, 400, "query_value_time"),
        ({"name": "q", "query": {}, "more": 1}, 400, "control_unknown"),
        ({"name": "SimpleEventQuery", "query": {}}, 409, "query_name_taken"),
        ({"name": "shipped", "query": {}}, 409, "query_name_taken"),
    ],
)
def test_query_that_is_none_is_refused(
    api_client: MakeApiClient, shipping: NamedQuery, body: object, status: int, code: str
) -> None:
    answer = _post(api_client(), BASE, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_events_of_a_query_are_named_after_it(
    api_client: MakeApiClient, shipping: NamedQuery, capture: Capture
) -> None:
    capture(3)
    capture(2, step="receiving")
    client = api_client()
    page = client.get(f"{BASE}/shipped/events?perPage=2")
    results = page.json()["epcisBody"]["queryResults"]
    assert results["queryName"] == "shipped"
    assert len(results["resultsBody"]["eventList"]) == 2
    assert 'rel="next"' in page["Link"]
    xml = client.get(f"{BASE}/shipped/events", headers={"Accept": "application/xml"})
    assert xml.content.count(b"<ObjectEvent>") == 3
    assert b"<queryName>shipped</queryName>" in xml.content


@pytest.mark.parametrize(
    ("query", "code"),
    [("stream=true", "upgrade_needed"), ("hour=1", "upgrade_needed"), ("x=1", "query_parameter")],
)
def test_plain_request_for_events_takes_no_controls(
    api_client: MakeApiClient, shipping: NamedQuery, query: str, code: str
) -> None:
    answer = api_client().get(f"{BASE}/shipped/events?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_subscription_is_made_told_without_its_secret_and_ended(
    api_client: MakeApiClient, shipping: NamedQuery
) -> None:
    client = api_client()
    path = f"{BASE}/shipped/subscriptions"
    body = {
        "dest": "https://client.example.com/queryCallback",
        "signatureToken": "13df38d8275b13f05704629e5f1cf3d45d6132d5",
        "reportIfEmpty": True,
        "schedule": {"hour": "1", "minute": "5"},
        "initialRecordTime": "2026-01-06T06:52:24.880Z",
    }
    made = _post(client, path, body, **{"GS1-EPC-Format": "Always_EPC_URN"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["schedule"] == {"hour": "1", "minute": "5"}
    assert told["dest"] == body["dest"]
    assert told["initialRecordTime"] == "2026-01-06T06:52:24.880Z"
    assert told["epcFormat"] == "Always_EPC_URN"
    assert told["reportIfEmpty"] is True
    assert made["Location"] == f"{path}/{told['subscriptionID']}"
    assert "13df38d8" not in made.content.decode() + str(Subscription.objects.get().secret)
    assert client.get(made["Location"]).json() == told
    assert client.get(path).json() == [told]
    assert client.get(f"{BASE}/other/subscriptions/{told['subscriptionID']}").status_code == 404
    assert client.delete(made["Location"]).status_code == 204
    assert client.get(made["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "stream_or_schedule"),
        ({"stream": True, "schedule": {"hour": "1"}}, "stream_or_schedule"),
        ({"schedule": {}}, "schedule_empty"),
        ({"schedule": {"hour": "25"}}, "schedule_value"),
        ({"stream": True, "dest": "http://client.example.com/"}, "dest_plain"),
        ({"stream": True, "dest": "https://169.254.169.254/"}, "dest_private"),
        ({"stream": True, "dest": None}, "required"),
        ({"stream": True, "signatureToken": "x" * 513}, "signature_token"),
        ({"stream": True, "suyuan:format": "csv"}, "control_value"),
    ],
)
def test_subscription_that_cannot_be_is_refused(
    api_client: MakeApiClient, shipping: NamedQuery, more: dict[str, object], code: str
) -> None:
    body = {"dest": "https://client.example.com/", **more}
    answer = _post(api_client(), f"{BASE}/shipped/subscriptions", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    if code != "required":
        assert answer.json()["type"] == "epcisException:SubscriptionControlsException"


def test_dropped_query_ends_its_subscriptions(
    api_client: MakeApiClient, shipping: NamedQuery, actor: Actor
) -> None:
    subscribe(actor=actor, query_name="shipped", dest="https://a.example/", stream=True)
    assert api_client().delete(f"{BASE}/shipped").status_code == 204
    assert not Subscription.objects.exists()


def test_xml_is_not_acceptable_where_the_standard_has_json_alone(
    api_client: MakeApiClient, shipping: NamedQuery
) -> None:
    client = api_client()
    for path in (BASE, f"{BASE}/shipped", f"{BASE}/shipped/subscriptions"):
        assert client.get(path, headers={"Accept": "application/xml"}).status_code == 406
    assert client.post(BASE, "<q/>", content_type="application/xml").status_code == 415


def test_every_resource_tells_its_methods(api_client: MakeApiClient, shipping: NamedQuery) -> None:
    client = api_client()
    for path, allowed in {
        BASE: "GET, POST, HEAD, OPTIONS",
        f"{BASE}/shipped": "DELETE, GET, HEAD, OPTIONS",
        f"{BASE}/shipped/events": "GET, HEAD, OPTIONS",
        f"{BASE}/shipped/subscriptions": "GET, POST, HEAD, OPTIONS",
        f"{BASE}/shipped/subscriptions/x": "DELETE, GET, HEAD, OPTIONS",
    }.items():
        answer = client.options(path)
        assert (answer.status_code, answer["Allow"]) == (204, allowed), path
        assert answer["GS1-EPCIS-Version"] == "2.0.0"


def test_who_may_only_edit_subscriptions_cannot_have_events_sent(
    api_client: MakeApiClient, shipping: NamedQuery
) -> None:
    client = api_client(Right.SUBSCRIPTIONS_EDIT)
    body = {"dest": "https://client.example.com/", "stream": True}
    assert _post(client, f"{BASE}/shipped/subscriptions", body).status_code == 403
    reader = api_client(Right.EVENTS_VIEW)
    assert _post(reader, f"{BASE}/shipped/subscriptions", body).status_code == 403
    assert reader.get(BASE).status_code == 200


def test_other_organisation_sees_nothing(
    api_client: MakeApiClient, shipping: NamedQuery, other_organisation: Organisation, actor: Actor
) -> None:
    row = subscribe(actor=actor, query_name="shipped", dest="https://a.example/", stream=True)
    client = api_client(organisation=other_organisation)
    assert client.get(BASE).json() == []
    for path in ("/shipped", "/shipped/events", "/shipped/subscriptions"):
        assert client.get(BASE + path).status_code == 404
    assert client.get(f"{BASE}/shipped/subscriptions/{row.name}").status_code == 404
    assert client.delete(f"{BASE}/shipped/subscriptions/{row.name}").status_code == 404
    assert client.delete(f"{BASE}/shipped").status_code == 404


@pytest.mark.usefixtures("loopback_allowed")
@pytest.mark.parametrize(
    ("form", "kind", "mark"),
    [
        ("json", "application/json", b'"subscriptionID"'),
        ("xml", "application/xml", b"<subscriptionID>"),
        ("xml-1.2", "application/xml", b"urn:epcglobal:epcis-query:xsd:1"),
    ],
)
def test_receiver_gets_the_format_it_asked_for(
    api_client: MakeApiClient,
    shipping: NamedQuery,
    capture: Capture,
    form: str,
    kind: str,
    mark: bytes,
) -> None:
    with receiving() as receiver:
        body = {"dest": receiver.url, "stream": True, "suyuan:format": form}
        made = _post(api_client(), f"{BASE}/shipped/subscriptions", body)
        assert made.status_code == 201
        capture()
        Dispatcher().drain()
    (got,) = receiver.got
    assert got.headers["Content-Type"].startswith(kind)
    assert mark in got.body
    assert "GS1-Signature" not in got.headers


@pytest.mark.usefixtures("loopback_allowed")
def test_schedule_reports_what_came_since_and_that_nothing_did(
    api_client: MakeApiClient, shipping: NamedQuery, capture: Capture
) -> None:
    start = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    with receiving() as receiver, clock.held_at(start):
        body = {
            "dest": receiver.url,
            "reportIfEmpty": True,
            "schedule": {"minute": "0,30"},
        }
        made = _post(api_client(), f"{BASE}/shipped/subscriptions", body)
        capture(3)
        dispatcher = Dispatcher()
        dispatcher.drain()
        assert receiver.got == []
        for minutes in (31, 45, 61):
            with clock.held_at(datetime.fromtimestamp(start.timestamp() + minutes * 60, UTC)):
                dispatcher.drain()
        told = api_client().get(made["Location"]).json()
    lists = [
        json.loads(got.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        for got in receiver.got
    ]
    assert [len(one) for one in lists] == [3, 0]
    assert told["minRecordTime"].startswith("2026-03-02T05:31")
    assert CaptureJob.objects.count() == 1


@pytest.mark.usefixtures("loopback_allowed")
def test_initial_record_time_tells_what_was_captured_before(
    api_client: MakeApiClient, shipping: NamedQuery, capture: Capture
) -> None:
    for day in (1, 2, 3):
        with clock.held_at(datetime(2026, 3, day, tzinfo=UTC)):
            capture(2)
    with receiving() as receiver:
        body = {
            "dest": receiver.url,
            "stream": True,
            "initialRecordTime": "2026-03-02T00:00:00Z",
        }
        _post(api_client(), f"{BASE}/shipped/subscriptions", body)
        Dispatcher().drain()
    (got,) = receiver.got
    told = json.loads(got.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert len(told) == 4
