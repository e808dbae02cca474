"""The SOAP query interface of EPCIS 1.2, as a client meets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from suyuan.api.epcis.soap import operations
from suyuan.core.epcis.soap.names import SoapVersion
from suyuan.core.epcis.xml import XmlVersion, write_xml
from suyuan.subscriptions.models import Subscription
from suyuan.subscriptions.services import define_query
from suyuan.tenancy.actor import Actor
from tests.soap_world import (
    CAPTURE,
    LINK,
    QUERY,
    URN,
    asked,
    captured,
    event,
    local,
    numbered,
    param,
    poll,
    polled,
    refusal,
    request,
    several,
    subscribing,
)

pytestmark = pytest.mark.django_db

type ApiClient = Callable[..., Client]


def test_what_came_as_xml_1_2_comes_back_whole_with_urns(api_client: ApiClient) -> None:
    client = api_client()
    captured(client, event())
    (found,) = polled(client, param("MATCH_epc", several(URN)))
    found.pop("recordTime")
    assert found == event(epcList=[URN])


def test_a_link_in_a_parameter_finds_what_a_urn_does(api_client: ApiClient) -> None:
    client = api_client()
    captured(client, event())
    assert polled(client, param("MATCH_epc", several(LINK)))
    assert not polled(client, param("MATCH_epc", several(LINK + "9")))


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ([], 3),
        ([param("eventType", several("ObjectEvent"))], 3),
        ([param("EQ_bizStep", several("urn:epcglobal:cbv:bizstep:shipping"))], 3),
        ([param("EQ_bizStep", several("urn:epcglobal:cbv:bizstep:receiving"))], 0),
        ([param("GE_eventTime", "2026-03-01T08:02:00+08:00")], 2),
        ([param("LT_eventTime", "2026-03-01T00:02:00Z")], 1),
        (
            [
                param(
                    "EQ_bizTransaction_urn:epcglobal:cbv:btt:po",
                    several("urn:epcglobal:cbv:bt:1:7"),
                )
            ],
            3,
        ),
        ([param("EXISTS_http://ns.example.com/epcis/#note", "")], 3),
        (
            [
                param("orderBy", "eventTime"),
                param("orderDirection", "ASC"),
                param("eventCountLimit", "2"),
            ],
            2,
        ),
    ],
)
def test_parameters_mean_what_the_standard_says(
    api_client: ApiClient, params: list[str], count: int
) -> None:
    client = api_client()
    captured(client, *map(numbered, (1, 2, 3)))
    assert len(polled(client, *params)) == count


def test_more_events_than_one_page_come_in_one_answer(
    api_client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = api_client()
    captured(client, *map(numbered, range(1, 8)))
    monkeypatch.setattr(operations, "_PAGE", 3)
    assert len({one["eventID"] for one in polled(client)}) == 7


def test_more_events_than_an_answer_may_hold_are_refused(
    api_client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = api_client()
    captured(client, *map(numbered, range(1, 8)))
    monkeypatch.setattr(operations, "_PAGE", 3)
    monkeypatch.setattr(operations, "MOST_EVENTS", 5)
    status, told = asked(client, poll("SimpleEventQuery"))
    assert (status, local(told)) == (500, "QueryTooLargeException")
    assert told.findtext("queryName") == "SimpleEventQuery"


def test_more_events_than_the_client_allows_are_refused(api_client: ApiClient) -> None:
    client = api_client()
    captured(client, *map(numbered, (1, 2, 3)))
    name, _ = refusal(client, poll("SimpleEventQuery", param("maxEventCount", "2")))
    assert name == "QueryTooLargeException"


@pytest.mark.parametrize(
    ("content", "exception"),
    [
        (poll("SimpleEventQuery", param("EQ_colour", "red")), "QueryParameterException"),
        (poll("SimpleEventQuery", param("GE_eventTime", "soon")), "QueryParameterException"),
        (
            poll("SimpleEventQuery", param("eventType", "a"), param("eventType", "b")),
            "QueryParameterException",
        ),
        (poll("SimpleEventQuery", param("EQ_action", "<x/>")), "QueryParameterException"),
        (poll("NobodysQuery"), "NoSuchNameException"),
        (
            "<q:GetSubscriptionIDs><queryName>x</queryName></q:GetSubscriptionIDs>",
            "NoSuchNameException",
        ),
        (
            "<q:Unsubscribe><subscriptionID>x</subscriptionID></q:Unsubscribe>",
            "NoSuchSubscriptionException",
        ),
        ("<q:Unsubscribe/>", "ValidationException"),
        ("<q:Poll><queryName>SimpleEventQuery</queryName></q:Poll>", "ValidationException"),
        ("<q:Poll><queryName><b/></queryName><params/></q:Poll>", "ValidationException"),
        ("<q:Destroy/>", "ValidationException"),
        ("<Poll/>", "ValidationException"),
        ("", "ValidationException"),
        ("<q:GetVendorVersion/><q:GetVendorVersion/>", "ValidationException"),
        (subscribing(query="SimpleMasterDataQuery"), "SubscribeNotPermittedException"),
        (subscribing(query="NobodysQuery"), "NoSuchNameException"),
        (subscribing(params=param("EQ_colour", "red")), "QueryParameterException"),
        (subscribing(dest="nowhere"), "InvalidURIException"),
        (subscribing(dest="https://127.0.0.1/in"), "InvalidURIException"),
        (
            subscribing(controls="<trigger>urn:x</trigger><reportIfEmpty>true</reportIfEmpty>"),
            "SubscriptionControlsException",
        ),
        (
            subscribing(
                controls="<schedule><hour>99</hour></schedule><reportIfEmpty>true</reportIfEmpty>"
            ),
            "SubscriptionControlsException",
        ),
        (
            subscribing(
                controls="<schedule><hour>9</hour></schedule>"
                "<initialRecordTime>yesterday</initialRecordTime>"
                "<reportIfEmpty>true</reportIfEmpty>"
            ),
            "SubscriptionControlsException",
        ),
        (subscribing(controls="<schedule><hour>9</hour></schedule>"), "ValidationException"),
    ],
)
def test_a_refusal_is_the_standards_exception_with_its_reason(
    api_client: ApiClient, content: str, exception: str
) -> None:
    name, reason = refusal(api_client(), content)
    assert name == exception
    assert reason


def test_a_parameters_refusal_names_the_parameter(api_client: ApiClient) -> None:
    _, reason = refusal(api_client(), poll("SimpleEventQuery", param("EQ_colour", "red")))
    assert "EQ_colour" in reason


def test_versions_and_names_are_told(api_client: ApiClient) -> None:
    client = api_client()
    assert asked(client, "<q:GetStandardVersion/>")[1].text == "1.2"
    assert (asked(client, "<q:GetVendorVersion/>")[1].text or "").startswith("urn:suyuan:version:")
    names = [one.text for one in asked(client, "<q:GetQueryNames/>")[1]]
    assert names == ["SimpleEventQuery", "SimpleMasterDataQuery"]


def test_a_stored_query_is_named_and_polled(api_client: ApiClient, actor: Actor) -> None:
    client = api_client()
    captured(client, *map(numbered, (1, 2, 3)))
    define_query(actor=actor, name="late", query={"GE_eventTime": "2026-03-01T08:02:00+08:00"})
    assert "late" in [one.text for one in asked(client, "<q:GetQueryNames/>")[1]]
    assert len(polled(client, name="late")) == 2
    name, _ = refusal(client, poll("late", param("EQ_action", several("ADD"))))
    assert name == "QueryParameterException"


def test_a_subscription_begins_is_listed_and_ends(api_client: ApiClient) -> None:
    client = api_client()
    ids = "<q:GetSubscriptionIDs><queryName>SimpleEventQuery</queryName></q:GetSubscriptionIDs>"
    assert asked(client, subscribing(params=param("EQ_action", several("ADD"))))[0] == 200
    assert [one.text for one in asked(client, ids)[1]] == ["nightly"]
    row = Subscription.objects.get()
    assert (row.media, row.version, row.schedule) == ("xml", "1.2", {"hour": "3"})
    assert row.query == {"EQ_action": ["ADD"]}
    assert refusal(client, subscribing())[0] == "DuplicateSubscriptionException"
    ending = "<q:Unsubscribe><subscriptionID>nightly</subscriptionID></q:Unsubscribe>"
    assert asked(client, ending)[0] == 200
    assert len(asked(client, ids)[1]) == 0


def test_soap_1_2_is_answered_in_kind(api_client: ApiClient) -> None:
    client, soap = api_client(), SoapVersion.V1_2
    assert asked(client, "<q:GetStandardVersion/>", soap)[1].text == "1.2"
    status, told = asked(client, "<q:Destroy/>", soap)
    assert (status, local(told)) == (400, "ValidationException")


def test_a_header_that_must_be_understood_and_is_not_is_a_fault(api_client: ApiClient) -> None:
    header = '<s:Header><x:Lock xmlns:x="urn:x" s:mustUnderstand="1"/></s:Header>'
    body = request("<q:GetStandardVersion/>", header=header)
    answer = api_client().post(QUERY, body, content_type="text/xml")
    assert answer.status_code == 500
    assert b"<faultcode>soap:MustUnderstand</faultcode>" in answer.content
    other = header.replace('"1"', '"0"')
    assert asked(api_client(), "<q:GetStandardVersion/>", header=other)[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"<",
        b"not xml",
        b'<s:Envelope xmlns:s="urn:other"/>',
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><x/>',
        b"<a>" * 400,
        b"<a>" + b" " * 2_100_000 + b"</a>",
        "\ufeff<a>\0</a>".encode("utf-16"),
    ],
)
def test_what_is_no_envelope_is_a_fault_and_never_a_crash(
    api_client: ApiClient, body: bytes
) -> None:
    answer = api_client().post(QUERY, body, content_type="text/xml")
    assert answer.status_code == 500
    assert b"ValidationException" in answer.content


def test_an_unexpected_failure_is_told_without_its_details(
    api_client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a secret")

    monkeypatch.setattr("suyuan.api.epcis.soap.views.perform", broken)
    status, told = asked(api_client(), "<q:GetStandardVersion/>")
    assert (status, local(told)) == (500, "ImplementationException")
    assert "secret" not in etree.tostring(told).decode()


def test_media_types_and_methods_are_checked(api_client: ApiClient) -> None:
    client = api_client()
    assert client.post(QUERY, b"{}", content_type="application/json").status_code == 415
    assert client.post(CAPTURE, b"{}", content_type="application/json").status_code == 415
    assert client.put(QUERY, b"").status_code == 405
    assert client.get(CAPTURE)["Allow"] == "OPTIONS, POST"
    assert client.options(QUERY)["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_document_that_is_refused_says_what_is_wrong_and_where(api_client: ApiClient) -> None:
    wrong = event(action="REMOVE")
    body = write_xml([(wrong, {})], version=XmlVersion.V1_2, created="2026-03-01T08:00:00Z")
    answer = api_client().post(CAPTURE, body, content_type="application/xml")
    assert answer.status_code == 400
    told = etree.fromstring(answer.content)
    assert local(told) == "ValidationException"
    assert "/epcisBody/eventList/0/action" in (told.findtext("reason") or "")


def test_a_document_too_large_is_refused(api_client: ApiClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    for path in (QUERY, CAPTURE):
        answer = api_client().post(path, b"<x>" + b" " * 2_000, content_type="text/xml")
        assert answer.status_code == 413, path


def test_the_description_binds_every_operation_to_this_address(stranger: Client, db: None) -> None:
    answer = stranger.get(QUERY + "?wsdl")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    wsdl = "{http://schemas.xmlsoap.org/wsdl/}"
    bound = {one.get("name") for one in root.iterfind(f"{wsdl}binding/{wsdl}operation")}
    assert bound == {
        "getQueryNames",
        "subscribe",
        "unsubscribe",
        "getSubscriptionIDs",
        "poll",
        "getStandardVersion",
        "getVendorVersion",
    }
    address = root.find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address is not None
    assert (address.get("location") or "").endswith(QUERY)


def test_a_stored_query_is_subscribed_to_without_parameters(
    api_client: ApiClient, actor: Actor
) -> None:
    client = api_client()
    define_query(actor=actor, name="added", query={"EQ_action": ["ADD"]})
    content = subscribing(query="added", params=param("EQ_action", "ADD"))
    assert refusal(client, content)[0] == "QueryParameterException"
    assert asked(client, subscribing(query="added"))[0] == 200
    ids = "<q:GetSubscriptionIDs><queryName>added</queryName></q:GetSubscriptionIDs>"
    assert [one.text for one in asked(client, ids)[1]] == ["nightly"]


def test_a_subscription_without_a_schedule_is_refused(api_client: ApiClient) -> None:
    controls = "<reportIfEmpty>true</reportIfEmpty>"
    name, _ = refusal(api_client(), subscribing(controls=controls))
    assert name == "SubscriptionControlsException"
