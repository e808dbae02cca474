"""What is affected, and where it is now.

Owns: the closure from a start through births and transformations; the grouping by place.
Does not own: acting on it (recalls).

A lot affects the items born in its name and whatever it was used for; an item affects what it was
used for; a container affects what it ever held. Quantities and certainty come from the same walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, overload

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.instants import moment
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.fetch import Entries, entries_of, joined
from suyuan.lineage.fold import CODE_OF, CODES
from suyuan.lineage.genealogy import Lots
from suyuan.lineage.history import happening, identifier_text, read_rows
from suyuan.lineage.present import MOST_LEVELS, Present, present
from suyuan.lineage.starts import Goods, Start
from suyuan.lineage.values import (
    Certainty,
    Node,
    Place,
    Scope,
    Shipment,
    Transaction,
    Whereabouts,
)

MOST_ROUNDS: Final = 64
_SHIPPED: Final = (CODE_OF[Whereabouts.IN_TRANSIT], CODE_OF[Whereabouts.SOLD])
_USED: Final = (Role.INPUT, Role.INPUT_QUANTITY)
_BATCH: Final = 500


def scope(*, organisation_id: int, starts: Sequence[Start]) -> Scope:
    """Return what `starts` affect, and where it is now."""
    goods = [start.key for start in starts if isinstance(start, Goods)]
    depths, items, entries = _closure(organisation_id, goods)
    now = present(organisation_id, items.to_array(), entries)
    names = identities_of(organisation_id, depths)
    births = Lots(organisation_id).births(depths)
    nodes = [
        Node(key, names[key], depth, len(births.get(key, ())))
        for key, depth in depths.items()
        if key in names
    ]
    return Scope(
        starts=list(starts),
        lots=nodes,
        items=items,
        places=_places(organisation_id, now),
        shipments=Shipments(organisation_id, now),
        certainty={Certainty.PROVEN: items},
        at_seq=now.latest,
    )


def _closure(organisation_id: int, starts: Sequence[int]) -> tuple[dict[int, int], KeySet, Entries]:
    """Walk forward from `starts`; return lots with their depth, all items and their entries."""
    lots = Lots(organisation_id)
    held = _held(organisation_id, starts)
    depths = {key: 0 for key in starts if key not in held and _is_lot(organisation_id, key)}
    frontier = list(depths)
    fresh = KeySet(key for key in starts if key not in depths and key not in held)
    for inside in held.values():
        fresh = fresh | inside
    items, read = KeySet(), []
    for depth in range(1, MOST_ROUNDS):
        for born in lots.births(frontier).values():
            fresh = fresh | born
        fresh = fresh - items
        items = items | fresh
        read.append(entries_of(organisation_id, fresh.to_array()))
        used = np.unique(read[-1].keys[read[-1].roles == Role.INPUT]).tolist()
        met: dict[int, int] = {}
        fresh = KeySet()
        for events in lots.transformations([*frontier, *used], _USED).values():
            for event in events:
                fresh = fresh | event.output_items
                outputs = (*event.outputs, *event.output_lots)
                met |= {key: depth for key in outputs if key not in depths}
        depths |= met
        frontier, fresh = list(met), fresh - items
        if not frontier and not fresh:
            break
    return depths, items, joined(read)


def _is_lot(organisation_id: int, key: int) -> bool:
    """Tell whether a key names a class of goods rather than one unit."""
    return identities_of(organisation_id, [key])[key].scheme in {"lgtin", "gtin", "uri"}


def _held(organisation_id: int, starts: Sequence[int]) -> dict[int, KeySet]:
    """Return, for those of `starts` that are containers, the items that they ever held."""
    children = _children(organisation_id, starts)

    def leaves(unit: int, seen: frozenset[int]) -> KeySet:
        found = KeySet()
        for child in children[unit]:
            if child not in children:
                found = found | KeySet([child])
            elif child not in seen:  # a container that holds itself is told of, not followed
                found = found | leaves(child, seen | {child})
        return found

    return {start: leaves(start, frozenset({start})) for start in starts if start in children}


def _children(organisation_id: int, units: Iterable[int]) -> dict[int, KeySet]:
    """Return what each container below `units`, or among them, ever held."""
    children: dict[int, KeySet] = {}
    level = KeySet(units)
    for _ in range(MOST_LEVELS):
        entries = entries_of(organisation_id, level.to_array())
        parents = entries.roles == Role.PARENT
        rows = read_rows(organisation_id, np.unique(entries.seqs[parents]).tolist())
        inner = KeySet()
        pairs = zip(entries.keys[parents].tolist(), entries.seqs[parents].tolist(), strict=True)
        for unit, seq in pairs:
            row = rows[seq]
            if row.type == EventType.AggregationEvent and not row.voided:
                inside = KeySet.from_bytes(row.epcs)
                children[unit] = children.get(unit, KeySet()) | inside
                inner = inner | inside
        level = inner - KeySet(children)
        if not level:
            break
    return children


def _places(organisation_id: int, now: Present) -> list[Place]:
    """Group items by whereabouts and place, the largest group first."""
    if now.items.size == 0:
        return []
    pairs = np.stack((now.codes, now.locations), axis=1)
    groups, inverse = np.unique(pairs, axis=0, return_inverse=True)
    names = identities_of(organisation_id, {int(k) for k in groups[:, 1] if k >= 0})
    order = np.argsort(inverse.reshape(-1), kind="stable")
    bounds = np.searchsorted(inverse.reshape(-1)[order], np.arange(len(groups) + 1))
    places = [
        Place(
            whereabouts=CODES[int(code)] or Whereabouts.NOT_SEEN,
            location=identifier_text(names[int(spot)]) if spot >= 0 else "",
            items=KeySet.from_array(now.items[order[bounds[i] : bounds[i + 1]]]),
        )
        for i, (code, spot) in enumerate(groups.tolist())
    ]
    return sorted(places, key=lambda place: -len(place.items))


class Shipments(Sequence[Shipment]):
    """The parcels and consignments that hold affected items, told in full when asked for.

    Grouped by the event that moved them and the unit that it named; in order of that event.
    """

    def __init__(self, organisation_id: int, now: Present) -> None:
        """Group the items that are on their way or sold."""
        self._organisation_id = organisation_id
        shipped = np.isin(now.codes, _SHIPPED)
        items, seqs = now.items[shipped], now.seqs[shipped]
        units = np.where(now.units[shipped] == items, -1, now.units[shipped])
        order = np.lexsort((items, units, seqs))
        self._items, seqs, units = items[order], seqs[order], units[order]
        new = (np.diff(seqs) != 0) | (np.diff(units) != 0)
        starts = np.concatenate(([0], np.flatnonzero(new) + 1)) if items.size else items
        self._bounds: Keys = np.concatenate((starts, [items.size])).astype(np.int64)
        self._seqs: Keys = seqs[starts]
        self._units: Keys = units[starts]
        self._codes: Keys = now.codes[shipped][order][starts]

    def __len__(self) -> int:
        return int(self._seqs.size)

    @overload
    def __getitem__(self, index: int) -> Shipment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Shipment]: ...
    def __getitem__(self, index: int | slice) -> Shipment | list[Shipment]:
        if isinstance(index, slice):
            return self._told(range(len(self))[index])
        return self._told([range(len(self))[index]])[0]

    def __iter__(self) -> Iterator[Shipment]:
        for start in range(0, len(self), _BATCH):
            yield from self._told(range(start, min(start + _BATCH, len(self))))

    def _told(self, positions: Sequence[int]) -> list[Shipment]:
        """Read the events and papers of some groups, batch-wise."""
        at = np.array(positions, dtype=np.int64)
        units = np.unique(self._units[at][self._units[at] >= 0])
        entries = entries_of(self._organisation_id, units)
        seqs = set(self._seqs[at].tolist()) | set(entries.seqs.tolist())
        rows = read_rows(self._organisation_id, seqs)
        wanted = set(units.tolist())
        for row in rows.values():
            wanted |= {k for k in (row.read_point, row.location) if k is not None}
            wanted |= {k for k in (row.step, row.disposition) if k > 1 << 16}
        names = identities_of(self._organisation_id, wanted)
        papers: dict[int, list[Transaction]] = {}
        going: dict[int, str] = {}
        pairs = sorted(
            zip(entries.keys.tolist(), entries.seqs.tolist(), strict=True),
            key=lambda pair: (rows[pair[1]].time, pair[1]),
        )
        for key, seq in pairs:
            event = happening(rows[seq], names)
            if not event.voided:
                known = papers.setdefault(key, [])
                known += (one for one in event.transactions if one not in known)
                going[key] = next((v for _, v in event.destinations), going.get(key, ""))
        return [self._shipment(i, rows, names, papers, going) for i in positions]

    def _shipment(self, i: int, rows: Any, names: Any, papers: Any, going: Any) -> Shipment:
        unit = int(self._units[i])
        event = happening(rows[int(self._seqs[i])], names)
        own = next((v for _, v in event.destinations), "")
        return Shipment(
            unit=names[unit] if unit >= 0 else None,
            whereabouts=CODES[int(self._codes[i])] or Whereabouts.NOT_SEEN,
            items=KeySet.from_array(self._items[self._bounds[i] : self._bounds[i + 1]]),
            transactions=tuple(papers.get(unit, event.transactions)),
            destination=going.get(unit, "") or own,
            time=moment(rows[int(self._seqs[i])].time),
        )
