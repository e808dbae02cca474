"""The tables of both XML versions: namespaces, the order of fields, what stands in an extension.

Owns: names and orders only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NAMESPACE_2: Final = "urn:epcglobal:epcis:xsd:2"
NAMESPACE_1: Final = "urn:epcglobal:epcis:xsd:1"
QUERY_2: Final = "urn:epcglobal:epcis-query:xsd:2"
QUERY_1: Final = "urn:epcglobal:epcis-query:xsd:1"
MASTERDATA_2: Final = "urn:epcglobal:epcis-masterdata:xsd:2"
MASTERDATA_1: Final = "urn:epcglobal:epcis-masterdata:xsd:1"
SBDH: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XSD: Final = "http://www.w3.org/2001/XMLSchema"

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# What the standard's own context defines: no document need declare it, none may mean another thing.
# The CBV's master-data namespace has no separator in XML and one in JSON-LD.
STANDARD_PREFIXES: Final[Mapping[str, str]] = {
    "cbvmda": "urn:epcglobal:cbv:mda",
    "gs1": "https://gs1.org/voc/",
    "cbv": "https://ref.gs1.org/cbv/",
    "epcis": "https://ref.gs1.org/epcis/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": XSD + "#",
    "dcterms": "http://purl.org/dc/terms/",
}
PREFIX_OF_STANDARD: Final[Mapping[str, str]] = {
    "urn:epcglobal:cbv:mda": "cbvmda",
    "urn:epcglobal:cbv:mda:": "cbvmda",
    "https://gs1.org/voc/": "gs1",
    "https://ref.gs1.org/cbv/": "cbv",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://purl.org/dc/terms/": "dcterms",
}

BASE: Final = (
    "eventTime recordTime eventTimeZoneOffset eventID errorDeclaration certificationInfo"
).split()
_CONTEXT_FIELDS: Final = "bizStep disposition readPoint bizLocation bizTransactionList".split()
_LAST: Final = "sourceList destinationList sensorElementList persistentDisposition".split()

# The fields after the base ones, in 2.0's order (EPCIS 2.0 §9.5).
ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "ObjectEvent": ("epcList", "action", *_CONTEXT_FIELDS, "quantityList", *_LAST, "ilmd"),
    "AggregationEvent": (
        *("parentID", "childEPCs", "action"),
        *_CONTEXT_FIELDS,
        "childQuantityList",
        *_LAST,
    ),
    "TransactionEvent": (
        *("bizTransactionList", "parentID", "epcList", "action"),
        *("bizStep", "disposition", "readPoint", "bizLocation"),
        "quantityList",
        *_LAST,
    ),
    "TransformationEvent": (
        *("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"),
        "transformationID",
        *_CONTEXT_FIELDS,
        *_LAST,
        "ilmd",
    ),
    "AssociationEvent": (
        *("parentID", "childEPCs", "childQuantityList", "action"),
        *_CONTEXT_FIELDS,
        *_LAST,
    ),
}

# 1.2 put what 1.1 and 1.2 added to the events of 1.0 into an `extension` (EPCIS 1.2 §9.5).
EXTENDED_IN_1: Final[Mapping[str, tuple[str, ...]]] = {
    "ObjectEvent": ("quantityList", "sourceList", "destinationList", "ilmd"),
    "AggregationEvent": ("childQuantityList", "sourceList", "destinationList"),
    "TransactionEvent": ("quantityList", "sourceList", "destinationList"),
    "TransformationEvent": (),
    "AssociationEvent": (),
}
# 1.2 demands these lists, be they empty.
REQUIRED_IN_1: Final[Mapping[str, str]] = {
    "ObjectEvent": "epcList",
    "AggregationEvent": "childEPCs",
    "TransactionEvent": "epcList",
}
# What 1.2 does not know: written in 2.0's namespace at the event's end.
NEW_IN_2: Final = frozenset({"certificationInfo", "sensorElementList", "persistentDisposition"})

EVENTS: Final = frozenset(ORDER)
QUANTITY_EVENT: Final = "QuantityEvent"  # of 1.0, which 1.2 deprecates

EPC_LISTS: Final = frozenset({"epcList", "childEPCs", "inputEPCList", "outputEPCList"})
QUANTITY_LISTS: Final = frozenset(
    {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
)
PLACES: Final = frozenset({"readPoint", "bizLocation"})
# List → (its elements' name, the vocabulary of their `type`).
TYPED_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "bizTransactionList": ("bizTransaction", "btt"),
    "sourceList": ("source", "sdt"),
    "destinationList": ("destination", "sdt"),
}
WORDS: Final[Mapping[str, str]] = {"bizStep": "bizstep", "disposition": "disp"}
TEXTS: Final = frozenset(
    "eventTime recordTime eventTimeZoneOffset eventID action parentID transformationID".split()
)

SENSOR_NUMBERS: Final = frozenset(
    "value minValue maxValue meanValue sDev percRank percValue".split()
)
SENSOR_ATTRIBUTES: Final = (
    frozenset(
        "time deviceID deviceMetadata rawData startTime endTime bizRules dataProcessingMethod type "
        "component stringValue booleanValue hexBinaryValue uriValue uom chemicalSubstance "
        "microorganism coordinateReferenceSystem exception".split()
    )
    | SENSOR_NUMBERS
)
# JSON-LD names measurement types, alarms and components by bare words.
SENSOR_WORDS: Final[Mapping[str, str]] = {
    "type": "gs1:",
    "exception": "gs1:",
    "component": "cbv:Comp-",
}

# Vocabulary → (1.x URN, 2.0 Web URI) before the bare word.
SPELLINGS: Final[Mapping[str, tuple[str, str]]] = {
    "bizstep": ("urn:epcglobal:cbv:bizstep:", "https://ref.gs1.org/cbv/BizStep-"),
    "disp": ("urn:epcglobal:cbv:disp:", "https://ref.gs1.org/cbv/Disp-"),
    "btt": ("urn:epcglobal:cbv:btt:", "https://ref.gs1.org/cbv/BTT-"),
    "sdt": ("urn:epcglobal:cbv:sdt:", "https://ref.gs1.org/cbv/SDT-"),
    "er": ("urn:epcglobal:cbv:er:", "https://ref.gs1.org/cbv/ER-"),
}
