"""XML documents that are no EPCIS, 2.0 or 1.2: what is wrong, and what is said of it.

Each row is (what is wrong, the document, code, place); places are those of the JSON form. The
sources are GS1's XML Schemas, EPCIS 2.0 §9 and EPCIS 1.2 §9.
"""

from __future__ import annotations

from typing import Final

type Case = tuple[str, bytes, str, str]

IN_DOCUMENT: Final = "/epcisBody/eventList/0"
WHEN: Final = (
    "<eventTime>2026-01-01T08:00:00Z</eventTime><eventTimeZoneOffset>+08:00</eventTimeZoneOffset>"
)
ITEMS: Final = "<epcList><epc>urn:epc:id:sgtin:0614141.107346.2017</epc></epcList>"
ACT: Final = "<action>OBSERVE</action>"
STEP: Final = "<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>"
EVENT: Final = f"<ObjectEvent>{WHEN}{ITEMS}{ACT}{STEP}</ObjectEvent>"
LOT: Final = "<epcClass>urn:epc:class:lgtin:4012345.012345.998877</epcClass>"


def a_document(
    inner: str,
    *,
    space: str = "urn:epcglobal:epcis:xsd:2",
    attributes: str = 'schemaVersion="2.0" creationDate="2026-01-01T00:00:00Z"',
    head: str = "",
    before: str = "",
) -> bytes:
    """Return an EPCISDocument around what stands in its event list."""
    return (
        f'{before}<e:EPCISDocument xmlns:e="{space}" xmlns:ex="http://ns.example.com/" '
        f"{attributes}>"
        f"{head}<EPCISBody><EventList>{inner}</EventList></EPCISBody></e:EPCISDocument>"
    ).encode()


def old(inner: str) -> bytes:
    """Return a document of EPCIS 1.2."""
    return a_document(
        inner,
        space="urn:epcglobal:epcis:xsd:1",
        attributes='schemaVersion="1.2" creationDate="2026-01-01T00:00:00Z"',
    )


def _object(inner: str) -> str:
    return f"<ObjectEvent>{inner}</ObjectEvent>"


def _more(after: str) -> str:
    return _object(f"{WHEN}{ITEMS}{ACT}{STEP}{after}")


def _amount(inner: str) -> str:
    return _more(f"<quantityList><quantityElement>{inner}</quantityElement></quantityList>")


def _sensed(inner: str) -> str:
    return _more(f"<sensorElementList><sensorElement>{inner}</sensorElement></sensorElementList>")


def _query(inner: str, name: str = "<queryName>SimpleEventQuery</queryName>") -> bytes:
    return (
        '<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2" schemaVersion="2.0" '
        f'creationDate="2026-01-01T00:00:00Z"><EPCISBody><q:QueryResults>{name}{inner}'
        "</q:QueryResults></EPCISBody></q:EPCISQueryDocument>"
    ).encode()


_RESULTS: Final = f"<resultsBody><EventList>{EVENT}</EventList></resultsBody>"
SOUND: Final = [a_document(EVENT), old(EVENT), _query(_RESULTS)]

