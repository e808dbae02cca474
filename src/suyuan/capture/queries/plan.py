"""From a query to a plan: what columns say exactly, what the trace index knows, what is left.

Owns: which part of a query each index answers.
Does not own: walking the index and stopping in time (walk).

A plan is exact: an event that meets its conditions on columns, its tests of keys and its other
tests is meant by the query, and no other is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from suyuan.capture.encode import id_hash
from suyuan.capture.facets import FACET_OF_COLUMN, Facet, party_key
from suyuan.capture.identities import find_keys
from suyuan.capture.queries.keys import KeyTest, key_tests
from suyuan.capture.queries.masterdata import made_plain
from suyuan.capture.queries.rows import Condition
from suyuan.core.epcis.query import Criterion, EventQuery, Op, Subject
from suyuan.core.epcis.query.values import BY_EVENT_TIME, Field
from suyuan.core.epcis.vocabulary import DISPOSITION_NUMBERS, STEP_NUMBERS, EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.lists import within

_SQL: Final = {Op.GE: ">=", Op.GT: ">", Op.LT: "<", Op.LE: "<="}
_WORDS: Final[Mapping[Subject, Mapping[str, int]]] = {
    Subject.STEP: STEP_NUMBERS,
    Subject.DISPOSITION: DISPOSITION_NUMBERS,
}
_PARTIES: Final = {Subject.SOURCE: Facet.SOURCE, Subject.DESTINATION: Facet.DESTINATION}
_PLACES: Final = frozenset({Subject.READ_POINT, Subject.LOCATION})
_OF_DECLARATIONS: Final = frozenset(
    {Subject.DECLARATION, Subject.DECLARED_AT, Subject.REASON, Subject.CORRECTIVE}
)


@dataclass(slots=True)
class Plan:
    """How a query is answered.

    Attributes:
        conditions: on columns; with `indexed` and the rest they say the query exactly.
        indexed: on columns that the index in time has.
        facets: of which the store lists events, with the keys that are meant.
        keys: tests of identities.
        rest: tests of the document.
        ids: hashes of event IDs that are asked for.
        since: the first time of happening that can fit; until: the first that no longer can.
        recorded_since: as `since`, of capture; recorded_until: likewise.
        by_time: the order is by time of happening, else by number.
        descending: the direction.
        order_field: an extension field to order by, which no index knows.
        impossible: nothing can fit.
    """

    conditions: list[Condition] = field(default_factory=list)
    indexed: list[Condition] = field(default_factory=list)
    facets: list[tuple[Facet, tuple[int, ...]]] = field(default_factory=list)
    keys: list[KeyTest] = field(default_factory=list)
    rest: list[Criterion] = field(default_factory=list)
    ids: frozenset[int] | None = None
    since: int | None = None
    until: int | None = None
    recorded_since: int | None = None
    recorded_until: int | None = None
    by_time: bool = False
    descending: bool = False
    order_field: Field | None = None
    impossible: bool = False

    @property
    def needs_contexts(self) -> bool:
        """Whether a test asks what prefixes mean."""
        return self.order_field is not None or any(
            test.subject is Subject.FIELD for test in self.rest
        )


def plan_of(organisation_id: int, query: EventQuery) -> Plan:
    """Return how to answer a query, with one look-up of all its identities."""
    query = made_plain(organisation_id, query)
    plan = Plan()
    known = find_keys(organisation_id, _identities(query))
    for test in query.tests:
        _plan_test(plan, test, known)
    plan.keys = key_tests(organisation_id, query, known)
    plan.impossible |= any(test.impossible for test in plan.keys)
    plan.descending = query.descending and bool(query.order_by)
    plan.order_field = query.order_field
    timed = plan.since is not None or plan.until is not None or bool(plan.facets)
    plan.by_time = query.order_by == BY_EVENT_TIME or (not query.order_by and timed)
    return plan


def _identities(query: EventQuery) -> set[Identity]:
    """Return every identity, and every URI that stands for a word, of a query."""
    found: set[Identity] = set()
    for test in query.tests:
        if test.subject in _WORDS:
            standard = _WORDS[test.subject]
            found |= {Identity(Scheme.URI, word) for word in test.values if word not in standard}
        elif test.subject in _PLACES or test.subject in {Subject.OBJECTS, Subject.TRANSACTION}:
            found |= test.values
    return found


def _plan_test(plan: Plan, test: Criterion, known: Mapping[Identity, int]) -> None:
    """Turn a test into conditions on columns, or keep it."""
    subject = test.subject
    if subject is Subject.TYPE:
        numbers = [int(EventType[name]) for name in test.values if name in EventType.__members__]
        _facet(plan, "type", numbers)
    elif subject is Subject.ACTION:
        _among(plan, "action", [int(action) for action in test.values])
    elif subject in _WORDS:
        standard = _WORDS[subject]
        found = (standard.get(w) or known.get(Identity(Scheme.URI, w)) for w in test.values)
        column = "step" if subject is Subject.STEP else "disposition"
        _facet(plan, column, [number for number in found if number])
    elif subject in _PLACES:
        column = "read_point" if subject is Subject.READ_POINT else "location"
        _facet(plan, column, [known[one] for one in test.values if one in known])
    elif subject in {Subject.EVENT_TIME, Subject.RECORD_TIME}:
        _bound(plan, test)
    elif subject is not Subject.OBJECTS:
        _kept(plan, test)


def _kept(plan: Plan, test: Criterion) -> None:
    """Keep a test of the document, with what narrows it down."""
    subject = test.subject
    if subject in _OF_DECLARATIONS:
        plan.facets.append((Facet.DECLARATION, (1,)))
    if subject in _PARTIES:
        plan.facets.append((_PARTIES[subject], tuple(sorted(map(party_key, test.values)))))
    if subject is Subject.EVENT_ID:
        hashes = frozenset(map(id_hash, test.values))
        plan.ids = hashes if plan.ids is None else plan.ids & hashes
    if subject is Subject.DECLARATION:
        plan.conditions.append(("declares_error", ()))
    else:
        plan.rest.append(test)


def _among(plan: Plan, column: str, numbers: Collection[int]) -> None:
    if not numbers:
        plan.impossible = True
        return
    meant = sorted(set(numbers))
    text, value = (f"{column} = %s", meant[0]) if len(meant) == 1 else within(column, meant)
    plan.indexed.append((text, (value,)))


def _facet(plan: Plan, column: str, numbers: Collection[int]) -> None:
    _among(plan, column, numbers)
    plan.facets.append((FACET_OF_COLUMN[column], tuple(sorted(set(numbers)))))


def _bound(plan: Plan, test: Criterion) -> None:
    """Narrow a range of times."""
    moment: Any = next(iter(test.values))
    column = "time" if test.subject is Subject.EVENT_TIME else "record_time"
    if column == "record_time":  # times of happening are bounds of every way
        plan.conditions.append((f"{column} {_SQL[test.op]} %s", (moment,)))
    name = "since" if test.op is Op.GE else "until"
    if column == "record_time":
        name = f"recorded_{name}"
    earlier = getattr(plan, name)
    choose = max if test.op is Op.GE else min
    setattr(plan, name, moment if earlier is None else choose(earlier, moment))
