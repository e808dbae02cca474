"""XML and JSON-LD say the same, in both versions, and hostile XML is refused by name."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis import DocumentError, read_document
from suyuan.core.epcis.contexts import prefix_meanings
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml
from suyuan.core.epcis.xml.values import escaped, unescaped

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
    meanings = prefix_meanings(found["@context"])
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
        ("<quantityList><thing/></quantityList>", "field_unknown", "/quantityList"),
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


def test_event_of_another_vocabulary_is_refused_rather_than_lost() -> None:
    event = "<ObjectEvent><eventTime>x</eventTime></ObjectEvent>"
    body = document(f"<extension><ex:a xmlns:ex='urn:e'>{event}</ex:a></extension>")
    (fault,) = read_document(body, now=NOW, media="xml").faults
    assert (fault.code, fault.place) == ("event_type", "/epcisBody/eventList/0/type")


def test_master_data_in_the_header_is_read() -> None:
    head = (
        "<EPCISHeader><extension><EPCISMasterData><VocabularyList>"
        '<Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>'
        '<VocabularyElement id="urn:x:1"><attribute id="urn:a:city">杭州</attribute>'
        '<attribute id="urn:a:address"><ex:Address xmlns:ex="urn:e"><Street>1</Street>'
        "</ex:Address></attribute><children><id>urn:x:2</id></children></VocabularyElement>"
        '<VocabularyElement id="urn:x:2"/></VocabularyElementList></Vocabulary></VocabularyList>'
        "</EPCISMasterData></extension></EPCISHeader>"
    )
    body = document("").replace(b"<EPCISBody>", head.encode() + b"<EPCISBody>")
    found, _ = read_xml(body)
    (vocabulary,) = found["epcisHeader"]["epcisMasterData"]["vocabularyList"]
    assert vocabulary["vocabularyElementList"] == [
        {
            "id": "urn:x:1",
            "attributes": [
                {"id": "urn:a:city", "attribute": "杭州"},
                {"id": "urn:a:address", "attribute": {"ex:Address": {"Street": "1"}}},
            ],
            "children": ["urn:x:2"],
        },
        {"id": "urn:x:2"},
    ]


def test_attributes_of_events_and_standard_extension_points_are_kept() -> None:
    event = (
        '<ObjectEvent xmlns:ex="http://ns.example.com/epcis/" ex:by="王">'
        "<eventTime>2026-03-01T08:00:00Z</eventTime>"
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset><epcList><epc>urn:x:1</epc><x/></epcList>"
        "<action>OBSERVE</action><bizStep/><readPoint><id>urn:x:2</id><extension>"
        "<ex:door>3</ex:door></extension></readPoint></ObjectEvent>"
    )
    body = document(event).replace(b' creationDate="2026-03-01T08:00:00Z"', b"")
    found, faults = read_xml(body)
    (one,) = found["epcisBody"]["eventList"]
    assert one["@ex:by"] == "王"
    assert one["readPoint"] == {"id": "urn:x:2", "ex:door": "3"}
    assert "bizStep" not in one
    assert "creationDate" not in found
    assert [(f.code, f.place) for f in faults[0]] == [("field_unknown", "/epcList")]
    written = write_xml([(one, CONTEXT)], version=XmlVersion.V2_0, created="x")
    assert read_xml(written)[0]["epcisBody"]["eventList"] == [one]


def test_prefixes_that_mean_two_things_are_told_apart_in_writing() -> None:
    pairs = [
        ({**BASE, "ex:a": "1", "cbvmda:x": "2"}, {"ex": "urn:one", "cbvmda": CBVMDA}),
        ({**BASE, "ex:a": "3", "xsi2:b": "4", "lost:c": "5"}, {"ex": "urn:two"}),
    ]
    found, _ = read_xml(write_xml(pairs, version=XmlVersion.V2_0, created="x"))
    meanings = prefix_meanings(found["@context"])
    first, second = found["epcisBody"]["eventList"]
    told = [
        {meanings.get(name.partition(":")[0], "standard"): value}
        for event in (first, second)
        for name, value in event.items()
        if ":" in name
    ]
    assert told == [
        {"urn:one": "1"},
        {"standard": "2"},
        {"urn:two": "3"},
        {"urn:suyuan:prefix:xsi2": "4"},
        {"urn:suyuan:prefix:lost": "5"},
    ]


CBVMDA = "urn:epcglobal:cbv:mda:"


def test_small_quantities_have_no_exponent_and_empty_lists_no_element() -> None:
    amount = {"epcClass": "urn:x:1", "quantity": 1e-7, "uom": "KGM"}
    unknown = {"epcClass": "urn:x:1", "uom": "KGM"}
    event = {**BASE, "quantityList": [amount, unknown], "sourceList": [], "bizStep": ""}
    written = write_xml([(event, {})], version=XmlVersion.V2_0, created="x")
    assert b"<quantity>0.0000001</quantity>" in written
    assert b'<quantity xsi:nil="true"/>' in written
    assert b"sourceList" not in written
    assert b"bizStep" not in written
    found = read_xml(written)[0]["epcisBody"]["eventList"][0]
    assert found["quantityList"] == [amount, unknown]


def test_query_document_names_its_query() -> None:
    written = write_xml([(BASE, {})], version=XmlVersion.V1_2, created="x", query="Q")
    found, _ = read_xml(
        written.replace(b"<resultsBody>", b"<subscriptionID>7</subscriptionID><resultsBody>")
    )
    results = found["epcisBody"]["queryResults"]
    assert (results["queryName"], results["subscriptionID"]) == ("Q", "7")


def test_a_namespace_that_is_no_uri_is_refused_with_its_place() -> None:
    body = (
        b'<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"'
        b' creationDate="2026-03-01T08:00:00Z"><EPCISBody><EventList><ObjectEvent>'
        b'<x:more xmlns:x="http://example.com/x}y"><x:b x:a="1">2</x:b></x:more>'
        b"</ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"
    )
    with pytest.raises(DocumentError) as refused:
        read_xml(body)
    assert [fault.code for fault in refused.value.faults] == ["xml_malformed"]
    assert "not a valid URI" in refused.value.faults[0].data["detail"]
