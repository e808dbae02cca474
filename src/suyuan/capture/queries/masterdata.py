"""What only master data tells: which places lie within others, which attributes things have.

Owns: turning such tests of a query into tests of identities.

A GLN's places are the GLN with any extension (GS1 General Specifications §3: the extension names a
place inside). Attributes are those of the organisation's own master data, in the words of the CBV.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from suyuan.capture.keyspace import ClassKind
from suyuan.capture.models import ForeignIdentity, KeyClass
from suyuan.core.epcis.event import QUANTITY_ROLES
from suyuan.core.epcis.query import Criterion, EventQuery, Op, Subject
from suyuan.core.epcis.query.names import Names
from suyuan.core.epcis.vocabulary_query import VocabularyQuery
from suyuan.core.epcis.xml.vocabularies import BUSINESS_LOCATION, EPC_CLASS, READ_POINT
from suyuan.core.identifiers import Identity, Scheme, parse_epc
from suyuan.core.keyset import key_of
from suyuan.masterdata.vocabularies import vocabulary_elements

_LANGUAGES: Final = ("zh-hans", "en")  # a name may be asked for in either
_MOST_PLACES: Final = 50_000
# Which vocabulary the values of a field are of, and what a test of them looks at.
_FIELDS: Final = {
    "readPoint": (READ_POINT, Subject.READ_POINT),
    "bizLocation": (BUSINESS_LOCATION, Subject.LOCATION),
    "epcClass": (EPC_CLASS, Subject.OBJECTS),
}


def made_plain(organisation_id: int, query: EventQuery) -> EventQuery:
    """Return the query with identities in the place of what master data says of them."""
    tests = [_plain(organisation_id, test) for test in query.tests]
    return replace(query, tests=tuple(tests))


def _plain(organisation_id: int, test: Criterion) -> Criterion:
    if test.descendants:
        within = _places_within(organisation_id, test.values)
        return replace(test, values=test.values | within, descendants=False)
    if test.subject is not Subject.MASTER_DATA:
        return test
    vocabulary, subject = _FIELDS.get(test.argument, ("", Subject.OBJECTS))
    found = _having(organisation_id, vocabulary, test) if vocabulary else frozenset()
    roles = tuple(QUANTITY_ROLES.values()) if subject is Subject.OBJECTS else ()
    return Criterion(test.parameter, subject, values=found, roles=roles)


def _places_within(organisation_id: int, places: Collection[Identity]) -> frozenset[Identity]:
    """Return the places that some event names and that lie within others."""
    whole = {one.primary for one in places if one.scheme is Scheme.SGLN and not one.secondary}
    if not whole:
        return frozenset()
    number = KeyClass.objects.filter(
        organisation_id=organisation_id, kind=ClassKind.OTHER, stem=Scheme.SGLN.value
    ).values_list("number", flat=True)
    found: set[Identity] = set()
    for one in number:
        rows = ForeignIdentity.objects.filter(
            organisation_id=organisation_id,
            key__range=(key_of(one, 0), key_of(one + 1, 0) - 1),
            primary__in=whole,
        ).values_list("primary", "secondary")
        found |= {Identity(Scheme.SGLN, *row) for row in rows[:_MOST_PLACES]}
    return frozenset(found)


def _having(organisation_id: int, vocabulary: str, test: Criterion) -> frozenset[Identity]:
    """Return the things of which master data has an attribute, or a value of it."""
    names = Names({})
    asked = VocabularyQuery(
        with_attributes=True, with_children=False, vocabularies=frozenset({vocabulary})
    )
    wanted = {names.split(one) for one in test.values} if test.op is Op.EXISTS else set()
    attribute = names.split(test.attribute)
    found: set[Identity] = set()
    for language in _LANGUAGES:
        for element in vocabulary_elements(organisation_id, asked, language=language):
            told = {names.split(name): value for name, value in element.attributes.items()}
            if wanted.intersection(told) or told.get(attribute) in test.values:
                found.add(parse_epc(element.id))
    return frozenset(found)
