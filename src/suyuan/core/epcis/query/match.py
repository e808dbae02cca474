"""Whether one event is meant by a query: the standard's text, parameter by parameter.

Owns: `matches`, which asks no index. It tests what an index does not tell, and it is what tests
compare the indexes with.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES, Role
from suyuan.core.epcis.query.names import Names, field_named, namespaces
from suyuan.core.epcis.query.reading import instant, literal, measurement, number_of
from suyuan.core.epcis.query.values import Criterion, EventQuery, Field, Literal, Op, Place, Subject
from suyuan.core.epcis.vocabulary import Action, bare_word
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc

type Document = Mapping[str, Any]

_FIELD_OF: Final = {role: name for name, role in (LIST_ROLES | QUANTITY_ROLES).items()}
_COMPARE: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.LT: operator.lt,
    Op.LE: operator.le,
}


def matches(query: EventQuery, event: Document, context: Any = None) -> bool:
    """Tell whether an event passes every test of a query.

    Args:
        query: whose places with descendants, and tests of master data, have been made plain by
            whoever knows master data; as they stand, descendants do not count, and no event has
            master data.
        event: in the JSON-LD form.
        context: the `@context` of its document.
    """
    return all(holds(test, event, context) for test in query.tests)


def holds(test: Criterion, event: Document, context: Any = None) -> bool:
    """Tell whether an event passes one test."""
    return _TESTS[test.subject](test, event, context)


def ordering(field: Field, event: Document, context: Any = None) -> Literal | None:
    """Return the value of an extension field by which events are ordered."""
    return next(_fields(field, event, context), None)


# ── Words, times, identities ─────────────────────────────────────────────────────────────────


def _word(name: str, vocabulary: str) -> Callable[[Criterion, Document, Any], bool]:
    def held(test: Criterion, event: Document, _context: Any) -> bool:
        text = event.get(name)
        return bool(text) and bare_word(vocabulary, text) in test.values

    return held


def _type(test: Criterion, event: Document, _context: Any) -> bool:
    return event["type"] in test.values


def _action(test: Criterion, event: Document, _context: Any) -> bool:
    return "action" in event and Action[event["action"]] in test.values


def _persistent(name: str) -> Callable[[Criterion, Document, Any], bool]:
    def held(test: Criterion, event: Document, _context: Any) -> bool:
        words = (event.get("persistentDisposition") or {}).get(name) or ()
        return any(bare_word("disp", word) in test.values for word in words)

    return held


def _event_id(test: Criterion, event: Document, _context: Any) -> bool:
    return event.get("eventID") in test.values


def _span(test: Criterion, text: Any) -> bool:
    """Compare a time with the one that a test has."""
    found = instant(text) if isinstance(text, str) else None
    return found is not None and any(_COMPARE[test.op](found, one) for one in test.values)


def _time(name: str) -> Callable[[Criterion, Document, Any], bool]:
    return lambda test, event, _context: _span(test, event.get(name))


@lru_cache(16_384)
def _identity(text: str) -> Identity:
    """Return an identity; a text that is none is only itself."""
    try:
        return parse_epc(text)
    except IdentifierError:
        return Identity(Scheme.URI, text)


def _place(name: str) -> Callable[[Criterion, Document, Any], bool]:
    def held(test: Criterion, event: Document, _context: Any) -> bool:
        place = event.get(name) or {}
        return "id" in place and _identity(place["id"]) in test.values

    return held


def texts_of(event: Document, role: Role) -> Iterator[str]:
    """Yield the identifiers that stand in a role."""
    if role in {Role.PARENT, Role.TRANSFORMATION}:
        text = event.get("parentID" if role is Role.PARENT else "transformationID")
        if text:
            yield text
        return
    members = event.get(_FIELD_OF[role]) or ()
    yield from (one["epcClass"] for one in members) if role in _QUANTITIES else members


_QUANTITIES: Final = frozenset(QUANTITY_ROLES.values())


def _objects(test: Criterion, event: Document, _context: Any) -> bool:
    for role in test.roles:
        for text in texts_of(event, role):
            identity = _identity(text)
            if identity in test.values or any(one.fits(identity) for one in test.patterns):
                return True
    return False


def _typed(name: str, field: str, vocabulary: str) -> Callable[[Criterion, Document, Any], bool]:
    def held(test: Criterion, event: Document, _context: Any) -> bool:
        return any(
            bare_word(vocabulary, one.get("type", "")) == test.argument
            and _identity(one[field]) in test.values
            for one in event.get(name) or ()
        )

    return held


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────


def _compared(test: Criterion, value: Any) -> bool:
    number = number_of(value)
    if number is None:
        return False
    if test.op is Op.EQ:
        return number in test.values
    return any(_COMPARE[test.op](number, one) for one in test.values)


def _quantity(test: Criterion, event: Document, _context: Any) -> bool:
    return any(
        (not test.unit or one.get("uom") == test.unit) and _compared(test, one.get("quantity"))
        for name in QUANTITY_ROLES
        for one in event.get(name) or ()
    )


# ── Error declarations and sensors ───────────────────────────────────────────────────────────


def _declared(_test: Criterion, event: Document, _context: Any) -> bool:
    return bool(event.get("errorDeclaration"))


def _declaration(event: Document) -> Document:
    found: Document = event.get("errorDeclaration") or {}
    return found


def _reason(test: Criterion, event: Document, _context: Any) -> bool:
    text = _declaration(event).get("reason")
    return bool(text) and bare_word("er", text) in test.values


def _corrective(test: Criterion, event: Document, _context: Any) -> bool:
    return any(one in test.values for one in _declaration(event).get("correctiveEventIDs") or ())


def _elements(event: Document) -> list[Document]:
    return event.get("sensorElementList") or []


def _metadata(event: Document) -> Iterator[Document]:
    return (one["sensorMetadata"] for one in _elements(event) if one.get("sensorMetadata"))


def _reports(event: Document) -> Iterator[Document]:
    return (report for one in _elements(event) for report in one.get("sensorReport") or ())


def _sensor(test: Criterion, event: Document, _context: Any) -> bool:
    """Criterion a field that stands in metadata, in reports, or in both."""
    for part in (*_metadata(event), *_reports(event)):
        value = part.get(test.argument)
        if value is None:
            continue
        if test.op is not Op.EQ:
            if _span(test, value):
                return True
            continue
        if isinstance(value, str) and test.argument == "type":
            value = measurement(value)
        if value in test.values:
            return True
    return False


def _measure(test: Criterion, event: Document, _context: Any) -> bool:
    return any(
        (not test.unit or one.get("uom") == test.unit) and _compared(test, one.get(test.argument))
        for one in _reports(event)
    )


# ── Extensions ───────────────────────────────────────────────────────────────────────────────


def _parts(place: Place, event: Document) -> Iterable[Document]:
    """Return the parts of an event in which a field may stand."""
    if place is Place.EVENT:
        return (event,)
    if place is Place.SENSOR_ELEMENT:
        return _elements(event)
    if place is Place.SENSOR_METADATA:
        return _metadata(event)
    if place is Place.SENSOR_REPORT:
        return _reports(event)
    part = event.get(place.value)
    return (part,) if isinstance(part, Mapping) else ()


_NOT_FIELDS: Final = frozenset({"@", "#"})  # attributes, and an element's own text


def _fields(field: Field, event: Document, context: Any) -> Iterator[Literal]:
    """Yield the values of an extension field; one that holds others yields itself too."""
    names: Names | None = None
    for part in _parts(field.place, event):
        for name, value in part.items():
            # What has no prefix is the standard's, but in an ILMD, which is all extension.
            if name[:1] in _NOT_FIELDS or not (field_named(name) or field.place is Place.ILMD):
                continue
            names = names or Names(namespaces((context, event.get("@context"))))
            if field.inner:
                yield from _inner(field, value, names)
            elif names.mean(name, field):
                yield from _literals(value)


def _inner(field: Field, value: Any, names: Names) -> Iterator[Literal]:
    """Yield the values of a field at any depth inside an extension."""
    if isinstance(value, list):
        for one in value:
            yield from _inner(field, one, names)
    elif isinstance(value, Mapping):
        for name, given in value.items():
            if name[:1] in _NOT_FIELDS:
                continue
            if names.mean(name, field):
                yield from _literals(given)
            yield from _inner(field, given, names)


def _literals(value: Any) -> Iterator[Literal]:
    if isinstance(value, list):
        for one in value:
            yield from _literals(one)
    elif isinstance(value, Mapping):
        yield literal(value.get("#text", value.get("@value", "")))
    else:
        yield literal("" if value is None else value)


def _extension(test: Criterion, event: Document, context: Any) -> bool:
    assert test.field is not None  # noqa: S101 - its reader has seen to it
    found = _fields(test.field, event, context)
    if test.op is Op.EXISTS:
        return next(found, None) is not None
    return any(_alike(test.op, one, wanted) for one in found for wanted in test.values)


def _alike(op: Op, found: Literal, wanted: Literal) -> bool:
    """Compare as numbers or as times where both are; as texts only for equality."""
    for one, other in ((found.number, wanted.number), (found.time, wanted.time)):
        if one is not None and other is not None:
            return one == other if op is Op.EQ else _COMPARE[op](one, other)
    return op is Op.EQ and found.text == wanted.text


_TESTS: Final[Mapping[Subject, Callable[[Criterion, Document, Any], bool]]] = {
    Subject.TYPE: _type,
    Subject.ACTION: _action,
    Subject.STEP: _word("bizStep", "bizstep"),
    Subject.DISPOSITION: _word("disposition", "disp"),
    Subject.SET: _persistent("set"),
    Subject.UNSET: _persistent("unset"),
    Subject.EVENT_TIME: _time("eventTime"),
    Subject.RECORD_TIME: _time("recordTime"),
    Subject.EVENT_ID: _event_id,
    Subject.READ_POINT: _place("readPoint"),
    Subject.LOCATION: _place("bizLocation"),
    Subject.OBJECTS: _objects,
    Subject.TRANSACTION: _typed("bizTransactionList", "bizTransaction", "btt"),
    Subject.SOURCE: _typed("sourceList", "source", "sdt"),
    Subject.DESTINATION: _typed("destinationList", "destination", "sdt"),
    Subject.QUANTITY: _quantity,
    Subject.DECLARATION: _declared,
    Subject.DECLARED_AT: lambda test, event, _: _span(
        test, _declaration(event).get("declarationTime")
    ),
    Subject.REASON: _reason,
    Subject.CORRECTIVE: _corrective,
    Subject.SENSORS: lambda _test, event, _: bool(_elements(event)),
    Subject.SENSOR: _sensor,
    Subject.MEASURE: _measure,
    Subject.FIELD: _extension,
    Subject.MASTER_DATA: lambda _test, _event, _: False,
}
