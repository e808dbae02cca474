"""Which of some units are recalled, or hold what is: what dispatch checks ask.

Owns: the question for many units at once; the rule what marks and clears is `fold`'s.

Marks are few, so it begins with them: where nothing was ever marked, one query answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from suyuan.capture.facets import Facet, events_with
from suyuan.capture.identities import find_keys
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.keyset import KeySet
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.fold import RECALL_NUMBER
from suyuan.lineage.history import history, read_rows
from suyuan.lineage.marks import is_recalled
from suyuan.lineage.present import MOST_LEVELS, Present, present

CASE_FIELD: Final = "suyuan:recall"
"""The extension by which an event that marks or clears goods names its recall case."""

_FOREVER: Final = 1 << 62
_MOST_MARKS: Final = 100_000  # events
_FEW: Final = 50  # units whose lots are looked at one by one


@dataclass(frozen=True, slots=True)
class RecalledUnit:
    """A unit that must not go on.

    Attributes:
        unit: what was asked about.
        goods: what is recalled: the unit itself, or something in it.
        case: number of the recall case, "" where the mark names none.
    """

    unit: int
    goods: int
    case: str


class _Mark(NamedTuple):
    """An event that marks goods."""

    time: int
    items: KeySet
    case: str


def recalled_among(
    organisation_id: int, units: Collection[int], *, until: int = _FOREVER
) -> list[RecalledUnit]:
    """Return those of `units` that are recalled now, or hold recalled goods, in their order.

    Args:
        organisation_id: whose.
        units: keys of items or containers.
        until: only marks with an event time up to here (microseconds since 1970) count: what was
            done before goods were recalled may be recorded afterwards.
    """
    marks = _marks(organisation_id)
    if not units or not any(mark.time <= until for mark in marks):
        return []
    wanted = set(units)
    inside = _inside(organisation_id, wanted)
    every = np.array(sorted(wanted | set(inside)), dtype=np.int64)
    now = present(organisation_id, every)
    found = _marked(now, wanted)
    rest = [key for key in wanted if key not in found]
    if len(rest) <= _FEW:
        found |= {key: key for key in rest if _lot_is_recalled(organisation_id, key)}
    return [
        RecalledUnit(unit, found[unit], case)
        for unit in units
        if unit in found and (case := _case(marks, found[unit], until)) is not None
    ]


def _marks(organisation_id: int) -> list[_Mark]:
    """Return the live events that mark goods, the latest first."""
    seqs = events_with(
        organisation_id, Facet.DISPOSITION, [RECALL_NUMBER], (0, _FOREVER), _MOST_MARKS
    )
    rows = read_rows(organisation_id, seqs or ())
    live = [row for row in rows.values() if not row.voided]
    live.sort(key=lambda row: (-row.time, -row.seq))
    return [
        _Mark(row.time, KeySet.from_bytes(row.epcs), str(row.body.get(CASE_FIELD, "")))
        for row in live
    ]


def _inside(organisation_id: int, units: Iterable[int]) -> KeySet:
    """Return whatever was told to be in `units`, at all levels, at any time."""
    found, level = KeySet(), KeySet(units)
    for _ in range(MOST_LEVELS):
        entries = entries_of(organisation_id, level.to_array())
        seqs = np.unique(entries.seqs[entries.roles == Role.PARENT]).tolist()
        inner = KeySet()
        for row in read_rows(organisation_id, seqs).values():
            if row.type == EventType.AggregationEvent and not row.voided:
                inner = inner | KeySet.from_bytes(row.epcs)
        level = inner - found
        found = found | inner
        if not level:
            break
    return found


def _marked(now: Present, wanted: set[int]) -> dict[int, int]:
    """Return, by wanted unit, something recalled that is the unit or is in it now."""
    parents = dict(zip(now.items.tolist(), now.parents.tolist(), strict=True))
    found: dict[int, int] = {}
    for goods in now.items[now.recalled].tolist():
        unit = goods
        for _ in range(MOST_LEVELS + 1):
            if unit in wanted:
                found.setdefault(unit, goods)
            unit = parents.get(unit, -1)
            if unit < 0:
                break
    return found


def _lot_is_recalled(organisation_id: int, key: int) -> bool:
    """Tell whether an item's whole lot is marked: it may have been reported after the recall."""
    lots = find_keys(organisation_id, history(organisation_id=organisation_id, key=key).lots)
    return any(is_recalled(organisation_id=organisation_id, key=lot) for lot in lots.values())


def _case(marks: Iterable[_Mark], goods: int, until: int) -> str | None:
    """Return the case that marked some goods by `until`, "" if none is named, None if none did.

    Goods that no mark names are marked by their lot, or by what held them.
    """
    named = [mark for mark in marks if goods in mark.items]
    if not named:
        return ""
    return next((mark.case for mark in named if mark.time <= until), None)
