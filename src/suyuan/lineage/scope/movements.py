"""Quantities of affected lots that were moved without serials.

Owns: which amounts are movements, and where they went.

A movement is a live event, neither birth nor transformation, that names a quantity of an affected
lot and says where it is; or an aggregation that puts one into a container: then it is where the
container is now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.identifiers import Identity
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.lineage.fold import CODES, whereabouts_codes
from suyuan.lineage.history import Row, happening, identifier_text
from suyuan.lineage.present import Present, present
from suyuan.lineage.scope.amounts import Amount
from suyuan.lineage.scope.grades import GRADES, PROVEN
from suyuan.lineage.scope.held import Load
from suyuan.lineage.values import Movement, Whereabouts

_NOWHERE = frozenset({Whereabouts.IN_TRANSIT, Whereabouts.SOLD})


def code_of(row: Row) -> int:
    """Return where an event leaves its goods: a number of `fold.CODES`."""
    codes = whereabouts_codes(
        np.array([row.step]), np.array([row.disposition]), np.array([row.location is not None])
    )
    return int(codes[0])


def movements(
    organisation_id: int,
    grades: Mapping[int, int],
    amounts: Sequence[Amount],
    loads: Sequence[Load],
) -> list[Movement]:
    """Return the movements of affected lots, and of what start containers hold, in order."""
    told: list[tuple[int, str, Row, int]] = [
        (one.lot, one.text, one.row, grades[one.lot]) for one in amounts if _moves(one)
    ]
    known = {(lot, row.seq, text) for lot, text, row, _ in told}
    told += (
        (one.lot, one.amount, one.row, PROVEN)
        for one in loads
        if (one.lot, one.row.seq, one.amount) not in known
    )
    told.sort(key=lambda one: (one[2].time, one[2].seq))
    units = KeySet(row.parent for _, _, row, _ in told if row.parent is not None)
    now = present(organisation_id, units.to_array())
    names = identities_of(organisation_id, _wanted(now, [row for _, _, row, _ in told]))
    return [_movement(*one, now, names) for one in told]


def _moves(one: Amount) -> bool:
    row = one.row
    if one.role is Role.CHILD_QUANTITY:
        return row.action != Action.DELETE or bool(code_of(row))
    if one.role is not Role.QUANTITY:
        return False
    born = row.type == EventType.ObjectEvent and row.action == Action.ADD
    return not born and bool(code_of(row))


def _wanted(now: Present, rows: Sequence[Row]) -> set[int]:
    wanted = set(now.items.tolist()) | {key for key in now.locations.tolist() if key >= 0}
    for row in rows:
        wanted |= {key for key in (row.read_point, row.location) if key is not None}
        wanted |= {word for word in (row.step, row.disposition) if word > 1 << 16}
    return wanted


def _movement(
    lot: int, amount: str, row: Row, grade: int, now: Present, names: Mapping[int, Identity]
) -> Movement:
    event = happening(row, names)
    where = CODES[code_of(row)] or Whereabouts.NOT_SEEN
    place = event.location or ("" if where in _NOWHERE else event.read_point)
    if where is Whereabouts.IN_TRANSIT:
        place = next((value for _, value in event.destinations), place)
    unit = None
    if row.parent is not None and row.action != Action.DELETE:
        unit = names[row.parent]
        at = int(np.searchsorted(now.items, row.parent))
        if now.seqs[at] >= 0:
            where = CODES[int(now.codes[at])] or where
            spot = int(now.locations[at])
            place = identifier_text(names[spot]) if spot >= 0 else ""
    return Movement(
        lot=lot,
        amount=amount,
        whereabouts=where,
        location=place,
        unit=unit,
        transactions=event.transactions,
        time=moment(row.time),
        seq=row.seq,
        certainty=GRADES[grade],
    )
