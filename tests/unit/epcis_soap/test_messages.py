"""SOAP messages by themselves: reading calls, writing answers, the description."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.soap import names
from suyuan.core.epcis.soap.names import EpcisException, SoapFault, SoapVersion
from suyuan.core.epcis.soap.read import Call, open_envelope, read_call
from suyuan.core.epcis.soap.write import (
    envelope,
    fault_message,
    list_answer,
    text_answer,
    vocabulary_answer,
)
from suyuan.core.epcis.soap.wsdl import wsdl
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_results, write_xml
from suyuan.core.epcis.xml.tree import read_tree
from suyuan.core.epcis.xml.vocabularies import EPC_CLASS, READ_POINT, VocabularyElement

EPCISQ = "urn:epcglobal:epcis-query:xsd:1"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)


def called(content: str, soap: SoapVersion = SoapVersion.V1_1) -> Call:
    body = (
        f'<s:Envelope xmlns:s="{soap.value}" xmlns:q="{EPCISQ}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    )
    return read_call(open_envelope(body.encode()))


def refused(content: str) -> str:
    with pytest.raises(SoapFault) as caught:
        called(content)
    return caught.value.reason


def polled(value: str) -> Any:
    told = f"<params><param><name>x</name>{value}</param></params>"
    call = called(f"<q:Poll><queryName>q</queryName>{told}</q:Poll>")
    return call.params[0][1]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("<value>a</value>", "a"),
        ('<value xsi:type="xsd:int">3</value>', "3"),
        ("<value> a </value>", "a"),
        ("<value/>", ""),
        ('<value xsi:nil="true">a</value>', ""),
        ('<value xsi:type="q:VoidHolder"/>', ""),
        ('<value xsi:type="q:ArrayOfString"/>', []),
        ("<value><string>a</string></value>", ["a"]),
        (
            '<value xsi:type="q:ArrayOfString"><string>a</string><string>b</string></value>',
            ["a", "b"],
        ),
        ("<value><q:string>a|b</q:string></value>", ["a|b"]),
    ],
)
def test_a_value_is_a_text_several_texts_or_none(value: str, read: Any) -> None:
    assert polled(value) == read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<q:Poll><queryName>q</queryName></q:Poll>", "field_missing: params"),
        (
            "<q:Poll><queryName>q</queryName><queryName>r</queryName><params/></q:Poll>",
            "field_repeated: queryName",
        ),
        (
            "<q:Poll><queryName>q</queryName><params/><more/></q:Poll>",
            "field_unknown: more",
        ),
        (
            "<q:Poll><queryName>q</queryName><params><x/></params></q:Poll>",
            "field_unknown: x among the parameters",
        ),
        (
            "<q:Poll><queryName>q</queryName><params><param><name>n</name></param></params></q:Poll>",
            "field_missing: a parameter has a name and a value",
        ),
        ("<q:Poll><queryName><x/></queryName><params/></q:Poll>", "field_type: queryName"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_by_name(content: str, reason: str) -> None:
    assert refused(content).startswith(reason)


def test_elements_of_other_namespaces_mean_nothing() -> None:
    other = '<o:x xmlns:o="urn:o"/>'
    call = called(f"<q:GetSubscriptionIDs><queryName>q</queryName>{other}</q:GetSubscriptionIDs>")
    assert call.texts == {"queryName": "q"}


def test_fields_may_be_qualified_as_some_clients_do() -> None:
    call = called("<q:GetSubscriptionIDs><q:queryName>q</q:queryName></q:GetSubscriptionIDs>")
    assert call.texts == {"queryName": "q"}


def test_controls_of_a_subscription_are_read() -> None:
    call = called(
        "<q:Subscribe><queryName>q</queryName><params/><dest>https://x</dest><controls>"
        "<schedule><second>0</second><dayOfWeek>[1-5]</dayOfWeek></schedule>"
        "<initialRecordTime>2026-01-01T00:00:00Z</initialRecordTime>"
        "<reportIfEmpty>1</reportIfEmpty></controls><subscriptionID>s</subscriptionID>"
        "</q:Subscribe>"
    )
    controls = call.controls
    assert controls is not None
    assert controls.schedule == {"second": "0", "dayOfWeek": "[1-5]"}
    assert (controls.trigger, controls.initial_record_time, controls.report_if_empty) == (
        "",
        "2026-01-01T00:00:00Z",
        True,
    )
    assert call.texts == {"queryName": "q", "dest": "https://x", "subscriptionID": "s"}


@given(TEXTS)
def test_any_text_comes_through_an_answer(text: str) -> None:
    operation = names.OPERATIONS["GetQueryNames"]
    for soap in SoapVersion:
        root = etree.fromstring(envelope(soap, list_answer(operation, [text, "b"])))
        assert [one.text or "" for one in root.iter("string")] == [text, "b"]


@given(TEXTS, st.sampled_from(EpcisException), st.sampled_from(SoapVersion))
def test_any_reason_comes_through_a_fault(
    text: str, exception: EpcisException, soap: SoapVersion
) -> None:
    fault = SoapFault(exception, text, query=text)
    root = etree.fromstring(fault_message(soap, fault))
    (detail,) = root.iter(f"{{{EPCISQ}}}{exception.value}")
    assert (detail.findtext("reason") or "") == text
    server = exception is EpcisException.IMPLEMENTATION
    code = root.findtext(".//faultcode") or root.findtext(f".//{{{soap.value}}}Value") or ""
    expected = ("Server", "Receiver") if server else ("Client", "Sender")
    assert code.partition(":")[2] in expected
    assert (detail.find("severity") is not None) == server


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_reader(body: bytes) -> None:
    with pytest.raises(SoapFault):
        read_call(open_envelope(body))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!DOCTYPE x><x/>", "xml_doctype"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x y="&a;">&a;</x>', "xml_doctype"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "xml_doctype"),
        (b"<a>" * 300, "xml_malformed"),
        (b"", "xml_malformed"),
        (b"<a/>" + b" " * 3_000_000, "xml_too_large"),
    ],
)
def test_hostile_trees_are_refused(body: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_tree(body)
    assert caught.value.faults[0].code == code


def test_a_tree_may_be_in_any_encoding_that_it_declares() -> None:
    assert read_tree("<a>é</a>".encode("utf-16")).text == "é"


def test_text_answers_are_escaped() -> None:
    operation = names.OPERATIONS["GetVendorVersion"]
    assert etree.fromstring(text_answer(operation, "<&>")).text == "<&>"


def test_vocabularies_are_grouped_with_attributes_and_children() -> None:
    elements = [
        VocabularyElement(READ_POINT, "urn:a", {"urn:n": "<仓>"}),
        VocabularyElement(EPC_CLASS, "urn:b", {}, ("urn:c",)),
        VocabularyElement(READ_POINT, "urn:d"),
    ]
    root = etree.fromstring(vocabulary_answer("q", elements))
    lists = {one.get("type"): one for one in root.iter("Vocabulary")}
    assert [one.get("id") for one in lists[READ_POINT].iter("VocabularyElement")] == [
        "urn:a",
        "urn:d",
    ]
    assert root.findtext(".//attribute") == "<仓>"
    assert root.findtext(".//children/id") == "urn:c"
    assert len(list(etree.fromstring(vocabulary_answer("q", [])).iter("Vocabulary"))) == 0


def test_the_description_has_a_message_for_every_operation_and_exception() -> None:
    root = etree.fromstring(wsdl("https://example.com/?a&b"))
    space = f"{{{names.WSDL}}}"
    parts = {one.get("name"): one[0].get("element") for one in root.iterfind(f"{space}message")}
    for operation in names.OPERATIONS.values():
        assert parts[f"{operation.name}Request"] == f"epcisq:{operation.element}"
        assert parts[f"{operation.name}Response"] == f"epcisq:{operation.answer}"
    assert {f"{one.value}Response" for one in EpcisException} <= set(parts)


def test_every_message_of_the_description_is_declared_in_its_schema() -> None:
    root = etree.fromstring(wsdl("https://example.com/"))
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    declared = {one.get("name") for one in root.iterfind(f".//{xsd}schema/{xsd}element")}
    space = f"{{{names.WSDL}}}"
    for part in root.iterfind(f"{space}message/{space}part"):
        assert (part.get("element") or "").removeprefix("epcisq:") in declared


EVENT = {
    "type": "AssociationEvent",
    "eventTime": "2026-03-01T08:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "parentID": "urn:epc:id:grai:4012345.55555.987",
    "childEPCs": ["urn:epc:id:giai:4000001.12345"],
    "action": "ADD",
}


def test_an_event_that_1_2_does_not_know_stands_where_1_2_leaves_room_for_it() -> None:
    body = write_xml([(EVENT, {})], version=XmlVersion.V1_2, created="2026-03-01T08:00:00Z")
    assert b"<EventList><extension><extension><AssociationEvent>" in body
    assert read_xml(body)[0]["epcisBody"]["eventList"] == [EVENT]


def test_results_by_themselves_declare_every_prefix() -> None:
    event = {**EVENT, "example:a": 1}
    told = write_results(
        [(event, {"example": "http://ns.example.com/"})],
        version=XmlVersion.V1_2,
        query="q",
        subscription="s",
    )
    root = etree.fromstring(told)
    assert root.tag == f"{{{EPCISQ}}}QueryResults"
    assert root.findtext("subscriptionID") == "s"
    assert root.findtext(".//{http://ns.example.com/}a") == "1"
