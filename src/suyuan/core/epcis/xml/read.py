"""Read EPCIS XML, 2.0 or 1.2, into the JSON-LD form.

Owns: which elements stand where, the faults of what is no EPCIS XML.
Does not own: whether the events are right; that is for `core.epcis.read`, as for JSON.
Invariant: nothing outside the document is opened, no entity is expanded, depth is bounded by the
parser (256), and each event's tree is thrown away as soon as it has been read.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree

from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.vocabulary import bare_word
from suyuan.core.epcis.xml import names
from suyuan.core.epcis.xml.values import Prefixes, add, read_value

_WRAPPERS: Final = frozenset({"extension", "baseExtension"})
_IN_2: Final = f"{{{names.NAMESPACE_2}}}"
_ROOTS: Final = {
    f"{{{names.NAMESPACE_2}}}EPCISDocument": "EPCISDocument",
    f"{{{names.NAMESPACE_1}}}EPCISDocument": "EPCISDocument",
    f"{{{names.QUERY_2}}}EPCISQueryDocument": "EPCISQueryDocument",
    f"{{{names.QUERY_1}}}EPCISQueryDocument": "EPCISQueryDocument",
}
_TAGS: Final = frozenset(names.EVENTS | {names.QUANTITY_EVENT}) | {
    _IN_2 + name for name in names.EVENTS
}


type EventFaults = dict[int, list[Fault]]
"""Faults by the event's position; places are relative to the event, in its JSON-LD form."""


def read_xml(body: bytes) -> tuple[dict[str, Any], EventFaults]:
    """Return an EPCISDocument or EPCISQueryDocument as JSON-LD has it, and its events' faults.

    Raises:
        DocumentError: `xml_malformed`, `xml_doctype`, `xml_root` or `schema_version`: the document
            itself is not one.
    """
    return _DocumentReader().read(body)


