"""What is fed: every parser that reads what strangers send."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import parse_qsl

from suyuan.capture.encode import content_digest
from suyuan.core.epcis import DocumentError, Media, read_document
from suyuan.core.epcis.body import pack_body, unpack_body
from suyuan.core.epcis.contexts import prefix_meanings
from suyuan.core.epcis.event_hash import event_hash
from suyuan.core.epcis.forms import CompanyPrefixes, EpcFormat, Translator
from suyuan.core.epcis.query import matches, read_query
from suyuan.core.epcis.soap.names import SoapFault
from suyuan.core.epcis.soap.read import open_envelope, read_call
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml
from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.core.tag_reads import ReportFault, read_report
from tests.fuzz.campaign import Target

NOW: Final = 1_800_000_000_000_000
_PREFIXES: Final = CompanyPrefixes(["0614141", "4012345"])
_TRANSLATORS: Final = tuple(
    Translator(form, _PREFIXES.length) for form in (EpcFormat.URN, EpcFormat.LINK)
)

_BASE: Final = {"eventTime": "2026-03-01T08:00:00.5+08:00", "eventTimeZoneOffset": "+08:00"}
_EVENTS: Final[list[dict[str, Any]]] = [
    {
        **_BASE,
        "type": "ObjectEvent",
        "action": "ADD",
        "eventID": "urn:uuid:0b1d1a1c-6a1b-4a3e-9f9e-1f0000000001",
        "epcList": [
            "urn:epc:id:sgtin:0614141.107346.2017",
            "https://id.gs1.org/01/00614141073467/21/2018",
            "urn:epc:id:sscc:0614141.1234567890",
        ],
        "quantityList": [
            {
                "epcClass": "urn:epc:class:lgtin:4012345.012345.998877",
                "quantity": 20.5,
                "uom": "KGM",
            }
        ],
        "bizStep": "commissioning",
        "disposition": "active",
        "readPoint": {"id": "urn:epc:id:sgln:0614141.00777.0"},
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.06012.1"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00001"}],
        "persistentDisposition": {"set": ["completeness_verified"]},
        "ilmd": {"cbvmda:lotNumber": "A1", "ext:more": {"ext:deep": ["1", {"ext:x": "2"}]}},
        "ext:epcList": ["a", {"ext:b": 1, "ext:c": None}],
        "sensorElementList": [
            {
                "sensorMetadata": {"time": "2026-03-01T08:00:00Z", "deviceID": "urn:x:1"},
                "sensorReport": [{"type": "Temperature", "value": 26.0, "uom": "CEL"}],
            }
        ],
    },
    {
        **_BASE,
        "type": "AggregationEvent",
        "action": "DELETE",
        "parentID": "urn:epc:id:sscc:0614141.1234567890",
        "childEPCs": ["urn:epc:id:sgtin:0614141.107346.2017"],
        "errorDeclaration": {
            "declarationTime": "2026-03-02T08:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:1"],
        },
    },
    {
        **_BASE,
        "type": "TransformationEvent",
        "inputQuantityList": [
            {"epcClass": "https://id.gs1.org/01/04012345123456/10/L1", "quantity": 2}
        ],
        "outputEPCList": ["urn:epc:id:sgtin:0614141.107346.1"],
        "transformationID": "urn:x:t",
    },
    {
        **_BASE,
        "type": "AssociationEvent",
        "action": "ADD",
        "parentID": "urn:epc:id:grai:4012345.55555.987",
        "childEPCs": ["urn:epc:id:giai:4000001.12345"],
    },
    {
        **_BASE,
        "type": "TransactionEvent",
        "action": "ADD",
        "bizTransactionList": [{"bizTransaction": "urn:x:po:1"}],
        "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
    },
]
_CONTEXT: Final = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ext": "https://example.com/ext/"},
]
_JSON: Final = [
    json.dumps(
        {
            "@context": _CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-01T08:00:00Z",
            "epcisBody": {"eventList": events},
        }
    ).encode()
    for events in (_EVENTS, _EVENTS[:1], _EVENTS[2:])
]
_MEANINGS: Final = {"ext": "https://example.com/ext/"}
_XML: Final = [
    write_xml(
        [(event, _MEANINGS) for event in _EVENTS],
        version=version,
        created="2026-03-01T08:00:00Z",
        query=query,
    )
    for version in XmlVersion
    for query in (None, "SimpleEventQuery")
]
_QUERIES: Final = [
    b"eventType=ObjectEvent&GE_eventTime=2026-01-01T00:00:00Z&EQ_bizStep=shipping|receiving",
    b"MATCH_anyEPC=urn:epc:id:sgtin:0614141.107346.*&EQ_action=ADD&orderBy=eventTime",
    b"EQ_bizTransaction_po=urn:x:1&EXISTS_errorDeclaration=&EQ_quantity=5&maxEventCount=3",
    b"EQ_ILMD_cbvmda:lotNumber=A1&GE_value_CEL=3&EQ_type=Temperature&HASATTR_readPoint=a",
    b"EQ_INNER_ext%3Adeep=1&WD_readPoint=urn:epc:id:sgln:0614141.00777.0&EQ_source_owning_party=x",
]
_CALLS: Final = [
    b"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
     xmlns:q="urn:epcglobal:epcis-query:xsd:1"><soapenv:Body><q:Poll>
     <queryName>SimpleEventQuery</queryName><params><param><name>EQ_bizStep</name>
     <value><string>urn:epcglobal:cbv:bizstep:shipping</string></value></param></params>
     </q:Poll></soapenv:Body></soapenv:Envelope>""",
    b"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
     <q:Subscribe xmlns:q="urn:epcglobal:epcis-query:xsd:1"><queryName>a</queryName><params/>
     <dest>https://example.com/</dest><controls><schedule><minute>0</minute></schedule>
     <reportIfEmpty>false</reportIfEmpty></controls><subscriptionID>1</subscriptionID>
     </q:Subscribe></s:Body></s:Envelope>""",
]
_IDENTIFIERS: Final = [
    b"urn:epc:id:sgtin:0614141.107346.2017",
    b"urn:epc:idpat:sgtin:0614141.107346.*",
    b"urn:epc:class:lgtin:4012345.012345.998877",
    b"https://example.com/01/00614141073467/21/a%2Fb?11=260101",
    b"(01)00614141073467(21)A1",
    b"]d2010061414107346721A1\x1d10B",
    b"3034257BF7194E4000001A85",
]
_REPORTS: Final = [
    b'{"reads":[{"epc":"3034257BF7194E4000001A85","time":"2026-03-01T08:00:00Z","rssi":-50}]}',
    b'[{"eventType":"tagInventory","timestamp":"2026-03-01T08:00:00Z",'
    b'"tagInventoryEvent":{"epc":"MDQ=","antennaPort":1,"peakRssiCdbm":-5000}}]',
    b'[{"data":{"idHex":"3034257BF7194E4000001A85","antenna":1,"peakRssi":-50},'
    b'"timestamp":"2026-03-01T08:00:00.000+0000","type":"SIMPLE"}]',
]


def _document(media: Media) -> Any:
    def feed(data: bytes) -> None:
        """Read a document, and make of each good event all that is made of it later."""
        document = read_document(data, now=NOW, media=media)
        for _, event in document.events:
            told = event.document
            meanings = prefix_meanings(document.context, told.get("@context"))
            event_hash(told, meanings)
            assert unpack_body(pack_body(told)) == told
            content_digest(event)
            for translator in _TRANSLATORS:
                translator.event(told)
            for version in XmlVersion:
                written = write_xml([(told, meanings)], version=version, created="2026-03-01")
                read_xml(written)

    return feed


def _query(data: bytes) -> None:
    pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    query = read_query(pairs)
    for event in _EVENTS:
        matches(query, event)


def _identifier(data: bytes) -> None:
    parse_identity(data.decode("utf-8", "replace"))


def _call(data: bytes) -> None:
    read_call(open_envelope(data))


TARGETS: Final = {
    target.name: target
    for target in (
        Target("json", _document("json"), (DocumentError,), _JSON),
        Target("xml", _document("xml"), (DocumentError,), _XML),
        Target("query", _query, (DocumentError,), _QUERIES),
        Target("soap", _call, (SoapFault, DocumentError), _CALLS),
        Target("identifier", _identifier, (IdentifierError,), _IDENTIFIERS),
        Target("reader", read_report, (ReportFault,), _REPORTS),
    )
}
