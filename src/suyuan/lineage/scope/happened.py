"""Which events happened at places, and what they were about.

Owns: the rules "handled" and "told" of the grades.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from suyuan.capture.identities import find_keys
from suyuan.core.epcis.event import lot_number
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import Keys, KeySet
from suyuan.kernel.lists import select, within
from suyuan.lineage.births import products_of
from suyuan.lineage.fetch import facts_of
from suyuan.lineage.history import Row, read_rows
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.grades import Marked
from suyuan.lineage.scope.held import Named, held_when_named, marked
from suyuan.lineage.starts import Handling
from suyuan.lineage.transformations import class_keys
from suyuan.lineage.values import FindingCode

MOST_EVENTS: Final = 1 << 20
_READ: Final = 1 << 14  # events whose bodies are read together
_TOLD_LISTS: Final = ("quantityList", "childQuantityList", "outputQuantityList")
_FAMILIES: Final = (EventType.AggregationEvent, EventType.AssociationEvent)


@dataclass(slots=True)
class About:
    """What events were about.

    Attributes:
        items: items, and containers, with the first event that was about each.
        lots: lot → (event, its place).
    """

    items: Marked
    lots: dict[int, tuple[int, int]]


def events_at(organisation_id: int, places: Sequence[int], findings: Findings) -> Keys:
    """Return the numbers of the live events at places, whenever they happened."""
    return _live(organisation_id, _at(organisation_id, places), findings)


def handled(organisation_id: int, start: Handling, findings: Findings) -> About:
    """Return what was worked on at places in a period."""
    when = "time BETWEEN %s AND %s", [start.since, start.until]
    conditions = [when]
    if start.steps:
        condition, parameter = within("step", sorted(start.steps))
        conditions.append((condition, [parameter]))
    found = _at(organisation_id, start.places, *conditions)
    seqs = _live(organisation_id, found, findings)
    return about(organisation_id, seqs, "handled", frozenset(start.places))


def _at(
    organisation_id: int, places: Sequence[int], *conditions: tuple[str, list[Any]]
) -> list[tuple[int]]:
    locations, keys = within("location", sorted(set(places)))
    read_points, _ = within("read_point", sorted(set(places)))
    more = "".join(f" AND {condition}" for condition, _ in conditions)
    return select(
        "SELECT seq FROM capture_storedevent WHERE organisation_id = %s "  # noqa: S608 - from code
        f"AND ({locations} OR {read_points}){more} LIMIT {MOST_EVENTS + 1}",
        [organisation_id, keys, keys, *(one for _, some in conditions for one in some)],
    )


def _live(organisation_id: int, rows: Sequence[tuple[int]], findings: Findings) -> Keys:
    if len(rows) > MOST_EVENTS:
        findings.note(FindingCode.CUT_SHORT)
    seqs = np.unique(np.array(rows[:MOST_EVENTS], dtype=np.int64).reshape(-1))
    facts = facts_of(organisation_id, seqs)
    return facts.seqs[~facts.voided]


@dataclass(slots=True)
class _Gathered:
    """What events name, before what containers held is known."""

    items: list[tuple[Keys, ...]] = field(default_factory=list)  # keys, events, places
    lots: dict[int, tuple[int, int]] = field(default_factory=dict)
    named: list[Named] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)  # event → place


def about(
    organisation_id: int, seqs: Keys, rule: str, places: frozenset[int] = frozenset()
) -> About:
    """Return what live events were about; `places`: where they are known to have happened."""
    gathered = _Gathered()
    for at in range(0, seqs.size, _READ):
        rows = read_rows(organisation_id, seqs[at : at + _READ].tolist())
        live = [row for row in rows.values() if not row.voided]
        classes = class_keys(organisation_id, live)
        for row in live:
            _gather(organisation_id, gathered, row, classes, places)
    parts = list(gathered.items)
    if gathered.named:
        for items, events in held_when_named(organisation_id, Named.joined(gathered.named)):
            spots = np.array([gathered.places[seq] for seq in events.tolist()], dtype=np.int64)
            parts.append((items, events, spots))
    return About(marked(parts, rule), gathered.lots)


def _gather(
    organisation_id: int,
    gathered: _Gathered,
    row: Row,
    classes: dict[str, int],
    places: frozenset[int],
) -> None:
    """Add what one event names."""
    made = row.type == EventType.TransformationEvent
    keys = KeySet.from_bytes(row.outputs if made else row.epcs).to_array()
    own = (row.location, row.read_point)
    known = [key for key in own if key is not None and (not places or key in places)]
    place = gathered.places[row.seq] = known[0] if known else -1
    gathered.items.append((keys, np.full(keys.size, row.seq), np.full(keys.size, place)))
    for name in _TOLD_LISTS:
        for element in row.body.get(name, ()):
            gathered.lots.setdefault(classes[str(element["epcClass"])], (row.seq, place))
    for lot in _ilmd_lots(organisation_id, row, keys):
        gathered.lots.setdefault(lot, (row.seq, place))
    if made:
        return
    as_parent = np.zeros(keys.size, dtype=np.bool_)
    if row.parent is not None:
        keys, as_parent = np.append(keys, row.parent), np.append(as_parent, True)
    times, seqs = np.full(keys.size, row.time), np.full(keys.size, row.seq)
    gathered.named.append(Named(keys, times, seqs, as_parent))


def _ilmd_lots(organisation_id: int, row: Row, keys: Keys) -> list[int]:
    """Return the lots that an event's ILMD names, of the products of its items."""
    lot = lot_number(row.body)
    if not isinstance(lot, str):
        return []
    products = set(products_of(organisation_id, keys).values())
    identities = [Identity(Scheme.LGTIN, gtin, lot) for gtin in sorted(products)]
    return list(find_keys(organisation_id, identities).values())
