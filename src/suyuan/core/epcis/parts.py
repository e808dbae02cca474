"""What the parts of an event must hold, beyond their shapes.

Owns: error declarations, persistent dispositions, sensor data, ILMD, certificates, types of
transactions and parties. Does not own: identities of goods and places (read), the rules of event
types (rules).

A standard word in a long spelling is put in its bare one: the same event is then the same in every
syntax, and JSON that is given back is valid.

Sources: EPCIS 2.0 §7.3 and its JSON Schema, CBV 2.0 §7.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from suyuan.core.epcis.contexts import context_fault
from suyuan.core.epcis.errors import Fault, shown
from suyuan.core.epcis.times import instant, time_fault
from suyuan.core.epcis.vocabulary import TYPED_LISTS, bare_word, is_word
from suyuan.core.identifiers import IdentifierError, is_uri, parse_epc

type Faults = list[Fault]

_NAME: Final = re.compile(r"@?[^@:\s][^:\s]*:\S+")
_UOM: Final = re.compile(r"[A-Z0-9]{2,3}")
_HEX: Final = re.compile(r"[A-Fa-f0-9]+")
_CODES: Final[Mapping[str, str]] = {
    "disp": "unknown_disposition",
    "btt": "unknown_transaction_type",
    "sdt": "unknown_party_type",
    "er": "unknown_reason",
    "type": "unknown_measurement",
    "exception": "unknown_alarm",
    "component": "unknown_component",
}


def is_extension(name: str) -> bool:
    """Tell whether a name has a prefix, or is a URI: one without is the standard's or nobody's."""
    return _NAME.fullmatch(name) is not None


def check_parts(event: dict[str, Any], faults: Faults, *, from_xml: bool) -> None:
    """Add the faults of an event's parts; places are relative to the event.

    XML alone has sensor reports of an exception without a type.
    """
    for name in event.keys() & _CHECKS.keys():
        _CHECKS[name](event[name], f"/{name}", faults)
    for position, element in enumerate(event.get("sensorElementList", ())):
        for number, report in enumerate(element["sensorReport"]):
            if "type" not in report and not (from_xml and "exception" in report):
                place = f"/sensorElementList/{position}/sensorReport/{number}/type"
                faults.append(Fault("field_missing", place, {"field": "type"}))


def _check_names(
    value: Mapping[str, Any], known: Iterable[str], place: str, faults: Faults
) -> None:
    faults.extend(
        Fault("field_unknown", f"{place}/{name}", {"field": shown(name)})
        for name in value.keys() - known
        if not is_extension(name)
    )


def _check_time(value: Any, place: str, faults: Faults) -> None:
    if code := time_fault(value):
        faults.append(Fault(code, place, {"given": shown(value)}))


def _check_uri(value: Any, place: str, faults: Faults) -> None:
    if not isinstance(value, str) or not is_uri(value):
        faults.append(Fault("uri_malformed", place, {"given": shown(value)}))


def _check_identifier(value: str, place: str, faults: Faults) -> None:
    try:
        parse_epc(value)
    except IdentifierError as error:
        faults.append(Fault(error.code, place, {k: shown(v) for k, v in error.data.items()}))


def _spell(holder: Any, key: Any, vocabulary: str, place: str, faults: Faults) -> None:
    """Put a word in its bare spelling; add a fault if it is none."""
    given = holder[key]
    word = bare_word(vocabulary, given)
    if not is_word(vocabulary, word):
        faults.append(Fault(_CODES[vocabulary], place, {"given": shown(given)}))
    elif ":" in word and not is_uri(word):
        faults.append(Fault("uri_malformed", place, {"given": shown(given)}))
    elif word != given:
        holder[key] = word


def _certificates(value: Any, place: str, faults: Faults) -> None:
    if isinstance(value, str):
        _check_uri(value, place, faults)
        return
    for position, one in enumerate(value):
        _check_uri(one, f"{place}/{position}", faults)


def _declaration(value: dict[str, Any], place: str, faults: Faults) -> None:
    _check_time(value["declarationTime"], f"{place}/declarationTime", faults)
    if "reason" in value:
        _spell(value, "reason", "er", f"{place}/reason", faults)
    for position, one in enumerate(value.get("correctiveEventIDs", ())):
        _check_identifier(one, f"{place}/correctiveEventIDs/{position}", faults)
    _check_names(value, ("declarationTime", "reason", "correctiveEventIDs"), place, faults)


def _persistent(value: dict[str, list[str]], place: str, faults: Faults) -> None:
    if not value:
        faults.append(Fault("field_missing", f"{place}/set", {"field": "set"}))
    for name, words in value.items():
        for position in range(len(words)):
            _spell(words, position, "disp", f"{place}/{name}/{position}", faults)
        if len(set(words)) < len(words):
            faults.append(Fault("value_repeated", f"{place}/{name}", {"given": name}))


def _typed_list(name: str) -> Callable[[Any, str, Faults], None]:
    vocabulary = TYPED_LISTS[name][1]

    def check(value: list[dict[str, Any]], place: str, faults: Faults) -> None:
        for position, one in enumerate(value):
            if "type" in one:
                _spell(one, "type", vocabulary, f"{place}/{position}/type", faults)

    return check


def _ilmd(value: dict[str, Any], place: str, faults: Faults) -> None:
    _check_names(value, (), place, faults)


def _place(value: dict[str, Any], place: str, faults: Faults) -> None:
    if len(value) > 1:
        _check_names(value, ("id",), place, faults)


def _context(value: Any, place: str, faults: Faults) -> None:
    if code := context_fault(value):
        faults.append(Fault(code, place))


def _sensors(value: list[dict[str, Any]], place: str, faults: Faults) -> None:
    for position, element in enumerate(value):
        here = f"{place}/{position}"
        metadata = element.get("sensorMetadata")
        if metadata is not None:
            _metadata(metadata, f"{here}/sensorMetadata", faults)
        for number, report in enumerate(element["sensorReport"]):
            _report(report, f"{here}/sensorReport/{number}", faults)
        _check_names(element, ("sensorMetadata", "sensorReport"), here, faults)


def _metadata(value: dict[str, Any], place: str, faults: Faults) -> None:
    _check_fields(value, _METADATA, place, faults)
    start, end = (instant(str(value.get(name))) for name in ("startTime", "endTime"))
    if start is not None and end is not None and end < start:
        faults.append(Fault("time_order", f"{place}/endTime", {"given": shown(value["endTime"])}))


def _report(value: dict[str, Any], place: str, faults: Faults) -> None:
    _check_fields(value, _REPORT, place, faults)


def _check_fields(
    value: dict[str, Any],
    checks: Mapping[str, Callable[[dict[str, Any], str, str, Faults], None]],
    place: str,
    faults: Faults,
) -> None:
    for name in value.keys() & checks.keys():
        checks[name](value, name, f"{place}/{name}", faults)
    _check_names(value, checks.keys(), place, faults)


def _time_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    _check_time(holder[name], place, faults)


def _uri_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    _check_uri(holder[name], place, faults)


def _identifier_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    _check_identifier(holder[name], place, faults)


def _word_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    _spell(holder, name, name, place, faults)


def _number_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    # Not `isfinite`, which falls over a whole number that no float can hold.
    if not abs(holder[name]) <= sys.float_info.max:
        faults.append(Fault("number_range", place, {"given": shown(holder[name])}))


def _uom_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    if _UOM.fullmatch(holder[name]) is None:
        faults.append(Fault("uom_malformed", place, {"given": shown(holder[name])}))


def _hex_in(holder: dict[str, Any], name: str, place: str, faults: Faults) -> None:
    if _HEX.fullmatch(holder[name]) is None:
        faults.append(Fault("hex_value_malformed", place, {"given": shown(holder[name])}))


def _any_in(_holder: dict[str, Any], _name: str, _place: str, _faults: Faults) -> None:
    """Nothing to check: the shape has said it all."""


_DEVICE: Final = {
    "deviceID": _identifier_in,
    **dict.fromkeys(("deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), _uri_in),
    "time": _time_in,
}
_METADATA: Final = {**_DEVICE, "startTime": _time_in, "endTime": _time_in}
_REPORT: Final = {
    **_DEVICE,
    **dict.fromkeys(("type", "exception", "component"), _word_in),
    **dict.fromkeys(
        "value minValue maxValue meanValue sDev percRank percValue".split(), _number_in
    ),
    **dict.fromkeys(
        "uriValue microorganism chemicalSubstance coordinateReferenceSystem".split(), _uri_in
    ),
    "hexBinaryValue": _hex_in,
    "uom": _uom_in,
    **dict.fromkeys(("stringValue", "booleanValue"), _any_in),
}
_CHECKS: Final[Mapping[str, Callable[[Any, str, Faults], None]]] = {
    "recordTime": _check_time,
    "certificationInfo": _certificates,
    "errorDeclaration": _declaration,
    "persistentDisposition": _persistent,
    **{name: _typed_list(name) for name in TYPED_LISTS},
    **dict.fromkeys(("readPoint", "bizLocation"), _place),
    "sensorElementList": _sensors,
    "ilmd": _ilmd,
    "@context": _context,
}
