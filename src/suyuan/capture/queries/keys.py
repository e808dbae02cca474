"""Identities that a query asks for, as keys.

Owns: which keys a test means, which events the trace index names for them, and whether a row
holds one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet

from suyuan.capture.keyspace import SSCC_INDEX, ClassKind
from suyuan.capture.models import ForeignIdentity, KeyClass
from suyuan.capture.queries.rows import Row
from suyuan.capture.queries.values import QueryTooComplex
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.query import Criterion, EventQuery, Pattern, Subject, holds
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import (
    BLOCK_MASK,
    INDEX_BITS,
    KeySet,
    block_contains,
    block_key,
    class_of,
    key_of,
)
from suyuan.kernel.lists import select, within

MOST_ENTRIES: Final = 10_000  # of the trace index, for one test; beyond, the events are walked
_MOST_OF_SPANS: Final = 2_000  # likewise, for ranges of keys: what they mean is mostly common
_MOST_SPANS: Final = 16
_MOST_KEYS: Final = 10_000  # that a pattern may mean one by one
_MOST_LISTED: Final = 100_000  # rows of the dictionary that are looked through for a pattern
_SETS: Final = frozenset({Role.EPC, Role.CHILD, Role.INPUT, Role.OUTPUT, Role.PARENT})
# Which role the column `epcs` has, by type of event.
_ROLE: Final = {
    EventType.ObjectEvent: Role.EPC,
    EventType.TransactionEvent: Role.EPC,
    EventType.AggregationEvent: Role.CHILD,
    EventType.AssociationEvent: Role.CHILD,
    EventType.TransformationEvent: Role.INPUT,
}
type Range = tuple[int, int]
"""First and last key."""


@dataclass(slots=True)
class KeyTest:
    """Some of these keys must stand in one of these roles.

    Attributes:
        test: what it was made of.
        keys: one by one. ranges: beside them. classes: all keys of which are meant.
    """

    test: Criterion
    roles: tuple[Role, ...]
    keys: frozenset[int]
    ranges: list[Range] = field(default_factory=list)
    classes: frozenset[int] = frozenset()

    @property
    def impossible(self) -> bool:
        """Whether no key that was ever given out is meant."""
        return not (self.keys or self.ranges or self.classes)

    @property
    def spans(self) -> list[Range]:
        """All ranges of keys, those of whole classes among them."""
        whole = ((key_of(one, 0), key_of(one + 1, 0) - 1) for one in sorted(self.classes))
        return [*self.ranges, *whole]

    def fits(self, row: Row) -> bool:
        """Tell whether a row passes."""
        if not _SETS.issuperset(self.roles):
            return holds(self.test, row.body)
        if Role.PARENT in self.roles and row.parent is not None and self._means(row.parent):
            return True
        if _ROLE[EventType(row.type)] in self.roles and self._any(row.epcs):
            return True
        return Role.OUTPUT in self.roles and self._any(row.outputs)

    def _means(self, key: int) -> bool:
        return (
            key in self.keys
            or class_of(key) in self.classes
            or any(first <= key <= last for first, last in self.ranges)
        )

    def _any(self, keys: KeySet) -> bool:
        if not keys:
            return False
        if any(key in keys for key in self.keys):
            return True
        if any(keys.meets(first, last) for first, last in self.ranges):
            return True
        if not self.classes:
            return False
        return bool(self.classes.intersection(np.unique(keys.to_array() >> INDEX_BITS).tolist()))


def key_tests(
    organisation_id: int, query: EventQuery, known: Mapping[Identity, int]
) -> list[KeyTest]:
    """Return the tests of a query that are about identities in the trace index."""
    found = []
    for test in query.tests:
        if test.subject not in {Subject.OBJECTS, Subject.TRANSACTION}:
            continue
        keys = {known[one] for one in test.values if one in known}
        made = KeyTest(test, test.roles or (Role.TRANSACTION,), frozenset(keys))
        for pattern in test.patterns:
            _add(organisation_id, made, pattern)
        found.append(made)
    return found


# ── Patterns ─────────────────────────────────────────────────────────────────────────────────


def _add(organisation_id: int, test: KeyTest, pattern: Pattern) -> None:
    """Add what a pattern means to a test."""
    classes = KeyClass.objects.filter(organisation_id=organisation_id)
    if pattern.scheme is Scheme.SGTIN:
        kinds = (ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SERIAL)
        test.classes |= _classes(classes.filter(kind__in=kinds), pattern)
    elif pattern.scheme is Scheme.LGTIN:
        test.classes |= _classes(classes.filter(kind=ClassKind.LOT), pattern)
    elif pattern.scheme is Scheme.SSCC:
        test.ranges += _units(classes.filter(kind=ClassKind.SSCC), pattern)
    else:
        number = classes.filter(kind=ClassKind.OTHER, stem=pattern.scheme.value)
        for one in number.values_list("number", flat=True):
            test.keys |= _listed(organisation_id, one, pattern)


def _classes(classes: QuerySet[KeyClass], pattern: Pattern) -> frozenset[int]:
    """Return whole classes: all items, or all lots, of products."""
    if pattern.primary:
        meant = Q(stem=pattern.primary) | Q(stem__startswith=f"{pattern.primary}/")
        classes = classes.filter(meant)
    rows = classes.values_list("number", "stem")
    return frozenset(number for number, stem in rows if stem.startswith(pattern.company, 1))


def _units(classes: QuerySet[KeyClass], pattern: Pattern) -> list[Range]:
    """Return the logistic units of a company: ranges of the numbers behind its prefix.

    A class's stem is the first five digits: the extension digit and four of the prefix.
    """
    head, tail = pattern.company[:4], pattern.company[4:]
    low = int(tail.ljust(SSCC_INDEX, "0"))
    high = low + 10 ** (SSCC_INDEX - len(tail)) - 1
    return [
        (key_of(number, low), key_of(number, high))
        for number, stem in classes.values_list("number", "stem")
        if stem.startswith(head, 1)
    ]


def _listed(organisation_id: int, number: int, pattern: Pattern) -> frozenset[int]:
    """Return the keys of dictionary rows that a pattern fits."""
    rows = ForeignIdentity.objects.filter(
        organisation_id=organisation_id,
        key__range=(key_of(number, 0), key_of(number + 1, 0) - 1),
    ).values_list("key", "primary", "secondary")[: _MOST_LISTED + 1]
    found = frozenset(
        key
        for key, primary, secondary in rows
        if pattern.fits(Identity(pattern.scheme, primary, secondary))
    )
    if len(rows) > _MOST_LISTED or len(found) > _MOST_KEYS:
        raise QueryTooComplex(given=pattern.company)
    return found


# ── The trace index ──────────────────────────────────────────────────────────────────────────


def events_of(organisation_id: int, wanted: KeyTest, reach: tuple[int, int]) -> set[int] | None:
    """Return the events that the trace index names, None if they are more than can be listed.

    Where keys are meant by ranges, events of their neighbours may be among them.

    Args:
        organisation_id: whose events.
        wanted: keys and roles.
        reach: the first number, and the first that is no longer meant.
    """
    found: set[int] = set()
    roles = frozenset(wanted.roles)
    offsets: dict[int, list[int]] = {}
    for key in wanted.keys:
        offsets.setdefault(block_key(key), []).append(key & BLOCK_MASK)
    if offsets:
        entries = _of_keys(organisation_id, [*wanted.keys, *offsets], reach)
        if entries is None:
            return None
        for key, seq, role, bits in entries:
            if role in roles and seq not in found and (key >= 0 or _holds(bits, offsets[key])):
                found.add(seq)
    spans = wanted.spans
    if len(spans) > _MOST_SPANS:
        return None
    low, high = reach
    for span in spans:
        some = _of_span(organisation_id, span)
        if some is None:
            return None
        found |= {seq for seq, role in some if role in roles and low <= seq < high}
    return found


def _holds(bits: bytes | memoryview, offsets: Iterable[int]) -> bool:
    data = bytes(bits)
    return any(block_contains(data, offset) for offset in offsets)


def _of_keys(
    organisation_id: int, keys: Sequence[int], reach: tuple[int, int]
) -> list[tuple[Any, ...]] | None:
    """Return (key, number, role, bits) of keys and blocks, None beyond `MOST_ENTRIES`."""
    text, value = within("key", keys)
    found = select(
        "SELECT key, seq, role, bits FROM capture_traceentry "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s AND {text} AND seq >= %s AND seq < %s LIMIT %s",
        [organisation_id, value, *reach, MOST_ENTRIES + 1],
    )
    return None if len(found) > MOST_ENTRIES else found


def _of_span(organisation_id: int, span: Range) -> list[tuple[Any, ...]] | None:
    """Return (number, role) of a range of keys and of its blocks, None where they are many."""
    first, last = span
    found: list[tuple[Any, ...]] = []
    # Blocks are numbered downwards.
    for low, high in ((first, last), (block_key(last), block_key(first))):
        found += select(
            "SELECT seq, role FROM capture_traceentry WHERE organisation_id = %s "
            "AND key BETWEEN %s AND %s LIMIT %s",
            [organisation_id, low, high, _MOST_OF_SPANS + 1],
        )
        if len(found) > _MOST_OF_SPANS:
            return None
    return found
