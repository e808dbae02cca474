"""What was at places in a period.

Owns: the rule "present": stays, and what their missing scans leave open.

An item's marks are the events, its own or of what held it then, that say where it is. A stay is a
maximal sequence of marks at the places, in house or returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.keyset import Keys
from suyuan.lineage.alike import Alike, alike
from suyuan.lineage.births import are_births
from suyuan.lineage.concerned import are_items, named_by
from suyuan.lineage.fold import CODE_OF, HOLDER_ROLES, OWN_ROLES
from suyuan.lineage.scope.expanding import count, members, spread
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.grades import POSSIBLE, Marked
from suyuan.lineage.scope.happened import events_at
from suyuan.lineage.scope.held import marked
from suyuan.lineage.scope.telling import FOREVER, Moments, Told, all_held, held_in, pairs, tell
from suyuan.lineage.starts import Presence
from suyuan.lineage.values import FindingCode, Whereabouts

_SHOWN: Final = 20
_HOUSED: Final = (CODE_OF[Whereabouts.IN_HOUSE], CODE_OF[Whereabouts.RETURNED])
_SENT: Final = (CODE_OF[Whereabouts.IN_TRANSIT], CODE_OF[Whereabouts.SOLD])
_ENDED: Final = (CODE_OF[Whereabouts.SOLD], CODE_OF[Whereabouts.DESTROYED])
_RECEIVED: Final = [STEP_NUMBERS[word] for word in ("receiving", "arriving", "accepting")]
_OWN: Final = np.array(sorted(OWN_ROLES), dtype=np.int64)
_HOLDER: Final = np.array(sorted(HOLDER_ROLES), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Marks in order of item, time and number; arrays of shape (n,)."""

    items: Keys
    times: Keys
    seqs: Keys
    codes: Keys
    spots: Keys  # which of the places the event is at, -1 none
    came: NDArray[np.bool_]  # a birth, or a scan at a door
    leaves: NDArray[np.bool_]  # a departure from the places


@dataclass(frozen=True, slots=True)
class _Stays:
    """Stays as positions of marks: the first and the last of each; arrays of shape (m,)."""

    first: Keys
    last: Keys
    before: NDArray[np.bool_]  # there is a mark of the item before the first
    after: NDArray[np.bool_]


def present_then(
    organisation_id: int, start: Presence, findings: Findings
) -> tuple[Marked, Marked]:
    """Return what was at places in a period for certain, and what possibly was."""
    seqs = events_at(organisation_id, start.places, findings)
    places = np.array(sorted(set(start.places)), dtype=np.int64)
    proven: list[tuple[Keys, ...]] = []
    possible: list[tuple[Keys, ...]] = []
    for _, entries in all_held(organisation_id, named_by(organisation_id, seqs.tolist())):
        same = alike(entries)
        marks = _marks(organisation_id, same, places)
        sure, maybe = _judged(same, marks, _stays(marks), start, findings)
        proven.append(sure)
        possible.append(maybe)
    return marked(proven, "present"), marked(possible, "present", grade=POSSIBLE)


def _marks(organisation_id: int, same: Alike, places: Keys) -> _Marks:
    """Return the marks of the first item of each group."""
    told = tell(organisation_id, same.entries)
    holders = np.unique(told.keys[told.aggregations(Role.PARENT)])
    holders = holders[~are_items(organisation_id, holders)]
    tables = [_table(told.keys, told.only(np.isin(told.roles, _OWN)), places, own=True)]
    for items, above in _above(organisation_id, same, told):
        tables.append(_table(items, above, places, own=False))
    table = np.concatenate(tables, axis=1)
    table = table[:, ~np.isin(table[0], holders)]  # their contents are looked at instead
    # Of an event that names an item in two roles, as what went in and came out, the birth counts.
    table = table[:, np.lexsort((1 - table[5], table[2], table[1], table[0]))]
    fresh = np.ones(table.shape[1], dtype=np.bool_)
    fresh[1:] = (np.diff(table[0]) != 0) | (np.diff(table[2]) != 0)
    table = table[:, fresh]
    items, times, seqs, codes, spots = table[:5]
    return _Marks(items, times, seqs, codes, spots, table[5] > 0, table[6] > 0)


def _above(organisation_id: int, same: Alike, told: Told) -> Iterator[tuple[Keys, Told]]:
    """Yield the items that hear of events of what held them, with those events, row by row."""
    for windows, above in held_in(organisation_id, same.firsts, told):
        heard = above.only(np.isin(above.roles, _HOLDER) & (above.codes > 0))
        left, right = pairs(windows.units, heard.keys)
        rows = heard.only(right)
        when = Moments(rows.times, rows.seqs)
        inside = ~when.before(windows.starts.take(left)) & when.before(windows.ends.take(left))
        yield windows.items[left[inside]], rows.only(inside)


