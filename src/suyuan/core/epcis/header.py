"""Master data in a document's header: what partners tell of places, parties and products.

Owns: its values, what is accepted of it, how much. Does not own: what becomes of it (capture,
masterdata). Source: EPCIS 2.0 §9.2 and §10.3, CBV 2.0 §9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from suyuan.core.epcis.errors import Fault, shown
from suyuan.core.epcis.parts import is_extension
from suyuan.core.identifiers import is_uri

MOST_ELEMENTS: Final = 20_000  # of a document, with their attributes and children


class VocabularyElement(Struct, frozen=True):
    """One thing that a document tells of.

    Attributes:
        vocabulary: the URI of what kind of thing it is.
        id: what names it, mostly an EPC or a Digital Link.
        attributes: URI of an attribute → text, number or object.
        children: what names the parts of it.
    """

    vocabulary: str
    id: str
    attributes: Mapping[str, Any]
    children: tuple[str, ...]


def master_data(header: Any) -> Iterator[VocabularyElement]:
    """Yield what a header tells of; `header_faults` has accepted it."""
    found = header.get("epcisMasterData") if isinstance(header, dict) else None
    for vocabulary in (found or {}).get("vocabularyList", ()):
        for one in vocabulary.get("vocabularyElementList", ()):
            attributes = {a["id"]: a.get("attribute", "") for a in one.get("attributes", ())}
            yield VocabularyElement(
                vocabulary["type"], one["id"], attributes, tuple(one.get("children", ()))
            )


def header_faults(header: Any, place: str) -> list[Fault]:
    """Return what is wrong with a header."""
    if not isinstance(header, dict):
        return [Fault("field_type", place, {"detail": "Expected `object`"})]
    faults = [
        Fault("field_unknown", f"{place}/{name}", {"field": shown(name)})
        for name in header
        if name != "epcisMasterData" and not is_extension(name)
    ]
    if "epcisMasterData" in header:
        here = f"{place}/epcisMasterData"
        data = header["epcisMasterData"]
        if not isinstance(data, dict):
            return [*faults, Fault("field_type", here, {"detail": "Expected `object`"})]
        faults += vocabulary_faults(data.get("vocabularyList", []), f"{here}/vocabularyList")
    return faults


def vocabulary_faults(given: Any, place: str) -> list[Fault]:
    """Return what is wrong with a list of vocabularies."""
    check = _Check()
    for vocabulary, here in check.members(given, place):
        check.uri(vocabulary, "type", here)
        inner = vocabulary.get("vocabularyElementList", [])
        for element, at in check.members(inner, f"{here}/vocabularyElementList"):
            check.element(element, at)
    return check.faults


class _Check:
    """Collects the faults of one list, and counts what is in it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._left = MOST_ELEMENTS

    def members(self, given: Any, place: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the objects of a list with their places, while there may be more."""
        if not isinstance(given, list):
            self.faults.append(Fault("field_type", place, {"detail": "Expected `array`"}))
            return
        for position, one in enumerate(given):
            if not self._counted(place):
                return
            if isinstance(one, dict):
                yield one, f"{place}/{position}"
            else:
                detail = {"detail": "Expected `object`"}
                self.faults.append(Fault("field_type", f"{place}/{position}", detail))

    def element(self, element: Mapping[str, Any], place: str) -> None:
        self.uri(element, "id", place)
        for attribute, at in self.members(element.get("attributes", []), f"{place}/attributes"):
            self.uri(attribute, "id", at)
            value = attribute.get("attribute", "")
            if not isinstance(value, str | int | float | dict) or isinstance(value, bool):
                self.faults.append(Fault("field_type", f"{at}/attribute", {"given": shown(value)}))
        children = element.get("children", [])
        if not isinstance(children, list):
            self.faults.append(Fault("field_type", f"{place}/children", {"given": shown(children)}))
            return
        for position, child in enumerate(children):
            if not self._counted(place):
                return
            if not isinstance(child, str) or not is_uri(child):
                at = f"{place}/children/{position}"
                self.faults.append(Fault("uri_malformed", at, {"given": shown(child)}))

    def uri(self, holder: Mapping[str, Any], name: str, place: str) -> None:
        """Check a URI that must be there."""
        given = holder.get(name)
        if given is None:
            self.faults.append(Fault("field_missing", f"{place}/{name}", {"field": name}))
        elif not isinstance(given, str) or not is_uri(given):
            self.faults.append(Fault("uri_malformed", f"{place}/{name}", {"given": shown(given)}))

    def _counted(self, place: str) -> bool:
        self._left -= 1
        if self._left == -1:
            self.faults.append(Fault("too_much_master_data", place, {"most": str(MOST_ELEMENTS)}))
        return self._left >= 0
