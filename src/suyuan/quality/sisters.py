"""What shares an item's fate: its lot, the case that it lay in, the hour in which it was made.

Owns: the question for one item, where a complaint begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from suyuan.capture.identities import find_key
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.instants import microseconds, moment
from suyuan.core.keyset import KeySet
from suyuan.lineage import selectors as lineage
from suyuan.lineage.fetch import entries_of_one
from suyuan.lineage.history import read_rows
from suyuan.lineage.values import Containment
from suyuan.quality.origins import births_of

HOUR: Final = 3_600_000_000
_MOST_CONTAINERS: Final = 4


@dataclass(frozen=True, slots=True)
class Together:
    """What lay in one container with the item, when it lay there."""

    container: Identity
    since: datetime
    items: KeySet  # without the item itself


@dataclass(frozen=True, slots=True)
class Sisters:
    """The goods that share an item's fate; each set is without the item itself.

    Attributes:
        key: the item.
        lot: the lot that it belongs to, None if no event says so.
        lot_items: of that lot.
        hour: the beginning of the hour in which it was made, None if not known.
        hour_items: of that lot and hour.
        containers: what it lay in, the first first.
    """

    key: int
    lot: Identity | None
    lot_items: KeySet
    hour: datetime | None
    hour_items: KeySet
    containers: tuple[Together, ...]


def sisters_of(*, organisation_id: int, text: str) -> Sisters | None:
    """Return the sisters of the item that a text names; None if it names no item that was seen."""
    key = lineage.resolve(organisation_id=organisation_id, text=text)
    if key is None:
        return None
    history = lineage.history(organisation_id=organisation_id, key=key)
    if history.identity.scheme is not Scheme.SGTIN:
        return None
    itself = KeySet([key])
    lot = next((one for one in history.lots if one.scheme is Scheme.LGTIN), None)
    lot_key = None if lot is None else find_key(organisation_id, lot)
    births = [] if lot_key is None else births_of(organisation_id, [lot_key])
    made = next((birth.time for birth in births if key in birth.items), None)
    of_lot, of_hour = KeySet(), KeySet()
    for birth in births:
        of_lot |= birth.items
        if made is not None and birth.time // HOUR == made // HOUR:
            of_hour |= birth.items
    shared = [_together(organisation_id, one) for one in history.containments[:_MOST_CONTAINERS]]
    return Sisters(
        key=key,
        lot=lot,
        lot_items=of_lot - itself,
        hour=None if made is None else moment(made // HOUR * HOUR),
        hour_items=of_hour - itself,
        containers=tuple(
            Together(one.container, one.since, one.items - itself)
            for one in shared
            if one.items - itself
        ),
    )


def _together(organisation_id: int, one: Containment) -> Together:
    """Return what was in a container at some time of a containment."""
    since = microseconds(one.start)
    until = None if one.end is None else microseconds(one.end)
    entries = entries_of_one(organisation_id, one.parent)
    rows = read_rows(organisation_id, [seq for seq, role in entries if role == Role.PARENT])
    inside = KeySet()
    for row in sorted(rows.values(), key=lambda row: (row.time, row.seq)):
        if row.voided or row.type != EventType.AggregationEvent:
            continue
        if row.action != Action.DELETE:
            if until is None or row.time < until:
                inside |= KeySet.from_bytes(row.epcs)
        elif row.time <= since:  # taken out before the item came in
            children = KeySet.from_bytes(row.epcs)
            inside = inside - children if children else KeySet()
    return Together(one.parent_identity, one.start, inside)
