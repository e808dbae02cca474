"""Which items came to be in the name of which lot.

Owns: births as events tell them, live ones and those that were declared an error.
Does not own: how sure that makes a scope (scope.walk).

A birth is an ObjectEvent ADD, or a transformation, that names items and, in its ILMD, their lot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.identities import class_names_of
from suyuan.capture.keyspace import ClassKind
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import INDEX_BITS, Keys, KeySet, unpack_runs
from suyuan.kernel.lists import select, within
from suyuan.lineage.fetch import entries_of, facts_of, members_of

_EVENTS: Final = 1 << 14  # whose lists are read together
_MANY: Final = 1 << 12  # events, as where each item is born for itself
_OF_PRODUCTS: Final = frozenset({ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SERIAL, ClassKind.LOT})


@dataclass(frozen=True, slots=True)
class Births:
    """The items of one lot.

    Attributes:
        live: those that a live birth names.
        withdrawn: those that only births name which count for nothing.
        withdrawals: such births.
    """

    live: KeySet
    withdrawn: KeySet
    withdrawals: tuple[int, ...]


def births_of(organisation_id: int, lots: Iterable[int]) -> dict[int, Births]:
    """Return the items of each lot that has any."""
    wanted = np.array(sorted(set(lots)), dtype=np.int64)
    entries = entries_of(organisation_id, wanted)
    named = entries.roles == Role.LOT
    keys, seqs = entries.keys[named], entries.seqs[named]
    facts = facts_of(organisation_id, np.unique(seqs))
    voided = facts.voided[facts.at(seqs)]
    born = _Born(organisation_id, facts.seqs)
    products = products_of(organisation_id, wanted)
    found: dict[int, Births] = {}
    for lot in np.unique(keys).tolist():
        of_lot = slice(*np.searchsorted(keys, [lot, lot + 1]).tolist())
        live, void = seqs[of_lot][~voided[of_lot]], seqs[of_lot][voided[of_lot]]
        gtin = products.get(lot >> INDEX_BITS)
        some = _of_product(organisation_id, born.items(live), gtin)
        others = _of_product(organisation_id, born.items(void), gtin) - some
        found[lot] = Births(some, others, tuple(void.tolist()))
    return found


class _Born:
    """What came to be in some events: read by event, or all at once if there are many."""

    def __init__(self, organisation_id: int, seqs: Keys) -> None:
        self._sets: dict[int, KeySet] = {}
        if seqs.size < _MANY:
            self._sets = born_in(organisation_id, seqs)
            return
        told = members_of(organisation_id, seqs, (Role.EPC, Role.OUTPUT))
        order = np.argsort(told.seqs, kind="stable")
        self._keys, self._seqs = told.keys[order], told.seqs[order]

    def items(self, seqs: Keys) -> KeySet:
        """Return what came to be in some of the events."""
        if self._sets or not seqs.size:
            return KeySet.union(self._sets[seq] for seq in seqs.tolist())
        low = np.searchsorted(self._seqs, seqs, side="left")
        lengths = np.searchsorted(self._seqs, seqs, side="right") - low
        return KeySet.from_array(self._keys[unpack_runs(low, lengths)])


def born_in(organisation_id: int, seqs: Keys) -> dict[int, KeySet]:
    """Return what came to be in each event: its EPCs, or its outputs."""
    found: dict[int, KeySet] = {}
    for at in range(0, seqs.size, _EVENTS):
        condition, parameter = within("seq", seqs[at : at + _EVENTS].tolist())
        rows = select(
            "SELECT seq, CASE WHEN type = %s THEN outputs ELSE epcs END "  # noqa: S608 - from code
            f"FROM capture_storedevent WHERE organisation_id = %s AND {condition}",
            (int(EventType.TransformationEvent), organisation_id, parameter),
        )
        found |= {seq: KeySet.from_bytes(bytes(data)) for seq, data in rows}
    return found


def are_births(types: Keys, actions: Keys, roles: Keys) -> NDArray[np.bool_]:
    """Tell of entries with their events' facts which say that an item came to be."""
    added = (types == EventType.ObjectEvent) & (actions == Action.ADD) & (roles == Role.EPC)
    made = (types == EventType.TransformationEvent) & (roles == Role.OUTPUT)
    births: NDArray[np.bool_] = added | made
    return births


def products_of(organisation_id: int, keys: Keys) -> dict[int, str]:
    """Return the GTIN of each class (upper bits) of ascending keys of items or lots of products."""
    return products_of_classes(organisation_id, _classes(keys).tolist())


def _classes(keys: Keys) -> Keys:
    """Return the distinct classes of ascending keys."""
    classes: Keys = keys >> INDEX_BITS
    new = np.ones(classes.size, dtype=np.bool_)
    new[1:] = np.diff(classes) != 0
    return classes[new]


def products_of_classes(organisation_id: int, classes: Collection[int]) -> dict[int, str]:
    """Return the GTIN of each class that is of one."""
    return {
        number: stem.partition("/")[0]
        for number, (kind, stem) in class_names_of(organisation_id, classes).items()
        if kind in _OF_PRODUCTS
    }


def _of_product(organisation_id: int, items: KeySet, gtin: str | None) -> KeySet:
    """Return those of `items` that are of a product: an event may name items of several."""
    keys = items.to_array()
    products = products_of(organisation_id, keys)
    if len(products) == _classes(keys).size and set(products.values()) <= {gtin}:
        return items
    alike = [number for number, product in products.items() if product == gtin]
    return KeySet.from_array(keys[np.isin(keys >> INDEX_BITS, alike)])
