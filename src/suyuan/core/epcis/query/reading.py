"""Read a query from its parameters, as a query string, a JSON body or SOAP gives them.

Owns: what a value may be, and for everything refused a stable code and its place.
Does not own: which parameters there are (parameters).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.query.names import Names, field_named, namespaces
from suyuan.core.epcis.query.parameters import (
    CONTROLS,
    FAMILIES,
    ORDERS,
    PARAMETERS,
    Parameter,
    Takes,
)
from suyuan.core.epcis.query.patterns import read_class, read_epc
from suyuan.core.epcis.query.values import (
    Criterion,
    EventQuery,
    Literal,
    Op,
    Pattern,
    Place,
    Subject,
)
from suyuan.core.epcis.vocabulary import (
    DISPOSITION_NUMBERS,
    ERROR_REASONS,
    STEP_NUMBERS,
    Action,
    EventType,
    bare_word,
)
from suyuan.core.identifiers import IdentifierError, Identity, parse_epc
from suyuan.core.instants import microseconds

MOST_VALUES: Final = 2_000  # of all parameters together
MOST_TESTS: Final = 100
_LONGEST: Final = 2_048
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+\- ]\d\d:\d\d)", re.ASCII
)


class QueryError(DocumentError):
    """Parameters of a query are not what the standard allows (QueryParameterException)."""


class _Fault(Exception):
    """One value cannot be read."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def read_query(
    pairs: Iterable[tuple[str, object]], *, prefixes: Mapping[str, str] | None = None
) -> EventQuery:
    """Read a query.

    Args:
        pairs: names and values. A value is a text, in which `|` separates several, or what JSON
            has: a list, a number, a boolean, None. A name may come again: its values are joined.
        prefixes: what prefixes of extension fields mean, beside the query's own `@context`.

    Raises:
        QueryError: with every fault; `place` is "query:" and the parameter's name.
    """
    given: dict[str, list[object]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return _Reader(given, prefixes or {}).query()


class _Reader:
    """Reads one query; collects faults rather than stop at the first."""

    def __init__(self, given: Mapping[str, list[object]], prefixes: Mapping[str, str]) -> None:
        self._given = given
        self._faults: list[Fault] = []
        self._values = 0
        self._names = Names({**namespaces(given.get("@context", ())), **prefixes})

    def query(self) -> EventQuery:
        tests = [test for name in self._given if (test := self._test(name)) is not None]
        order_by, field, descending = self._order()
        first, most = self._count("eventCountLimit"), self._count("maxEventCount")
        if first is not None and most is not None:
            self._fault("query_exclusive", "eventCountLimit", other="maxEventCount")
        if first is not None and not order_by:
            self._fault("query_needs_order", "eventCountLimit")
        if len(tests) > MOST_TESTS or self._values > MOST_VALUES:
            self._fault("query_too_many_values", "", most=str(MOST_VALUES))
        if self._faults:
            raise QueryError(self._faults)
        return EventQuery(tuple(tests), order_by, field, descending, first, most)

    def _fault(self, code: str, name: str, **data: str) -> None:
        self._faults.append(Fault(code, f"query:{shown(name)}" if name else "query:", data))

    def _test(self, name: str) -> Criterion | None:
        if name in CONTROLS:
            return None
        found = self._parameter(name)
        if found is None:
            self._fault("query_parameter", name, given=shown(name))
            return None
        parameter, extras = found
        try:
            return self._read(name, parameter, extras)
        except _Fault as fault:
            self._fault(fault.code, name, **fault.data)
        except IdentifierError as error:
            self._fault(error.code, name, **{k: shown(v) for k, v in error.data.items()})
        return None

    def _parameter(self, name: str) -> tuple[Parameter, dict[str, Any]] | None:
        known = PARAMETERS.get(name)
        if known is not None:
            return known, {}
        if len(name) > _LONGEST:
            return None
        for family in FAMILIES:
            match = family.pattern.fullmatch(name)
            if match is None:
                continue
            parts = match.groupdict()
            op = Op(parts.get("op") or "EQ")
            takes = family.takes
            if op is Op.EXISTS:
                takes = Takes.FLAG
            elif op is not Op.EQ:
                takes = _SINGLE[takes]
            argument = parts.get("argument") or ""
            extras: dict[str, Any] = {
                "unit": parts.get("unit") or "",
                "attribute": parts.get("attribute") or "",
            }
            if family.place is not None:
                inner = bool(parts.get("inner"))
                extras["field"] = self._names.field(family.place, argument, inner=inner)
            return Parameter(family.subject, takes, op, argument=argument), extras
        return None

    def _read(self, name: str, parameter: Parameter, extras: dict[str, Any]) -> Criterion | None:
        subject, takes, op, roles, argument, descendants = parameter
        texts = _several(self._given[name])
        self._values += len(texts)
        if takes is Takes.FLAG:
            asked = any(_boolean(text, empty=True) for text in texts)
            return Criterion(name, subject, op, field=extras.get("field")) if asked else None
        if not texts:
            raise _Fault("query_value_missing")
        if takes in _ONE and len(texts) > 1:
            raise _Fault("query_value_repeated")
        if subject in _TYPED:
            argument = bare_word(_TYPED[subject], argument)
        if subject is Subject.MASTER_DATA and not extras["attribute"]:
            op = Op.EXISTS
        values, patterns = _READERS[takes](texts)
        return Criterion(
            name,
            subject,
            op,
            frozenset(values),
            roles,
            tuple(patterns),
            argument,
            descendants=descendants,
            **extras,
        )

    def _order(self) -> tuple[str, Any, bool]:
        name = self._control("orderBy")
        direction = self._control("orderDirection") or "DESC"
        if direction not in {"ASC", "DESC"}:
            self._fault("query_direction", "orderDirection", given=shown(direction))
        descending = direction != "ASC"
        if name in ORDERS or not name:
            return name, None, descending
        if not field_named(name):
            self._fault("query_order", "orderBy", given=shown(name))
            return "", None, descending
        return "field", self._names.field(Place.EVENT, name), descending

    def _control(self, name: str) -> str:
        given = self._given.get(name, [""])
        if len(given) > 1 or not isinstance(given[0], str):
            self._fault("query_value_text", name, given=shown(given))
            return ""
        return given[0]

    def _count(self, name: str) -> int | None:
        given = self._given.get(name)
        if given is None:
            return None
        text = str(given[0]) if not isinstance(given[0], bool) else ""
        whole = text.isascii() and text.isdigit() and len(text) < 10
        if len(given) > 1 or not whole or int(text) < 1:
            self._fault("query_count", name, given=shown(text))
            return None
        return int(text)


# ── Values ───────────────────────────────────────────────────────────────────────────────────

type _Read = tuple[Iterable[Any], Iterable[Pattern]]


def _several(given: Iterable[object]) -> list[Any]:
    """Return the values of a parameter one by one."""
    found: list[Any] = []
    for value in given:
        if isinstance(value, str):
            found += value.split("|")
        elif isinstance(value, list | tuple):
            found += value
        else:
            found.append(value)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Fault("query_value_text", given=shown(value))
    if not value or len(value) > _LONGEST or "\0" in value:
        raise _Fault("query_value_missing" if not value else "query_value_text", given=shown(value))
    return value


@lru_cache(1024)
def instant(text: str) -> int | None:
    """Return microseconds since 1970, None unless `text` is a time with its zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        # A plus sign in a query string that nobody escaped arrives as a space.
        return microseconds(datetime.fromisoformat(text.replace(" ", "+")))
    except (ValueError, OverflowError):
        return None


def _time(value: object) -> int:
    found = instant(_text(value))
    if found is None:
        raise _Fault("query_value_time", given=shown(value))
    return found


def _number(value: object) -> float:
    number = number_of(value)
    if number is None:
        raise _Fault("query_value_number", given=shown(value))
    return number


_NUMERAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def number_of(value: object) -> float | None:
    """Return a finite number that a JSON value, or a text, tells."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if len(value) > 64 or _NUMERAL.fullmatch(value.strip()) is None:
            return None
        value = float(value)
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})


