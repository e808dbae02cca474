"""Master data as EPCIS XML: vocabularies, their elements, attributes and children.

Owns: the value that stands for an element, and how a list of them is written. The form is the
same in EPCIS 1.2 and 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from suyuan.core.epcis.xml.values import quoted, text

TYPE: Final = "urn:epcglobal:epcis:vtype:"
READ_POINT: Final = TYPE + "ReadPoint"
BUSINESS_LOCATION: Final = TYPE + "BusinessLocation"
EPC_CLASS: Final = TYPE + "EPCClass"
SOURCE_DEST: Final = TYPE + "SourceDest"
VOCABULARIES: Final = (BUSINESS_LOCATION, READ_POINT, EPC_CLASS, SOURCE_DEST)
"""The vocabularies of which there is master data here."""


@dataclass(frozen=True, slots=True)
class VocabularyElement:
    """One element of a vocabulary.

    Attributes:
        vocabulary: its type's URI.
        id: its name, a URI.
        attributes: texts by their URIs.
        children: names of the elements within it.
    """

    vocabulary: str
    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[str, ...] = ()


def write_vocabularies(elements: Iterable[VocabularyElement]) -> str:
    """Return a `VocabularyList`, its elements grouped by their vocabularies."""
    grouped: dict[str, list[str]] = {}
    for one in elements:
        grouped.setdefault(one.vocabulary, []).append(_element(one))
    if not grouped:
        return "<VocabularyList/>"
    lists = "".join(
        f"<Vocabulary type={quoted(kind)}><VocabularyElementList>{''.join(members)}"
        "</VocabularyElementList></Vocabulary>"
        for kind, members in grouped.items()
    )
    return f"<VocabularyList>{lists}</VocabularyList>"


def _element(one: VocabularyElement) -> str:
    attributes = "".join(
        f"<attribute id={quoted(name)}>{text(value)}</attribute>"
        for name, value in one.attributes.items()
    )
    children = "".join(f"<id>{text(child)}</id>" for child in one.children)
    within = f"<children>{children}</children>" if children else ""
    return f"<VocabularyElement id={quoted(one.id)}>{attributes}{within}</VocabularyElement>"
