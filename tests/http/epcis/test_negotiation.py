"""Headers and syntaxes of the EPCIS interface: versions, problems, jobs and limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from suyuan.core.epcis import read
from tests.conformance.rejected_json import a_document, an_object
from tests.conformance.rejected_xml import SOUND

pytestmark = pytest.mark.django_db

type ApiClient = Callable[..., Client]

CAPTURE, EVENTS = "/epcis/v2/capture", "/epcis/v2/events"
SPACE = "{urn:epcglobal:epcis:xsd:2}"
XSD = Path(__file__).resolve().parents[4] / "shared/gs1-epcis/schema/EPCglobal-epcis-2_0.xsd"


def check_by_schema(body: bytes) -> None:
    if XSD.is_file():
        etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(body))


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({}, "2.0.0"),
        ({"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}, "2.0.0"),
        ({"GS1-EPCIS-Min": "1.2.0", "GS1-EPCIS-Max": "2.1"}, "2.0.0"),
        ({"GS1-EPCIS-Min": "2.0.0"}, "2.0.0"),
        ({"GS1-EPCIS-Max": "1.2.0", "GS1-CBV-Max": "1.2.2"}, "1.2.0"),
        ({"GS1-EPCIS-Version": "1.2"}, "1.2.0"),
        ({"Accept": "application/xml;version=1.2"}, "1.2.0"),
        ({"GS1-Extensions": "fit=https://example.org/fit/"}, "2.0.0"),
    ],
)
def test_version_within_the_limits_of_the_client_is_served(
    api_client: ApiClient, headers: dict[str, str], version: str
) -> None:
    client = api_client()
    client.post(CAPTURE, json.dumps(a_document()), content_type="application/json")
    answer = client.get(EVENTS, headers=headers)
    assert answer.status_code == 200
    assert answer["GS1-EPCIS-Version"] == version
    assert answer["Content-Type"].startswith("application/xml") == (version == "1.2.0")
    assert (answer["GS1-EPCIS-Min"], answer["GS1-EPCIS-Max"]) == ("1.2.0", "2.0.0")
    assert (answer["GS1-CBV-Min"], answer["GS1-CBV-Max"]) == ("1.2.0", "2.0.0")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GS1-EPCIS-Version", "3.0"),
        ("GS1-EPCIS-Version", "latest"),
        ("GS1-EPCIS-Min", "2.1.0"),
        ("GS1-EPCIS-Min", "two"),
        ("GS1-EPCIS-Max", "1.0.0"),
        ("GS1-EPCIS-Max", "9" * 5_000),
        ("GS1-CBV-Version", "3.0"),
        ("GS1-CBV-Min", "2.1"),
        ("GS1-CBV-Max", "1.0"),
        ("Accept", "text/html"),
        ("Accept", "application/xml;version=0.9"),
    ],
)
def test_what_is_not_spoken_here_is_not_acceptable(
    api_client: ApiClient, name: str, value: str
) -> None:
    answer = api_client().get(EVENTS, headers={name: value})
    assert answer.status_code == 406
    assert b"epcisException:NotAcceptableException" in answer.content


@pytest.mark.parametrize(
    "accept",
    ["application/xml", "text/xml", "application/problem+xml", "application/xml, */*;q=0.1"],
)
def test_problem_is_told_in_xml_to_who_accepts_xml(api_client: ApiClient, accept: str) -> None:
    body = json.dumps(a_document(an_object(bizStep="<nap>")))
    answer = api_client().post(
        CAPTURE, body, content_type="application/json", headers={"Accept": accept}
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+xml; charset=utf-8"
    check_by_schema(answer.content)
    problem = etree.fromstring(answer.content)
    assert problem.tag == f"{SPACE}EPCISException"
    assert problem.findtext("type") == "epcisException:ValidationException"
    assert problem.findtext("detail") == "unknown_step at /epcisBody/eventList/0/bizStep"
    (fault,) = problem.findall("{urn:suyuan:epcis}fault")
    assert fault.get("code") == "unknown_step"
    assert fault.findtext("{urn:suyuan:epcis}data") == "<nap>"


@pytest.mark.parametrize("token", ["", "Bearer nonsense"])
def test_stranger_is_told_in_xml_as_well(client: Client, token: str) -> None:
    headers = {"Accept": "application/xml", "Authorization": token}
    answer = client.get(EVENTS, headers=headers)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="suyuan"')
    check_by_schema(answer.content)


def test_capture_job_is_told_in_xml(api_client: ApiClient) -> None:
    client = api_client()
    body = json.dumps(a_document(an_object(), an_object(bizStep="nap")))
    sent = client.post(
        CAPTURE,
        body,
        content_type="application/json",
        headers={"GS1-Capture-Error-Behaviour": "proceed"},
    )
    answer = client.get(sent["Location"], headers={"Accept": "application/xml"})
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    check_by_schema(answer.content)
    job = etree.fromstring(answer.content)
    assert job.tag == f"{SPACE}EPCISCaptureJob"
    assert (job.get("running"), job.get("success")) == ("false", "false")
    assert job.findtext("captureErrorBehaviour") == "proceed"
    assert job.findtext("errors/error/title") == "unknown_step"
    assert job.findtext("{urn:suyuan:epcis}stored") == "1"


def test_capture_tells_its_limits_and_keeps_them(
    api_client: ApiClient, monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest
) -> None:
    client = api_client()
    told = client.options(CAPTURE)
    assert told.status_code == 204
    assert told["GS1-EPCIS-Capture-Limit"] == "100000"
    assert int(told["GS1-EPCIS-Capture-File-Size-Limit"]) > 1_000_000
    assert told["GS1-Capture-Error-Behaviour"] == "all"
    assert told["GS1-Extensions"] == "suyuan=urn:suyuan:epcis"
    monkeypatch.setattr(read, "MOST_EVENTS", 2)
    body = json.dumps(a_document(*[an_object()] * 3))
    answer = client.post(CAPTURE, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_events")
    assert answer.json()["type"] == "epcisException:CaptureLimitExceededException"
    assert answer["GS1-EPCIS-Capture-Limit"] == "100000"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100  # type: ignore[attr-defined]
    answer = client.post(CAPTURE, body, content_type="application/json")
    assert (answer.status_code, answer["GS1-EPCIS-Capture-File-Size-Limit"]) == (413, "100")


def test_address_without_end_is_too_long(api_client: ApiClient) -> None:
    answer = api_client().get(EVENTS, {"EQ_bizStep": "x" * 17_000})
    assert (answer.status_code, answer.json()["code"]) == (414, "uri_too_long")
    assert answer.json()["type"] == "epcisException:URITooLongException"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 202),
        ('application/json; charset="UTF-8"', 202),
        ("application/ld+json", 202),
        ("application/json; charset=gbk", 415),
        ("application/json; charset=utf-16", 415),
        ("application/problem+json", 415),
        ("text/plain", 415),
    ],
)
def test_json_is_taken_in_utf_8_alone(api_client: ApiClient, kind: str, status: int) -> None:
    body = json.dumps(a_document()).encode()
    assert api_client().post(CAPTURE, body, content_type=kind).status_code == status


def test_byte_order_mark_before_json_is_passed_over(api_client: ApiClient) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(a_document()).encode()
    assert api_client().post(CAPTURE, body, content_type="application/json").status_code == 202


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_xml_is_taken_in_the_encoding_that_it_declares(
    api_client: ApiClient, encoding: str
) -> None:
    name = encoding.removesuffix("-sig")
    note = '<ex:note xmlns:ex="http://ns.example.com/">易碎</ex:note></ObjectEvent>'
    text = SOUND[0].decode().replace("</ObjectEvent>", note)
    body = f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(encoding)
    client = api_client()
    assert client.post(CAPTURE, body, content_type="application/xml").status_code == 202
    answer = client.get(EVENTS).json()
    (event,) = answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert event["ex:note"] == "易碎"
