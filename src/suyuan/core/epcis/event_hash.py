"""The event hash: one ID for an event, whatever syntax and identifier forms it comes in.

Owns: the pre-hash string and its digest.
Does not own: when a hash serves as event ID (capture).

Source: CBV 2.0 §8.9. It leaves out `recordTime`, `eventID` and the error declaration. Numbers that
are written differently are the same, and parts are joined without separators: it tells duplicates,
it does not prove that a record was not changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES
from suyuan.core.epcis.vocabulary import (
    SENSOR_WORDS,
    SPELLINGS,
    STANDARD_PREFIXES,
    TYPED_LISTS,
    WORDS,
    bare_word,
)
from suyuan.core.identifiers import IdentifierError, Scheme, parse_epc
from suyuan.core.instants import microseconds, moment

# Prefixes that values may have without a context that says so.
_CURIES: Final = {name: STANDARD_PREFIXES[name] for name in ("gs1", "cbv", "epcis")}
_ORDER: Final = (
    "eventTime eventTimeZoneOffset certificationInfo epcList parentID inputEPCList childEPCs "
    "quantityList childQuantityList inputQuantityList outputEPCList outputQuantityList action "
    "transformationID bizStep disposition persistentDisposition readPoint bizLocation "
    "bizTransactionList sourceList destinationList sensorElementList ilmd"
).split()
_METADATA: Final = (
    "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules"
).split()
_REPORT: Final = (
    "type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism "
    "chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue "
    "maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem"
).split()
_LEFT_OUT: Final = frozenset(
    {"type", "@context", "recordTime", "eventID", "errorDeclaration", "certificationInfo"}
)
_TIMES: Final = frozenset({"eventTime", "time", "startTime", "endTime"})


def event_hash(event: Mapping[str, Any], context: Mapping[str, str]) -> str:
    """Return the event's hash as an `ni` URI (RFC 6920).

    Args:
        event: In the JSON-LD form.
        context: What each prefix of its extensions means.
    """
    digest = hashlib.sha256(prehash(event, context).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def prehash(event: Mapping[str, Any], context: Mapping[str, str]) -> str:
    """Return the string that is hashed."""
    return _Writer(context).event(event)


class _Writer:
    """Writes one event's pre-hash string."""

    def __init__(self, context: Mapping[str, str]) -> None:
        self._context = context

    def event(self, event: Mapping[str, Any]) -> str:
        """Return the whole string."""
        parts = [f"eventType={event['type']}"]
        for name in _ORDER:
            value = event.get(name)
            if value not in (None, "", [], {}):
                parts.append(_FIELDS[name](self, name, value))
        parts += self.extensions(event, frozenset(_ORDER) | _LEFT_OUT)
        return "".join(parts)

    def text(self, name: str, value: Any) -> str:
        return f"{name}={self.scalar(name, value)}"

    def scalar(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return _number(value)
        text = str(value).strip()
        return utc(text) if name in _TIMES else self.uri(text)

    def uri(self, text: str) -> str:
        """Return a URI's canonical form: Digital Links for keys, full URIs for CURIEs."""
        if text.startswith(("urn:epc:", "http")):
            return _canonical(text)
        prefix, colon, local = text.partition(":")
        if colon and not local.startswith("//"):
            meaning = _CURIES.get(prefix) or self._context.get(prefix)
            return meaning + local if meaning else text
        return text

    def word(self, name: str, value: Any) -> str:
        return f"{name}={self.standard(WORDS[name], value)}"

    def standard(self, vocabulary: str, text: str) -> str:
        word = bare_word(vocabulary, text)
        return SPELLINGS[vocabulary][1] + word if ":" not in word else self.uri(word)

    def epcs(self, name: str, value: Sequence[str]) -> str:
        return name + "".join(sorted(f"epc={_canonical(text)}" for text in value))

    def quantities(self, name: str, value: Sequence[Mapping[str, Any]]) -> str:
        found = []
        for one in value:
            parts = [self.text(field, one[field]) for field in _QUANTITY if field in one]
            found.append("quantityElement" + "".join(parts))
        return name + "".join(sorted(found))

    def certificates(self, name: str, value: Any) -> str:
        listed = value if isinstance(value, list) else [value]
        return "".join(sorted(self.text(name, one) for one in listed))

    def persistent(self, name: str, value: Mapping[str, Sequence[str]]) -> str:
        parts = [
            "".join(sorted(f"{field}={self.standard('disp', one)}" for one in value.get(field, ())))
            for field in ("set", "unset")
        ]
        return name + "".join(parts)

    def place(self, name: str, value: Mapping[str, Any]) -> str:
        others = self.extensions(value, frozenset({"id"}))
        return f"{name}id={self.uri(value['id'])}{''.join(others)}"

    def typed(self, name: str, value: Sequence[Mapping[str, Any]]) -> str:
        field, vocabulary = TYPED_LISTS[name]
        found = []
        for one in value:
            kind = f"type={self.standard(vocabulary, one['type'])}" if one.get("type") else ""
            found.append(f"{kind}{self.text(field, one[field])}")
        return name + "".join(sorted(found))

    def sensors(self, name: str, value: Sequence[Mapping[str, Any]]) -> str:
        return name + "".join(sorted(map(self._sensor, value)))

    def _sensor(self, element: Mapping[str, Any]) -> str:
        metadata = element.get("sensorMetadata")
        parts = ["sensorElement"]
        if metadata:
            parts.append("sensorMetadata" + self._ordered(metadata, _METADATA))
        reports = element.get("sensorReport", ())
        parts += sorted("sensorReport" + self._ordered(one, _REPORT) for one in reports)
        parts += self.extensions(element, frozenset({"sensorMetadata", "sensorReport"}))
        return "".join(parts)

    def _ordered(self, value: Mapping[str, Any], order: Sequence[str]) -> str:
        parts = [self._measure(name, value[name]) for name in order if name in value]
        return "".join([*parts, *self.extensions(value, frozenset(order))])

    def _measure(self, name: str, value: Any) -> str:
        if name in SENSOR_WORDS and ":" not in str(value):
            return f"{name}={self.uri(SENSOR_WORDS[name] + str(value))}"
        return self.text(name, value)

    def ilmd(self, name: str, value: Mapping[str, Any]) -> str:
        return name + "".join(self.extensions(value, frozenset()))

    def extensions(self, value: Mapping[str, Any], known: frozenset[str]) -> list[str]:
        """Return everything beside the known fields, each with its full name, sorted."""
        parts: list[str] = []
        for name, given in value.items():
            if name not in known and name != "#text":
                parts += self._extension(self._name(name), given)
        return sorted(parts)

    def _extension(self, name: str, value: Any) -> list[str]:
        if isinstance(value, list):
            return [part for one in value for part in self._extension(name, one)]
        if isinstance(value, dict):
            own = f"={self.scalar('', value['#text'])}" if "#text" in value else ""
            return [name + own + "".join(self.extensions(value, frozenset({"@context"})))]
        if value in (None, ""):
            return [name]
        return [f"{name}={self._loose(value)}"]

    def _loose(self, value: Any) -> str:
        """Return an extension's value: a number or a time looks the same in every syntax."""
        if isinstance(value, str):
            text = value.strip()
            found = _number_or_time(text)
            return found if found is not None else self.uri(text)
        return self.scalar("", value)

    def _name(self, name: str) -> str:
        if name.startswith("@"):
            return "@" + self._name(name[1:])
        prefix, colon, local = name.partition(":")
        if not colon or local.startswith("//"):
            return name
        namespace = self._context.get(prefix) or STANDARD_PREFIXES.get(prefix)
        return f"{{{namespace}}}{local}" if namespace else name


_QUANTITY: Final = ("epcClass", "quantity", "uom")
_FIELDS: Final[Mapping[str, Callable[[_Writer, str, Any], str]]] = {
    **dict.fromkeys(_ORDER, _Writer.text),
    **dict.fromkeys(WORDS, _Writer.word),
    **dict.fromkeys(LIST_ROLES, _Writer.epcs),
    **dict.fromkeys(QUANTITY_ROLES, _Writer.quantities),
    **dict.fromkeys(TYPED_LISTS, _Writer.typed),
    **dict.fromkeys(("readPoint", "bizLocation"), _Writer.place),
    "certificationInfo": _Writer.certificates,
    "persistentDisposition": _Writer.persistent,
    "sensorElementList": _Writer.sensors,
    "ilmd": _Writer.ilmd,
}


@lru_cache(16_384)
def _canonical(text: str) -> str:
    """Return a key's Digital Link under id.gs1.org, or the URI as it is."""
    try:
        identity = parse_epc(text)
        return text if identity.scheme is Scheme.URI else identity.digital_link()
    except IdentifierError:
        return text


def _number(value: float) -> str:
    text = repr(value)
    if "e" in text or "inf" in text or "nan" in text:
        return text
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_or_time(text: str) -> str | None:
    if len(text) > 19 and text[4:5] == "-" and "T" in text:
        try:
            return utc(text)
        except ValueError:
            return None
    try:
        return _number(int(text) if text.lstrip("-").isdigit() else float(text))
    except ValueError:
        return None


def utc(text: str) -> str:
    """Return a time in UTC with milliseconds, the fourth digit rounded.

    Raises:
        ValueError: `text` is no time.
    """
    given = microseconds(datetime.fromisoformat(text))
    rounded = moment((given + 500) // 1000 * 1000)
    return rounded.isoformat(timespec="milliseconds").replace("+00:00", "Z")
