"""The tables of both XML versions: namespaces, the order of fields, what stands in an extension.

Owns: names and orders of XML only; what JSON-LD shares is in core.epcis.vocabulary.
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
# How many `extension` elements an event stands in: 1.1 added the one, 1.2 leaves room for others.
WRAPPED_IN_1: Final[Mapping[str, int]] = {"TransformationEvent": 1, "AssociationEvent": 2}
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
QUANTITY_ORDER: Final = ("epcClass", "quantity", *_CONTEXT_FIELDS)

PLACES: Final = frozenset({"readPoint", "bizLocation"})
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
