"""Facts about EPCIS over HTTP: status codes, headers, problems, and what never happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.test import Client

from suyuan.capture.models import CaptureJob, StoredEvent
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db

CAPTURE = "/epcis/v2/capture"
EVENTS = "/epcis/v2/events"
EPC = "urn:epc:id:sgtin:0614141.107346.2018"

type ApiClient = Callable[..., Client]


def an_event(**changes: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-01-05T08:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": [EPC],
    } | changes


def a_document(*events: Any, **changes: Any) -> dict[str, Any]:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    } | changes


def post(client: Client, value: Any, path: str = CAPTURE, **headers: str) -> Any:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return client.post(path, body, content_type="application/json", headers=headers)


def test_a_captured_document_is_acknowledged_with_the_address_of_its_job(
    api_client: ApiClient,
) -> None:
    client = api_client()
    answer = post(client, a_document(an_event()))
    assert (answer.status_code, answer.content) == (202, b"")
    job = client.get(answer["Location"]).json()
    assert (job["running"], job["success"], job["errors"]) == (False, True, [])
    assert [one["captureID"] for one in client.get(CAPTURE).json()] == [job["captureID"]]


def test_a_repeated_document_is_acknowledged_again_and_stored_once(api_client: ApiClient) -> None:
    client = api_client()
    for expected in (1, 0):
        job = client.get(post(client, a_document(an_event()))["Location"]).json()
        assert (job["suyuan:stored"], job["suyuan:duplicates"]) == (expected, 1 - expected)
    assert StoredEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "place"),
    [
        (b"{", 400, "json_malformed", ""),
        (b"\xff\xfe\x00", 400, "json_encoding", ""),
        (b"[" * 200_000, 400, "json_depth", ""),
        (b"[]", 400, "not_a_document", ""),
        (a_document(), 400, "no_events", "/epcisBody/eventList"),
        (a_document(an_event(), schemaVersion="1.2"), 400, "schema_version", "/schemaVersion"),
        (
            a_document(an_event(bizStep="x")),
            400,
            "unknown_step",
            "/epcisBody/eventList/0/bizStep",
        ),
        (
            a_document(an_event(), an_event(eventTime="2026-01-05T08:00:00")),
            400,
            "time_without_zone",
            "/epcisBody/eventList/1/eventTime",
        ),
        (
            a_document(an_event(eventTime="2999-01-05T08:00:00Z")),
            400,
            "time_in_future",
            "/epcisBody/eventList/0/eventTime",
        ),
        (
            a_document(an_event(epcList=["https://id.gs1.org/01/09521234000019/21/1"])),
            400,
            "gtin_check_digit",
            "/epcisBody/eventList/0/epcList/0",
        ),
        (
            a_document(an_event(**{"<script>alert(1)</script>": 1})),
            400,
            "field_unknown",
            "/epcisBody/eventList/0/<script>alert(1)</script>",
        ),
    ],
)
def test_a_bad_document_is_a_problem_with_code_and_place_and_stores_nothing(
    api_client: ApiClient, body: Any, status: int, code: str, place: str
) -> None:
    answer = post(api_client(), body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["place"], problem["status"]) == (code, place, status)
    assert problem["type"] == "epcisException:ValidationException"
    assert not StoredEvent.objects.exists()
    assert not CaptureJob.objects.exists()


def test_a_reused_event_id_is_a_conflict(api_client: ApiClient) -> None:
    client = api_client()
    assert post(client, a_document(an_event(eventID="urn:x:1"))).status_code == 202
    answer = post(client, a_document(an_event(eventID="urn:x:1", bizStep="receiving")))
    assert (answer.status_code, answer.json()["code"]) == (409, "event_id_conflict")
    assert answer.json()["type"] == "epcisException:ResourceAlreadyExistsException"


def test_proceed_keeps_the_good_events_and_the_job_tells_of_the_others(
    api_client: ApiClient,
) -> None:
    client = api_client()
    body = a_document(an_event(), an_event(bizStep="x"))
    answer = post(client, body, **{"GS1-Capture-Error-Behaviour": "proceed"})
    job = client.get(answer["Location"]).json()
    assert (job["success"], job["captureErrorBehaviour"]) == (False, "proceed")
    assert job["errors"][0]["detail"] == "/epcisBody/eventList/1/bizStep"
    refused = post(client, body, **{"GS1-Capture-Error-Behaviour": "maybe"})
    assert (refused.status_code, refused.json()["code"]) == (400, "error_behaviour")


def test_a_hundred_megabytes_are_refused_before_they_are_read(api_client: ApiClient) -> None:
    client = api_client()
    answer = client.generic(
        "POST",
        CAPTURE,
        b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        content_type="application/json",
    )
    assert answer.status_code == 413
    assert answer.json()["type"] == "epcisException:CaptureLimitExceededException"
    assert answer["GS1-EPCIS-Capture-File-Size-Limit"] == str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def test_an_event_with_a_hundred_thousand_epcs_is_captured_and_read_back(
    api_client: ApiClient,
) -> None:
    client = api_client()
    epcs = [f"urn:epc:id:sgtin:0614141.107346.{n}" for n in range(100_000)]
    assert post(client, a_document(an_event(epcList=epcs))).status_code == 202
    answer = client.get(EVENTS, headers={"GS1-EPC-Format": "Always_EPC_URN"}).json()
    events = answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert sorted(events[0]["epcList"]) == sorted(epcs)


@pytest.mark.parametrize("path", [CAPTURE, f"{CAPTURE}/1", EVENTS, f"{EVENTS}/urn:x:1"])
def test_every_resource_says_its_methods_and_versions(api_client: ApiClient, path: str) -> None:
    answer = api_client().options(path)
    assert answer.status_code == 204
    assert "OPTIONS" in answer["Allow"]
    assert answer["GS1-EPCIS-Version"] == answer["GS1-CBV-Version"] == "2.0.0"
    assert answer["GS1-EPC-Format"] == "Always_GS1_Digital_Link"


@pytest.mark.parametrize("path", [CAPTURE, f"{CAPTURE}/1", EVENTS, f"{EVENTS}/urn:x:1"])
def test_a_stranger_is_told_to_bring_a_token_and_nothing_else(
    stranger: Client, client_as: Callable[..., Client], path: str
) -> None:
    for client in (stranger, Client(headers={"Authorization": "Bearer syn_guess"})):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", CAPTURE),
        ("get", CAPTURE),
        ("get", EVENTS),
        ("post", EVENTS),
        ("get", f"{EVENTS}/urn:x:1"),
        ("get", f"{CAPTURE}/1"),
    ],
)
def test_a_token_without_the_right_is_refused(
    api_client: ApiClient, method: str, path: str
) -> None:
    reading = {Right.EVENTS_VIEW, Right.EVENTS_SHARED}
    sending = {Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER}
    needed = sending if method == "post" or path.startswith(f"{CAPTURE}/") else reading
    if (method, path) == ("get", CAPTURE):
        needed = {Right.EVENTS_VIEW, Right.EVENTS_DELIVER}
    client = api_client(*(one for one in Right if one not in needed))
    answer = (
        getattr(client, method)(path, "{}", content_type="application/json")
        if (method == "post")
        else client.get(path)
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_another_organisations_jobs_and_events_look_like_none(
    api_client: ApiClient, other_organisation: Organisation
) -> None:
    location = post(api_client(), a_document(an_event(eventID="urn:x:1")))["Location"]
    theirs = api_client(organisation=other_organisation)
    unknown = theirs.get(f"{CAPTURE}/123")
    for path in (location, f"{EVENTS}/urn:x:1"):
        answer = theirs.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"] == unknown.json()["type"]
    listed = theirs.get(EVENTS).json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert (listed, theirs.get(CAPTURE).json()) == ([], [])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{EVENTS}?perPage=0", "per_page"),
        (f"{EVENTS}?perPage=1001", "per_page"),
        (f"{EVENTS}?perPage=ten", "per_page"),
        (f"{EVENTS}?perPage=１", "per_page"),
        (f"{EVENTS}?nextPageToken=-1", "page_token"),
        (f"{EVENTS}?nextPageToken={'9' * 40}", "page_token"),
        (f"{EVENTS}?MATCH_anyEPC=tin", "uri_malformed"),
        (f"{EVENTS}?MATCH_anything=1", "query_parameter"),
    ],
)
def test_a_bad_question_is_a_problem(api_client: ApiClient, path: str, code: str) -> None:
    answer = api_client().get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("name", ["0", "x", "9" * 40, "%00", "1%0A"])
def test_a_job_number_that_is_none_is_not_found(api_client: ApiClient, name: str) -> None:
    assert api_client().get(f"{CAPTURE}/{name}").status_code == 404


def test_media_types_that_are_not_spoken_are_refused(api_client: ApiClient) -> None:
    client = api_client()
    assert client.post(CAPTURE, b"a,b", content_type="text/csv").status_code == 415
    assert client.get(EVENTS, headers={"Accept": "text/html"}).status_code == 406
    assert client.get(EVENTS, headers={"Accept": "application/ld+json"}).status_code == 200
    assert client.put(CAPTURE, b"{}", content_type="application/json").status_code == 405


def test_pages_end_without_a_link_also_when_the_last_is_full(api_client: ApiClient) -> None:
    client = api_client()
    events = [an_event(epcList=[f"urn:epc:id:sgtin:0614141.107346.{n}"]) for n in range(4)]
    post(client, a_document(*events))
    seen = []
    path = f"{EVENTS}?perPage=2"
    for _ in range(2):
        answer = client.get(path)
        body = answer.json()["epcisBody"]["queryResults"]["resultsBody"]
        seen += [one["epcList"][0].rpartition("/")[2] for one in body["eventList"]]
        path = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert seen == ["0", "1", "2", "3"]
    assert path == ""


def test_one_event_is_created_with_its_address_and_a_repeat_is_a_conflict(
    api_client: ApiClient,
) -> None:
    client = api_client()
    answer = post(client, an_event(), EVENTS)
    assert answer.status_code == 201
    told = answer.json()
    assert told["eventID"] in unquote(answer["Location"])
    assert told["epcList"] == ["https://id.gs1.org/01/10614141073464/21/2018"]
    assert answer["GS1-EPC-Format"] == "Always_GS1_Digital_Link"
    found = client.get(answer["Location"], headers={"GS1-EPC-Format": "Never_Translates"}).json()
    assert found["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["epcList"] == [EPC]
    assert post(client, an_event(), EVENTS).status_code == 409
    assert post(client, b"[1]", EVENTS).json()["code"] == "event_not_object"


def test_an_event_id_with_every_awkward_character_is_found(api_client: ApiClient) -> None:
    client = api_client()
    name = "https://acme.example/e/1?a=b&c=%20;x#y"
    post(client, a_document(an_event(eventID=name)))
    answer = client.get(f"{EVENTS}/{quote(name, safe='')}")
    assert answer.status_code == 200


def test_prefixes_that_clash_between_documents_stay_with_their_events(
    api_client: ApiClient,
) -> None:
    client = api_client()
    for number, uri in enumerate(("http://one.example/", "http://two.example/")):
        context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"acme": uri}]
        event = an_event(eventID=f"urn:x:{number}", **{"acme:x": "1"})
        post(client, a_document(event, **{"@context": context}))
    answer = client.get(EVENTS).json()
    events = answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert answer["@context"][1] == {"acme": "http://one.example/"}
    assert "@context" not in events[0]
    assert events[1]["@context"] == [{"acme": "http://two.example/"}]
