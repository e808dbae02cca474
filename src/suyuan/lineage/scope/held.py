"""What containers held: at any time, or when certain events named them.

Owns: the rules "held" and "unnumbered contents" of the grades.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.alike import Alike, alike
from suyuan.lineage.births import births_of
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.history import Row, read_rows
from suyuan.lineage.scope.expanding import members, spread
from suyuan.lineage.scope.grades import PROVEN, Marked
from suyuan.lineage.scope.origins import live_births
from suyuan.lineage.scope.telling import (
    FOREVER,
    PIECE,
    Moments,
    Windows,
    all_held,
    held_in,
    pairs,
    pieces,
    tell,
)
from suyuan.lineage.transformations import amount_text, class_keys


@dataclass(frozen=True, slots=True)
class Load:
    """A quantity of a lot, without serials, in a container that is a start."""

    lot: int
    amount: str
    row: Row
    container: int  # the start


class Inner(NamedTuple):
    """A container that was in another until a moment, a place in the order of events."""

    unit: int
    until: int
    until_seq: int


@dataclass(frozen=True, slots=True)
class Named:
    """Units that events name; arrays of shape (n,).

    Attributes:
        units: keys.
        times: of the events.
        seqs: of the events.
        as_parent: whether the event names the unit as parent.
    """

    units: Keys
    times: Keys
    seqs: Keys
    as_parent: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[Named]) -> Named:
        """Return what several events name as one."""
        return cls(
            np.concatenate([part.units for part in parts]),
            np.concatenate([part.times for part in parts]),
            np.concatenate([part.seqs for part in parts]),
            np.concatenate([part.as_parent for part in parts]),
        )


def containers_among(organisation_id: int, keys: Collection[int]) -> list[int]:
    """Return those of `keys` that a live aggregation names as parent."""
    wanted = np.array(sorted(set(keys)), dtype=np.int64)
    told = tell(organisation_id, entries_of(organisation_id, wanted))
    holders: list[int] = np.unique(told.keys[told.aggregations(Role.PARENT)]).tolist()
    return holders


def held_by(organisation_id: int, container: int) -> tuple[Marked, list[Inner]]:
    """Return what a container held at any time, and the containers in it."""
    parts: list[tuple[Keys, ...]] = []
    inner: list[Inner] = []
    for same, holders, windows in _climbs(organisation_id, KeySet([container])):
        here = windows.only(windows.units == container)
        parts.append(spread(same, here.items, here.packed.seqs))
        among = np.flatnonzero(np.isin(here.items, holders))
        inner += (
            Inner(int(here.items[at]), int(here.ends.times[at]), int(here.ends.seqs[at]))
            for at in among.tolist()
        )
    return marked(parts, "held", source=container), inner


def held_when_named(organisation_id: int, named: Named) -> list[tuple[Keys, ...]]:
    """Return (items, events) that containers held at the moments when events named them."""
    order = np.argsort(named.units, kind="stable")
    units, seqs = named.units[order], named.seqs[order]
    when, over = Moments(named.times[order], seqs), named.as_parent[order]
    parts: list[tuple[Keys, ...]] = []
    for same, _, windows in _climbs(organisation_id, KeySet.from_array(units)):
        left, right = pairs(windows.units, units)
        starts, ends = windows.starts.take(left), windows.ends.take(left)
        moments = when.take(right)
        open_then = moments.before(ends)
        # What an event takes out of its parent is still in it when the event names the parent.
        open_then |= over[right] & (moments.times == ends.times) & (moments.seqs == ends.seqs)
        inside = ~moments.before(starts) & open_then
        parts.append(spread(same, windows.items[left[inside]], seqs[right[inside]]))
    return parts


def marked(
    parts: Iterable[tuple[Keys, ...]], rule: str, *, source: int = -1, grade: int = PROVEN
) -> Marked:
    """Join parts of (items, events) or (items, events, sources) into one, the first word first."""
    some = [part for part in parts if part[0].size]
    if not some:
        none = np.empty(0, dtype=np.int64)
        return Marked(none, none, none, rule, grade)
    items, first = np.unique(np.concatenate([part[0] for part in some]), return_index=True)
    seqs = np.concatenate([part[1] for part in some])[first]
    if len(some[0]) > 2:
        sources = np.concatenate([part[2] for part in some])[first]
    else:
        sources = np.full(items.size, source, dtype=np.int64)
    return Marked(items, sources, seqs, rule, grade)


def _climbs(organisation_id: int, keys: KeySet) -> Iterator[tuple[Alike, Keys, Windows]]:
    """Yield what held `keys` and all that they ever held, for groups of alike units.

    Each with the groups, the first units of them that are containers, and windows of one level.
    """
    for _, entries in all_held(organisation_id, keys):
        same = alike(entries)
        told = tell(organisation_id, same.entries)
        holders = np.unique(told.keys[told.aggregations(Role.PARENT)])
        for windows, _ in held_in(organisation_id, same.firsts, told):
            yield same, holders, windows


def loads(organisation_id: int, container: int, inner: Sequence[Inner]) -> list[Load]:
    """Return the quantities that were put into a container, or into one that was in it then."""
    left_at = {container: (FOREVER, 0)}
    for one in inner:
        left_at[one.unit] = max(left_at.get(one.unit, (-FOREVER, 0)), (one.until, one.until_seq))
    units = np.array(sorted(left_at), dtype=np.int64)
    told = tell(organisation_id, entries_of(organisation_id, units))
    told = told.only(told.aggregations(Role.PARENT))
    told = told.only(told.facts.actions[told.at] != Action.DELETE)
    rows = read_rows(organisation_id, np.unique(told.seqs).tolist())
    rows = {seq: row for seq, row in rows.items() if row.body.get("childQuantityList")}
    keys = class_keys(organisation_id, rows.values())
    return [
        Load(keys[str(element["epcClass"])], amount_text(element), rows[seq], container)
        for unit, seq in zip(told.keys.tolist(), told.seqs.tolist(), strict=True)
        if seq in rows and (rows[seq].time, seq) < left_at[unit]
        for element in rows[seq].body["childQuantityList"]
    ]


def loose(organisation_id: int, lot: int, time: int, seq: int) -> KeySet:
    """Return the items of a lot that may be what an event put into a container unnumbered.

    Born not later, in no container then, and not seen later.
    """
    births = births_of(organisation_id, [lot]).get(lot)
    found: list[KeySet] = []
    keys = KeySet() if births is None else births.live
    for piece in pieces(keys, PIECE):
        same = alike(entries_of(organisation_id, piece))
        told = tell(organisation_id, same.entries)
        when = Moments.all_at(time, told.keys.size)
        when = Moments(when.times, np.full(told.keys.size, seq, dtype=np.int64))
        later = told.keys[when.before(Moments(told.times, told.seqs))]
        births_then = live_births(told)
        born = births_then.keys[births_then.times <= time]
        free = np.setdiff1d(np.unique(born), later)
        for windows, _ in held_in(organisation_id, same.firsts, told):
            moment = Moments.all_at(time, windows.items.size)
            moment.seqs[:] = seq
            packed = ~moment.before(windows.starts) & moment.before(windows.ends)
            free = np.setdiff1d(free, windows.items[packed])
            break
        found.append(members(same, free))
    return KeySet.union(found)