class _DocumentReader:
    """Reads one document."""

    def __init__(self) -> None:
        self._prefixes = Prefixes()
        self._events: list[dict[str, Any]] = []
        self._document: dict[str, Any] = {}
        self._faults: EventFaults = {}

    def read(self, body: bytes) -> tuple[dict[str, Any], EventFaults]:
        try:
            self._walk(body)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            data = {"detail": shown(error.msg), "line": str(line), "column": str(column)}
            raise DocumentError([Fault("xml_malformed", f"line {line}", data)]) from None
        return self._assembled(), self._faults

    def _walk(self, body: bytes) -> None:
        context = etree.iterparse(
            io.BytesIO(body),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        depth = 0
        for action, element in context:
            if action == "start":
                if depth == 0:
                    self._open(element)
                depth += 1
                continue
            depth -= 1
            if element.tag in _TAGS and _in_event_list(element):
                self._event(element)
                element.clear()
            elif element.tag == "EPCISMasterData":
                self._document.setdefault("epcisHeader", {})["epcisMasterData"] = _master_data(
                    element, self._prefixes
                )
            elif element.tag in {"queryName", "subscriptionID"} and depth == 3:
                self._document[element.tag] = (element.text or "").strip()

    def _open(self, root: Any) -> None:
        doctype = root.getroottree().docinfo.internalDTD
        if doctype is not None and (any(True for _ in doctype.entities()) or doctype.system_url):
            raise DocumentError([Fault("xml_doctype", "")])
        kind = _ROOTS.get(root.tag)
        if kind is None:
            raise DocumentError([Fault("xml_root", "", {"given": shown(root.tag)})])
        self._document["type"] = kind
        version = root.get("schemaVersion", "")
        self._document["sourceVersion"] = version
        if (created := root.get("creationDate")) is not None:
            self._document["creationDate"] = created

    def _event(self, element: Any) -> None:
        reader = EventReader(self._prefixes, old=self._document["sourceVersion"][:1] == "1")
        event = reader.read(element)
        if reader.faults:
            self._faults[len(self._events)] = reader.faults
        self._events.append(event)

    def _assembled(self) -> dict[str, Any]:
        document = self._document
        version = document.pop("sourceVersion")
        if version not in {"1", "1.0", "1.1", "1.2", "2.0", "2", "2.0.0", "2.0.1"}:
            raise DocumentError(
                [Fault("schema_version", "/@schemaVersion", {"given": shown(version)})]
            )
        context: list[Any] = [names.CONTEXT]
        if self._prefixes.declared:
            context.append(dict(self._prefixes.declared))
        listed: dict[str, Any] = {"eventList": self._events}
        if document["type"] == "EPCISQueryDocument":
            results: dict[str, Any] = {"resultsBody": listed}
            for name in ("subscriptionID", "queryName"):
                if name in document:
                    results[name] = document.pop(name)
            listed = {"queryResults": results}
        document.pop("queryName", None)
        document.pop("subscriptionID", None)
        return {"@context": context, **document, "schemaVersion": "2.0", "epcisBody": listed}


def _in_event_list(element: Any) -> bool:
    """Tell whether an event stands in an event list, be it in an `extension` of it."""
    parent = element.getparent()
    while parent is not None and parent.tag == "extension":
        parent = parent.getparent()
    return parent is not None and parent.tag == "EventList"


class EventReader:
    """Reads one event's element into the JSON-LD form."""

    def __init__(self, prefixes: Prefixes, *, old: bool) -> None:
        """Share the document's prefixes; `old` says that it is of EPCIS 1."""
        self.faults: list[Fault] = []
        self._old = old
        self._prefixes = prefixes

    def read(self, element: Any) -> dict[str, Any]:
        """Return the event."""
        kind = str(element.tag).rpartition("}")[2]
        event: dict[str, Any] = {"type": kind}
        for name, given in element.attrib.items():
            event["@" + self._prefixes.name(name, element.nsmap)] = given
        self._fields(element, event)
        required = names.REQUIRED_IN_1.get(kind, "")
        if self._old and event.get(required) == []:
            del event[required]  # 1.2 demands the list, be it empty
        return _quantity_event(event) if kind == names.QUANTITY_EVENT else event

    def _fields(self, element: Any, event: dict[str, Any]) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            if tag in _WRAPPERS:
                self._fields(child, event)
                continue
            if tag.startswith(_IN_2):
                tag = tag[len(_IN_2) :]
            elif tag[0] == "{":
                add(event, self._prefixes.name(tag, child.nsmap), read_value(child, self._prefixes))
                continue
            self._field(tag, child, event)

    def _field(self, tag: str, child: Any, event: dict[str, Any]) -> None:
        reader = _READERS.get(tag)
        if reader is None:
            self.faults.append(Fault("field_unknown", f"/{tag}", {"field": shown(tag)}))
        elif tag in event and tag != "certificationInfo":
            self.faults.append(Fault("field_repeated", f"/{tag}", {"field": shown(tag)}))
        else:
            value = reader(child, self, tag)
            if value is not None:
                add(event, tag, value)

    def value(self, element: Any) -> Any:
        """Return an extension element's value."""
        return read_value(element, self._prefixes)

    def extensions(self, element: Any, known: frozenset[str], into: dict[str, Any]) -> None:
        """Add what an element has beside its known parts."""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in known:
                continue
            if tag == "extension":
                self.extensions(child, known, into)
            else:
                add(into, self._prefixes.name(tag, child.nsmap), self.value(child))

    def attribute(self, name: str, element: Any) -> str:
        """Return an attribute's JSON name."""
        return self._prefixes.name(name, element.nsmap)


type Reader = Callable[[Any, EventReader, str], Any]


def _stripped(element: Any) -> str:
    return (element.text or "").strip()


def _text(element: Any, _reader: EventReader, _tag: str) -> Any:
    return _stripped(element) or None


def _word(element: Any, _reader: EventReader, tag: str) -> Any:
    return bare_word(names.WORDS[tag], _stripped(element)) or None


def _epcs(element: Any, reader: EventReader, tag: str) -> Any:
    for child in element:
        if child.tag != "epc":
            reader.faults.append(Fault("field_unknown", f"/{tag}", {"field": shown(child.tag)}))
    return [_stripped(child) for child in element]


def _number(text: str) -> Any:
    """Return a number; what is none stays text, for the reader of values to refuse."""
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


def _quantities(element: Any, reader: EventReader, tag: str) -> Any:
    found: list[dict[str, Any]] = []
    for child in element:
        one: dict[str, Any] = {}
        for part in child:
            if part.tag == "quantity":
                if part.get(f"{{{names.XSI}}}nil") not in {"true", "1"}:
                    one["quantity"] = _number(_stripped(part))
            elif part.tag in {"epcClass", "uom"}:
                one[part.tag] = _stripped(part)
            else:
                reader.faults.append(
                    Fault("field_unknown", f"/{tag}/{len(found)}", {"field": shown(part.tag)})
                )
        found.append(one)
    return found


def _place(element: Any, reader: EventReader, _tag: str) -> Any:
    place: dict[str, Any] = {
        "id": _stripped(element.find("id")) if element.find("id") is not None else ""
    }
    reader.extensions(element, frozenset({"id"}), place)
    return place


def _typed_list(element: Any, _reader: EventReader, tag: str) -> Any:
    name, vocabulary = names.TYPED_LISTS[tag]
    found = []
    for child in element:
        one = {name: _stripped(child)}
        if (kind := child.get("type")) is not None:
            one = {"type": bare_word(vocabulary, kind.strip()), **one}
        found.append(one)
    return found


def _persistent(element: Any, _reader: EventReader, _tag: str) -> Any:
    found: dict[str, list[str]] = {}
    for child in element:
        found.setdefault(str(child.tag), []).append(bare_word("disp", _stripped(child)))
    return found


def _ilmd(element: Any, reader: EventReader, _tag: str) -> Any:
    value: dict[str, Any] = {}
    reader.extensions(element, frozenset(), value)
    return value or None


def _error(element: Any, reader: EventReader, _tag: str) -> Any:
    value: dict[str, Any] = {}
    for child in element:
        match child.tag:
            case "declarationTime":
                value["declarationTime"] = _stripped(child)
            case "reason":
                value["reason"] = bare_word("er", _stripped(child))
            case "correctiveEventIDs":
                value["correctiveEventIDs"] = [_stripped(one) for one in child]
            case _:
                pass
    known = frozenset({"declarationTime", "reason", "correctiveEventIDs"})
    reader.extensions(element, known, value)
    return value


def _sensors(element: Any, reader: EventReader, tag: str) -> Any:
    found: list[dict[str, Any]] = []
    known = frozenset({"sensorMetadata", "sensorReport"})
    for child in element:
        if child.tag != "sensorElement":
            reader.faults.append(Fault("field_unknown", f"/{tag}", {"field": shown(child.tag)}))
            continue
        one: dict[str, Any] = {}
        metadata = child.find("sensorMetadata")
        if metadata is not None:
            one["sensorMetadata"] = _sensor_attributes(metadata, reader)
        one["sensorReport"] = [
            _sensor_attributes(report, reader) for report in child.findall("sensorReport")
        ]
        reader.extensions(child, known, one)
        found.append(one)
    return found


def _sensor_attributes(element: Any, reader: EventReader) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, given in element.attrib.items():
        if name in names.SENSOR_NUMBERS:
            value[name] = _number(given.strip())
        elif name == "booleanValue":
            value[name] = _BOOLEANS.get(given.strip(), given)
        elif name in names.SENSOR_WORDS:
            value[name] = given.removeprefix(names.SENSOR_WORDS[name])
        elif name in names.SENSOR_ATTRIBUTES:
            value[name] = given
        else:
            value[reader.attribute(name, element)] = given
    return value


_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}


