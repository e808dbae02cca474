"""Any syntax in, any syntax out, identifiers in the form that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml

pytestmark = pytest.mark.django_db

type ApiClient = Callable[..., Client]

CAPTURE, EVENTS = "/epcis/v2/capture", "/epcis/v2/events"
URN, LINK = "urn:epc:id:sgtin:0614141.107346.2018", "https://id.gs1.org/01/10614141073464/21/2018"
PLACE_URN, PLACE_LINK = (
    "urn:epc:id:sgln:0614141.07346.1234",
    ("https://id.gs1.org/414/0614141073467/254/1234"),
)
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
    "epcList": [URN],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "readPoint": {"id": PLACE_URN},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:1:7"}],
    "example:note": {"@example:by": "王", "#text": "易碎 <&>"},
}
CONTEXT = {"example": "http://ns.example.com/epcis/"}


def as_json() -> bytes:
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T08:00:00Z",
        "epcisBody": {"eventList": [EVENT]},
    }
    return json.dumps(document).encode()


def as_xml(version: XmlVersion) -> bytes:
    return write_xml([(EVENT, CONTEXT)], version=version, created="2026-03-01T08:00:00Z")


SOURCES = [
    ("application/json", as_json()),
    ("application/xml", as_xml(XmlVersion.V2_0)),
    ("text/xml", as_xml(XmlVersion.V1_2)),
]


def sent(client: Client, media: str, body: bytes) -> None:
    answer = client.post(CAPTURE, body, content_type=media)
    assert answer.status_code == 202, answer.content


def events_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return events


def plain(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "recordTime"}


@pytest.mark.parametrize(("media", "body"), SOURCES, ids=["json", "xml2", "xml1"])
def test_event_in_any_syntax_comes_back_whole_in_every_syntax(
    api_client: ApiClient, media: str, body: bytes
) -> None:
    client = api_client()
    sent(client, media, body)
    as_captured = {"GS1-EPC-Format": "Never_Translates"}
    answer = client.get(EVENTS, headers=as_captured)
    assert [plain(one) for one in events_of(answer.json())] == [EVENT]
    for version in ("2.0", "1.2"):
        headers = {**as_captured, "Accept": "application/xml", "GS1-EPCIS-Version": version}
        answer = client.get(EVENTS, headers=headers)
        assert answer["Content-Type"].startswith("application/xml")
        document, faults = read_xml(answer.content)
        assert (faults, [plain(one) for one in events_of(document)]) == ({}, [EVENT])
        assert etree.fromstring(answer.content).get("schemaVersion") == version


def test_same_event_in_another_syntax_is_a_duplicate(api_client: ApiClient) -> None:
    client = api_client()
    for media, body in SOURCES:
        sent(client, media, body)
    assert len(events_of(client.get(EVENTS).json())) == 1


@pytest.mark.parametrize(
    ("form", "epc", "place"),
    [
        (None, LINK, PLACE_LINK),
        ("No_Preference", LINK, PLACE_LINK),
        ("Always_GS1_Digital_Link", LINK, PLACE_LINK),
        ("Always_EPC_URN", URN, PLACE_URN),
        ("Never_Translates", URN, PLACE_URN),
    ],
)
def test_identifiers_come_in_the_form_asked_for(
    api_client: ApiClient, form: str | None, epc: str, place: str
) -> None:
    client = api_client()
    sent(client, "application/json", as_json())
    answer = client.get(EVENTS, headers={"GS1-EPC-Format": form} if form else {})
    (event,) = events_of(answer.json())
    assert (event["epcList"], event["readPoint"]["id"]) == ([epc], place)
    assert answer["GS1-EPC-Format"] == (form if form not in {None, "No_Preference"} else LINKS)


LINKS = "Always_GS1_Digital_Link"


def test_link_becomes_a_urn_once_a_urn_has_shown_how_long_the_prefix_is(
    api_client: ApiClient,
) -> None:
    client = api_client()
    linked = as_json().replace(URN.encode(), LINK.encode()).replace(PLACE_URN.encode(), b"urn:x:1")
    sent(client, "application/json", linked)
    urns = {"GS1-EPC-Format": "Always_EPC_URN"}
    assert events_of(client.get(EVENTS, headers=urns).json())[0]["epcList"] == [LINK]
    other = as_json().replace(b"404d95fc", b"504d95fc")
    sent(client, "application/json", other)
    assert events_of(client.get(EVENTS, headers=urns).json())[0]["epcList"] == [URN]


def test_xml_1_2_speaks_urns_unless_told_otherwise(api_client: ApiClient) -> None:
    client = api_client()
    sent(client, "application/json", as_json())
    answer = client.get(EVENTS, headers={"Accept": "text/xml", "GS1-EPCIS-Version": "1.2"})
    assert answer["GS1-EPC-Format"] == "Always_EPC_URN"
    assert URN.encode() in answer.content
    assert b"urn:epcglobal:epcis-query:xsd:1" in answer.content


def test_standard_words_come_as_urns_or_web_uris(api_client: ApiClient) -> None:
    client = api_client()
    sent(client, "application/json", as_json())
    xml = {"Accept": "application/xml"}
    assert b"urn:epcglobal:cbv:bizstep:shipping" in client.get(EVENTS, headers=xml).content
    web = {**xml, "GS1-CBV-XML-Format": "Always_Web_URI"}
    assert b"https://ref.gs1.org/cbv/BizStep-shipping" in client.get(EVENTS, headers=web).content


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Accept": "text/html"}, 406, "not_acceptable"),
        ({"Accept": "application/json;q=0"}, 406, "not_acceptable"),
        ({"GS1-EPCIS-Version": "3.0"}, 406, "not_acceptable"),
        ({"GS1-EPC-Format": "Sometimes"}, 400, "epc_format"),
        ({"GS1-CBV-XML-Format": "Sometimes"}, 400, "cbv_format"),
    ],
)
def test_what_is_not_spoken_is_refused_before_anything_is_done(
    api_client: ApiClient, headers: dict[str, str], status: int, code: str
) -> None:
    client = api_client()
    answer = client.post(CAPTURE, as_json(), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert events_of(client.get(EVENTS).json()) == []


def test_syntax_of_the_highest_quality_is_served(api_client: ApiClient) -> None:
    client = api_client()
    accept = "application/json;q=0.5, text/xml;q=0.9, */*;q=0.1"
    answer = client.get(EVENTS, headers={"Accept": accept})
    assert answer["Content-Type"].startswith("application/xml")


def test_proceed_keeps_the_good_events_of_an_xml_document(api_client: ApiClient) -> None:
    client = api_client()
    body = as_xml(XmlVersion.V2_0).replace(
        b"<EventList>",
        b"<EventList><ObjectEvent><eventTime>x</eventTime><colour>red</colour></ObjectEvent>",
    )
    refused = client.post(CAPTURE, body, content_type="application/xml")
    assert refused.status_code == 400
    places = {(fault["code"], fault["place"]) for fault in refused.json()["faults"]}
    assert ("field_unknown", "/epcisBody/eventList/0/colour") in places
    headers = {"GS1-Capture-Error-Behaviour": "proceed"}
    kept = client.post(CAPTURE, body, content_type="application/xml", headers=headers)
    assert kept.status_code == 202
    assert len(events_of(client.get(EVENTS).json())) == 1


def test_single_event_cannot_be_posted_as_xml(api_client: ApiClient) -> None:
    answer = api_client().post(EVENTS, b"<ObjectEvent/>", content_type="application/xml")
    assert answer.status_code == 415


HASHED = {"Suyuan-Event-ID": "hash"}


def test_event_named_by_its_hash_is_known_again_in_every_syntax_and_form(
    api_client: ApiClient,
) -> None:
    client = api_client()
    bare = {name: value for name, value in EVENT.items() if name != "eventID"}
    linked = {**bare, "epcList": [LINK], "eventTime": "2026-03-01T00:00:00Z"}
    for event in (bare, linked):
        for version in XmlVersion:
            body = write_xml([(event, CONTEXT)], version=version, created="2026-03-01T08:00:00Z")
            answer = client.post(CAPTURE, body, content_type="text/xml", headers=HASHED)
            assert answer.status_code == 202
    (event,) = events_of(client.get(EVENTS).json())
    assert event["eventID"].startswith("ni:///sha-256;")
    document = json.loads(as_json())
    document["epcisBody"]["eventList"] = [{**bare, "eventID": event["eventID"]}]
    sent(client, "application/json", json.dumps(document).encode())
    assert len(events_of(client.get(EVENTS).json())) == 1


def test_hash_that_is_not_the_events_own_names_it_like_any_id(api_client: ApiClient) -> None:
    client = api_client()
    wrong = f"ni:///sha-256;{'0' * 64}?ver=CBV2.0"
    body = as_json().replace(EVENT["eventID"].encode(), wrong.encode())
    sent(client, "application/json", body)
    other = client.post(
        CAPTURE, body.replace(b"shipping", b"receiving"), content_type="application/json"
    )
    assert other.status_code == 409


def test_other_kind_of_event_id_is_refused(api_client: ApiClient) -> None:
    headers = {"Suyuan-Event-ID": "uuid"}
    answer = api_client().post(CAPTURE, as_json(), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "event_id_kind")
