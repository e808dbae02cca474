"""The parameters of SimpleEventQuery as a table: names, what they look at, what they take.

Source: EPCIS 2.0 §8.2.7.1; names of the JSON query schema that differ are taken too.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES, Role
from suyuan.core.epcis.query.values import Op, Place, Subject


class Takes(StrEnum):
    """What kind of value a parameter takes; each has its reader."""

    TIME = "time"
    TYPES = "types"
    ACTIONS = "actions"
    STEPS = "steps"
    DISPOSITIONS = "dispositions"
    REASONS = "reasons"
    TEXTS = "texts"
    MEASUREMENTS = "measurements"
    URIS = "uris"
    IDENTITIES = "identities"
    EPCS = "epcs"  # identities and patterns of identities
    CLASSES = "classes"
    NUMBER = "number"
    NUMBERS = "numbers"
    FLAG = "flag"  # true; anything false asks for nothing
    BOOLEAN = "boolean"
    LITERALS = "literals"
    LITERAL = "literal"


class Parameter(NamedTuple):
    """One parameter: what it looks at, how it compares, what it takes."""

    subject: Subject
    takes: Takes
    op: Op = Op.EQ
    roles: tuple[Role, ...] = ()
    argument: str = ""
    descendants: bool = False


_PARENT: Final = (Role.PARENT,)
_OBJECTS: Final = (Role.EPC, Role.CHILD)
_ANY: Final = (*LIST_ROLES.values(), Role.PARENT)
_CLASSES: Final = (Role.QUANTITY, Role.CHILD_QUANTITY)
_TEXT_FIELDS: Final = ("stringValue", "hexBinaryValue")
_URI_FIELDS: Final = (
    "dataProcessingMethod microorganism chemicalSubstance bizRules uriValue component"
).split()
_MEASURES: Final = "value minValue maxValue meanValue sDev percValue".split()
_ORDERED: Final = (Op.GT, Op.GE, Op.LT, Op.LE)
_COMPARED: Final = (Op.EQ, *_ORDERED)


def _spans() -> dict[str, Parameter]:
    """Return the parameters that bound a time."""
    found: dict[str, Parameter] = {}
    for name, subject, argument in (
        ("eventTime", Subject.EVENT_TIME, ""),
        ("recordTime", Subject.RECORD_TIME, ""),
        ("errorDeclarationTime", Subject.DECLARED_AT, ""),
        ("errorDeclaration_Time", Subject.DECLARED_AT, ""),
        ("time", Subject.SENSOR, "time"),
        ("startTime", Subject.SENSOR, "startTime"),
        ("endTime", Subject.SENSOR, "endTime"),
    ):
        for op in (Op.GE, Op.LT):
            found[f"{op}_{name}"] = Parameter(subject, Takes.TIME, op, argument=argument)
    return found


def _numbers() -> dict[str, Parameter]:
    """Return the parameters that compare a number without a unit."""
    found = {
        f"{op}_quantity": Parameter(
            Subject.QUANTITY, Takes.NUMBERS if op is Op.EQ else Takes.NUMBER, op
        )
        for op in _COMPARED
    }
    for op in _COMPARED:
        takes = Takes.NUMBERS if op is Op.EQ else Takes.NUMBER
        found[f"{op}_percRank"] = Parameter(Subject.MEASURE, takes, op, argument="percRank")
    return found


PARAMETERS: Final[dict[str, Parameter]] = {
    "eventType": Parameter(Subject.TYPE, Takes.TYPES),
    "EQ_action": Parameter(Subject.ACTION, Takes.ACTIONS),
    "EQ_bizStep": Parameter(Subject.STEP, Takes.STEPS),
    "EQ_disposition": Parameter(Subject.DISPOSITION, Takes.DISPOSITIONS),
    "EQ_persistentDisposition_set": Parameter(Subject.SET, Takes.DISPOSITIONS),
    "EQ_persistentDisposition_unset": Parameter(Subject.UNSET, Takes.DISPOSITIONS),
    "EQ_readPoint": Parameter(Subject.READ_POINT, Takes.IDENTITIES),
    "WD_readPoint": Parameter(Subject.READ_POINT, Takes.IDENTITIES, descendants=True),
    "EQ_bizLocation": Parameter(Subject.LOCATION, Takes.IDENTITIES),
    "WD_bizLocation": Parameter(Subject.LOCATION, Takes.IDENTITIES, descendants=True),
    "EQ_transformationID": Parameter(
        Subject.OBJECTS, Takes.IDENTITIES, roles=(Role.TRANSFORMATION,)
    ),
    "MATCH_epc": Parameter(Subject.OBJECTS, Takes.EPCS, roles=_OBJECTS),
    "MATCH_parentID": Parameter(Subject.OBJECTS, Takes.EPCS, roles=_PARENT),
    "MATCH_inputEPC": Parameter(Subject.OBJECTS, Takes.EPCS, roles=(Role.INPUT,)),
    "MATCH_outputEPC": Parameter(Subject.OBJECTS, Takes.EPCS, roles=(Role.OUTPUT,)),
    "MATCH_anyEPC": Parameter(Subject.OBJECTS, Takes.EPCS, roles=_ANY),
    "MATCH_epcClass": Parameter(Subject.OBJECTS, Takes.CLASSES, roles=_CLASSES),
    "MATCH_inputEPCClass": Parameter(Subject.OBJECTS, Takes.CLASSES, roles=(Role.INPUT_QUANTITY,)),
    "MATCH_outputEPCClass": Parameter(
        Subject.OBJECTS, Takes.CLASSES, roles=(Role.OUTPUT_QUANTITY,)
    ),
    "MATCH_anyEPCClass": Parameter(
        Subject.OBJECTS, Takes.CLASSES, roles=tuple(QUANTITY_ROLES.values())
    ),
    "EQ_eventID": Parameter(Subject.EVENT_ID, Takes.TEXTS),
    "EXISTS_errorDeclaration": Parameter(Subject.DECLARATION, Takes.FLAG, Op.EXISTS),
    "EQ_errorReason": Parameter(Subject.REASON, Takes.REASONS),
    "EQ_correctiveEventID": Parameter(Subject.CORRECTIVE, Takes.TEXTS),
    "EXISTS_sensorElementList": Parameter(Subject.SENSORS, Takes.FLAG, Op.EXISTS),
    "EQ_type": Parameter(Subject.SENSOR, Takes.MEASUREMENTS, argument="type"),
    "EQ_deviceID": Parameter(Subject.SENSOR, Takes.URIS, argument="deviceID"),
    "EQ_booleanValue": Parameter(Subject.SENSOR, Takes.BOOLEAN, argument="booleanValue"),
    **{f"EQ_{name}": Parameter(Subject.SENSOR, Takes.URIS, argument=name) for name in _URI_FIELDS},
    **{
        f"EQ_{name}": Parameter(Subject.SENSOR, Takes.TEXTS, argument=name) for name in _TEXT_FIELDS
    },
    **_spans(),
    **_numbers(),
}


class Family(NamedTuple):
    """Parameters whose names hold a part of what is asked for.

    `pattern` names it: `op`, `argument`, `unit`, `inner`, `attribute`, as far as it has them.
    """

    pattern: re.Pattern[str]
    subject: Subject
    takes: Takes
    place: Place | None = None


def _family(pattern: str, subject: Subject, takes: Takes, place: Place | None = None) -> Family:
    return Family(re.compile(pattern), subject, takes, place)


_OPS: Final = "(?P<op>EQ|GT|GE|LT|LE|EXISTS)_(?P<inner>INNER_)?"
_NAME: Final = r"(?P<argument>[^\s]+)"
_UNIT: Final = "_(?P<unit>[A-Z0-9]{2,4})"

# In this order: the first that fits is meant.
FAMILIES: Final = (
    _family(f"EQ_bizTransaction_{_NAME}", Subject.TRANSACTION, Takes.IDENTITIES),
    _family(f"EQ_source_{_NAME}", Subject.SOURCE, Takes.IDENTITIES),
    _family(f"EQ_destination_{_NAME}", Subject.DESTINATION, Takes.IDENTITIES),
    _family(f"(?P<op>EQ|GT|GE|LT|LE)_quantity{_UNIT}", Subject.QUANTITY, Takes.NUMBERS),
    _family(
        f"(?P<op>EQ|GT|GE|LT|LE)_(?P<argument>{'|'.join(_MEASURES)}){_UNIT}",
        Subject.MEASURE,
        Takes.NUMBERS,
    ),
    _family(
        f"(?P<op>EQ|GT|GE|LT|LE)_(?P<argument>{'|'.join(_MEASURES)})",
        Subject.MEASURE,
        Takes.NUMBERS,
    ),
    _family(r"HASATTR_(?P<argument>[^\s_]+)", Subject.MASTER_DATA, Takes.TEXTS),
    _family(
        r"EQ_?ATTR_(?P<argument>[^\s_]+)_(?P<attribute>[^\s]+)", Subject.MASTER_DATA, Takes.TEXTS
    ),
    _family(f"{_OPS}ILMD_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.ILMD),
    _family(f"{_OPS}ERROR_?DECLARATION_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.DECLARATION),
    _family(f"{_OPS}SENSORELEMENT_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.SENSOR_ELEMENT),
    _family(f"{_OPS}SENSORMETADATA_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.SENSOR_METADATA),
    _family(f"{_OPS}SENSORREPORT_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.SENSOR_REPORT),
    _family(f"{_OPS}readPoint_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.READ_POINT),
    _family(f"{_OPS}bizLocation_{_NAME}", Subject.FIELD, Takes.LITERALS, Place.LOCATION),
    _family(rf"{_OPS}(?P<argument>[^\s]*[:#][^\s]+)", Subject.FIELD, Takes.LITERALS, Place.EVENT),
)

ORDERS: Final = frozenset({"eventTime", "recordTime"})
CONTROLS: Final = frozenset(
    {"orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "@context"}
)