def _quantity_event(event: dict[str, Any]) -> dict[str, Any]:
    """Return 1.0's event about a quantity as what took its place (EPCIS 1.2 §7.4.4)."""
    amount = {"epcClass": event.pop("epcClass", ""), "quantity": event.pop("quantity", 0)}
    return {**event, "type": "ObjectEvent", "action": "OBSERVE", "quantityList": [amount]}


def _amount(element: Any, _reader: EventReader, _tag: str) -> Any:
    return _number(_stripped(element))


_READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(names.TEXTS, _text),
    **dict.fromkeys(names.WORDS, _word),
    **dict.fromkeys(names.EPC_LISTS, _epcs),
    **dict.fromkeys(names.QUANTITY_LISTS, _quantities),
    **dict.fromkeys(names.PLACES, _place),
    **dict.fromkeys(names.TYPED_LISTS, _typed_list),
    "certificationInfo": _text,
    "errorDeclaration": _error,
    "persistentDisposition": _persistent,
    "sensorElementList": _sensors,
    "ilmd": _ilmd,
    "epcClass": _text,
    "quantity": _amount,
}


def _master_data(element: Any, prefixes: Prefixes) -> dict[str, Any]:
    """Return a header's master data as JSON-LD has it (EPCIS 2.0 §10.3)."""
    return {"vocabularyList": [_vocabulary(one, prefixes) for one in element.iter("Vocabulary")]}


def _vocabulary(element: Any, prefixes: Prefixes) -> dict[str, Any]:
    return {
        "type": element.get("type", ""),
        "vocabularyElementList": [
            _vocabulary_element(one, prefixes) for one in element.iter("VocabularyElement")
        ],
    }


def _vocabulary_element(element: Any, prefixes: Prefixes) -> dict[str, Any]:
    found: dict[str, Any] = {"id": element.get("id", "")}
    attributes = [
        {"id": one.get("id", ""), "attribute": _attribute_value(one, prefixes)}
        for one in element.findall("attribute")
    ]
    if attributes:
        found["attributes"] = attributes
    children = element.find("children")
    if children is not None:
        found["children"] = [_stripped(one) for one in children]
    return found


def _attribute_value(element: Any, prefixes: Prefixes) -> Any:
    if not len(element):
        return element.text or ""
    value: dict[str, Any] = {}
    for child in element:
        add(value, prefixes.name(child.tag, child.nsmap), read_value(child, prefixes))
    return value
