"""Queries that want more than they may: pages, counts, values, and what is hidden from them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from suyuan.partners.services import unshare
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from tests.partner_world import ITEM, OTHER_ITEM, PartnerWorld, build_partner_world, observed
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
ROOT = "/epcis/v2/"
EVENTS = f"{ROOT}events"

type ApiClient = Callable[..., Client]


@pytest.fixture
def world(actor: Actor) -> World:
    return build_world(actor)


@pytest.fixture
def partners(actor: Actor) -> PartnerWorld:
    """Return a brand with eight events, three of which the factory may see."""
    made = build_partner_world(actor)
    for number in range(5):
        made.capture(
            {
                **observed(
                    f"{OTHER_ITEM}H{number}", step="destroying", location=made.hall.identifier
                ),
                "@context": [{"ex": "https://ex.example/"}],
                "ex:grade": number,
            }
        )
    for number in range(3):
        made.capture(
            {
                **observed(f"{ITEM}V{number}", step="receiving", location=made.factory.identifier),
                "@context": [{"ex": "https://ex.example/"}],
                "ex:grade": 9 - number,
            }
        )
    made.share(made.maker, own_places=True)
    return made


def found(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    listed: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"][
        "eventList"
    ]
    return listed


def link(answer: Any) -> str:
    match = re.fullmatch(r'<https?://[^/]+(/[^>]+)>; rel="next"', answer.get("Link", ""))
    return match[1] if match else ""


# ── Pages ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "given",
    [
        "0",
        "-1",
        "1001",
        "0000000019999999",
        "000000001" + "0" * 5_000,
        "9" * 6_000,
        "1e2",
        "٣",
        "",
        " 5",
        "5\0",
        "1_0",
    ],
)
def test_a_page_is_never_larger_than_it_may_be(
    world: World, api_client: ApiClient, given: str
) -> None:
    for path in (EVENTS, f"{ROOT}epcs", f"{ROOT}queries"):
        answer = api_client().get(f"{path}?{urlencode({'perPage': given})}")
        assert (answer.status_code, answer.json()["code"]) == (400, "per_page")


def test_tokens_that_were_tampered_with_open_nothing(world: World, api_client: ApiClient) -> None:
    client = api_client()
    path = link(client.get(f"{EVENTS}?perPage=3"))
    base, _, token = path.partition("nextPageToken=")
    hostile = [
        token[:-1],
        token[1:],
        token.swapcase(),
        token + "A",
        token[: len(token) // 2] * 2,
        "",
        "\0",
        "=" * 80,
        "é",
        "A" * 5_000,
        "gAAAAA" + "A" * 200,
        token[:20] + ("B" if token[20] != "B" else "C") + token[21:],
    ]
    for one in hostile:
        answer = client.get(f"{base}nextPageToken={quote(one)}")
        assert (answer.status_code, answer.json()["code"]) == (400, "page_token"), one
        if one:
            assert client.delete(f"{ROOT}nextPageToken/{quote(one, safe='')}").status_code == 404


def test_a_token_is_good_for_its_own_resource_and_query_alone(
    world: World, api_client: ApiClient
) -> None:
    client = api_client()
    for name, query in (("one", {}), ("two", {"EQ_action": ["ADD"]})):
        body = json.dumps({"name": name, "query": query})
        client.post(f"{ROOT}queries", body, content_type="application/json")
    path = link(client.get(f"{EVENTS}?perPage=2"))
    token = path.partition("nextPageToken=")[2]
    elsewhere = ["queries/one/events", "queries/two/events", "epcs", "queries", "bizSteps"]
    for place in elsewhere:
        answer = client.get(f"{ROOT}{place}?perPage=2&nextPageToken={token}")
        assert answer.json()["code"] == "page_token", place
    one = link(client.get(f"{ROOT}queries/one/events?perPage=1"))
    assert client.get(one.replace("/one/", "/two/")).json()["code"] == "page_token"


def test_a_partners_token_is_neither_the_brands_nor_another_partners(
    partners: PartnerWorld, api_client: ApiClient
) -> None:
    mine, theirs = partners.client(partners.maker), partners.client(partners.keeper)
    path = link(mine.get(f"{EVENTS}?perPage=1"))
    brand = api_client()
    whole = link(brand.get(f"{EVENTS}?perPage=1"))
    assert theirs.get(path).json()["code"] == "page_token"
    assert brand.get(path).json()["code"] == "page_token"
    assert mine.get(whole).json()["code"] == "page_token"
    token = whole.partition("nextPageToken=")[2]
    assert mine.delete(f"{ROOT}nextPageToken/{token}").status_code == 404


def test_a_page_that_was_begun_shows_what_may_be_seen_now(partners: PartnerWorld) -> None:
    client = partners.client(partners.maker)
    path = link(client.get(f"{EVENTS}?perPage=1"))
    unshare(actor=partners.actor, code="MAKER", number=1)
    assert found(client.get(path)) == []


# ── What is hidden ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "query",
    [
        "",
        "orderBy=eventTime",
        "orderBy=recordTime&orderDirection=ASC",
        "orderBy=eventTime&eventCountLimit=2",
        "orderBy=eventTime&eventCountLimit=7",
        "maxEventCount=3",
        "orderBy=ex:grade",
        "orderBy=ex:grade&orderDirection=ASC&eventCountLimit=2",
        "orderBy=https://ex.example/grade&eventCountLimit=50",
        "EQ_bizStep=destroying",
        "EQ_bizStep=destroying&maxEventCount=1",
        "EXISTS_ex:grade",
        "GE_ex:grade=0&orderBy=ex:grade",
        "MATCH_anyEPC=urn:epc:idpat:sgtin:*.*.*",
        f"MATCH_anyEPC={quote(OTHER_ITEM)}H0",
    ],
)
def test_no_query_counts_shows_or_orders_by_what_is_hidden(
    partners: PartnerWorld, query: str
) -> None:
    client = partners.client(partners.maker)
    headers = {"GS1-Extensions": "ex=https://ex.example/"}
    path, met = f"{EVENTS}?{query}&perPage=1", []
    for _ in range(6):
        answer = client.get(path, headers=headers)
        met += found(answer)
        for secret in (b"destroying", OTHER_ITEM.encode()):
            assert secret not in answer.content
        path = link(answer)
        if not path:
            break
    else:
        pytest.fail("more pages than there are events to see")
    assert len(met) <= 3
    assert len({json.dumps(one) for one in met}) == len(met)
    if "grade" in query and met:
        grades = [one["ex:grade"] for one in met]
        assert grades == sorted(grades, reverse="ASC" not in query)


def test_the_largest_count_is_of_what_is_seen(partners: PartnerWorld) -> None:
    client = partners.client(partners.maker)
    assert client.get(f"{EVENTS}?maxEventCount=2").status_code == 413
    assert client.get(f"{EVENTS}?maxEventCount=3").status_code == 200
    assert partners.client(partners.keeper).get(f"{EVENTS}?maxEventCount=1").status_code == 200


@pytest.mark.parametrize("name", ["maxEventCount", "eventCountLimit"])
@pytest.mark.parametrize("value", ["0", "-1", "1.0", "", "1e3", "9" * 400, "true", "٣", "1|2"])
def test_counts_that_are_none_are_refused(
    world: World, api_client: ApiClient, name: str, value: str
) -> None:
    query = urlencode({name: value, "orderBy": "eventTime"})
    answer = api_client().get(f"{EVENTS}?{query}")
    assert answer.status_code == 400
    assert answer.json()["type"] == "epcisException:QueryParameterException"


# ── Values ───────────────────────────────────────────────────────────────────────────────────

_NAMES = [
    "eventType",
    "EQ_action",
    "EQ_bizStep",
    "EQ_disposition",
    "EQ_readPoint",
    "WD_bizLocation",
    "EQ_transformationID",
    "EQ_persistentDisposition_set",
    "EQ_bizTransaction_po",
    "EQ_source_owning_party",
    "MATCH_epc",
    "MATCH_anyEPCClass",
    "EQ_eventID",
    "EQ_errorReason",
    "EQ_correctiveEventID",
    "GE_eventTime",
    "LT_recordTime",
    "GE_quantity",
    "EQ_type",
    "EQ_value_CEL",
    "EQ_stringValue",
    "EQ_ILMD_ex:lot",
    "EQ_INNER_ex:lot",
    "HASATTR_ex:a",
    "EQATTR_ex:a_b",
    "EQ_ex:note",
    "orderBy",
    "orderDirection",
]
_VALUES = [
    "\0",
    "https://a.example/\0",
    "https://id.gs1.org/01/09521234543213/21/%00",
    "https://id.gs1.org/414/9521234000013/254/%00%01",
    "urn:epc:id:sgtin:9521234.000001.%00",
    "urn:epc:idpat:sgtin:*.*.*",
    "urn:epc:idpat:sgtin:9521234.*.7",
    "urn:epc:idpat:lgtin:*.*.*",
    "urn:epc:idpat:x:*",
    "(a+)+$" * 20,
    "%" * 50,
    "_%'\"; DROP TABLE x; --",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "1e999",
    "-0",
    "9" * 60,
    "nan",
    "🍵" * 500,
    "a" * 3_000,
    "x:" + "b" * 2_000,
    "https://" + "a/" * 1_000,
    "|||",
    "\ud800",
]


@pytest.mark.parametrize("name", _NAMES)
def test_no_value_of_a_parameter_is_the_servers_fault(
    world: World, api_client: ApiClient, name: str
) -> None:
    """A stored query can hold what no address can; both are asked."""
    client = api_client()
    client.raise_request_exception = False
    for number, value in enumerate(_VALUES):
        if "\ud800" not in value:
            answer = client.get(f"{EVENTS}?{urlencode({name: value})}")
            assert answer.status_code in {200, 400, 413}, (value[:40], answer.content)
        title = f"{name.replace(':', '-')}-{number}"
        body = json.dumps({"name": title, "query": {name: [value]}})
        made = client.post(f"{ROOT}queries", body, content_type="application/json")
        assert made.status_code in {201, 400}, (value[:40], made.content)
        if made.status_code == 201:
            answer = client.get(f"{ROOT}queries/{title}/events")
            assert answer.status_code in {200, 413}, (value[:40], answer.content)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1,
        1.5,
        {},
        {"a": []},
        [[]],
        [{}],
        [None],
        [1, "a"],
        10**400,
        [10**400],
        {"@context": {"@context": []}},
    ],
)
def test_no_kind_of_value_is_the_servers_fault(
    world: World, api_client: ApiClient, value: object
) -> None:
    client = api_client()
    client.raise_request_exception = False
    for number, name in enumerate([*_NAMES, "@context", "maxEventCount", "eventCountLimit"]):
        body = json.dumps({"name": f"k{number}", "query": {name: value}})
        made = client.post(f"{ROOT}queries", body, content_type="application/json")
        assert made.status_code in {201, 400}, (name, made.content)
        if made.status_code == 201:
            answer = client.get(f"{ROOT}queries/k{number}/events")
            assert answer.status_code in {200, 413}, (name, answer.content)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"EQ_ex:a": ["\0"]}, 400),
        ({"EQ_ex:a\0": ["b"]}, 400),
        ({"@context": {"ex": "https://a.example/\0"}}, 400),
        ({"EQ_ex:a": ["\\\0"]}, 400),
        ({"EQ_ex:a": ["\\u0000"]}, 201),
    ],
)
def test_a_stored_query_holds_no_nul_wherever_it_stands(
    api_client: ApiClient, organisation: Organisation, query: object, status: int
) -> None:
    client = api_client()
    client.raise_request_exception = False
    body = json.dumps({"name": "nul", "query": query})
    answer = client.post(f"{ROOT}queries", body, content_type="application/json")
    assert answer.status_code == status


@pytest.mark.parametrize(
    "name", ["\ud800", "a\0b", "..", "a/b", "", "x" * 200, "a\u2028b", "\u202e", "%2e%2e"]
)
def test_names_of_queries_are_refused_or_lead_back(
    world: World, api_client: ApiClient, name: str
) -> None:
    client = api_client()
    client.raise_request_exception = False
    body = json.dumps({"name": name, "query": {}})
    made = client.post(f"{ROOT}queries", body, content_type="application/json")
    assert made.status_code in {201, 400}, made.content
    if made.status_code == 201:
        assert client.get(made["Location"]).json()["name"] == name


def test_two_thousand_values_are_answered_quickly_and_more_are_refused(
    world: World, api_client: ApiClient
) -> None:
    client = api_client()
    short = [f"u:x:{number}" for number in range(2_000)]
    asked: dict[str, dict[str, list[str]]] = {
        "ids": {"EQ_eventID": short},
        "places": {"WD_bizLocation": short},
        "epcs": {"MATCH_anyEPC": short},
        "patterns": {"MATCH_anyEPC": [f"urn:epc:idpat:gid:{n + 100000}.*.*" for n in range(900)]},
        "steps": {"EQ_bizStep": short},
    }
    for name, query in asked.items():
        body = json.dumps({"name": name, "query": query})
        begun = time.monotonic()
        made = client.post(f"{ROOT}queries", body, content_type="application/json")
        if made.status_code == 201:
            assert client.get(f"{ROOT}queries/{name}/events").status_code == 200
        else:
            assert made.status_code == 400, made.content
        assert time.monotonic() - begun < 5, name
    many = json.dumps({"name": "many", "query": {"EQ_eventID": [*short, "u:x"]}})
    assert client.post(f"{ROOT}queries", many, content_type="application/json").status_code == 400


def test_an_address_that_is_too_long_is_refused(world: World, api_client: ApiClient) -> None:
    answer = api_client().get(f"{EVENTS}?EQ_eventID={'x' * 20_000}")
    assert answer.status_code == 414


def test_thousands_of_parameters_are_refused(world: World, api_client: ApiClient) -> None:
    client = api_client()
    client.raise_request_exception = False
    query = "&".join(f"a{n}=1" for n in range(1_500))
    assert client.get(f"{EVENTS}?{query}").status_code == 400


def test_a_subscription_of_a_stranger_is_not_there(
    world: World, api_client: ApiClient, other_organisation: Organisation
) -> None:
    client = api_client()
    body = json.dumps({"name": "q", "query": {}})
    client.post(f"{ROOT}queries", body, content_type="application/json")
    stranger = api_client(Right.EVENTS_VIEW, organisation=other_organisation)
    assert stranger.get(f"{ROOT}queries/q/subscriptions").status_code == 404
    assert stranger.get(f"{ROOT}queries/q/events").status_code == 404
