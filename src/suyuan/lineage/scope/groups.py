"""Where affected items are now, in groups.

Owns: grouping by place, and by parcel or consignment.
Does not own: where an item is (present), how sure it is that it is affected (walk).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, overload

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity
from suyuan.core.instants import moment
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.fold import CODE_OF, CODES, whereabouts
from suyuan.lineage.history import Row, happening, identifier_text, read_rows
from suyuan.lineage.present import Present
from suyuan.lineage.scope.grades import GRADES
from suyuan.lineage.values import Happening, Place, Shipment, Transaction, Whereabouts

_AWAY: Final = (Whereabouts.IN_TRANSIT, Whereabouts.SOLD)
_SHIPPED: Final = tuple(CODE_OF[where] for where in _AWAY)
_BATCH: Final = 500


def joined(parts: Sequence[tuple[Present, int]]) -> tuple[Present, Keys]:
    """Return the present of all items, and their grades in the same order."""
    now = Present.joined([part for part, _ in parts])
    grades = np.zeros(now.items.size, dtype=np.int64)
    for part, grade in parts:
        if grade:
            grades[np.searchsorted(now.items, part.items)] = grade
    return now, grades


def places(organisation_id: int, now: Present, grades: Keys) -> list[Place]:
    """Group items by whereabouts, place and grade, the largest group first."""
    if now.items.size == 0:
        return []
    spots, spot = np.unique(now.locations, return_inverse=True)
    width = len(CODES) * len(GRADES)
    group = (spot.reshape(-1) * len(CODES) + now.codes) * len(GRADES) + grades
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(spots.size * width + 1))
    names = identities_of(organisation_id, {int(k) for k in spots if k >= 0})
    found = []
    for at in np.flatnonzero(np.diff(bounds)).tolist():
        key = int(spots[at // width])
        code, grade = divmod(at % width, len(GRADES))
        found.append(
            Place(
                whereabouts=CODES[code] or Whereabouts.NOT_SEEN,
                location=identifier_text(names[key]) if key >= 0 else "",
                items=KeySet.from_array(now.items[order[bounds[at] : bounds[at + 1]]]),
                certainty=GRADES[grade],
            )
        )
    return sorted(found, key=lambda place: -len(place.items))


class Shipments(Sequence[Shipment]):
    """The parcels and consignments that hold affected items, told in full when asked for.

    Grouped by the event that moved them, the unit that it named and how sure it is that they are
    affected; in order of that event.
    """

    def __init__(self, organisation_id: int, now: Present, grades: Keys) -> None:
        """Group the items that are on their way or sold; `grades` stand beside them."""
        self._organisation_id = organisation_id
        shipped = np.isin(now.codes, _SHIPPED)
        items, seqs, grades = now.items[shipped], now.seqs[shipped], grades[shipped]
        units = np.where(now.units[shipped] == items, -1, now.units[shipped])
        order = np.lexsort((items, grades, units, seqs))
        self._items, seqs, units = items[order], seqs[order], units[order]
        grades = grades[order]
        new = (np.diff(seqs) != 0) | (np.diff(units) != 0) | (np.diff(grades) != 0)
        starts = np.concatenate(([0], np.flatnonzero(new) + 1)) if items.size else items
        self._bounds: Keys = np.concatenate((starts, [items.size])).astype(np.int64)
        self._seqs: Keys = seqs[starts]
        self._units: Keys = units[starts]
        self._codes: Keys = now.codes[shipped][order][starts]
        self._grades: Keys = grades[starts]

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
        told: dict[int, list[Happening]] = {}
        pairs = sorted(
            set(zip(entries.keys.tolist(), entries.seqs.tolist(), strict=True)),
            key=lambda pair: (rows[pair[1]].time, pair[1]),
        )
        for key, seq in pairs:
            if not rows[seq].voided:
                told.setdefault(key, []).append(happening(rows[seq], names))
        return [self._shipment(i, rows, names, told) for i in positions]

    def _shipment(
        self,
        i: int,
        rows: Mapping[int, Row],
        names: Mapping[int, Identity],
        told: Mapping[int, Sequence[Happening]],
    ) -> Shipment:
        unit = int(self._units[i])
        event = happening(rows[int(self._seqs[i])], names)
        papers, destination = _of_move(told.get(unit, [event]), event.seq)
        return Shipment(
            unit=names[unit] if unit >= 0 else None,
            whereabouts=CODES[int(self._codes[i])] or Whereabouts.NOT_SEEN,
            items=KeySet.from_array(self._items[self._bounds[i] : self._bounds[i + 1]]),
            transactions=papers,
            destination=destination,
            time=moment(rows[int(self._seqs[i])].time),
            certainty=GRADES[int(self._grades[i])],
        )


def _of_move(events: Sequence[Happening], seq: int) -> tuple[tuple[Transaction, ...], str]:
    """Return the papers and the destination of a move, from the events of what moved, in order.

    They begin with its last event in a house, and end before the next that says where it is.
    """
    papers: dict[Transaction, None] = {}
    destination = ""
    moved = False
    for event in events:
        found = whereabouts(event.step, event.disposition, at_location=bool(event.location))
        if found is not None:
            if moved:
                break
            moved = event.seq == seq
            if found not in _AWAY:
                papers, destination = {}, ""
            else:
                destination = next((value for _, value in event.destinations), destination)
        papers |= dict.fromkeys(event.transactions)
    return tuple(papers), destination