def _table(items: Keys, told: Told, places: Keys, *, own: bool) -> Keys:
    """Return the columns of `_Marks` for rows that say where goods are, shape (7, n)."""
    codes = told.codes
    said = codes > 0
    items, told, codes = (told.keys if own else items)[said], told.only(said), codes[said]
    facts, at = told.facts, told.at
    locations, read = facts.locations[at], facts.read_points[at]
    spots = np.where(np.isin(read, places), read, -1)
    spots = np.where(np.isin(locations, places), locations, spots)
    came = np.isin(facts.steps[at], _RECEIVED)
    if own:
        came |= are_births(facts.types[at], facts.actions[at], told.roles)
    from_here = np.isin(read, places) | (read < 0)
    leaves = (np.isin(codes, _SENT) & from_here) | (np.isin(codes, _ENDED) & (spots >= 0))
    # Whole numbers even if there are no rows: columns are used as positions.
    columns = (items, told.times, told.seqs, codes, spots, came, leaves)
    return np.stack(columns, dtype=np.int64, casting="unsafe")


def _stays(marks: _Marks) -> _Stays:
    """Return the maximal sequences of marks in house at the places."""
    there = (marks.spots >= 0) & np.isin(marks.codes, _HOUSED)
    size = marks.items.size
    same_as_next = np.zeros(size, dtype=np.bool_)
    same_as_next[:-1] = np.diff(marks.items) == 0
    same_as_last = np.zeros(size, dtype=np.bool_)
    same_as_last[1:] = same_as_next[:-1]
    there_next = np.append(there[1:], False) & same_as_next
    there_last = np.append(False, there[:-1])[:size] & same_as_last
    first = np.flatnonzero(there & ~there_last)
    last = np.flatnonzero(there & ~there_next)
    return _Stays(first, last, same_as_last[first], same_as_next[last])


def _judged(
    same: Alike, marks: _Marks, stays: _Stays, start: Presence, findings: Findings
) -> tuple[tuple[Keys, ...], tuple[Keys, ...]]:
    """Return (items, events, places) of what was there for certain, and possibly."""
    begin, end = marks.times[stays.first], marks.times[stays.last]
    after = np.minimum(stays.last + 1, marks.items.size - 1)
    before = np.maximum(stays.first - 1, 0)
    left = stays.after & marks.leaves[after]
    until = np.where(stays.after, np.where(left, marks.times[after], end), FOREVER)
    sure = (begin <= start.until) & (until >= start.since)
    lingered = stays.after & ~left & _meets(end, marks.times[after], start)
    arrived = stays.before & ~marks.came[stays.first] & _meets(marks.times[before], begin, start)
    certain = np.unique(marks.items[stays.first[sure]])
    doubtful = ~np.isin(marks.items[stays.first], certain)
    lingered, arrived = lingered & doubtful, arrived & doubtful
    _note(findings, same, marks, stays.last[lingered], after[lingered], arriving=False)
    _note(findings, same, marks, before[arrived], stays.first[arrived], arriving=True)
    rows = stays.first[sure]
    maybe = np.concatenate((stays.last[lingered], stays.first[arrived]))
    return (
        spread(same, marks.items[rows], marks.seqs[rows], marks.spots[rows]),
        spread(same, marks.items[maybe], marks.seqs[maybe], marks.spots[maybe]),
    )


def _meets(since: Keys, until: Keys, start: Presence) -> NDArray[np.bool_]:
    """Tell which open intervals meet the period."""
    meets: NDArray[np.bool_] = (since < until) & (start.since < until) & (start.until > since)
    return meets


def _note(
    findings: Findings, same: Alike, marks: _Marks, since: Keys, until: Keys, *, arriving: bool
) -> None:
    """Note the scans that are missing between pairs of marks, by place."""
    code = FindingCode.MISSING_RECEIVING if arriving else FindingCode.MISSING_DEPARTURE
    stay = until if arriving else since
    for place in np.unique(marks.spots[stay]).tolist():
        here = marks.spots[stay] == place
        keys = np.unique(marks.items[stay[here]])
        shown = np.unique(marks.seqs[np.concatenate((since[here], until[here]))])
        findings.note(
            code,
            seqs=shown[:_SHOWN].tolist(),
            units=members(same, keys),
            step="receiving" if arriving else "shipping",
            place=place,
            since=int(marks.times[since[here]].min()),
            until=int(marks.times[until[here]].max()),
            times=count(same, keys),
        )