_EVENTS: Final[list[tuple[str, str, str, str]]] = [
    ("an event of nobody", "<MagicEvent/>", "event_type", "/type"),
    ("an event of another namespace", "<ex:ObjectEvent/>", "event_type", "/type"),
    ("a field of nobody", _more("<colour>red</colour>"), "field_unknown", "/colour"),
    ("a field twice", _object(f"{WHEN}{ITEMS}{ACT}{ACT}"), "field_repeated", "/action"),
    ("the action before the items", _object(f"{WHEN}{ACT}{ITEMS}"), "field_order", "/epcList"),
    ("the offset before the time", _object(
        "<eventTimeZoneOffset>+08:00</eventTimeZoneOffset><eventTime>2026-01-01T08:00:00Z"
        f"</eventTime>{ITEMS}{ACT}"), "field_order", "/eventTime"),
    ("an extension before the standard's fields", _object(
        f"{WHEN}<ex:a>1</ex:a>{ITEMS}{ACT}"), "field_order", "/epcList"),
    ("text between the fields", _object(f"{WHEN}{ITEMS}{ACT}and so on"), "text_unexpected", ""),
    ("text between the items", _object(
        f"{WHEN}<epcList>some<epc>urn:x:1</epc></epcList>{ACT}"), "text_unexpected", "/epcList"),
    ("an element among the items", _object(
        f"{WHEN}<epcList><item>urn:x:1</item></epcList>{ACT}"), "field_unknown", "/epcList"),
    ("an element within an item", _object(
        f"{WHEN}<epcList><epc>urn:x:1<b/></epc></epcList>{ACT}"), "field_unknown", "/epcList"),
    ("an element within a time", _object(
        f"<eventTime>2026<b/></eventTime><eventTimeZoneOffset>+08:00</eventTimeZoneOffset>{ITEMS}"
        f"{ACT}"), "field_unknown", "/eventTime"),
    ("no time", _object(f"{ITEMS}{ACT}"), "field_missing", "/eventTime"),
    ("a time without its zone", _object(
        f"{WHEN.replace('00Z', '00')}{ITEMS}{ACT}"), "time_without_zone", "/eventTime"),
    ("no action", _object(f"{WHEN}{ITEMS}"), "field_missing", "/action"),
    ("a bare step that is none", _object(
        f"{WHEN}{ITEMS}{ACT}<bizStep>napping</bizStep>"), "unknown_step", "/bizStep"),
    ("a step of 1.x that is none", _object(
        f"{WHEN}{ITEMS}{ACT}{STEP.replace('shipping', 'nap')}"), "unknown_step", "/bizStep"),
    ("a place without its ID", _more("<readPoint/>"), "empty", "/readPoint/id"),
    ("a place with two IDs", _more("<readPoint><id>urn:x:1</id><id>urn:x:2</id></readPoint>"),
     "field_repeated", "/readPoint/id"),
    ("a place with a field of nobody", _more("<readPoint><id>urn:x:1</id><city/></readPoint>"),
     "field_unknown", "/readPoint/city"),
    ("a transaction of another name", _more(
        "<bizTransactionList><order>urn:x:1</order></bizTransactionList>"),
     "field_unknown", "/bizTransactionList"),
    ("a transaction with an attribute of nobody", _more(
        '<bizTransactionList><bizTransaction kind="po">urn:x:1</bizTransaction>'
        "</bizTransactionList>"), "field_unknown", "/bizTransactionList/0"),
    ("a source without its type", _more("<sourceList><source>urn:x:1</source></sourceList>"),
     "field_missing", "/sourceList/0/type"),
    ("a source of no kind", _more(
        '<sourceList><source type="urn:epcglobal:cbv:sdt:owner">urn:x:1</source></sourceList>'),
     "unknown_party_type", "/sourceList/0/type"),
    ("an amount in letters", _amount(f"{LOT}<quantity>three</quantity>"),
     "field_type", "/quantityList/0/quantity"),
    ("an amount with an exponent", _amount(f"{LOT}<quantity>1e3</quantity>"),
     "field_type", "/quantityList/0/quantity"),
    ("an amount with an underscore", _amount(f"{LOT}<quantity>1_000</quantity>"),
     "field_type", "/quantityList/0/quantity"),
    ("an amount that is not a number", _amount(f"{LOT}<quantity>NaN</quantity>"),
     "field_type", "/quantityList/0/quantity"),
    ("an amount twice", _amount(f"{LOT}<quantity>1</quantity><quantity>2</quantity>"),
     "field_repeated", "/quantityList/0/quantity"),
    ("the amount before its class", _amount(f"<quantity>1</quantity>{LOT}"),
     "field_order", "/quantityList/0/epcClass"),
    ("an amount of nothing", _amount("<quantity>1</quantity>"),
     "field_missing", "/quantityList/0/epcClass"),
    ("a unit without an amount", _amount(
        f'{LOT}<quantity xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
        "<uom>KGM</uom>"), "quantity_missing", "/quantityList/0/quantity"),
    ("lasting dispositions in the wrong order", _more(
        "<persistentDisposition><set>urn:epcglobal:cbv:disp:active</set><unset>urn:epcglobal:cbv:"
        "disp:inactive</unset></persistentDisposition>"),
     "field_order", "/persistentDisposition/unset"),
    ("lasting dispositions of another name", _more(
        "<persistentDisposition><add>urn:epcglobal:cbv:disp:active</add></persistentDisposition>"),
     "field_unknown", "/persistentDisposition"),
    ("an error declared at no time", _object(
        f"{WHEN}<errorDeclaration/>{ITEMS}{ACT}"),
     "field_missing", "/errorDeclaration/declarationTime"),
    ("an error declared at two times", _object(
        f"{WHEN}<errorDeclaration>{'<declarationTime>2026-01-02T00:00:00Z</declarationTime>' * 2}"
        f"</errorDeclaration>{ITEMS}{ACT}"),
     "field_repeated", "/errorDeclaration/declarationTime"),
    ("a correction of another name", _object(
        f"{WHEN}<errorDeclaration><declarationTime>2026-01-02T00:00:00Z</declarationTime>"
        f"<correctiveEventIDs><id>urn:x:1</id></correctiveEventIDs></errorDeclaration>{ITEMS}{ACT}"),
     "field_unknown", "/errorDeclaration/correctiveEventIDs"),
    ("sensors without a report", _sensed(""), "field_type", "/sensorElementList/0/sensorReport"),
    ("two devices for one reading", _sensed('<sensorMetadata/><sensorMetadata/><sensorReport '
     'type="gs1:Temperature"/>'), "field_repeated", "/sensorElementList/0/sensorMetadata"),
    ("a reading in letters", _sensed('<sensorReport type="gs1:Temperature" value="warm"/>'),
     "field_type", "/sensorElementList/0/sensorReport/0/value"),
    ("an attribute of nobody", _sensed('<sensorReport type="gs1:Temperature" colour="red"/>'),
     "field_unknown", "/sensorElementList/0/sensorReport/0/colour"),
    ("a report without its type", _sensed('<sensorReport value="1"/>'),
     "field_missing", "/sensorElementList/0/sensorReport/0/type"),
    ("ILMD without a birth", _more("<ilmd><ex:a>1</ex:a></ilmd>"), "ilmd_without_add", "/ilmd"),
    ("an aggregation without its parent",
     f"<AggregationEvent>{WHEN}<childEPCs><epc>urn:x:1</epc></childEPCs><action>ADD</action>"
     "</AggregationEvent>", "parent_missing", "/parentID"),
]  # fmt: skip
_HEAD: Final = (
    "<EPCISHeader><extension><EPCISMasterData><VocabularyList>{}</VocabularyList>"
    "</EPCISMasterData></extension></EPCISHeader>"
)
_LIST: Final = "/epcisHeader/epcisMasterData/vocabularyList"
_DOCUMENTS: Final[list[Case]] = [
    ("nothing but space", b" ", "xml_malformed", "line 1"),
    ("half a document", a_document(EVENT)[:-20], "xml_malformed", "line 1"),
    ("another kind of document", b"<order/>", "xml_root", ""),
    ("a root without a namespace", a_document(EVENT).replace(b"e:EPCISD", b"EPCISD"),
     "xml_root", ""),
    ("the namespace of 2.0 with the version of 1.2",
     a_document(EVENT, attributes='schemaVersion="1.2"'), "schema_version", "/@schemaVersion"),
    ("the namespace of 1 with the version of 2.0",
     a_document(EVENT, space="urn:epcglobal:epcis:xsd:1"), "schema_version", "/@schemaVersion"),
    ("no version", a_document(EVENT, attributes=""), "schema_version", "/@schemaVersion"),
    ("no date", a_document(EVENT, attributes='schemaVersion="2.0"'),
     "field_missing", "/creationDate"),
    ("a date of words",
     a_document(EVENT, attributes='schemaVersion="2.0" creationDate="today"'),
     "time_malformed", "/creationDate"),
    ("an entity", a_document(EVENT, before='<!DOCTYPE x [<!ENTITY a "b">]>'), "xml_doctype", ""),
    ("a document type from elsewhere", a_document(EVENT, before='<!DOCTYPE x SYSTEM "f">'),
     "xml_doctype", ""),
    ("an encoding that is not the declared one",
     a_document(EVENT.replace("urn:epc:id", "é"), before='<?xml version="1.0" encoding="UTF-8"?>')
     .decode().encode("latin-1"), "xml_malformed", "line 1"),
    ("no events", a_document(""), "no_events", "/epcisBody/eventList"),
    ("an event outside the list", a_document(EVENT).replace(b"EventList", b"Events"),
     "field_unknown", "/epcisBody/Events"),
    ("two lists", a_document(f"{EVENT}</EventList><EventList>{EVENT}"),
     "field_repeated", "/epcisBody/EventList"),
    ("the header after the body",
     a_document(EVENT).replace(b"</EPCISBody>", b"</EPCISBody><EPCISHeader/>"),
     "field_order", "/EPCISHeader"),
    ("an element of nobody beside the body", a_document(EVENT, head="<note/>"),
     "field_unknown", "/note"),
    ("a query document without its query's name", _query(_RESULTS, name=""),
     "field_missing", "/epcisBody/queryResults/queryName"),
    ("events in a query document's body", _query("").replace(
        b"<q:QueryResults>", f"<EventList>{EVENT}</EventList><q:QueryResults>".encode()),
     "field_unknown", "/epcisBody/EventList"),
    ("a vocabulary without its type",
     a_document(EVENT, head=_HEAD.format("<Vocabulary/>")), "uri_malformed", f"{_LIST}/0/type"),
    ("an element without its ID", a_document(EVENT, head=_HEAD.format(
        '<Vocabulary type="urn:x:1"><VocabularyElementList><VocabularyElement/>'
        "</VocabularyElementList></Vocabulary>")),
     "uri_malformed", f"{_LIST}/0/vocabularyElementList/0/id"),
    ("nesting without end", a_document(_more("<ex:a>" * 300 + "</ex:a>" * 300)),
     "xml_malformed", "line 1"),
]  # fmt: skip
_OLD: Final[list[tuple[str, str, str, str]]] = [
    ("no items and no amounts in 1.2", _object(f"{WHEN}<epcList/>{ACT}"),
     "objects_missing", "/epcList"),
    ("a quantity event of half pieces",
     f"<QuantityEvent>{WHEN}{LOT}<quantity>2.5</quantity></QuantityEvent>",
     "quantity_not_whole", "/quantityList/0/quantity"),
    ("the ID beside the base extension's place",
     _object(f"{WHEN}{ITEMS}<baseExtension><eventID>urn:x:1</eventID></baseExtension>{ACT}"),
     "field_order", "/baseExtension"),
    ("a transformation that makes nothing",
     f"<extension><TransformationEvent>{WHEN}<inputEPCList><epc>urn:x:1</epc></inputEPCList>"
     "</TransformationEvent></extension>", "outputs_missing", "/outputEPCList"),
]  # fmt: skip

CASES: Final[list[Case]] = [
    *((f"event: {n}", a_document(event), code, IN_DOCUMENT + p) for n, event, code, p in _EVENTS),
    *((f"event of 1.2: {n}", old(event), code, IN_DOCUMENT + p) for n, event, code, p in _OLD),
    *((f"document: {name}", body, code, place) for name, body, code, place in _DOCUMENTS),
]
