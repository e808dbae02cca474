"""What can be said only of a scope as a whole.

Owns: containers that hold themselves; whether nearly everything ever made is affected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import Keys, KeySet
from suyuan.kernel.lists import select
from suyuan.lineage.births import born_in
from suyuan.lineage.fetch import entries_of, facts_of
from suyuan.lineage.present import Present
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.telling import (
    PIECE,
    Told,
    Windows,
    held_in,
    pairs,
    pieces,
    tell,
)
from suyuan.lineage.values import FindingCode

FEWEST: Final = 100  # items; of fewer, nobody says that they are all of a brand
_STEP: Final = 512  # births that are read together
_MOST_BIRTHS: Final = 100_000
_SHOWN: Final = 20
_MOST_UNITS: Final = 1_000


def note_circles(
    organisation_id: int, parts: Sequence[tuple[Present, int]], findings: Findings
) -> None:
    """Note items in containers that hold themselves: where climbs did not come to an end."""
    for part, _ in parts:
        if not part.deepest.size:
            continue
        circles = _circles(organisation_id, part.deepest[:_MOST_UNITS])
        if not circles.items.size:
            continue
        found = [
            _inside(organisation_id, items, circles)
            for items in pieces(KeySet.from_array(part.items), PIECE)
        ]
        findings.note(
            FindingCode.HOLDS_ITSELF,
            seqs=np.unique(circles.packed.seqs)[:_SHOWN].tolist(),
            units=KeySet.union(found),
        )


def _circles(organisation_id: int, units: Keys) -> Windows:
    """Return when units among those above `units` were in themselves, ordered by unit."""
    above = [units, *(windows.units for windows, _ in _levels(organisation_id, units))]
    known = np.unique(np.concatenate(above))
    found = [
        windows.only(windows.items == windows.units)
        for windows, _ in _levels(organisation_id, known)
    ]
    joined = Windows.joined(found)
    return joined.only(np.argsort(joined.units, kind="stable"))


def _inside(organisation_id: int, items: Keys, circles: Windows) -> KeySet:
    """Return those of `items` that were in a unit while it was in itself, or are such a unit."""
    found = [KeySet.from_array(items) & KeySet.from_array(circles.units)]
    for windows, _ in _levels(organisation_id, items):
        left, right = pairs(windows.units, circles.units)
        starts = windows.starts.take(left).or_later(circles.starts.take(right))
        ends = windows.ends.take(left).or_earlier(circles.ends.take(right))
        found.append(KeySet.from_array(windows.items[left[starts.before(ends)]]))
    return KeySet.union(found)


def _levels(organisation_id: int, units: Keys) -> Iterator[tuple[Windows, Told]]:
    told = tell(organisation_id, entries_of(organisation_id, units))
    return held_in(organisation_id, units, told)


def note_whole_brand(organisation_id: int, items: KeySet, findings: Findings) -> None:
    """Note that over nine tenths of all items that were ever born are affected."""
    if len(items) < FEWEST:
        return
    enough = len(items) * 10 // 9  # of so many, the scope is no more than nine tenths
    rows = select(
        "SELECT seq FROM capture_storedevent WHERE organisation_id = %s "
        "AND ((type = %s AND action = %s) OR type = %s) LIMIT %s",
        (
            organisation_id,
            int(EventType.ObjectEvent),
            int(Action.ADD),
            int(EventType.TransformationEvent),
            _MOST_BIRTHS + 1,
        ),
    )
    if len(rows) > _MOST_BIRTHS:
        return
    seqs = np.array(sorted(row[0] for row in rows), dtype=np.int64)
    born = KeySet()
    for at in range(0, seqs.size, _STEP):
        facts = facts_of(organisation_id, seqs[at : at + _STEP])
        some = born_in(organisation_id, facts.seqs[~facts.voided])
        born = KeySet.union([born, *some.values()])
        if len(born | items) > enough:
            return
    findings.note(FindingCode.WHOLE_BRAND, units=items, times=len(items))
