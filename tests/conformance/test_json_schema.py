"""Whatever GS1's JSON Schema refuses is refused here: valid events, changed at random.

Skips where the schema is not beside the project. Its formats are asserted by the patterns below.
What is taken beyond it: standard words spelled out as URIs, which mean what the bare words mean,
and persistent dispositions in every type of event, as the standard's text and XML Schema have them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import event as seen
from hypothesis import example, given, settings
from hypothesis import strategies as st

from suyuan.core.epcis import DocumentError, read_document
from suyuan.core.epcis.vocabulary import CONTEXT

SCHEMA: Final = (
    Path(__file__).resolve().parents[3] / "shared/gs1-epcis/schema/EPCIS-JSON-Schema.json"
)
NOW: Final = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1e6)
FORMATS = jsonschema.FormatChecker(formats=())

pytestmark = pytest.mark.skipif(
    not SCHEMA.is_file(), reason="GS1's schema is not beside the project"
)


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[A-Za-z][\w+.\-]*:[^\s\"<>\\^`{|}]+", value)
    )


def _is_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    if re.fullmatch(shape, value, re.ASCII) is None:
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


FORMATS.checkers = {"uri": (_is_uri, ()), "date-time": (_is_time, ())}


@cache
def _schema() -> jsonschema.Draft7Validator:
    schema = json.loads(SCHEMA.read_bytes())
    for kind in ("AggregationEvent", "TransactionEvent", "AssociationEvent"):
        names = schema["definitions"][kind]["allOf"][1]["propertyNames"]
        names["anyOf"].append({"enum": ["persistentDisposition"]})
    return jsonschema.Draft7Validator(schema, format_checker=FORMATS)


COMMON: Final[dict[str, Any]] = {
    "eventTime": "2026-01-01T08:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "recordTime": "2026-01-01T01:00:00Z",
    "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
    "certificationInfo": ["https://example.org/certificates/7"],
    "errorDeclaration": {
        "declarationTime": "2026-01-02T08:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a9"],
        "example:by": "x",
    },
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
    "bizLocation": {"id": "https://id.gs1.org/414/0614141073467"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:7"}
    ],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4000001.00005"}],
    "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:0614141.07346.0"}],
    "sensorElementList": [
        {
            "sensorMetadata": {
                "time": "2026-01-01T00:00:00Z",
                "startTime": "2026-01-01T00:00:00Z",
                "endTime": "2026-01-01T00:00:01Z",
                "deviceID": "urn:epc:id:giai:4000001.111",
                "rawData": "https://example.org/raw",
                "example:note": 1,
            },
            "sensorReport": [
                {
                    "type": "Temperature",
                    "exception": "ALARM_CONDITION",
                    "value": 26.5,
                    "uom": "CEL",
                    "component": "x",
                    "stringValue": "s",
                    "booleanValue": True,
                    "hexBinaryValue": "F0",
                    "uriValue": "https://example.org/v",
                    "time": "2026-01-01T00:00:00Z",
                    "deviceID": "urn:epc:id:giai:4000001.111",
                    "microorganism": "https://example.org/m",
                    "minValue": 1,
                    "percRank": 50,
                }
            ],
        }
    ],
    "example:note": {"a": [1, 2]},
}
ITEMS: Final = ["urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:0614141.107346.2018"]
AMOUNTS: Final = [
    {"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 2.5, "uom": "KGM"}
]
FAMILY: Final = {
    "action": "ADD",
    "parentID": "urn:epc:id:sscc:0614141.1234567890",
    "childEPCs": ITEMS,
    "childQuantityList": AMOUNTS,
}
EVENTS: Final[list[dict[str, Any]]] = [
    {
        "type": "ObjectEvent",
        **COMMON,
        "action": "ADD",
        "epcList": ITEMS,
        "quantityList": AMOUNTS,
        "ilmd": {"cbvmda:lotNumber": "L1"},
    },
    {"type": "AggregationEvent", **COMMON, **FAMILY},
    {"type": "AssociationEvent", **COMMON, **FAMILY},
    {
        "type": "TransactionEvent",
        **COMMON,
        "action": "ADD",
        "parentID": FAMILY["parentID"],
        "epcList": ITEMS,
        "quantityList": AMOUNTS,
    },
    {
        "type": "TransformationEvent",
        **COMMON,
        "inputEPCList": ITEMS[:1],
        "inputQuantityList": AMOUNTS,
        "outputEPCList": ITEMS[1:],
        "outputQuantityList": AMOUNTS,
        "transformationID": "urn:epc:id:gdti:0614141.06012.1234",
        "ilmd": {"cbvmda:lotNumber": "L1"},
    },
]


def a_document(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [CONTEXT, {"example": "https://example.org/x/"}],
        "id": "https://example.org/d/1",
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-03T00:00:00Z",
        "sender": "urn:x:me",
        "epcisHeader": {
            "epcisMasterData": {
                "vocabularyList": [
                    {
                        "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                        "vocabularyElementList": [
                            {
                                "id": "urn:epc:id:sgln:0037000.00729.0",
                                "attributes": [
                                    {"id": "urn:epcglobal:cbv:mda:sst", "attribute": "1"}
                                ],
                                "children": ["urn:epc:id:sgln:0037000.00729.8201"],
                            }
                        ],
                    }
                ]
            }
        },
        "epcisBody": {"eventList": [copy.deepcopy(event)]},
    }


JUNK: Final[list[Any]] = [
    *(None, "", 0, -1, 1.5, True, False, [], {}, "x", "x y", "urn:x:1", "https://example.org/1"),
    *([""], [None], ["x"], ["urn:x:1", "urn:x:1"], {"x": 1}, {"id": ""}, {"a:b": 1}, [{}], [[]]),
    *("2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "+8:00", "+14:30", "-00:00"),
    *("ADD", "OBSERVE", "DELETE", "add", "shipping", "urn:epcglobal:cbv:bizstep:nap"),
    *("http://ns.gs1.org/cbv/nap", "https://gs1.org/voc/Nap", "Nap", "kg", "KGM", "zz", "location"),
    *(
        "ObjectEvent",
        "AssociationEvent",
        "TransformationEvent",
        "urn:epc:id:sgtin:0614141.107346.9",
    ),
]
NAMES: Final = ["colour", "example:colour", "", ":", "a:", "epcList", "action", "ilmd", "parentID"]


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every member of a value."""
    found: list[tuple[Any, ...]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found.append((*here, key))
        if isinstance(inner, dict | list):
            found += places(inner, (*here, key))
    return found


@st.composite
def changed(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """A valid document with one to three changes: something gone, other, doubled or added."""
    document = a_document(draw(st.sampled_from(EVENTS)))
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places(document)))
        holder: Any = document
        for key in way[:-1]:
            holder = holder[key]
        act = draw(st.sampled_from(["drop", "replace", "add", "double"]))
        value = copy.deepcopy(draw(st.sampled_from(JUNK)))
        if act == "drop":
            del holder[way[-1]]
        elif act == "replace":
            holder[way[-1]] = value
        elif act == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(NAMES))] = value
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[way[-1]]))
    return document


def refusal(document: dict[str, Any]) -> str:
    """Return why a document is refused here, "" if it is not."""
    try:
        faults = read_document(json.dumps(document).encode(), now=NOW).faults
    except DocumentError as error:
        faults = error.faults
    return f"{faults[0].code} {faults[0].place}" if faults else ""


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event["type"]))
def test_event_with_every_field_is_valid_by_the_schema_and_taken(event: dict[str, Any]) -> None:
    document = a_document(event)
    assert [error.message for error in _schema().iter_errors(document)] == []
    assert refusal(document) == ""


@settings(max_examples=400, deadline=None)
@given(changed())
@example(a_document(EVENTS[0]) | {"epcisHeader": {"master": {}}})
def test_what_the_schema_refuses_is_refused(document: dict[str, Any]) -> None:
    error = jsonschema.exceptions.best_match(_schema().iter_errors(document))
    seen("valid" if error is None else "refused by the schema")
    if error is not None:
        assert refusal(document), f"{error.json_path}: {error.message[:300]}"
