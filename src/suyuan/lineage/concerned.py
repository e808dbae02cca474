"""Which items some events are about: what they name, and what that held at any time.

Owns: the walk from events down to items, piece by piece, each key once.
Does not own: what becomes of the items (standing, stays).

It finds too much rather than too little: an item counts as concerned if it was ever told to be in
a container that is named. Whoever folds it anew finds what is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.identities import class_names_of
from suyuan.capture.keyspace import ClassKind
from suyuan.core.epcis.event import Role
from suyuan.core.keyset import INDEX_BITS, Keys, KeySet
from suyuan.kernel.lists import select, within
from suyuan.lineage.fetch import Entries, entries_of

PIECE: Final = 1 << 18  # keys that are looked at together
_EVENTS: Final = 1 << 14  # whose lists are read together
_ITEMS: Final = frozenset({ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SERIAL})


def named_between(organisation_id: int, first: int, last: int) -> KeySet:
    """Return the keys that events of these numbers name, and those that corrections of theirs do.

    Keys of places and quantities are left out: nothing of them moves.
    """
    found = KeySet()
    for low in range(first, last + 1, _EVENTS):
        found = found | _named(
            "SELECT epcs, outputs, parent FROM capture_storedevent "
            "WHERE organisation_id = %s AND seq BETWEEN %s AND %s",
            (organisation_id, low, min(low + _EVENTS - 1, last)),
        )
    corrected = select(
        "SELECT seq FROM capture_correction "
        "WHERE organisation_id = %s AND declared_by BETWEEN %s AND %s",
        (organisation_id, first, last),
    )
    return found | named_by(organisation_id, sorted({row[0] for row in corrected}))


def named_by(organisation_id: int, seqs: list[int]) -> KeySet:
    """Return the keys that some events name."""
    found = KeySet()
    for at in range(0, len(seqs), _EVENTS):
        condition, parameter = within("seq", seqs[at : at + _EVENTS])
        found = found | _named(
            "SELECT epcs, outputs, parent FROM capture_storedevent "  # noqa: S608 - from code
            f"WHERE organisation_id = %s AND {condition}",
            (organisation_id, parameter),
        )
    return found


def _named(statement: str, parameters: tuple[object, ...]) -> KeySet:
    lists: set[bytes] = set()
    parents: list[int] = []
    for epcs, outputs, parent in select(statement, parameters):
        lists.add(bytes(epcs))
        lists.add(bytes(outputs))
        if parent is not None:
            parents.append(parent)
    return KeySet.union([*map(KeySet.from_bytes, lists), KeySet(parents)])


def are_items(organisation_id: int, keys: Keys) -> NDArray[np.bool_]:
    """Tell which keys are serialised items; logistic units and all else are not."""
    classes = keys >> INDEX_BITS
    numbers = np.unique(classes).tolist()
    names = class_names_of(organisation_id, numbers)
    items = [number for number in numbers if number in names and names[number][0] in _ITEMS]
    return np.isin(classes, items)


def contents_of(organisation_id: int, keys: KeySet) -> KeySet:
    """Return `keys` and everything that the containers among them held at any time.

    Items that hold others are not looked into; `walk` does that, as it reads them anyway.
    """
    found, fresh = keys, keys
    while fresh:
        array = fresh.to_array()
        units = array[~are_items(organisation_id, array)]
        held = _held(organisation_id, entries_of(organisation_id, units))
        fresh = held - found
        found = found | fresh
    return found


def _held(organisation_id: int, entries: Entries) -> KeySet:
    seqs = np.unique(entries.seqs[entries.roles == Role.PARENT])
    return named_by(organisation_id, seqs.tolist())


def walk(organisation_id: int, keys: KeySet) -> Iterator[tuple[Keys, Entries]]:
    """Yield items with their entries, piece by piece: `keys` and all that they ever held."""
    done = KeySet()
    pending = contents_of(organisation_id, keys)
    while pending:
        done = done | pending
        array = pending.to_array()
        array = array[are_items(organisation_id, array)]
        deeper = KeySet()
        for at in range(0, array.size, PIECE):
            piece = array[at : at + PIECE]
            entries = entries_of(organisation_id, piece)
            deeper = deeper | _held(organisation_id, entries)
            yield piece, entries
        pending = contents_of(organisation_id, deeper) - done
