"""Read a document's header: master data, and whatever else stands there.

Owns: the JSON form of `EPCISHeader`. A Standard Business Document Header is kept as an extension.
Does not own: whether it is right (core.epcis.header).
"""

from __future__ import annotations

from typing import Any

from suyuan.core.epcis.xml.values import Prefixes, add, read_value


def read_header(header: Any, prefixes: Prefixes) -> dict[str, Any]:
    """Return an `EPCISHeader` as JSON-LD has it."""
    found: dict[str, Any] = {}
    for child in header:
        parts = child if child.tag == "extension" else [child]
        for part in parts:
            if part.tag == "EPCISMasterData":
                found["epcisMasterData"] = _master_data(part, prefixes)
            else:
                add(found, prefixes.name(part.tag, part.nsmap), read_value(part, prefixes))
    return found


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
        found["children"] = [(one.text or "").strip() for one in children]
    return found


def _attribute_value(element: Any, prefixes: Prefixes) -> Any:
    if not len(element):
        return element.text or ""
    value: dict[str, Any] = {}
    for child in element:
        add(value, prefixes.name(child.tag, child.nsmap), read_value(child, prefixes))
    return value
