"""Extensions: any element as a JSON value and back, with nothing lost.

Owns: the reading and writing of elements that the standard does not name.

An element without attributes is its text, or an object of its elements; repeated ones are a list.
Attributes are `@name`, text beside attributes or elements is `#text`. `xsi:nil` is null. A number
or a truth value has its `xsi:type`, so that it is one again; any other is kept as an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol
from xml.sax.saxutils import escape

from lxml import etree

from suyuan.core.epcis.vocabulary import PREFIX_OF_STANDARD, STANDARD_PREFIXES
from suyuan.core.epcis.xml import names

_TYPE: Final = f"{{{names.XSI}}}type"
_NIL: Final = f"{{{names.XSI}}}nil"
_START = r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
_NAME: Final = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7]*")
_NAME_CHARACTER: Final = re.compile(rf"[{_START}\-.0-9\u00b7]")
_FIRST_CHARACTER: Final = re.compile(rf"[{_START}]")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4,6})_")
# XML 1.0 §2.2: what no document may hold, not even as a reference.
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_QUOTED: Final = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


class Prefixes:
    """Prefix for each namespace of a document, the same in every event of it."""

    def __init__(self) -> None:
        """Know the standard's own."""
        self._prefixes: dict[str, str] = dict(PREFIX_OF_STANDARD)
        self.declared: dict[str, str] = {}

    def name(self, tag: str, nsmap: Mapping[str | None, str]) -> str:
        """Return the JSON name of `{namespace}local`."""
        if tag[0] != "{":
            return unescaped(tag)
        namespace, _, local = tag[1:].partition("}")
        prefix = self._prefixes.get(namespace)
        if prefix is None:
            prefix = self._new(namespace, nsmap)
        return f"{prefix}:{unescaped(local)}"

    def _new(self, namespace: str, nsmap: Mapping[str | None, str]) -> str:
        found = next((p for p, uri in nsmap.items() if p and uri == namespace), "ext")
        prefix, number = found, 1
        while prefix in self.declared or prefix in STANDARD_PREFIXES:
            number += 1
            prefix = f"{found}{number}"
        self._prefixes[namespace] = prefix
        self.declared[prefix] = namespace
        return prefix


def read_value(element: etree._Element, prefixes: Prefixes) -> Any:
    """Return an extension element as a JSON value."""
    attributes: Mapping[str, str] = dict(element.attrib.items())
    children = list(element)
    text = _text_of(element, stripped=bool(children))
    if not attributes and not children:
        return text
    if not children:
        if attributes.get(_NIL) in {"true", "1"}:
            return None
        typed = _typed(attributes, text)
        if typed is not text:
            return typed
    value: dict[str, Any] = {
        "@" + _attribute_name(name, element, prefixes): given
        for name, given in attributes.items()
        if name != _TYPE or given.rpartition(":")[2] != "string"
    }
    for child in children:
        add(value, prefixes.name(str(child.tag), child.nsmap), read_value(child, prefixes))
    if not value:
        return text
    if text:
        value["#text"] = text
    return value


def _text_of(element: etree._Element, *, stripped: bool) -> str:
    """Return an element's own text, around what stands in it."""
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    return text.strip() if stripped else text


def _attribute_name(name: str, element: etree._Element, prefixes: Prefixes) -> str:
    if name.startswith(f"{{{names.XSI}}}"):
        return "xsi:" + name[len(names.XSI) + 2 :]
    return prefixes.name(name, element.nsmap)


def _typed(attributes: Mapping[str, str], text: str) -> Any:
    """Return a truth value or a number if that loses nothing, else the text itself."""
    if len(attributes) != 1:
        return text
    kind = attributes.get(_TYPE, "").rpartition(":")[2]
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    try:
        number: float = int(text) if kind in {"integer", "int", "long"} else float(text)
    except ValueError:
        return text
    known = kind in {"integer", "int", "long", "decimal", "double", "float"}
    return number if known and number_text(number) == text else text


def add(value: dict[str, Any], name: str, given: Any) -> None:
    """Put a value beside those of the same name."""
    if name not in value:
        value[name] = given
    elif isinstance(value[name], list):
        value[name].append(given)
    else:
        value[name] = [value[name], given]


def number_text(number: float) -> str:
    """Return a number as `xsd:decimal` and `xsd:double` both read it."""
    text = repr(number)
    return text if "e" not in text else f"{number:f}" if abs(number) >= 1 else text


def escaped(local: str) -> str:
    """Return a local name that XML allows: other characters as `_xHHHH_` (ISO 9075-14 §9.1)."""
    if _NAME.fullmatch(local) and not _ESCAPED.search(local):
        return local
    out = []
    for position, sign in enumerate(local):
        allowed = (_NAME_CHARACTER if position else _FIRST_CHARACTER).fullmatch(sign)
        like_escape = sign == "_" and _ESCAPED.match(local, position)
        out.append(sign if allowed and not like_escape else f"_x{ord(sign):04X}_")
    return "".join(out) or "_"


def unescaped(local: str) -> str:
    """Undo `escaped`."""
    if "_x" not in local:
        return local
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), local)


def text(given: object) -> str:
    """Return text as an element holds it; what XML cannot hold becomes U+FFFD."""
    return escape(NOT_XML.sub("\ufffd", str(given)))


def quoted(given: object) -> str:
    """Return text as an attribute holds it, within its quotes."""
    return f'"{escape(NOT_XML.sub(chr(0xFFFD), str(given)), _QUOTED)}"'


def write_value(out: list[str], qname: str, value: Any, names_of: QNames) -> None:
    """Append an element, or one for each member of a list."""
    match value:
        case list():
            for one in value:
                write_value(out, qname, one, names_of)
        case None:
            out.append(f'<{qname} xsi:nil="true"/>')
        case bool():
            out.append(f'<{qname} xsi:type="xsd:boolean">{str(value).lower()}</{qname}>')
        case int():
            out.append(f'<{qname} xsi:type="xsd:integer">{value}</{qname}>')
        case float():
            out.append(f'<{qname} xsi:type="xsd:double">{number_text(value)}</{qname}>')
        case dict():
            _write_object(out, qname, value, names_of)
        case _:
            out.append(f"<{qname}>{text(value)}</{qname}>")


def _write_object(out: list[str], qname: str, value: Mapping[str, Any], names_of: QNames) -> None:
    attributes = "".join(
        f" {names_of(name[1:])}={quoted(given)}"
        for name, given in value.items()
        if name.startswith("@") and name != "@context" and isinstance(given, str)
    )
    out.append(f"<{qname}{attributes}>")
    if "#text" in value:
        out.append(text(value["#text"]))
    for name, given in value.items():
        if not name.startswith(("@", "#text")):
            write_value(out, names_of(name), given, names_of)
    out.append(f"</{qname}>")


class QNames(Protocol):
    """Gives the qualified XML name of a JSON name."""

    def __call__(self, name: str) -> str:
        """Return `prefix:local`, or `local`."""
