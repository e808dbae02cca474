"""Facts about what EPCIS documents are read, and with which code the others are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.epcis import Action, DocumentError, EventType, read, read_document, read_event
from suyuan.core.epcis.body import FORMS, pack_body, unpack_body
from suyuan.core.epcis.vocabulary import CONTEXT, DISPOSITIONS, STEPS, bare_word

NOW = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1e6)
ITEM = "https://id.gs1.org/01/09521234000013/21/A1"
SSCC = "urn:epc:id:sscc:9521234.0000000001"

type Event = dict[str, Any]


def an_object(**changes: Any) -> Event:
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-01-01T08:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": [ITEM],
    }
    return {k: v for k, v in (event | changes).items() if v is not None}


def an_aggregation(**changes: Any) -> Event:
    family = {"type": "AggregationEvent", "parentID": SSCC, "childEPCs": [ITEM], "epcList": None}
    return an_object(**(family | changes))


def a_transformation(**changes: Any) -> Event:
    sides = {
        "type": "TransformationEvent",
        "action": None,
        "epcList": None,
        "inputEPCList": [ITEM],
        "outputEPCList": ["https://id.gs1.org/01/09521234000020/21/B1"],
    }
    return an_object(**(sides | changes))


def a_transaction(**changes: Any) -> Event:
    papers = {"type": "TransactionEvent", "bizTransactionList": [{"bizTransaction": "urn:x:1"}]}
    return an_object(**(papers | changes))


def an_association(**changes: Any) -> Event:
    family = {"type": "AssociationEvent", "parentID": SSCC, "childEPCs": [ITEM], "epcList": None}
    return an_object(**(family | changes))


def a_document(*events: Any, **changes: Any) -> dict[str, Any]:
    document = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return {k: v for k, v in (document | changes).items() if v is not None}


def faults(event: Any) -> set[tuple[str, str]]:
    with pytest.raises(DocumentError) as refused:
        read_event(event, now=NOW)
    return {(fault.code, fault.place) for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("event", "code", "place"),
    [
        (an_object(type="MagicEvent"), "event_type", "/type"),
        (an_object(type=None), "event_type", "/type"),
        (an_object(type=7), "event_type", "/type"),
        ([], "event_not_object", ""),
        ("event", "event_not_object", ""),
        (an_object(eventTime=None), "field_missing", "/eventTime"),
        (an_object(eventTimeZoneOffset=None), "field_missing", "/eventTimeZoneOffset"),
        (an_object(action=None), "field_missing", "/action"),
        (an_object(eventTime="2026-01-01T08:00:00"), "time_without_zone", "/eventTime"),
        (an_object(eventTime="yesterday"), "time_malformed", "/eventTime"),
        (an_object(eventTime="2026-13-01T08:00:00Z"), "time_malformed", "/eventTime"),
        (an_object(eventTime="２０２６-01-01T08:00:00Z"), "time_malformed", "/eventTime"),
        (an_object(eventTime="2026-03-02T00:00:00Z"), "time_in_future", "/eventTime"),
        (an_object(eventTime=1767225600), "field_type", "/eventTime"),
        (an_object(eventTimeZoneOffset="+8"), "field_type", "/eventTimeZoneOffset"),
        (an_object(eventTimeZoneOffset="+15:00"), "field_type", "/eventTimeZoneOffset"),
        (an_object(action="observe"), "field_type", "/action"),
        (an_object(bizStep="teleporting"), "unknown_step", "/bizStep"),
        (an_object(bizStep=""), "unknown_step", "/bizStep"),
        (an_object(bizStep="urn:epcglobal:cbv:bizstep:nap"), "unknown_step", "/bizStep"),
        (an_object(bizStep="urn:x:\u2028"), "uri_malformed", "/bizStep"),
        (an_object(disposition="lost"), "unknown_disposition", "/disposition"),
        (an_object(epcList=[ITEM, 5]), "field_type", "/epcList/1"),
        (an_object(epcList=[ITEM, "tin of milk"]), "uri_malformed", "/epcList/1"),
        (
            an_object(epcList=["http://a.b/01/09521234000014/21/1"]),
            "gtin_check_digit",
            "/epcList/0",
        ),
        (an_object(epcList=["urn:epc:id:sgtin:9521234.00001.1"]), "gtin_length", "/epcList/0"),
        (an_object(epcList=["urn:epc:id:sscc:9521234.12"]), "sscc_length", "/epcList/0"),
        (an_object(epcList=[SSCC, "urn:epc:id:sscc:9521234.12"]), "sscc_length", "/epcList/1"),
        (an_object(epcList=None), "objects_missing", "/epcList"),
        (an_object(epcList="x"), "field_type", "/epcList"),
        (an_object(colour="red"), "field_unknown", "/colour"),
        (an_object(ilmd={"cbvmda:lotNumber": "L1"}), "ilmd_without_add", "/ilmd"),
        (
            an_object(action="ADD", ilmd={"cbvmda:lotNumber": "批"}),
            "lot_malformed",
            "/ilmd",
        ),
        (an_object(action="ADD", ilmd={"cbvmda:lotNumber": 12}), "lot_malformed", "/ilmd"),
        (an_object(readPoint={}), "field_missing", "/readPoint/id"),
        (an_object(readPoint={"id": "gate 3"}), "uri_malformed", "/readPoint/id"),
        (an_object(eventID="not a uri"), "uri_malformed", "/eventID"),
        (an_object(eventID=""), "empty", "/eventID"),
        (
            an_object(quantityList=[{"epcClass": "urn:x:1", "quantity": -1}]),
            "quantity_range",
            "/quantityList/0/quantity",
        ),
        (
            an_object(quantityList=[{"epcClass": "urn:x:1", "weight": 1}]),
            "field_unknown",
            "/quantityList/0",
        ),
        (
            an_object(quantityList=[{"epcClass": "urn:x:1", "uom": "kilogram"}]),
            "field_type",
            "/quantityList/0/uom",
        ),
        (
            an_object(quantityList=[{"epcClass": "milk", "quantity": 1}]),
            "uri_malformed",
            "/quantityList/0/epcClass",
        ),
        (
            an_object(bizTransactionList=[{"bizTransaction": "order 7"}]),
            "uri_malformed",
            "/bizTransactionList/0/bizTransaction",
        ),
        (
            an_object(bizTransactionList=[{"type": "po"}]),
            "field_missing",
            "/bizTransactionList/0/bizTransaction",
        ),
        (
            an_object(sourceList=[{"type": "location", "source": "the shed"}]),
            "uri_malformed",
            "/sourceList/0/source",
        ),
        (an_object(sensorElementList=[{}]), "field_missing", "/sensorElementList/0/sensorReport"),
        (an_aggregation(parentID=None, action="ADD"), "parent_missing", "/parentID"),
        (an_aggregation(childEPCs=None), "children_missing", "/childEPCs"),
        (an_aggregation(childEPCs=[SSCC]), "parent_is_child", "/parentID"),
        (an_association(parentID=None), "field_missing", "/parentID"),
        (an_association(childEPCs=[]), "children_missing", "/childEPCs"),
        (a_transaction(bizTransactionList=[]), "transactions_missing", "/bizTransactionList"),
        (a_transaction(epcList=None), "objects_missing", "/epcList"),
        (a_transformation(inputEPCList=None), "inputs_missing", "/inputEPCList"),
        (a_transformation(outputEPCList=[]), "outputs_missing", "/outputEPCList"),
        (
            an_object(errorDeclaration={"reason": "did_not_occur"}),
            "field_missing",
            "/errorDeclaration/declarationTime",
        ),
    ],
)
def test_a_faulty_event_is_refused_with_its_code_and_place(
    event: Any, code: str, place: str
) -> None:
    assert (code, place) in faults(event)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (an_object, EventType.ObjectEvent),
        (an_aggregation, EventType.AggregationEvent),
        (a_transaction, EventType.TransactionEvent),
        (a_transformation, EventType.TransformationEvent),
        (an_association, EventType.AssociationEvent),
    ],
)
def test_each_of_the_five_types_is_read(make: Callable[[], Event], kind: EventType) -> None:
    event = read_event(make(), now=NOW)
    assert event.type is kind
    assert event.time == int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1e6)
    assert event.offset == 480


@pytest.mark.parametrize(
    "event",
    [
        an_aggregation(action="DELETE", childEPCs=None),
        an_aggregation(action="OBSERVE", parentID=None),
        an_object(
            epcList=None,
            sensorElementList=[{"sensorReport": [{"type": "Temperature"}]}],
            readPoint={"id": "urn:x:door"},
        ),
        an_object(epcList=[]),
        a_transformation(inputEPCList=None, transformationID="urn:x:t1"),
        a_transaction(action="DELETE", epcList=None),
        an_object(eventTimeZoneOffset="-03:30"),
        an_object(**{"acme:colour": {"nested": [1, {"deep": True}]}}),
        an_object(bizStep="https://acme.example/steps/blessing"),
    ],
)
def test_what_the_standard_allows_is_read(event: Event) -> None:
    assert read_event(event, now=NOW).document == event


def test_every_fault_of_an_event_is_told_at_once() -> None:
    found = faults(an_object(bizStep="x", disposition="y", epcList=["z"], eventTime="t"))
    assert {code for code, _ in found} == {
        "unknown_step",
        "unknown_disposition",
        "uri_malformed",
        "time_malformed",
    }


@pytest.mark.parametrize("word", STEPS)
def test_a_step_is_one_word_in_all_its_spellings(word: str) -> None:
    spellings = (
        word,
        f"urn:epcglobal:cbv:bizstep:{word}",
        f"https://ref.gs1.org/cbv/BizStep-{word}",
    )
    assert {read_event(an_object(bizStep=s), now=NOW).step for s in spellings} == {word}


@pytest.mark.parametrize("word", DISPOSITIONS)
def test_a_disposition_is_one_word_in_all_its_spellings(word: str) -> None:
    spellings = (word, f"urn:epcglobal:cbv:disp:{word}", f"https://ref.gs1.org/cbv/Disp-{word}")
    assert {bare_word("disp", s) for s in spellings} == {word}


def test_the_lot_in_the_ilmd_belongs_to_the_products_that_came_to_be() -> None:
    event = read_event(an_object(action="ADD", ilmd={"cbvmda:lotNumber": "L1"}), now=NOW)
    assert [(lot.primary, lot.secondary) for lot in event.lots] == [("09521234000013", "L1")]
    assert event.action is Action.ADD


def test_a_lot_number_says_nothing_of_containers() -> None:
    event = an_object(action="ADD", epcList=[SSCC], ilmd={"cbvmda:lotNumber": "L1"})
    assert read_event(event, now=NOW).lots == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json_malformed"),
        (b"{", "json_malformed"),
        (b"\xff\xfe", "json_encoding"),
        (b'{"a": "\xc3\x28"}', "json_encoding"),
        (b"[" * 100_000, "json_depth"),
        (b'{"a":' * 100_000, "json_depth"),
        (b"[]", "not_a_document"),
        (b"null", "not_a_document"),
        (b"{}", "document_type"),
        (json.dumps(a_document(type="Shipment")).encode(), "document_type"),
        (json.dumps(a_document(schemaVersion="1.2")).encode(), "schema_version"),
        (json.dumps(a_document(schemaVersion=None)).encode(), "schema_version"),
        (json.dumps(a_document(creationDate="today")).encode(), "time_malformed"),
        (json.dumps(a_document(**{"@context": 3})).encode(), "context_malformed"),
        (json.dumps(a_document(epcisBody=None)).encode(), "no_event_list"),
        (json.dumps(a_document(epcisBody={"eventList": {}})).encode(), "no_event_list"),
        (json.dumps(a_document()).encode(), "no_events"),
    ],
)
def test_what_is_no_document_is_refused_whole(body: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(body, now=NOW)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_good_events_are_read_beside_faulty_ones_and_places_point_into_the_document() -> None:
    body = json.dumps(a_document(an_object(), an_object(bizStep="x"), an_object())).encode()
    document = read_document(body, now=NOW)
    assert [position for position, _ in document.events] == [0, 2]
    assert [(f.code, f.place) for f in document.faults] == [
        ("unknown_step", "/epcisBody/eventList/1/bizStep")
    ]
    assert document.total == 3


def test_a_field_nested_deeper_than_any_event_needs_is_refused() -> None:
    with pytest.raises(DocumentError):
        read_document(b'{"type":' + b"[" * 5_000 + b"]" * 5_000 + b"}", now=NOW)


def test_an_event_may_name_a_hundred_thousand_items() -> None:
    epcs = [f"{ITEM}{i}" for i in range(100_000)]
    event = read_event(an_object(epcList=epcs), now=NOW)
    assert sum(len(tails) for tails in event.lists[0].stems.values()) == 100_000


def test_a_document_with_more_items_than_one_may_have_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "MOST_EPCS", 5)
    events = [an_object(epcList=[f"{ITEM}{i}" for i in range(3)])] * 2
    with pytest.raises(DocumentError) as refused:
        read_document(json.dumps(a_document(*events)).encode(), now=NOW)
    assert [fault.code for fault in refused.value.faults] == ["too_many_epcs"]


def test_ten_thousand_faults_are_counted_and_the_first_hundred_told() -> None:
    events = [an_object(bizStep="x") for _ in range(10_000)]
    document = read_document(json.dumps(a_document(*events)).encode(), now=NOW)
    error = DocumentError(document.faults)
    assert (error.total, len(error.faults)) == (10_000, 100)
    assert str(error).startswith("10000 faults; unknown_step at /epcisBody/eventList/0/bizStep")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=12), JSON, max_size=8))
def test_a_stored_body_comes_back_as_it_was(document: dict[str, Any]) -> None:
    assert unpack_body(pack_body(document)) == document


def test_a_stored_body_of_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form"):
        unpack_body(b"\x07anything")


def test_no_field_of_a_document_can_be_taken_for_the_stores_own() -> None:
    assert ("field_unknown", f"/{FORMS}") in faults(an_object(**{FORMS: {}}))


@given(JSON)
def test_no_json_makes_the_reader_fall_over(value: Any) -> None:
    with pytest.raises(DocumentError):
        read_document(json.dumps(value).encode(), now=NOW)
    with pytest.raises(DocumentError):
        read_event(value, now=NOW)


FIELDS = st.sampled_from(
    [
        "eventTime",
        "epcList",
        "action",
        "bizStep",
        "readPoint",
        "ilmd",
        "quantityList",
        "eventID",
        "errorDeclaration",
        "bizTransactionList",
        "sensorElementList",
        "persistentDisposition",
    ]
)


@given(FIELDS, JSON)
def test_no_value_of_a_field_makes_the_reader_fall_over(field: str, value: Any) -> None:
    given = an_object(**{field: value})
    try:
        read = read_event(given, now=NOW).document
    except DocumentError as error:
        read = {"faults": error.faults}
    assert read == given or read["faults"]
