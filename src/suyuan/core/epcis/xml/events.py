"""Read one event's element into the JSON-LD form.

Owns: which elements an event may have, in which order (EPCIS 2.0 §9.5, EPCIS 1.2 §9.5).
Does not own: whether the event is right; that is for `core.epcis.read`, as for JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from suyuan.core.epcis.errors import Fault, shown
from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES
from suyuan.core.epcis.vocabulary import SENSOR_WORDS, TYPED_LISTS, WORDS, bare_word
from suyuan.core.epcis.xml import names
from suyuan.core.epcis.xml.values import Prefixes, add, read_value

IN_2: Final = f"{{{names.NAMESPACE_2}}}"
_WRAPPERS: Final = frozenset({"extension", "baseExtension"})
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_between: Final = etree.XPath("text()", smart_strings=False)
_DOUBLE: Final = re.compile(_DECIMAL.pattern + r"(?:[eE][+-]?[0-9]+)?")


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
        self._fields(element, event, _RANKS[kind])
        required = names.REQUIRED_IN_1.get(kind, "")
        if self._old and event.get(required) == []:
            del event[required]  # 1.2 demands the list, be it empty
        return _quantity_event(event) if kind == names.QUANTITY_EVENT else event

    def _fields(self, element: Any, event: dict[str, Any], ranks: Mapping[str, int]) -> None:
        last = -1
        self.check_text(element, "")
        for child in element:
            tag = child.tag
            rank = ranks.get(tag, _LAST)
            if rank < last:
                self.faults.append(Fault("field_order", f"/{tag}", {"field": tag}))
            last = rank
            if tag in _WRAPPERS:
                self._fields(child, event, ranks)
                continue
            if tag.startswith(IN_2):
                tag = tag[len(IN_2) :]
            elif tag[0] == "{":
                add(event, self._prefixes.name(tag, child.nsmap), read_value(child, self._prefixes))
                continue
            self._field(tag, child, event)

    def check_text(self, element: Any, place: str) -> None:
        """Text has no place between elements."""
        if not all(map(str.isspace, _between(element))):
            self.faults.append(Fault("text_unexpected", place))

    def leaf(self, element: Any, place: str) -> str:
        """Return the text of an element that has nothing but text."""
        if len(element):
            self.faults.append(Fault("field_unknown", place, {"field": shown(element[0].tag)}))
        return (element.text or "").strip()

    def members(self, element: Any, tag: str, names: Sequence[str]) -> Iterator[Any]:
        """Yield the children of a list, or of an object of which each child stands once."""
        self.check_text(element, f"/{tag}")
        for child in element:
            if child.tag in names:
                yield child
            else:
                data = {"field": shown(child.tag)}
                self.faults.append(Fault("field_unknown", f"/{tag}", data))

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
            if tag in known:
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


def _text(element: Any, reader: EventReader, tag: str) -> Any:
    return reader.leaf(element, f"/{tag}") or None


def _word(element: Any, reader: EventReader, tag: str) -> Any:
    return bare_word(WORDS[tag], reader.leaf(element, f"/{tag}")) or None


_epc_texts: Final = etree.XPath("epc/text()[1]", smart_strings=False)
_in_epcs: Final = etree.XPath("epc/*")


def _epcs(element: Any, reader: EventReader, tag: str) -> Any:
    # Nothing but EPCs, none of them empty: a call for all is four times as fast as one for each.
    texts = _epc_texts(element)
    if len(texts) == len(element) and not _in_epcs(element):
        reader.check_text(element, f"/{tag}")
        return [text.strip() for text in texts]
    found = [_stripped(child) for child in reader.members(element, tag, ("epc",))]
    if any(map(len, element)):
        reader.faults.append(Fault("field_unknown", f"/{tag}", {"field": "epc"}))
    return found


def _number(text: str, pattern: re.Pattern[str]) -> Any:
    """Return a number; what is none stays text, for the reader of values to refuse."""
    if pattern.fullmatch(text) is None:
        return text
    return float(text) if _DIGITS.fullmatch(text) is None else int(text)


_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,18}")
_AMOUNT: Final = ("epcClass", "quantity", "uom")


def _quantities(element: Any, reader: EventReader, tag: str) -> Any:
    found: list[dict[str, Any]] = []
    for child in reader.members(element, tag, ("quantityElement",)):
        place = f"{tag}/{len(found)}"
        one: dict[str, Any] = {}
        last = -1
        for part in reader.members(child, place, _AMOUNT):
            rank = _AMOUNT.index(part.tag)
            if rank <= last:
                code = "field_order" if part.tag not in one else "field_repeated"
                reader.faults.append(Fault(code, f"/{place}/{part.tag}", {"field": part.tag}))
            last = rank
            text = reader.leaf(part, f"/{place}/{part.tag}")
            if part.tag != "quantity":
                one[part.tag] = text
            elif part.get(f"{{{names.XSI}}}nil") not in {"true", "1"}:
                one["quantity"] = _number(text, _DECIMAL)
        found.append(one)
    return found


def _place(element: Any, reader: EventReader, tag: str) -> Any:
    reader.check_text(element, f"/{tag}")
    ids = element.findall("id")
    if len(ids) > 1:
        reader.faults.append(Fault("field_repeated", f"/{tag}/id", {"field": "id"}))
    place: dict[str, Any] = {"id": reader.leaf(ids[0], f"/{tag}/id") if ids else ""}
    reader.extensions(element, frozenset({"id"}), place)
    return place


def _typed_list(element: Any, reader: EventReader, tag: str) -> Any:
    name, vocabulary = TYPED_LISTS[tag]
    found: list[dict[str, Any]] = []
    for child in reader.members(element, tag, (name,)):
        place = f"/{tag}/{len(found)}"
        one = {name: reader.leaf(child, f"{place}/{name}")}
        for attribute, given in child.attrib.items():
            if attribute == "type":
                one = {"type": bare_word(vocabulary, given.strip()), **one}
            else:
                reader.faults.append(Fault("field_unknown", place, {"field": shown(attribute)}))
        found.append(one)
    return found


def _persistent(element: Any, reader: EventReader, tag: str) -> Any:
    found: dict[str, list[str]] = {}
    for child in reader.members(element, tag, ("unset", "set")):
        word = bare_word("disp", reader.leaf(child, f"/{tag}/{child.tag}"))
        if child.tag == "unset" and "set" in found:
            reader.faults.append(Fault("field_order", f"/{tag}/unset", {"field": "unset"}))
        found.setdefault(child.tag, []).append(word)
    return found


def _ilmd(element: Any, reader: EventReader, _tag: str) -> Any:
    value: dict[str, Any] = {}
    reader.extensions(element, frozenset(), value)
    return value or None


def _error(element: Any, reader: EventReader, tag: str) -> Any:
    value: dict[str, Any] = {}
    reader.check_text(element, f"/{tag}")
    for child in element:
        name = child.tag
        if name not in _DECLARATION:
            continue
        if name in value:
            reader.faults.append(Fault("field_repeated", f"/{tag}/{name}", {"field": name}))
        elif name == "correctiveEventIDs":
            ids = reader.members(child, f"{tag}/{name}", ("correctiveEventID",))
            value[name] = [_stripped(one) for one in ids]
        else:
            text = reader.leaf(child, f"/{tag}/{name}")
            value[name] = bare_word("er", text) if name == "reason" else text
    reader.extensions(element, _DECLARATION, value)
    return value


_DECLARATION: Final = frozenset({"declarationTime", "reason", "correctiveEventIDs"})
_SENSOR: Final = frozenset({"sensorMetadata", "sensorReport"})


def _sensors(element: Any, reader: EventReader, tag: str) -> Any:
    found: list[dict[str, Any]] = []
    for child in reader.members(element, tag, ("sensorElement",)):
        place = f"/{tag}/{len(found)}"
        reader.check_text(child, place)
        one: dict[str, Any] = {}
        metadata = child.findall("sensorMetadata")
        if len(metadata) > 1:
            data = {"field": "sensorMetadata"}
            reader.faults.append(Fault("field_repeated", f"{place}/sensorMetadata", data))
        if metadata:
            one["sensorMetadata"] = _sensor_attributes(metadata[0], reader)
        one["sensorReport"] = [
            _sensor_attributes(report, reader) for report in child.findall("sensorReport")
        ]
        reader.extensions(child, _SENSOR, one)
        found.append(one)
    return found


def _sensor_attributes(element: Any, reader: EventReader) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, given in element.attrib.items():
        if name in names.SENSOR_NUMBERS:
            value[name] = _number(given.strip(), _DOUBLE)
        elif name == "booleanValue":
            value[name] = _BOOLEANS.get(given.strip(), given)
        elif name in SENSOR_WORDS:
            value[name] = bare_word(name, given.strip())
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


def _amount(element: Any, reader: EventReader, tag: str) -> Any:
    return _number(reader.leaf(element, f"/{tag}"), _DECIMAL)


_READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(names.TEXTS, _text),
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(LIST_ROLES, _epcs),
    **dict.fromkeys(QUANTITY_ROLES, _quantities),
    **dict.fromkeys(names.PLACES, _place),
    **dict.fromkeys(TYPED_LISTS, _typed_list),
    "certificationInfo": _text,
    "errorDeclaration": _error,
    "persistentDisposition": _persistent,
    "sensorElementList": _sensors,
    "ilmd": _ilmd,
    "epcClass": _text,
    "quantity": _amount,
}


_LAST: Final = 1_000  # elements of other namespaces stand at the end


def _ranks(order: Sequence[str]) -> dict[str, int]:
    """Return where each element of an event stands."""
    listed = [*names.BASE, "baseExtension", *order, "extension"]
    return {name: rank for rank, name in enumerate(listed)}


_RANKS: Final[Mapping[str, Mapping[str, int]]] = {
    **{kind: _ranks(order) for kind, order in names.ORDER.items()},
    names.QUANTITY_EVENT: _ranks(names.QUANTITY_ORDER),
}
