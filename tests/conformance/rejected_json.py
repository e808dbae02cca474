"""JSON documents that are no EPCIS 2.0: what is wrong, and what is said of it.

Each row is (what is wrong, the document or its bytes, code, place). The sources are GS1's JSON
Schema, EPCIS 2.0 §7 and §10, CBV 2.0 §7 and §8. An event's place is relative to it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from suyuan.core.epcis.vocabulary import CONTEXT

ITEM: Final = "urn:epc:id:sgtin:0614141.107346.2017"
LINK: Final = "https://id.gs1.org/01/10614141073464/21/2017"
LOT: Final = "urn:epc:class:lgtin:4012345.012345.998877"
SSCC: Final = "urn:epc:id:sscc:0614141.1234567890"
SSCC_LINK: Final = "https://id.gs1.org/00/106141412345678908"
IN_DOCUMENT: Final = "/epcisBody/eventList/0"

type Event = dict[str, Any]
type Case = tuple[str, bytes, str, str]


def an_object(**changes: Any) -> Event:
    """Return a valid ObjectEvent with changes; None leaves a field out."""
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-01-01T08:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "epcList": [ITEM],
    }
    return {name: value for name, value in (event | changes).items() if value is not None}


def a_family(**changes: Any) -> Event:
    """Return a valid AggregationEvent with changes."""
    family = {"type": "AggregationEvent", "parentID": SSCC, "childEPCs": [ITEM], "epcList": None}
    return an_object(**({"action": "ADD"} | family | changes))


def a_making(**changes: Any) -> Event:
    """Return a valid TransformationEvent with changes."""
    sides = {"inputEPCList": [ITEM], "outputEPCList": [ITEM[:-1] + "8"]}
    return an_object(
        **({"type": "TransformationEvent", "action": None, "epcList": None} | sides | changes)
    )


def a_deal(**changes: Any) -> Event:
    """Return a valid TransactionEvent with changes."""
    papers = {"bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:po:7"}]}
    return an_object(**({"type": "TransactionEvent"} | papers | changes))


def a_document(*events: Any, **changes: Any) -> dict[str, Any]:
    """Return a valid EPCISDocument with changes."""
    document = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events or [an_object()])},
    }
    return {name: value for name, value in (document | changes).items() if value is not None}


def _sensed(**report: Any) -> Event:
    element = {"sensorReport": [{"type": "Temperature", "value": 4, "uom": "CEL"} | report]}
    return an_object(sensorElementList=[element])


def _measured(**metadata: Any) -> Event:
    element = {"sensorMetadata": metadata, "sensorReport": [{"type": "Temperature"}]}
    return an_object(sensorElementList=[element])


def _amount(**element: Any) -> Event:
    return an_object(quantityList=[{"epcClass": LOT, "quantity": 1} | element])


def _wrong(**declaration: Any) -> Event:
    told = {"declarationTime": "2026-01-02T00:00:00Z", "reason": "incorrect_data"} | declaration
    return an_object(errorDeclaration={k: v for k, v in told.items() if v is not None})


_REPORT: Final = "/sensorElementList/0/sensorReport/0"
_META: Final = "/sensorElementList/0/sensorMetadata"
_EVENTS: Final[list[tuple[str, Any, str, str]]] = [
    ("a type that is none", an_object(type="MagicEvent"), "event_type", "/type"),
    ("the quantity event of 1.0", an_object(type="QuantityEvent"), "event_type", "/type"),
    ("no type", an_object(type=None), "event_type", "/type"),
    ("a text for an event", "shipped", "event_not_object", ""),
    ("no time", an_object(eventTime=None), "field_missing", "/eventTime"),
    ("a time without its zone", an_object(eventTime="2026-01-01T08:00:00"),
     "time_without_zone", "/eventTime"),
    ("a day that no month has", an_object(eventTime="2026-02-30T08:00:00Z"),
     "time_malformed", "/eventTime"),
    ("a date for a time", an_object(eventTime="2026-01-01"), "time_malformed", "/eventTime"),
    ("a time in figures of another script", an_object(eventTime="２０２６-01-01T08:00:00Z"),
     "time_malformed", "/eventTime"),
    ("a time before the first year", an_object(eventTime="0001-01-01T00:00:00+14:00"),
     "time_malformed", "/eventTime"),
    ("a time in the future", an_object(eventTime="2099-01-01T00:00:00Z"),
     "time_in_future", "/eventTime"),
    ("no offset", an_object(eventTimeZoneOffset=None), "field_missing", "/eventTimeZoneOffset"),
    ("an offset beyond fourteen hours", an_object(eventTimeZoneOffset="+14:30"),
     "field_type", "/eventTimeZoneOffset"),
    ("an offset as a letter", an_object(eventTimeZoneOffset="Z"),
     "field_type", "/eventTimeZoneOffset"),
    ("a record time that is none", an_object(recordTime="now"), "time_malformed", "/recordTime"),
    ("an event ID that is no URI", an_object(eventID="7"), "uri_malformed", "/eventID"),
    ("no action", an_object(action=None), "field_missing", "/action"),
    ("an action in small letters", an_object(action="add"), "field_type", "/action"),
    ("an action where there is none", a_making(action="ADD"), "field_unknown", "/action"),
    ("a step that is none", an_object(bizStep="teleporting"), "unknown_step", "/bizStep"),
    ("a step of 1.x that is none", an_object(bizStep="urn:epcglobal:cbv:bizstep:nap"),
     "unknown_step", "/bizStep"),
    ("a step of the web that is none", an_object(bizStep="https://ref.gs1.org/cbv/BizStep-nap"),
     "unknown_step", "/bizStep"),
    ("a disposition for a step", an_object(bizStep="cbv:Disp-active"), "unknown_step", "/bizStep"),
    ("a step of no scheme", an_object(bizStep="9:step"), "uri_malformed", "/bizStep"),
    ("a disposition that is none", an_object(disposition="lost"),
     "unknown_disposition", "/disposition"),
    ("null for a place", an_object(readPoint={"id": None}), "field_type", "/readPoint/id"),
    ("a place without its ID", an_object(readPoint={}), "field_missing", "/readPoint/id"),
    ("a place of words", an_object(readPoint={"id": "gate 3"}), "uri_malformed", "/readPoint/id"),
    ("a place with a field of nobody", an_object(bizLocation={"id": "urn:x:1", "city": "x"}),
     "field_unknown", "/bizLocation/city"),
    ("a location number with a wrong check digit",
     an_object(readPoint={"id": "https://id.gs1.org/414/0614141073468"}),
     "gln_check_digit", "/readPoint/id"),
    ("a field of nobody", an_object(colour="red"), "field_unknown", "/colour"),
    ("a prefix without a name", an_object(**{"ex:": 1}), "field_unknown", "/ex:"),
    ("a list of another type of event", an_object(childEPCs=[ITEM]),
     "field_unknown", "/childEPCs"),
    ("neither items nor amounts nor readings", an_object(epcList=None),
     "objects_missing", "/epcList"),
    ("a number among the items", an_object(epcList=[ITEM, 5]), "field_type", "/epcList/1"),
    ("words among the items", an_object(epcList=["tin of milk"]), "uri_malformed", "/epcList/0"),
    ("an empty item", an_object(epcList=[""]), "empty", "/epcList/0"),
    ("an item twice", an_object(epcList=[ITEM, LINK, ITEM]), "value_repeated", "/epcList/2"),
    ("a lot among the items", an_object(epcList=[LOT]), "instance_expected", "/epcList/0"),
    ("a class among the items", an_object(epcList=["urn:epc:idpat:sgtin:4012345.066666.*"]),
     "instance_expected", "/epcList/0"),
    ("a product without a serial", an_object(epcList=["https://id.gs1.org/01/10614141073464"]),
     "instance_expected", "/epcList/0"),
    ("a product number with a wrong check digit",
     an_object(epcList=["https://id.gs1.org/01/10614141073465/21/1"]),
     "gtin_check_digit", "/epcList/0"),
    ("a product number too short", an_object(epcList=["urn:epc:id:sgtin:0614141.1073.1"]),
     "gtin_length", "/epcList/0"),
    ("a logistic unit too short", an_object(epcList=["urn:epc:id:sscc:0614141.12"]),
     "sscc_length", "/epcList/0"),
    ("a kind of EPC that is none", an_object(epcList=["urn:epc:id:xyz:0614141.12"]),
     "urn_unknown_scheme", "/epcList/0"),
    ("a half escape", an_object(epcList=["urn:epc:id:sgtin:0614141.107346.A%2"]),
     "percent_escape", "/epcList/0"),
    ("an amount of nothing", _amount(epcClass=None), "field_type", "/quantityList/0/epcClass"),
    ("an amount of one item", _amount(epcClass=ITEM), "class_expected", "/quantityList/0/epcClass"),
    ("an amount below zero", _amount(quantity=-1), "quantity_range", "/quantityList/0/quantity"),
    ("an amount of zero", _amount(quantity=0), "quantity_range", "/quantityList/0/quantity"),
    ("an amount without end", _amount(quantity=10**400), "quantity_range",
     "/quantityList/0/quantity"),
    ("half a piece", _amount(quantity=2.5), "quantity_not_whole", "/quantityList/0/quantity"),
    ("a number as text", _amount(quantity="3"), "field_type", "/quantityList/0/quantity"),
    ("a unit spelled out", _amount(uom="kilogram"), "field_type", "/quantityList/0/uom"),
    ("a unit without an amount", an_object(quantityList=[{"epcClass": LOT, "uom": "KGM"}]),
     "quantity_missing", "/quantityList/0/quantity"),
    ("an amount with a field of nobody", _amount(weight=3), "field_unknown", "/quantityList/0"),
    ("ILMD without a birth", an_object(ilmd={"ex:a": 1}), "ilmd_without_add", "/ilmd"),
    ("empty ILMD without a birth", an_object(ilmd={}), "ilmd_without_add", "/ilmd"),
    ("ILMD of nobody", an_object(action="ADD", ilmd={"lotNumber": "L1"}),
     "field_unknown", "/ilmd/lotNumber"),
    ("a lot number of signs that none has",
     an_object(action="ADD", ilmd={"cbvmda:lotNumber": "批"}), "lot_malformed", "/ilmd"),
    ("ILMD in an aggregation", a_family(ilmd={"ex:a": 1}), "field_unknown", "/ilmd"),
    ("a transaction of words", a_deal(bizTransactionList=[{"bizTransaction": "order 7"}]),
     "uri_malformed", "/bizTransactionList/0/bizTransaction"),
    ("a transaction of no kind",
     an_object(bizTransactionList=[{"type": "bill", "bizTransaction": "urn:x:1"}]),
     "unknown_transaction_type", "/bizTransactionList/0/type"),
    ("a transaction without its ID", a_deal(bizTransactionList=[{"type": "po"}]),
     "field_missing", "/bizTransactionList/0/bizTransaction"),
    ("no transaction in a transaction event", a_deal(bizTransactionList=[]),
     "transactions_missing", "/bizTransactionList"),
    ("a source without its type", an_object(sourceList=[{"source": "urn:x:1"}]),
     "field_missing", "/sourceList/0/type"),
    ("a source of no kind", an_object(sourceList=[{"type": "owner", "source": "urn:x:1"}]),
     "unknown_party_type", "/sourceList/0/type"),
    ("a destination in the list of sources",
     an_object(sourceList=[{"type": "location", "destination": "urn:x:1"}]),
     "field_unknown", "/sourceList/0"),
    ("a destination of words",
     an_object(destinationList=[{"type": "location", "destination": "the shop"}]),
     "uri_malformed", "/destinationList/0/destination"),
    ("packing without a parent", a_family(parentID=None), "parent_missing", "/parentID"),
    ("an empty parent", a_family(parentID=""), "empty", "/parentID"),
    ("a lot for a parent", a_family(parentID=LOT), "instance_expected", "/parentID"),
    ("packing without children", a_family(childEPCs=None), "children_missing", "/childEPCs"),
    ("a parent within itself", a_family(childEPCs=[SSCC]), "parent_is_child", "/parentID"),
    ("a parent within itself, written in another form",
     a_family(childEPCs=[ITEM, SSCC_LINK]), "parent_is_child", "/parentID"),
    ("fixing to nothing", a_family(type="AssociationEvent", parentID=None),
     "field_missing", "/parentID"),
    ("making from nothing", a_making(inputEPCList=[]), "inputs_missing", "/inputEPCList"),
    ("making of nothing", a_making(outputEPCList=None), "outputs_missing", "/outputEPCList"),
    ("an error declared at no time", _wrong(declarationTime=None),
     "field_missing", "/errorDeclaration/declarationTime"),
    ("an error declared without a zone", _wrong(declarationTime="2026-01-02T00:00:00"),
     "time_without_zone", "/errorDeclaration/declarationTime"),
    ("an error for no reason known", _wrong(reason="typo"),
     "unknown_reason", "/errorDeclaration/reason"),
    ("a correction that is no URI", _wrong(correctiveEventIDs=["8"]),
     "uri_malformed", "/errorDeclaration/correctiveEventIDs/0"),
    ("a declaration with a field of nobody", _wrong(by="me"),
     "field_unknown", "/errorDeclaration/by"),
    ("a lasting disposition that is none", an_object(persistentDisposition={"set": ["lost"]}),
     "unknown_disposition", "/persistentDisposition/set/0"),
    ("lasting dispositions of nothing", an_object(persistentDisposition={}),
     "field_missing", "/persistentDisposition/set"),
    ("a lasting disposition twice", an_object(persistentDisposition={"unset": ["active"] * 2}),
     "value_repeated", "/persistentDisposition/unset"),
    ("a certificate of words", an_object(certificationInfo=["organic"]),
     "uri_malformed", "/certificationInfo/0"),
    ("sensors without a report", an_object(sensorElementList=[{}]),
     "field_missing", "/sensorElementList/0/sensorReport"),
    ("a report without its type", an_object(sensorElementList=[{"sensorReport": [{"value": 1}]}]),
     "field_missing", f"{_REPORT}/type"),
    ("a measurement that is none", _sensed(type="Warmth"),
     "unknown_measurement", f"{_REPORT}/type"),
    ("a measurement of the web that is none", _sensed(type="https://gs1.org/voc/Warmth"),
     "unknown_measurement", f"{_REPORT}/type"),
    ("a value without end", _sensed(type="Temperature", value=10**400), "number_range",
     f"{_REPORT}/value"),
    ("an alarm that is none", _sensed(exception="FIRE"), "unknown_alarm", f"{_REPORT}/exception"),
    ("a component that is none", _sensed(component="w"),
     "unknown_component", f"{_REPORT}/component"),
    ("a reading as text", _sensed(value="4"), "field_type", f"{_REPORT}/value"),
    ("a unit with a sign", _sensed(uom="°C"), "uom_malformed", f"{_REPORT}/uom"),
    ("hexadecimal figures that are none", _sensed(hexBinaryValue="0x1F"),
     "hex_value_malformed", f"{_REPORT}/hexBinaryValue"),
    ("a truth value as text", _sensed(booleanValue="yes"), "field_type", f"{_REPORT}/booleanValue"),
    ("a reading at no time", _sensed(time="noon"), "time_malformed", f"{_REPORT}/time"),
    ("a reading with a field of nobody", _sensed(colour=1), "field_unknown", f"{_REPORT}/colour"),
    ("a device of words", _measured(deviceID="logger 5"), "uri_malformed", f"{_META}/deviceID"),
    ("readings that end before they begin",
     _measured(startTime="2026-01-01T02:00:00Z", endTime="2026-01-01T09:00:00+08:00"),
     "time_order", f"{_META}/endTime"),
    ("a context of its own that is none", an_object(**{"@context": [7]}),
     "context_malformed", "/@context"),
]  # fmt: skip


def _header(vocabulary: Any) -> dict[str, Any]:
    return a_document(epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})


def _query(**changes: Any) -> dict[str, Any]:
    results = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": [an_object()]}}
    body = {"queryResults": {k: v for k, v in (results | changes).items() if v is not None}}
    return a_document(type="EPCISQueryDocument", epcisBody=body)


_LIST: Final = "/epcisHeader/epcisMasterData/vocabularyList"
_DOCUMENTS: Final[list[tuple[str, Any, str, str]]] = [
    ("a list for a document", [], "not_a_document", ""),
    ("a document of another kind", a_document(type="Shipment"), "document_type", "/type"),
    ("another version", a_document(schemaVersion="1.2"), "schema_version", "/schemaVersion"),
    ("a version as a number", a_document(schemaVersion=2.0), "schema_version", "/schemaVersion"),
    ("no date", a_document(creationDate=None), "field_missing", "/creationDate"),
    ("a date without a zone", a_document(creationDate="2026-01-01T00:00:00"),
     "time_without_zone", "/creationDate"),
    ("no context", a_document(**{"@context": None}), "field_missing", "/@context"),
    ("a context of numbers", a_document(**{"@context": [1]}), "context_malformed", "/@context"),
    ("a context twice", a_document(**{"@context": [CONTEXT, CONTEXT]}),
     "context_malformed", "/@context"),
    ("a field of nobody", a_document(colour="red"), "field_unknown", "/colour"),
    ("a sender that is no text", a_document(sender={"id": 1}), "field_type", "/sender"),
    ("an ID that is no URI", a_document(id="7"), "uri_malformed", "/id"),
    ("no body", a_document(epcisBody=None), "no_event_list", "/epcisBody/eventList"),
    ("an object for a list of events", a_document(epcisBody={"eventList": {}}),
     "no_event_list", "/epcisBody/eventList"),
    ("no events", a_document(epcisBody={"eventList": []}), "no_events", "/epcisBody/eventList"),
    ("a query document without its query's name", _query(queryName=None),
     "field_missing", "/epcisBody/queryResults/queryName"),
    ("a query document without results", _query(resultsBody=None),
     "no_event_list", "/epcisBody/queryResults/resultsBody/eventList"),
    ("a header that is none", a_document(epcisHeader=[]), "field_type", "/epcisHeader"),
    ("a vocabulary without its type", _header({}), "field_missing", f"{_LIST}/0/type"),
    ("a vocabulary of words", _header({"type": "places"}), "uri_malformed", f"{_LIST}/0/type"),
    ("an element without its ID", _header({"type": "urn:x:1", "vocabularyElementList": [{}]}),
     "field_missing", f"{_LIST}/0/vocabularyElementList/0/id"),
]  # fmt: skip
_PLAIN: Final = json.dumps(a_document())
_BYTES: Final[list[Case]] = [
    ("nothing but space", b" ", "json_malformed", ""),
    ("half a document", _PLAIN[:-9].encode(), "json_malformed", ""),
    ("words after the document", _PLAIN.encode() + b" and more", "json_malformed", ""),
    ("a number that is none", _PLAIN.replace('"2.0"', "NaN").encode(), "json_malformed", ""),
    ("UTF-16", _PLAIN.encode("utf-16"), "json_encoding", ""),
    ("UTF-32 without a mark", _PLAIN.encode("utf-32-le"), "json_encoding", ""),
    ("Latin-1", _PLAIN.replace("shipping", "é").encode("latin-1"), "json_encoding", ""),
    ("a name twice", _PLAIN.replace('"action"', '"bizStep": "packing", "action"').encode(),
     "json_duplicate_name", ""),
    ("a name twice, once escaped", _PLAIN.replace('"action"', '"biz\\u0053tep": "x", "action"')
     .encode(), "json_duplicate_name", ""),
    ("a name twice, once with a space",
     _PLAIN.replace('"action"', '"bizStep" : "packing", "action"').encode(),
     "json_duplicate_name", ""),
    ("nesting without end", b'{"a":' * 100_000, "json_depth", ""),
]  # fmt: skip

CASES: Final[list[Case]] = [
    *(
        (f"event: {name}", json.dumps(a_document(event)).encode(), code, IN_DOCUMENT + place)
        for name, event, code, place in _EVENTS
    ),
    *(
        (f"document: {name}", json.dumps(document).encode(), code, place)
        for name, document, code, place in _DOCUMENTS
    ),
    *_BYTES,
]
