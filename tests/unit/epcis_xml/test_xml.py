"""XML and JSON-LD say the same, in both versions, and hostile XML is refused by name."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis import DocumentError, read_document
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml
from suyuan.core.epcis.xml.values import escaped, unescaped
from suyuan.core.epcis.xml.write import contexts

NOW = int(time.time() * 1e6)
BASE: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T08:00:00.000Z",
    "eventTimeZoneOffset": "+08:00",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2018"],
    "action": "OBSERVE",
}
CONTEXT = {"ex": "http://ns.example.com/epcis/", "deep": "http://ns.example.com/deep#"}
BOTH = pytest.mark.parametrize("version", list(XmlVersion))


def round_trip(event: dict[str, Any], version: XmlVersion) -> dict[str, Any]:
    written = write_xml([(event, CONTEXT)], version=version, created="2026-03-01T08:00:00Z")
    document, faults = read_xml(written)
    assert faults == {}
    (found,) = document["epcisBody"]["eventList"]
    return dict(found)


def document(inner: str, *, version: str = "2.0", space: str = "2") -> bytes:
    return (
        f'<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:{space}" '
        f'schemaVersion="{version}" creationDate="2026-03-01T08:00:00Z"><EPCISBody><EventList>'
        f"{inner}</EventList></EPCISBody></epcis:EPCISDocument>"
    ).encode()


@BOTH
@pytest.mark.parametrize(
    "more",
    [
        {"bizStep": "shipping", "disposition": "in_transit"},
        {"bizStep": "https://ns.example.com/steps/polishing"},
        {"quantityList": [{"epcClass": "urn:epc:class:lgtin:0614141.107346.L1", "quantity": 3.25}]},
        {
            "quantityList": [
                {"epcClass": "urn:epc:class:lgtin:0614141.107346.L1", "quantity": 2, "uom": "KGM"}
            ]
        },
        {"sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:0614141.00001"}]},
        {"persistentDisposition": {"set": ["completeness_verified"], "unset": ["damaged"]}},
        {"certificationInfo": "https://example.com/c/1"},
        {"certificationInfo": ["https://example.com/c/1", "https://example.com/c/2"]},
        {
            "errorDeclaration": {
                "declarationTime": "2026-03-02T00:00:00Z",
                "reason": "incorrect_data",
                "correctiveEventIDs": ["urn:uuid:1", "urn:uuid:2"],
                "ex:by": "王",
            }
        },
        {
            "sensorElementList": [
                {
                    "sensorMetadata": {"deviceID": "urn:x:1", "ex:made": "2025"},
                    "sensorReport": [
                        {"type": "Temperature", "value": 26.5, "uom": "CEL", "booleanValue": True},
                        {"type": "ex:Own", "stringValue": 'a "b" <c>\n'},
                    ],
                    "ex:extra": "1",
                }
            ]
        },
        {"action": "ADD", "ilmd": {"cbvmda:lotNumber": "A1", "ex:deep": {"deep:x": ["1", "2"]}}},
        {"readPoint": {"id": "urn:x:1", "ex:door": "3"}, "bizLocation": {"id": "urn:x:2"}},
        {"ex:empty": "", "ex:nothing": None, "ex:yes": True, "ex:many": [1, 2.5, "3"]},
        {"ex:attributed": {"@unit": "kg", "@ex:by": "x", "#text": "7"}},
        {"ex:outer": {"inner": {"innermost": "deep"}, "deep:other": "x"}},
        {"ex:1 strange": "name", "ex:_x0041_": "like an escape"},
        {"https://ns.example.com/other/thing": "by its whole name"},
    ],
)
def test_what_is_written_is_read_again(more: dict[str, Any], version: XmlVersion) -> None:
    event = {**BASE, **more}
    found = round_trip(event, version)
    if "https://ns.example.com/other/thing" in found or "ext:thing" in found:
        assert found.pop("ext:thing") == event.pop("https://ns.example.com/other/thing")
    assert found == event


@BOTH
@pytest.mark.parametrize(
    "event",
    [
        {"type": "AggregationEvent", "parentID": "urn:x:p", "childEPCs": ["urn:x:1"]},
        {"type": "AssociationEvent", "parentID": "urn:x:p", "childEPCs": ["urn:x:1"]},
        {
            "type": "TransactionEvent",
            "bizTransactionList": [{"bizTransaction": "urn:x:t"}],
            "epcList": ["urn:x:1"],
        },
        {
            "type": "TransformationEvent",
            "inputEPCList": ["urn:x:1"],
            "outputQuantityList": [{"epcClass": "urn:x:2"}],
            "transformationID": "urn:x:3",
            "ilmd": {"ex:a": "b"},
        },
    ],
    ids=lambda event: event["type"],
)
def test_each_type_of_event_is_read_again(event: dict[str, Any], version: XmlVersion) -> None:
    base = {k: BASE[k] for k in ("eventTime", "eventTimeZoneOffset")}
    action = {} if event["type"] == "TransformationEvent" else {"action": "ADD"}
    whole = {**base, **action, **event}
    assert round_trip(whole, version) == whole


LEAF = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip),
    st.booleans(),
    st.integers(-(10**9), 10**9),
)
NAME = st.text(st.characters(codec="utf-8", exclude_characters=":/#@"), min_size=1, max_size=8)
VALUE = st.recursive(
    LEAF,
    lambda inner: st.dictionaries(
        NAME.map(lambda name: f"ex:{name}"), inner, min_size=1, max_size=3
    ),
    max_leaves=6,
)


@given(VALUE, st.sampled_from(list(XmlVersion)))
def test_any_extension_survives(value: Any, version: XmlVersion) -> None:
    assert round_trip({**BASE, "ex:any": value}, version)["ex:any"] == value


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_name_survives_as_an_xml_name(name: str) -> None:
    assert unescaped(escaped(name)) == name


def test_prefix_of_the_document_keeps_its_meaning() -> None:
    body = document(
        '<ObjectEvent xmlns:a="urn:one"><eventTime>2026-03-01T08:00:00Z</eventTime>'
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset><epcList><epc>urn:x:1</epc></epcList>"
        '<action>OBSERVE</action><a:same>1</a:same><b:same xmlns:b="urn:two">2</b:same>'
        '<a:same xmlns:a="urn:three">3</a:same></ObjectEvent>'
    )
    found, _ = read_xml(body)
    meanings = contexts(found["@context"])
    (event,) = found["epcisBody"]["eventList"]
    told = {meanings[name.partition(":")[0]]: event[name] for name in event if ":" in name}
    assert told == {"urn:one": "1", "urn:two": "2", "urn:three": "3"}


def test_quantity_event_of_1_0_becomes_an_object_event() -> None:
    body = document(
        "<QuantityEvent><eventTime>2026-03-01T08:00:00Z</eventTime>"
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset>"
        "<epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass><quantity>20</quantity>"
        "<bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep></QuantityEvent>",
        version="1.0",
        space="1",
    )
    (pair,) = read_document(body, now=NOW, media="xml").events
    assert pair[1].document["quantityList"] == [
        {"epcClass": "urn:epc:idpat:sgtin:0614141.107346.*", "quantity": 20}
    ]
    assert (pair[1].type.name, pair[1].step) == ("ObjectEvent", "receiving")


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + document("<ObjectEvent><eventTime>&b;</eventTime></ObjectEvent>")
)
EXTERNAL = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + document("")
OUTSIDE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + document("&f;")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "xml_malformed"),
        (b"<", "xml_malformed"),
        (document("<a><b></a>"), "xml_malformed"),
        (document("")[:-5], "xml_malformed"),
        (document("\x00"), "xml_malformed"),
        (b'<?xml version="1.0" encoding="UTF-16"?>' + document(""), "xml_malformed"),
        (b'<?xml version="1.0" encoding="klingon"?>' + document(""), "xml_malformed"),
        (document("\xff\xfe").replace("\xff".encode(), b"\xff"), "xml_malformed"),
        (document("<a>" * 3_000 + "</a>" * 3_000), "xml_malformed"),
        (BOMB, "xml_doctype"),
        (EXTERNAL, "xml_doctype"),
        (OUTSIDE, "xml_doctype"),
        (b"<html/>", "xml_root"),
        (document("", space="3"), "xml_root"),
        (document("").replace(b"epcis:EPCISDocument", b"EPCISDocument"), "xml_root"),
        (document("", version="7"), "schema_version"),
        (document(""), "no_events"),
        (document("<extension/>"), "no_events"),
    ],
)
def test_hostile_and_foreign_xml_is_refused_by_name(body: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(body, now=NOW, media="xml")
    assert caught.value.faults[0].code == code


@pytest.mark.parametrize(
    ("inner", "code", "place"),
    [
        ("<colour>red</colour>", "field_unknown", "/colour"),
        ("<action>ADD</action>", "field_repeated", "/action"),
        ("<quantityList><thing/></quantityList>", "field_missing", "/quantityList/0/epcClass"),
        (
            "<quantityList><quantityElement><epcClass>urn:x:1</epcClass><weight>1</weight>"
            "</quantityElement></quantityList>",
            "field_unknown",
            "/quantityList/0",
        ),
        ("<sensorElementList><x/></sensorElementList>", "field_unknown", "/sensorElementList"),
        ("<bizStep>urn:epcglobal:cbv:bizstep:flying</bizStep>", "unknown_step", "/bizStep"),
        ("<readPoint/>", "empty", "/readPoint/id"),
        (
            "<quantityList><quantityElement><epcClass>urn:x:1</epcClass>"
            "<quantity>many</quantity></quantityElement></quantityList>",
            "field_type",
            "/quantityList/0/quantity",
        ),
    ],
)
def test_fault_of_an_event_has_the_place_of_its_json_form(
    inner: str, code: str, place: str
) -> None:
    event = (
        "<ObjectEvent><eventTime>2026-03-01T08:00:00Z</eventTime>"
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset><epcList><epc>urn:x:1</epc></epcList>"
        f"<action>ADD</action>{inner}</ObjectEvent>"
    )
    faults = read_document(document(event), now=NOW, media="xml").faults
    assert (code, f"/epcisBody/eventList/0{place}") in {(f.code, f.place) for f in faults}


def test_event_outside_an_event_list_is_none() -> None:
    event = "<ObjectEvent><eventTime>x</eventTime></ObjectEvent>"
    body = document(f"<extension><ex:a xmlns:ex='urn:e'>{event}</ex:a></extension>")
    with pytest.raises(DocumentError) as caught:
        read_document(body, now=NOW, media="xml")
    assert caught.value.faults[0].code == "no_events"
