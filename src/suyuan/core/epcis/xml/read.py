"""Read EPCIS XML, 2.0 or 1.2, into the JSON-LD form.

Owns: which elements stand where around the events, the faults of what is no EPCIS XML.
Does not own: one event (events), whether events are right (`core.epcis.read`, as for JSON).
Invariant: nothing outside the document is opened, no entity is expanded, depth is bounded by the
parser (256), and each event's tree is thrown away as soon as it has been read.
"""

from __future__ import annotations

import io
import re
from typing import Any, Final

from lxml import etree

from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.core.epcis.xml import names
from suyuan.core.epcis.xml.events import IN_2, EventReader
from suyuan.core.epcis.xml.header import read_header
from suyuan.core.epcis.xml.values import Prefixes

_VERSIONS: Final = {
    names.NAMESPACE_2: frozenset({"2", "2.0", "2.0.0", "2.0.1"}),
    names.NAMESPACE_1: frozenset({"1", "1.0", "1.1", "1.2"}),
}
# Root → (JSON's name of it, the namespace that tells the version).
_ROOTS: Final = {
    f"{{{names.NAMESPACE_2}}}EPCISDocument": ("EPCISDocument", names.NAMESPACE_2),
    f"{{{names.NAMESPACE_1}}}EPCISDocument": ("EPCISDocument", names.NAMESPACE_1),
    f"{{{names.QUERY_2}}}EPCISQueryDocument": ("EPCISQueryDocument", names.NAMESPACE_2),
    f"{{{names.QUERY_1}}}EPCISQueryDocument": ("EPCISQueryDocument", names.NAMESPACE_1),
}
_EVENTS: Final = frozenset(names.EVENTS | {names.QUANTITY_EVENT}) | {
    IN_2 + name for name in names.EVENTS
}
_BARE_DOCTYPE: Final = re.compile(r"\ufeff?(<\?xml[^>]*\?>)?\s*<!DOCTYPE\s+[\w:.\-]+\s*>")
_IN_BODY: Final = ("EventList",)
_IN_RESULTS: Final = ("queryName", "subscriptionID", "resultsBody")
_HEADS: Final = frozenset({"EPCISHeader", "EPCISBody"})


type EventFaults = dict[int, list[Fault]]
"""Faults by the event's position; places are relative to the event, in its JSON-LD form."""


def read_xml(body: bytes) -> tuple[dict[str, Any], EventFaults]:
    """Return an EPCISDocument or EPCISQueryDocument as JSON-LD has it, and its events' faults.

    Raises:
        DocumentError: `xml_malformed`, `xml_doctype`, `xml_root`, `schema_version`,
            `field_unknown`, `field_repeated`, `field_order`: the document itself is not one.
    """
    return _DocumentReader(body).read()


