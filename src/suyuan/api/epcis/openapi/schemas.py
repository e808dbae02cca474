"""The schemas of what is sent and answered.

Owns: one schema for each kind of document. They say what is common to all; whether an event is
right is told by capture itself, whose rules no schema can hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suyuan.core.epcis.vocabulary import CONTEXT, EventType
from suyuan.subscriptions.models import SubscriptionState
from suyuan.subscriptions.schedule import FIELDS

type Schema = dict[str, Any]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Mapping[str, Schema], *required: str, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
        **more,
    }


def _array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


_TEXT: Final[Schema] = {"type": "string"}
_URI: Final[Schema] = {"type": "string", "format": "uri"}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_CONTEXT: Final[Schema] = {
    "description": "The standard's context, and what the prefixes of extensions mean.",
    "anyOf": [_TEXT, _array({"anyOf": [_TEXT, {"type": "object"}]}), {"type": "object"}],
}
_PLACE: Final[Schema] = _object({"id": _URI}, "id")
_EPCS: Final[Schema] = _array(_URI)
_QUANTITIES: Final[Schema] = _array(
    _object({"epcClass": _URI, "quantity": {"type": "number"}, "uom": _TEXT}, "epcClass")
)


def _typed(name: str) -> Schema:
    return _array(_object({"type": _TEXT, name: _URI}, name))


_EVENT: Final[Schema] = _object(
    {
        "@context": _CONTEXT,
        "type": {"type": "string", "enum": [one.name for one in EventType]},
        "eventID": _URI,
        "eventTime": _TIME,
        "eventTimeZoneOffset": {"type": "string", "pattern": r"^[+-]\d\d:\d\d$"},
        "recordTime": {**_TIME, "readOnly": True},
        "action": {"type": "string", "enum": ["ADD", "OBSERVE", "DELETE"]},
        "bizStep": _TEXT,
        "disposition": _TEXT,
        "persistentDisposition": _object({"set": _array(_TEXT), "unset": _array(_TEXT)}),
        "readPoint": _PLACE,
        "bizLocation": _PLACE,
        "parentID": _URI,
        "epcList": _EPCS,
        "childEPCs": _EPCS,
        "inputEPCList": _EPCS,
        "outputEPCList": _EPCS,
        "quantityList": _QUANTITIES,
        "childQuantityList": _QUANTITIES,
        "inputQuantityList": _QUANTITIES,
        "outputQuantityList": _QUANTITIES,
        "transformationID": _URI,
        "bizTransactionList": _typed("bizTransaction"),
        "sourceList": _typed("source"),
        "destinationList": _typed("destination"),
        "sensorElementList": _array({"type": "object"}),
        "ilmd": {"type": "object"},
        "certificationInfo": {"anyOf": [_URI, _array(_URI)]},
        "errorDeclaration": _object(
            {
                "declarationTime": _TIME,
                "reason": _TEXT,
                "correctiveEventIDs": _array(_URI),
            },
            "declarationTime",
        ),
    },
    "type",
    "eventTime",
    "eventTimeZoneOffset",
    description=(
        "An event of EPCIS 2.0 in JSON-LD. Fields of extensions are named `prefix:name`, and the "
        "`@context` says what the prefix means."
    ),
    externalDocs={"url": "https://ref.gs1.org/standards/epcis/epcis-json-schema.json"},
)

_RESULTS: Final[Schema] = _object(
    {
        "queryName": _TEXT,
        "subscriptionID": _TEXT,
        "resultsBody": _object({"eventList": _array(_ref("Event"))}, "eventList"),
    },
    "queryName",
    "resultsBody",
)
_HEAD: Final[dict[str, Schema]] = {
    "@context": _CONTEXT,
    "schemaVersion": {"type": "string", "examples": ["2.0"]},
    "creationDate": _TIME,
}
_DOCUMENT: Final[Schema] = _object(
    {
        **_HEAD,
        "type": {"const": "EPCISDocument"},
        "epcisHeader": {"type": "object"},
        "epcisBody": _object({"eventList": _array(_ref("Event"))}, "eventList"),
    },
    "@context",
    "type",
    "schemaVersion",
    "creationDate",
    "epcisBody",
)
_QUERY_DOCUMENT: Final[Schema] = _object(
    {
        **_HEAD,
        "type": {"const": "EPCISQueryDocument"},
        "epcisBody": _object({"queryResults": _ref("QueryResults")}, "queryResults"),
    },
    "@context",
    "type",
    "schemaVersion",
    "creationDate",
    "epcisBody",
)

_PROBLEM: Final[Schema] = _object(
    {
        "type": {**_TEXT, "description": "The standard's exception: `epcisException:…`."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": {**_TEXT, "description": "Stable: what a program goes by."},
        "place": {
            **_TEXT,
            "description": "A JSON pointer into the body, `query:…`, `header:…`, or empty.",
        },
        "faults": _array(
            _object({"code": _TEXT, "place": _TEXT, "data": {"type": "object"}}, "code", "place"),
            description="All that is wrong with a document, up to a hundred.",
        ),
        "faultCount": _COUNT,
    },
    "type",
    "title",
    "status",
    "code",
    "place",
    description="A problem document (RFC 9457).",
)

_JOB: Final[Schema] = _object(
    {
        "captureID": _TEXT,
        "createdAt": _TIME,
        "finishedAt": _TIME,
        "running": {"type": "boolean"},
        "success": {"type": "boolean"},
        "captureErrorBehaviour": {"type": "string", "enum": ["rollback", "proceed"]},
        "errors": _array({"type": "object"}),
        "suyuan:stored": {**_COUNT, "description": "Events that are new."},
        "suyuan:duplicates": {**_COUNT, "description": "Events that were there already."},
    },
    "captureID",
    "createdAt",
    "running",
    "success",
    "captureErrorBehaviour",
    "errors",
)

_QUERY: Final[Schema] = {
    "type": "object",
    "description": (
        "Parameters of SimpleEventQuery by their names. A value is a text, a number, a boolean or "
        "a list, as the parameter asks."
    ),
    "additionalProperties": True,
    "examples": [{"eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping"]}],
}
_NAMED_QUERY: Final[Schema] = _object(
    {"name": {**_TEXT, "minLength": 1, "maxLength": 128}, "query": _ref("Query")}, "name", "query"
)
_SCHEDULE: Final[Schema] = _object(
    {name: {"type": "string"} for name in FIELDS},
    description="When to run: numbers, lists and ranges as the standard writes them.",
    additionalProperties=False,
)
_SUBSCRIPTION: Final[Schema] = _object(
    {
        "dest": {**_URI, "description": "The address of the receiver, over TLS."},
        "signatureToken": {
            **_TEXT,
            "writeOnly": True,
            "description": "The secret with which messages are signed.",
        },
        "stream": {"type": "boolean", "description": "Tell each event at once."},
        "schedule": _ref("Schedule"),
        "reportIfEmpty": {"type": "boolean"},
        "initialRecordTime": _TIME,
        "suyuan:format": {
            "type": "string",
            "enum": ["json", "xml", "xml-1.2"],
            "writeOnly": True,
            "description": "How messages are written.",
        },
        "queryName": {**_TEXT, "readOnly": True},
        "epcFormat": {**_TEXT, "readOnly": True},
        "suyuan:state": {
            "type": "string",
            "enum": [one.value for one in SubscriptionState],
            "readOnly": True,
        },
        "minRecordTime": {**_TIME, "readOnly": True},
        "subscriptionID": {**_TEXT, "readOnly": True},
        "createdAt": {**_TIME, "readOnly": True},
        "lastNotifiedAt": {**_TIME, "readOnly": True},
    },
    "dest",
    description="Either `stream: true` or a schedule.",
)

SCHEMAS: Final[dict[str, Schema]] = {
    "Event": _EVENT,
    "EPCISDocument": _DOCUMENT,
    "EPCISQueryDocument": _QUERY_DOCUMENT,
    "QueryResults": _RESULTS,
    "Problem": _PROBLEM,
    "CaptureJob": _JOB,
    "CaptureJobs": _array(_ref("CaptureJob")),
    "Query": _QUERY,
    "NamedQuery": _NAMED_QUERY,
    "NamedQueries": _array(_ref("NamedQuery")),
    "Schedule": _SCHEDULE,
    "Subscription": _SUBSCRIPTION,
    "Subscriptions": _array(_ref("Subscription")),
    "Collection": _object(
        {
            "@context": _CONTEXT,
            "type": {"const": "Collection"},
            "member": _array({"anyOf": [_TEXT, {"type": "object"}]}),
        },
        "@context",
        "type",
        "member",
    ),
}

EXAMPLE_DOCUMENT: Final[Schema] = {
    "@context": [CONTEXT],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-03-01T00:00:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "eventTime": "2026-03-01T08:00:00+08:00",
                "eventTimeZoneOffset": "+08:00",
                "epcList": ["https://id.gs1.org/01/09521234000013/21/7K3M"],
                "action": "OBSERVE",
                "bizStep": "shipping",
                "disposition": "in_transit",
                "readPoint": {"id": "https://id.gs1.org/414/9521234000006"},
            }
        ]
    },
}
