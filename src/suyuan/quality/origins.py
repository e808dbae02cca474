"""Of what lots goods are, when they were made, and of what: for many lots at once.

Owns: births with their times, the lots upstream and downstream of many lots.
Does not own: one lot's genealogy with its edges (lineage.genealogy), which items are affected
(lineage.scope).

Breadth first, one batched look-up a level; what was met is not walked again, so a cycle ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.keyset import INDEX_BITS, KeySet
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.genealogy import Lots
from suyuan.lineage.history import Row, read_rows

MOST_LEVELS: Final = 8
MOST_MET: Final = 20_000
_INTO: Final = (Role.INPUT, Role.INPUT_QUANTITY)
_OUT: Final = (Role.OUTPUT, Role.OUTPUT_QUANTITY, Role.LOT)


@dataclass(frozen=True, slots=True)
class Birth:
    """Items that came to be in the name of a lot at one event.

    Attributes:
        lot: the lot's key.
        seq: the event.
        time: microseconds since 1970, UTC.
        items: those of the lot's product.
        place: where, the business location or else the read point; None if not told.
    """

    lot: int
    seq: int
    time: int
    items: KeySet
    place: int | None = None


def births_of(organisation_id: int, lots: Iterable[int]) -> list[Birth]:
    """Return the births of lots that stand, in order of event number."""
    wanted = np.array(sorted(set(lots)), dtype=np.int64)
    entries = entries_of(organisation_id, wanted)
    born = entries.roles == Role.LOT
    keys, seqs = entries.keys[born].tolist(), entries.seqs[born].tolist()
    rows = read_rows(organisation_id, seqs)
    pairs = [(key, rows[seq]) for key, seq in zip(keys, seqs, strict=True) if not rows[seq].voided]
    sets = {row.seq: _items(row) for _, row in pairs}
    samples = {seq: _one_of_each_class(items) for seq, items in sets.items()}
    names = identities_of(organisation_id, {*keys, *(k for some in samples.values() for k in some)})
    found = []
    for key, row in sorted(pairs, key=lambda pair: (pair[1].seq, pair[0])):
        gtin, items = names[key].primary, sets[row.seq]
        others = [one for one in samples[row.seq] if names[one].primary != gtin]
        if others:  # one event brought several products to life
            array = items.to_array()
            classes = np.array([one >> INDEX_BITS for one in others], dtype=np.int64)
            items = KeySet.from_array(array[~np.isin(array >> INDEX_BITS, classes)])
        place = row.read_point if row.location is None else row.location
        found.append(Birth(key, row.seq, row.time, items, place))
    return found


def _items(row: Row) -> KeySet:
    made = row.type == EventType.TransformationEvent
    return KeySet.from_bytes(row.outputs if made else row.epcs)


def _one_of_each_class(items: KeySet) -> list[int]:
    keys = items.to_array()
    _, first = np.unique(keys >> INDEX_BITS, return_index=True)
    return [int(key) for key in keys[first]]


def items_by_lot(births: Iterable[Birth]) -> dict[int, KeySet]:
    """Return the items of each lot."""
    found: dict[int, KeySet] = {}
    for birth in births:
        found[birth.lot] = found.get(birth.lot, KeySet()) | birth.items
    return found


def sources_of(organisation_id: int, lots: Collection[int]) -> dict[int, frozenset[int]]:
    """Return, for each of `lots`, everything that went into it, directly or not."""
    return _reach(organisation_id, lots, forward=False)


def products_of(organisation_id: int, lots: Collection[int]) -> dict[int, frozenset[int]]:
    """Return, for each of `lots`, the lots and classes that came of it, directly or not."""
    return _reach(organisation_id, lots, forward=True)


def _reach(
    organisation_id: int, lots: Collection[int], *, forward: bool
) -> dict[int, frozenset[int]]:
    reader = Lots(organisation_id)
    near: dict[int, set[int]] = {}
    level = set(lots)
    met = set(level)
    for _ in range(MOST_LEVELS):
        for key, events in reader.transformations(level, _INTO if forward else _OUT).items():
            ends = near.setdefault(key, set())
            for event in events:
                ends.update((*event.outputs, *event.output_lots) if forward else event.inputs)
        level = {end for key in level for end in near.get(key, ())} - met
        met |= level
        if not level or len(met) > MOST_MET:
            break
    return {key: _closure(near, key) for key in lots}


def _closure(near: Mapping[int, set[int]], start: int) -> frozenset[int]:
    found: set[int] = set()
    level = near.get(start, set())
    while level:
        found |= level
        level = {end for key in level for end in near.get(key, ())} - found
    return frozenset(found - {start})