class _DocumentReader:
    """Reads one document."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._prefixes = Prefixes()
        self._read: list[tuple[dict[str, Any], list[Fault]]] = []
        self._document: dict[str, Any] = {}
        self._old = False
        self._faults: list[Fault] = []

    def read(self) -> tuple[dict[str, Any], EventFaults]:
        try:
            root = self._walk()
        except etree.XMLSyntaxError as error:
            line, column = error.position
            data = {"detail": shown(error.msg), "line": str(line), "column": str(column)}
            raise DocumentError([Fault("xml_malformed", f"line {line}", data)]) from None
        read = self._assembled(root)
        if self._faults:
            raise DocumentError(self._faults)
        return read

    def _walk(self) -> Any:
        """Read the events as they come; return the root, without them."""
        context = etree.iterparse(
            io.BytesIO(self._body),
            events=("start", "end"),
            tag=(*_ROOTS, *_EVENTS),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for action, element in context:
            if action == "start":
                if element.getparent() is None:
                    self._open(element)
            elif _in_event_list(element):
                reader = EventReader(self._prefixes, old=self._old)
                event = reader.read(element)
                element.clear()
                element.set("at", str(len(self._read)))
                self._read.append((event, reader.faults))
        root = context.root
        if not self._document:
            self._open(root)
        return root

    def _open(self, root: Any) -> None:
        info = root.getroottree().docinfo
        if info.internalDTD is not None and not _is_bare_doctype(self._body, info.encoding):
            raise DocumentError([Fault("xml_doctype", "")])
        if root.tag not in _ROOTS:
            raise DocumentError([Fault("xml_root", "", {"given": shown(root.tag)})])
        kind, namespace = _ROOTS[root.tag]
        version = root.get("schemaVersion", "")
        if version not in _VERSIONS[namespace]:
            data = {"given": shown(version)}
            raise DocumentError([Fault("schema_version", "/@schemaVersion", data)])
        self._old = namespace == names.NAMESPACE_1
        self._document["type"] = kind
        if (created := root.get("creationDate")) is not None:
            self._document["creationDate"] = created.strip()

    def _assembled(self, root: Any) -> tuple[dict[str, Any], EventFaults]:
        document = self._document
        is_query = document["type"] == "EPCISQueryDocument"
        parts = self._parts(root, "", ("EPCISHeader", "EPCISBody"))
        if (header := parts.get("EPCISHeader")) is not None and len(header):
            document["epcisHeader"] = read_header(header, self._prefixes)
        inner, place = parts.get("EPCISBody"), "/epcisBody"
        results: dict[str, Any] = {}
        if is_query and inner is not None:
            query = names.QUERY_1 if self._old else names.QUERY_2
            tag = f"{{{query}}}QueryResults"
            inner, place = self._parts(inner, place, (tag,)).get(tag), f"{place}/queryResults"
            told = {} if inner is None else self._parts(inner, place, _IN_RESULTS)
            for name in ("queryName", "subscriptionID"):
                if name in told:
                    results[name] = (told[name].text or "").strip()
            inner, place = told.get("resultsBody"), f"{place}/resultsBody"
        listed = None if inner is None else self._parts(inner, place, _IN_BODY).get("EventList")
        events, faults = self._events(listed)
        body: dict[str, Any] = {"eventList": events}
        if is_query:
            body = {"queryResults": {**results, "resultsBody": body}}
        context: list[Any] = [CONTEXT]
        if self._prefixes.declared:
            context.append(dict(self._prefixes.declared))
        whole = {"@context": context, **document, "schemaVersion": "2.0", "epcisBody": body}
        return whole, faults

    def _parts(self, element: Any, place: str, known: tuple[str, ...]) -> dict[str, Any]:
        """Return an element's known children, each once and in order; others have a namespace."""
        found: dict[str, Any] = {}
        last = -1
        for child in element:
            tag = child.tag
            here = f"{place}/{tag.rpartition('}')[2]}"
            if tag not in known:
                if tag != "extension" and tag[0] != "{":
                    self._faults.append(Fault("field_unknown", here, {"field": shown(tag)}))
                continue
            rank = known.index(tag)
            if rank <= last:
                code = "field_repeated" if tag in found else "field_order"
                self._faults.append(Fault(code, here, {"field": shown(tag)}))
            last = max(last, rank)
            found[tag] = child
        return found

    def _events(self, listed: Any) -> tuple[list[dict[str, Any]], EventFaults]:
        """Put the events in their places, and what is none between them."""
        events: list[dict[str, Any]] = []
        faults: EventFaults = {}
        for element in () if listed is None else _members(listed):
            if element.tag in _EVENTS:
                event, found = self._read[int(element.get("at"))]
                if found:
                    faults[len(events)] = found
                events.append(event)
            else:
                events.append({"type": element.tag})  # for the reader of events to refuse
        return events, faults


def _members(listed: Any) -> Any:
    """Yield what stands in an event list, be it in an `extension` of it."""
    for child in listed:
        if child.tag == "extension":
            yield from _members(child)
        else:
            yield child


def _is_bare_doctype(body: bytes, encoding: str | None) -> bool:
    """Tell whether a document type is but a name, as in GS1's examples: nothing to expand."""
    head = body[:1_000].decode(encoding or "UTF-8", "ignore")
    return _BARE_DOCTYPE.match(head) is not None


def _in_event_list(element: Any) -> bool:
    """Tell whether an event stands in the event list, be it in an `extension` of it."""
    parent = element.getparent()
    while parent is not None and parent.tag == "extension":
        parent = parent.getparent()
    if parent is None or parent.tag != "EventList":
        return False
    above = parent.getparent()
    return above is not None and above.tag in {"EPCISBody", "resultsBody"}
