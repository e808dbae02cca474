"""The standard's query of master data: from parameters to a value, and what it means.

Owns: every parameter of SimpleMasterDataQuery (EPCIS 1.2 §8.2.7.2).
Does not own: which elements there are (masterdata).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.xml.vocabularies import VocabularyElement
from suyuan.core.identifiers import IdentifierError, Identity, parse_epc

_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}
_WITH_ATTRIBUTE: Final = "EQATTR_"
_COUNT: Final = re.compile("[0-9]{1,9}")

type Name = Identity | str
"""An element's name: an identity, so that all forms of it are equal, or any other URI."""


@dataclass(frozen=True, slots=True)
class VocabularyQuery:
    """A query of master data; what is None or empty limits nothing.

    Attributes:
        with_attributes: whether attributes are told.
        with_children: whether children are told.
        vocabularies: URIs of types, of which one must be the element's.
        attributes: URIs of the attributes to tell.
        names: of which one must be the element's.
        within: of which one must be the element's, or an element's in which it lies.
        has: attributes, all of which the element must have.
        equals: attribute → values, of which one must be its value.
        most: more elements than so many are refused.
    """

    with_attributes: bool
    with_children: bool
    vocabularies: frozenset[str] | None = None
    attributes: frozenset[str] | None = None
    names: frozenset[Name] | None = None
    within: frozenset[Name] | None = None
    has: frozenset[str] = frozenset()
    equals: tuple[tuple[str, frozenset[str]], ...] = ()
    most: int | None = None

    def wants(self, vocabulary: str) -> bool:
        """Tell whether elements of a vocabulary are asked for."""
        return self.vocabularies is None or vocabulary in self.vocabularies

    def selects(self, element: VocabularyElement, ancestors: Iterable[str] = ()) -> bool:
        """Tell whether an element is asked for; `ancestors` are those that it lies in."""
        if not self.wants(element.vocabulary):
            return False
        name = name_of(element.id)
        if self.names is not None and name not in self.names:
            return False
        if self.within is not None and self.within.isdisjoint(
            {name, *(name_of(one) for one in ancestors)}
        ):
            return False
        if not self.has <= element.attributes.keys():
            return False
        return all(element.attributes.get(name) in values for name, values in self.equals)

    def told(self, element: VocabularyElement) -> VocabularyElement:
        """Return of an element what is asked for."""
        attributes: Mapping[str, str] = element.attributes if self.with_attributes else {}
        if self.attributes is not None:
            attributes = {k: v for k, v in attributes.items() if k in self.attributes}
        return replace(
            element,
            attributes=attributes,
            children=element.children if self.with_children else (),
        )


def name_of(text: str) -> Name:
    """Return what a URI names."""
    try:
        return parse_epc(text)
    except IdentifierError:
        return text


def read_vocabulary_query(params: Iterable[tuple[str, str | list[str]]]) -> VocabularyQuery:
    """Return the query that parameters ask.

    Raises:
        DocumentError: `query_parameter` (no such parameter), `query_value` (not of its type) or
            `query_parameter_missing`; the place is the parameter's name.
    """
    given: dict[str, Any] = {}
    equals: list[tuple[str, frozenset[str]]] = []
    for name, value in params:
        if name.startswith(_WITH_ATTRIBUTE) and len(name) > len(_WITH_ATTRIBUTE):
            equals.append((name.removeprefix(_WITH_ATTRIBUTE), _texts(name, value)))
            continue
        row = _PARAMETERS.get(name)
        if row is None:
            raise _fault("query_parameter", name)
        field, read = row
        given[field] = read(name, value)
    for name in ("includeAttributes", "includeChildren"):
        if _PARAMETERS[name][0] not in given:
            raise _fault("query_parameter_missing", name)
    return VocabularyQuery(**given, equals=tuple(equals))


def _fault(code: str, name: str, given: object = "") -> DocumentError:
    data = {"given": shown(given)} if given != "" else {}
    return DocumentError([Fault(code, shown(name), data)])


def _texts(name: str, value: str | list[str]) -> frozenset[str]:
    texts = [value] if isinstance(value, str) else value
    if not texts or not all(texts):
        raise _fault("query_value", name, value)
    return frozenset(texts)


def _names(name: str, value: str | list[str]) -> frozenset[Name]:
    return frozenset(name_of(text) for text in _texts(name, value))


def _boolean(name: str, value: str | list[str]) -> bool:
    if not isinstance(value, str) or value not in _BOOLEANS:
        raise _fault("query_value", name, value)
    return _BOOLEANS[value]


def _count(name: str, value: str | list[str]) -> int:
    if not isinstance(value, str) or not _COUNT.fullmatch(value) or int(value) < 1:
        raise _fault("query_value", name, value)
    return int(value)


_PARAMETERS: Final[Mapping[str, tuple[str, Callable[[str, str | list[str]], Any]]]] = {
    "includeAttributes": ("with_attributes", _boolean),
    "includeChildren": ("with_children", _boolean),
    "vocabularyName": ("vocabularies", _texts),
    "attributeNames": ("attributes", _texts),
    "EQ_name": ("names", _names),
    "WD_name": ("within", _names),
    "HASATTR": ("has", _texts),
    "maxElementCount": ("most", _count),
}
