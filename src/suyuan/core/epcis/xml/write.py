"""Write events, as the JSON-LD form has them, as EPCIS XML 2.0 or 1.2.

Owns: order, wrappers, spellings and namespaces of what is written.
Does not own: which form identifiers have; the caller translates them first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES
from suyuan.core.epcis.vocabulary import (
    MASTERDATA_ATTRIBUTE,
    SENSOR_WORDS,
    SPELLINGS,
    STANDARD_PREFIXES,
    STANDARD_WORDS,
    TYPED_LISTS,
    WORDS,
)
from suyuan.core.epcis.xml import names
from suyuan.core.epcis.xml.values import escaped, number_text, quoted, text, write_value

_PREFIX: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_OWN: Final = "urn:suyuan:prefix:"  # for a prefix whose meaning no context tells
_RESERVED: Final = frozenset({"xml", "xmlns", "xsi", "xsd", "epcis", "epcisq"})


class XmlVersion(StrEnum):
    """Which XML."""

    V1_2 = "1.2"
    V2_0 = "2.0"


type Context = Mapping[str, str]
"""What each prefix of an event's names means."""


def write_xml(
    events: Sequence[tuple[Mapping[str, Any], Context]],
    *,
    version: XmlVersion,
    created: str,
    query: str | None = None,
    subscription: str | None = None,
    web_uris: bool = False,
) -> bytes:
    """Return a document of events.

    Args:
        events: Each with the meaning of its prefixes.
        version: 2.0 or 1.2.
        created: The document's time, ISO 8601.
        query: Name of the query that it answers; None makes an EPCISDocument.
        subscription: The subscription for which the query was run.
        web_uris: 2.0's Web URIs for standard words rather than URNs; 1.2 knows URNs alone.
    """
    scope = _Scope()
    body: list[str] = []
    for event, context in events:
        _EventWriter(body, scope, context, version, web_uris=web_uris).write(event)
    return "".join(_document(body, scope, version, created, query, subscription)).encode()


def write_results(
    events: Sequence[tuple[Mapping[str, Any], Context]],
    *,
    version: XmlVersion,
    query: str,
    subscription: str | None = None,
) -> str:
    """Return the results of a query as an element by itself, as a SOAP message holds them."""
    scope = _Scope()
    body: list[str] = []
    for event, context in events:
        _EventWriter(body, scope, context, version, web_uris=False).write(event)
    own = _declared(scope, version, queried=True)
    return "".join(_results(body, query, subscription, attributes=own))


def _document(
    body: list[str],
    scope: _Scope,
    version: XmlVersion,
    created: str,
    query: str | None,
    subscription: str | None,
) -> Iterator[str]:
    kind = "epcis:EPCISDocument" if query is None else "epcisq:EPCISQueryDocument"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f"<{kind}{_declared(scope, version, queried=query is not None)}"
        f' schemaVersion="{version.value}" creationDate={quoted(created)}><EPCISBody>'
    )
    if query is None:
        yield "<EventList>"
        yield from body
        yield "</EventList>"
    else:
        yield from _results(body, query, subscription)
    yield f"</EPCISBody></{kind}>"


def _declared(scope: _Scope, version: XmlVersion, *, queried: bool) -> str:
    """Return the declarations of all prefixes that are used."""
    old = version is XmlVersion.V1_2
    spaces = {"epcis": names.NAMESPACE_1 if old else names.NAMESPACE_2}
    if queried:
        spaces["epcisq"] = names.QUERY_1 if old else names.QUERY_2
    spaces |= {"xsi": names.XSI, "xsd": names.XSD, **scope.declared}
    return "".join(f" xmlns:{prefix}={quoted(uri)}" for prefix, uri in spaces.items())


def _results(
    body: list[str], query: str, subscription: str | None, *, attributes: str = ""
) -> Iterator[str]:
    yield f"<epcisq:QueryResults{attributes}><queryName>{text(query)}</queryName>"
    if subscription is not None:
        yield f"<subscriptionID>{text(subscription)}</subscriptionID>"
    yield "<resultsBody><EventList>"
    yield from body
    yield "</EventList></resultsBody></epcisq:QueryResults>"


class _Scope:
    """The prefixes that the root declares: one meaning each, over all events."""

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self._of: dict[str, str] = {}

    def prefix(self, wanted: str, namespace: str) -> str:
        """Return the prefix of a namespace: the wanted one if it is free."""
        known = self._of.get(namespace)
        if known is not None:
            return known
        stem = wanted if _PREFIX.fullmatch(wanted) else "ext"
        prefix, number = stem, 1
        while prefix in self.declared or prefix.lower() in _RESERVED:
            number += 1
            prefix = f"{stem}{number}"
        self.declared[prefix] = namespace
        self._of[namespace] = prefix
        return prefix