def _boolean(value: object, *, empty: bool | None = None) -> bool:
    """Read a flag; `empty` is what no value at all means (SOAP's VoidHolder, JSON's null)."""
    if isinstance(value, bool):
        return value
    if value in (None, "") and empty is not None:
        return empty
    text = str(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _Fault("query_value_boolean", given=shown(value))


def literal(value: object) -> Literal:
    """Return an extension's value with the number and the time that it tells."""
    if isinstance(value, bool):
        return Literal("true" if value else "false")
    text = value.strip() if isinstance(value, str) else str(value)
    return Literal(text, number_of(value), instant(text) if len(text) > 15 else None)


def _literals(texts: Iterable[object]) -> _Read:
    for text in texts:
        if text is None or isinstance(text, list | dict):
            raise _Fault("query_value_text", given=shown(text))
    return map(literal, texts), ()


def _types(texts: Iterable[object]) -> _Read:
    found = [_text(text) for text in texts]
    for text in found:
        if text not in EventType.__members__ and ":" not in text:
            raise _Fault("query_event_type", given=shown(text))
    return found, ()


def _actions(texts: Iterable[object]) -> _Read:
    found = [_text(text) for text in texts]
    for text in found:
        if text not in {"ADD", "OBSERVE", "DELETE"}:
            raise _Fault("query_action", given=shown(text))
    return (Action[text] for text in found), ()


def _words(vocabulary: str, known: Iterable[str]) -> Callable[[Iterable[object]], _Read]:
    """Return a reader of words that are standard, or somebody's own URI."""
    standard = frozenset(known)

    def read(texts: Iterable[object]) -> _Read:
        found = [bare_word(vocabulary, _text(text)) for text in texts]
        for word in found:
            if word not in standard and ":" not in word:
                raise _Fault("query_word", given=shown(word))
        return found, ()

    return read


_GS1_VOC: Final = ("https://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:")


def measurement(text: str) -> str:
    """Return a measurement type's bare word, or somebody's own URI."""
    return next((text[len(p) :] for p in _GS1_VOC if text.startswith(p)), text)


def _identities(texts: Iterable[object]) -> _Read:
    return [_identity(text) for text in texts], ()


def _identity(value: object) -> Identity:
    return parse_epc(_text(value))


def _matched(read: Callable[[str], tuple[Identity | None, Pattern | None]]) -> Any:
    def reader(texts: Iterable[object]) -> _Read:
        found = [read(_text(text)) for text in texts]
        return (
            [identity for identity, _ in found if identity is not None],
            [pattern for _, pattern in found if pattern is not None],
        )

    return reader


_READERS: Final[Mapping[Takes, Callable[[Iterable[object]], _Read]]] = {
    Takes.TIME: lambda texts: (map(_time, texts), ()),
    Takes.TYPES: _types,
    Takes.ACTIONS: _actions,
    Takes.STEPS: _words("bizstep", STEP_NUMBERS),
    Takes.DISPOSITIONS: _words("disp", DISPOSITION_NUMBERS),
    Takes.REASONS: _words("er", ERROR_REASONS),
    Takes.TEXTS: lambda texts: (map(_text, texts), ()),
    Takes.URIS: lambda texts: (map(_text, texts), ()),
    Takes.MEASUREMENTS: lambda texts: (map(measurement, map(_text, texts)), ()),
    Takes.IDENTITIES: _identities,
    Takes.EPCS: _matched(read_epc),
    Takes.CLASSES: _matched(read_class),
    Takes.NUMBER: lambda texts: (map(_number, texts), ()),
    Takes.NUMBERS: lambda texts: (map(_number, texts), ()),
    Takes.BOOLEAN: lambda texts: (map(_boolean, texts), ()),
    Takes.LITERAL: _literals,
    Takes.LITERALS: _literals,
}
_ONE: Final = frozenset({Takes.TIME, Takes.NUMBER, Takes.BOOLEAN, Takes.LITERAL})
_SINGLE: Final = {Takes.NUMBERS: Takes.NUMBER, Takes.LITERALS: Takes.LITERAL}
_TYPED: Final = {
    Subject.TRANSACTION: "btt",
    Subject.SOURCE: "sdt",
    Subject.DESTINATION: "sdt",
}
