"""One row for each affected item of a case, streamed.

Owns: `AffectedRow`, `affected_rows`, `affected_keys`.
Does not own: file formats (web, api).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from suyuan.capture import identities
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.values import Certainty
from suyuan.recalls.models import GroupKind, RecallCase, ScopeGroup

_CHUNK = 10_000


class AffectedRow(NamedTuple):
    """What is known of one affected item."""

    item: str  # canonical text
    lot: str  # canonical text, "" if unknown
    whereabouts: str
    place: str  # identifier text of where it is, or is going
    container: str  # canonical text of its parcel's logistic unit
    waybill: str
    order_number: str
    certainty: str  # "" while scopes are not graded


class _Groups:
    """Finds the group of a key among disjoint groups."""

    def __init__(self, rows: Sequence[ScopeGroup]) -> None:
        """Lay all keys of `rows` side by side, ascending; a key in two groups is the first's."""
        self.rows = rows
        arrays = [row.item_keys.to_array() for row in rows]
        keys = np.concatenate([np.empty(0, dtype=np.int64), *arrays])
        owners = np.repeat(np.arange(len(rows)), [array.size for array in arrays])
        self._keys, first = np.unique(keys, return_index=True)
        self._owners = owners[first]

    def of(self, keys: Keys) -> list[ScopeGroup | None]:
        """Return the group of each of `keys`, None where there is none."""
        if self._keys.size == 0:
            return [None] * keys.size
        at = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
        owners = np.where(self._keys[at] == keys, self._owners[at], -1).tolist()
        return [None if owner < 0 else self.rows[owner] for owner in owners]


def affected_keys(
    case: RecallCase, *, whereabouts: str = "", place: str | None = None, certainty: str = ""
) -> KeySet:
    """Return the affected items, or those in one state, at one place, of one grade."""
    if not whereabouts and place is None and not certainty:
        return case.item_keys
    if "\0" in f"{whereabouts}{place}{certainty}":  # PostgreSQL refuses it, and no row has it
        return KeySet()
    rows = ScopeGroup.objects.filter(
        organisation_id=case.organisation_id,
        case_id=case.id,
        version=case.version,
        kind=GroupKind.PLACE,
    )
    if whereabouts:
        rows = rows.filter(whereabouts=whereabouts)
    if place is not None:
        rows = rows.filter(place=place)
    if certainty:
        # A scope in which everything is proven says so nowhere.
        known = [certainty, ""] if certainty == Certainty.PROVEN else [certainty]
        rows = rows.filter(certainty__in=known)
    found = KeySet()
    for row in rows:
        found |= row.item_keys
    return found


def affected_rows(case: RecallCase, *, items: KeySet | None = None) -> Iterator[AffectedRow]:
    """Return a row for each affected item, in order of key; identities are read in chunks.

    Args:
        case: The case.
        items: Only these; all of the case by default.
    """
    every = ScopeGroup.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=case.version
    )
    by_kind: dict[str, list[ScopeGroup]] = {kind: [] for kind in GroupKind.values}
    for row in every.order_by("kind", "position"):
        by_kind[row.kind].append(row)
    # Products' lots first: an item belongs to them, not to the material in it.
    lots = sorted(by_kind[GroupKind.LOT], key=lambda row: -row.depth)
    lot_groups = _Groups([*lots, *by_kind[GroupKind.ORIGIN]])
    places = _Groups(by_kind[GroupKind.PLACE])
    shipments = _Groups(by_kind[GroupKind.SHIPMENT])
    keys = (case.item_keys if items is None else items).to_array()
    for start in range(0, keys.size, _CHUNK):
        chunk = keys[start : start + _CHUNK]
        known = identities.identities_of(case.organisation_id, chunk.tolist())
        for key, lot, place, shipment in zip(
            chunk.tolist(), lot_groups.of(chunk), places.of(chunk), shipments.of(chunk), strict=True
        ):
            yield AffectedRow(
                item=known[key].digital_link() if key in known else "",
                lot=lot.unit if lot else "",
                whereabouts=place.whereabouts if place else "",
                place=place.place or (shipment.place if shipment else "") if place else "",
                container=shipment.unit if shipment else "",
                waybill=shipment.waybill if shipment else "",
                order_number=shipment.order_number if shipment else "",
                certainty=place.certainty if place else "",
            )
