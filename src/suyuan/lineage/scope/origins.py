"""How sure it is that an item is of the lot that a birth names.

Owns: births that contradict each other, and births that were declared an error.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from suyuan.core.epcis.body import unpack_body
from suyuan.core.epcis.event import lot_number
from suyuan.core.keyset import Keys, KeySet
from suyuan.kernel.lists import select, within
from suyuan.lineage.births import are_births
from suyuan.lineage.concerned import are_items
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.scope.telling import PIECE, Told, tell

_EVENTS: Final = 1 << 14


def live_births(told: Told) -> Told:
    """Return the rows that say that an item came to be."""
    facts = told.facts
    return told.only(are_births(facts.types[told.at], facts.actions[told.at], told.roles))


def contested(organisation_id: int, told: Told) -> tuple[Keys, list[int]]:
    """Return the items whose live births name different lots, and the events that do so."""
    births = live_births(told)
    twice = np.unique(births.keys[1:][np.diff(births.keys) == 0])
    twice = twice[are_items(organisation_id, twice)]  # a container has no product
    if not twice.size:
        return twice, []
    births = births.only(np.isin(births.keys, twice))
    numbers = _numbers(organisation_id, births.seqs)
    births, numbers = births.only(numbers >= 0), numbers[numbers >= 0]
    differs = (np.diff(births.keys) == 0) & (np.diff(numbers) != 0)
    items = np.unique(births.keys[1:][differs])
    return items, np.unique(births.seqs[np.isin(births.keys, items)]).tolist()


def without_lot(organisation_id: int, items: KeySet) -> KeySet:
    """Return those of `items` of which no live birth names a lot."""
    left: list[KeySet] = []
    keys = items.to_array()
    for at in range(0, keys.size, PIECE):
        piece = keys[at : at + PIECE]
        births = live_births(tell(organisation_id, entries_of(organisation_id, piece)))
        named = births.keys[_numbers(organisation_id, births.seqs) >= 0]
        left.append(KeySet.from_array(np.setdiff1d(piece, named)))
    return KeySet.union(left)


def _numbers(organisation_id: int, seqs: Keys) -> Keys:
    """Return a number for the lot that each event's ILMD names, -1 for none."""
    distinct, inverse = np.unique(seqs, return_inverse=True)
    texts = lot_texts(organisation_id, distinct)
    known: dict[str, int] = {}
    numbers = [
        -1 if text is None else known.setdefault(text, len(known))
        for text in (texts.get(seq) for seq in distinct.tolist())
    ]
    return np.array(numbers, dtype=np.int64)[inverse] if numbers else seqs


def lot_texts(organisation_id: int, seqs: Keys) -> dict[int, str]:
    """Return the lot number of each event that has one in its ILMD."""
    found: dict[int, str] = {}
    for at in range(0, seqs.size, _EVENTS):
        condition, parameter = within("seq", seqs[at : at + _EVENTS].tolist())
        rows = select(
            "SELECT seq, body FROM capture_storedevent "  # noqa: S608 - from code
            f"WHERE organisation_id = %s AND {condition}",
            (organisation_id, parameter),
        )
        for seq, body in rows:
            lot = lot_number(unpack_body(bytes(body)))
            if isinstance(lot, str):
                found[seq] = lot
    return found