class _EventWriter:
    """Writes one event."""

    def __init__(
        self,
        out: list[str],
        scope: _Scope,
        context: Context,
        version: XmlVersion,
        *,
        web_uris: bool,
    ) -> None:
        self._out = out
        self._scope = scope
        self._context = context
        self._old = version is XmlVersion.V1_2
        self._spelling = 1 if web_uris and not self._old else 0

    def write(self, event: Mapping[str, Any]) -> None:
        kind = event["type"]
        out = self._out
        depth = names.WRAPPED_IN_1.get(kind, 0) if self._old else 0
        attributes = "".join(
            f" {self.name(name[1:])}={quoted(given)}"
            for name, given in event.items()
            if name.startswith("@") and name != "@context"
        )
        out.append(f"{'<extension>' * depth}<{kind}{attributes}>")
        self._base(event)
        self._fields(kind, event)
        self._extensions(event, names.ORDER[kind])
        out.append(f"</{kind}>{'</extension>' * depth}")

    def _base(self, event: Mapping[str, Any]) -> None:
        for name in names.BASE[:3]:
            if event.get(name):
                self._out.append(f"<{name}>{text(event[name])}</{name}>")
        late = [name for name in ("eventID", "errorDeclaration") if event.get(name) is not None]
        if self._old and late:
            self._out.append("<baseExtension>")
        for name in late:
            self._field(name, event[name])
        if self._old and late:
            self._out.append("</baseExtension>")
        certificates = _listed(event.get("certificationInfo"))
        if certificates and not self._old:
            self._out.append(f"<certificationInfo>{text(certificates[0])}</certificationInfo>")

    def _fields(self, kind: str, event: Mapping[str, Any]) -> None:
        extended = names.EXTENDED_IN_1[kind] if self._old else ()
        late = names.NEW_IN_2 if self._old else frozenset()
        for name in names.ORDER[kind]:
            if name in extended or name in late:
                continue
            if name in event:
                self._field(name, event[name])
            elif self._old and names.REQUIRED_IN_1.get(kind) == name:
                self._out.append(f"<{name}/>")
        inner = [name for name in extended if event.get(name)]
        if inner:
            self._out.append("<extension>")
            for name in inner:
                self._field(name, event[name])
            self._out.append("</extension>")

    def _extensions(self, event: Mapping[str, Any], order: Sequence[str]) -> None:
        known = {"type", "@context", *names.BASE, *order}
        for name, value in event.items():
            if name not in known and not name.startswith("@"):
                write_value(self._out, self.name(name), value, self.name)
        certificates = _listed(event.get("certificationInfo"))
        # 2.0's schema has room for one.
        for certificate in certificates if self._old else certificates[1:]:
            tag = f"{self._new_prefix()}:certificationInfo"
            self._out.append(f"<{tag}>{text(certificate)}</{tag}>")
        if self._old:
            for name in ("sensorElementList", "persistentDisposition"):
                if event.get(name):
                    self._field(name, event[name], tag=f"{self._new_prefix()}:{name}")

    def _new_prefix(self) -> str:
        """Return the prefix of 2.0's namespace, for what this version has no place for."""
        return self._scope.prefix("epcis2", names.NAMESPACE_2)

    def name(self, name: str) -> str:
        """Return the qualified XML name of a JSON name."""
        if name.startswith("xsi:"):
            return name
        prefix, colon, local = name.partition(":")
        if not colon:
            return escaped(name)
        if local.startswith("//") or prefix == "urn":
            cut = max(name.rfind("/"), name.rfind("#"), name.rfind(":")) + 1
            return f"{self._scope.prefix('ext', name[:cut])}:{escaped(name[cut:])}"
        namespace = self._context.get(prefix) or STANDARD_PREFIXES.get(prefix)
        if namespace == MASTERDATA_ATTRIBUTE + ":":
            namespace = MASTERDATA_ATTRIBUTE
        return f"{self._scope.prefix(prefix, namespace or _OWN + prefix)}:{escaped(local)}"

    def word(self, vocabulary: str, given: str) -> str:
        """Spell a standard word as a URI; others are URIs already."""
        if given in STANDARD_WORDS[vocabulary]:
            return SPELLINGS[vocabulary][self._spelling] + given
        return given

    def _field(self, name: str, value: Any, *, tag: str = "") -> None:
        _WRITERS[name](self, tag or name, value)

    def simple(self, tag: str, value: Any) -> None:
        if value not in ("", None):
            self._out.append(f"<{tag}>{text(value)}</{tag}>")

    def standard_word(self, tag: str, value: Any) -> None:
        self.simple(tag, value and self.word(WORDS[tag], value))

    def epcs(self, tag: str, value: Any) -> None:
        inner = "</epc><epc>".join(map(text, value))
        self._out.append(f"<{tag}><epc>{inner}</epc></{tag}>" if value else f"<{tag}/>")

    def quantities(self, tag: str, value: Any) -> None:
        self._out.append(f"<{tag}>")
        for one in value:
            parts = [f"<epcClass>{text(one['epcClass'])}</epcClass>"]
            if "quantity" in one:
                parts.append(f"<quantity>{_decimal(one['quantity'])}</quantity>")
            elif "uom" in one:
                parts.append('<quantity xsi:nil="true"/>')
            if "uom" in one:
                parts.append(f"<uom>{text(one['uom'])}</uom>")
            self._out.append(f"<quantityElement>{''.join(parts)}</quantityElement>")
        self._out.append(f"</{tag}>")

    def place(self, tag: str, value: Any) -> None:
        self._out.append(f"<{tag}><id>{text(value['id'])}</id>")
        self._others(value, {"id"})
        self._out.append(f"</{tag}>")

    def typed_list(self, tag: str, value: Any) -> None:
        name, vocabulary = TYPED_LISTS[tag]
        if not value:
            return
        self._out.append(f"<{tag}>")
        for one in value:
            kind = f" type={quoted(self.word(vocabulary, one['type']))}" if one.get("type") else ""
            self._out.append(f"<{name}{kind}>{text(one[name])}</{name}>")
        self._out.append(f"</{tag}>")

    def persistent(self, tag: str, value: Any) -> None:
        self._out.append(f"<{tag}>")
        for name in ("unset", "set"):
            for one in value.get(name, ()):
                self._out.append(f"<{name}>{text(self.word('disp', one))}</{name}>")
        self._out.append(f"</{tag}>")

    def ilmd(self, tag: str, value: Any) -> None:
        self._out.append(f"<{tag}>")
        self._others(value, set())
        self._out.append(f"</{tag}>")

    def error(self, tag: str, value: Any) -> None:
        self._out.append(
            f"<{tag}><declarationTime>{text(value['declarationTime'])}</declarationTime>"
        )
        if value.get("reason"):
            self._out.append(f"<reason>{text(self.word('er', value['reason']))}</reason>")
        if value.get("correctiveEventIDs"):
            inner = "</correctiveEventID><correctiveEventID>".join(
                map(text, value["correctiveEventIDs"])
            )
            self._out.append(
                f"<correctiveEventIDs><correctiveEventID>{inner}</correctiveEventID>"
                "</correctiveEventIDs>"
            )
        self._others(value, {"declarationTime", "reason", "correctiveEventIDs"})
        self._out.append(f"</{tag}>")

    def sensors(self, tag: str, value: Any) -> None:
        self._out.append(f"<{tag}>")
        for one in value:
            self._out.append("<sensorElement>")
            if one.get("sensorMetadata"):
                self._out.append(f"<sensorMetadata{self._attributes(one['sensorMetadata'])}/>")
            for report in one.get("sensorReport", ()):
                self._out.append(f"<sensorReport{self._attributes(report)}/>")
            self._others(one, {"sensorMetadata", "sensorReport"})
            self._out.append("</sensorElement>")
        self._out.append(f"</{tag}>")

    def _attributes(self, values: Mapping[str, Any]) -> str:
        out = []
        for name, value in values.items():
            given = value
            if isinstance(value, bool):
                given = str(value).lower()
            elif isinstance(value, int | float):
                given = number_text(value)
            elif name in SENSOR_WORDS and ":" not in str(value):
                given = SENSOR_WORDS[name] + value
            tag = name if name in names.SENSOR_ATTRIBUTES else self.name(name)
            out.append(f" {tag}={quoted(given)}")
        return "".join(out)

    def _others(self, value: Mapping[str, Any], known: set[str]) -> None:
        for name, given in value.items():
            if name not in known and not name.startswith("@"):
                write_value(self._out, self.name(name), given, self.name)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _decimal(value: float) -> str:
    """Return an `xsd:decimal`, which knows no exponent."""
    shown = repr(value)
    if "e" not in shown:
        return shown
    return f"{value:.20f}".rstrip("0").rstrip(".")


type Writer = Callable[[_EventWriter, str, Any], None]

_WRITERS: Final[Mapping[str, Writer]] = {
    **dict.fromkeys(names.TEXTS, _EventWriter.simple),
    **dict.fromkeys(WORDS, _EventWriter.standard_word),
    **dict.fromkeys(LIST_ROLES, _EventWriter.epcs),
    **dict.fromkeys(QUANTITY_ROLES, _EventWriter.quantities),
    **dict.fromkeys(names.PLACES, _EventWriter.place),
    **dict.fromkeys(TYPED_LISTS, _EventWriter.typed_list),
    "errorDeclaration": _EventWriter.error,
    "persistentDisposition": _EventWriter.persistent,
    "sensorElementList": _EventWriter.sensors,
    "ilmd": _EventWriter.ilmd,
}
