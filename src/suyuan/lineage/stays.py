"""How long goods were in one state at one place: histories cut into stays, for many items at once.

Owns: the order of the events that say where items are, and what lies between each and the next.
Does not own: state and place of an event (fold); counting (monitoring). docs/algorithms/dwell.md
has the rules in words.

Items that the same events name are folded once (`alike`) and counted by their number.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.keyset import Keys
from suyuan.lineage.alike import Alike
from suyuan.lineage.fold import CODE_OF, HOLDER_ROLES, OWN_ROLES
from suyuan.lineage.scope.telling import Moments, Told, held_in, pairs, tell
from suyuan.lineage.values import Whereabouts

_OWN: Final = np.array(sorted(OWN_ROLES), dtype=np.int64)
_HOLDER: Final = np.array(sorted(HOLDER_ROLES), dtype=np.int64)
_IN_HOUSE: Final = CODE_OF[Whereabouts.IN_HOUSE]
_IN_TRANSIT: Final = CODE_OF[Whereabouts.IN_TRANSIT]
_SOLD: Final = CODE_OF[Whereabouts.SOLD]
_DESTROYED: Final = CODE_OF[Whereabouts.DESTROYED]
_ARRIVALS: Final = np.array(
    [STEP_NUMBERS[step] for step in ("receiving", "arriving", "accepting")], dtype=np.int64
)


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays, ordered by item, then time; arrays of shape (n,).

    Times are microseconds since 1970. Of a stay that lasts, what would end it is -1.

    Attributes:
        groups: position in the `Alike` that they were made from.
        counts: how many items they are of.
        codes: state, number in `fold.CODES`: in house, in transit or returned.
        places: key of the place; of what is on its way, the place that it left; -1 unknown.
        steps: business step that began it, as stored.
        next_steps: that ended it.
        next_codes: state after it.
        next_places: place after it.
        begins: number of the event that began it.
        ends: that ended it.
        since: event time of the beginning.
        until: of the end.
        since_recorded: record time of the event that began it.
        until_recorded: of the one that ended it.
        missing: a scan is missing between beginning and end.
    """

    groups: Keys
    counts: Keys
    codes: Keys
    places: Keys
    steps: Keys
    next_steps: Keys
    next_codes: Keys
    next_places: Keys
    begins: Keys
    ends: Keys
    since: Keys
    until: Keys
    since_recorded: Keys
    until_recorded: Keys
    missing: NDArray[np.bool_]

    def only(self, mask: NDArray[np.bool_] | Keys) -> Self:
        """Return the stays where `mask` holds, or those at its positions."""
        return type(self)(*(getattr(self, one.name)[mask] for one in fields(self)))

    def late(self, limit: int) -> NDArray[np.bool_]:
        """Tell which rest on an event that was recorded more than `limit` after it happened."""
        ended = (self.ends >= 0) & (self.until_recorded - self.until > limit)
        mask: NDArray[np.bool_] = ended | (self.since_recorded - self.since > limit)
        return mask

    def visits(self) -> Self:
        """Return the stays with those that follow each other in one state at one place as one."""
        if not self.groups.size:
            return self
        same = (
            (np.diff(self.groups) == 0)
            & (np.diff(self.codes) == 0)
            & (np.diff(self.places) == 0)
            # What lies between was left out: a stay after a sale is not the one before it.
            & (self.ends[:-1] == self.begins[1:])
        )
        first = np.flatnonzero(np.append(True, ~same))
        last = np.append(first[1:], self.groups.size) - 1
        merged = {one.name: getattr(self, one.name)[first] for one in fields(self)}
        for name in ("next_steps", "next_codes", "next_places", "ends", "until", "until_recorded"):
            merged[name] = getattr(self, name)[last]
        merged["missing"] = np.logical_or.reduceat(self.missing, first)
        return type(self)(**merged)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Events that say where items are, ordered by item, time, number; arrays of shape (n,)."""

    items: Keys  # positions of groups
    times: Keys
    seqs: Keys
    codes: Keys
    steps: Keys
    locations: Keys
    read_points: Keys
    recorded: Keys


def stays_of(organisation_id: int, groups: Alike) -> Stays:
    """Return the stays of items; what is sold or destroyed stays nowhere."""
    marks = _marks(organisation_id, groups)
    size = marks.items.size
    places = _places(marks)
    follows = np.append(np.diff(marks.items) == 0, np.zeros(min(1, size), dtype=bool))
    after = np.minimum(np.arange(size) + 1, max(0, size - 1))

    def then(values: Keys) -> Keys:
        return np.where(follows, values[after], -1)

    stays = Stays(
        groups=marks.items,
        counts=groups.counts[marks.items],
        codes=marks.codes,
        places=places,
        steps=marks.steps,
        next_steps=then(marks.steps),
        next_codes=then(marks.codes),
        next_places=then(places),
        begins=marks.seqs,
        ends=then(marks.seqs),
        since=marks.times,
        until=then(marks.times),
        since_recorded=marks.recorded,
        until_recorded=then(marks.recorded),
        missing=follows & _missing(marks, places, after),
    )
    return stays.only((marks.codes != _SOLD) & (marks.codes != _DESTROYED))


def _missing(marks: _Marks, places: Keys, after: Keys) -> NDArray[np.bool_]:
    """Tell between which events and the next the records lack a departure or an arrival."""
    codes, next_codes, next_places = marks.codes, marks.codes[after], places[after]
    housed = next_codes == _IN_HOUSE
    unleft = housed & (places >= 0) & (next_places >= 0) & (places != next_places)
    gone = (next_codes == _IN_TRANSIT) | (next_codes == _SOLD)
    read_points = marks.read_points[after]
    from_elsewhere = gone & (places >= 0) & (read_points >= 0) & (read_points != places)
    unseen_arrival = housed & ~np.isin(marks.steps[after], _ARRIVALS)
    mask: NDArray[np.bool_] = np.where(
        codes == _IN_TRANSIT, unseen_arrival, (codes == _IN_HOUSE) & (unleft | from_elsewhere)
    )
    return mask


def _places(marks: _Marks) -> Keys:
    """Return where each mark leaves its item; what moves keeps the place that it left."""
    named = np.where(marks.locations >= 0, marks.locations, marks.read_points)
    moving = (marks.codes == _IN_TRANSIT) | (marks.codes == _SOLD)
    known = np.where(moving, marks.read_points, named)
    # What moves and names no place left the place that the mark before it names.
    firsts = np.append(True, np.diff(marks.items) != 0)[: marks.items.size]
    sure = ~moving | (known >= 0) | firsts
    source = np.maximum.accumulate(np.where(sure, np.arange(known.size), 0))
    filled: Keys = known[source]
    return filled


def _marks(organisation_id: int, groups: Alike) -> _Marks:
    """Climb from the first item of each group through what held it; return all marks in order."""
    told = tell(organisation_id, groups.entries)
    own = told.only(np.isin(told.roles, _OWN) & (told.codes > 0))
    tables = [_table(own.keys, own)]
    for windows, above in held_in(organisation_id, groups.firsts, told):
        heard = above.only(np.isin(above.roles, _HOLDER) & (above.codes > 0))
        left, right = pairs(windows.units, heard.keys)
        when = Moments(heard.times[right], heard.seqs[right])
        inside = ~when.before(windows.starts.take(left)) & when.before(windows.ends.take(left))
        tables.append(_table(windows.items[left[inside]], heard.only(right[inside])))
    table = np.concatenate(tables, axis=1)
    table[0] = np.searchsorted(groups.firsts, table[0])
    table = table[:, np.lexsort((table[2], table[1], table[0]))]
    # What was heard of twice, of the item and of its container, is one mark.
    new = (np.diff(table[0]) != 0) | (np.diff(table[2]) != 0)
    return _Marks(*table[:, np.append(True, new)[: table.shape[1]]])


def _table(items: Keys, told: Told) -> Keys:
    """Return the columns of `_Marks`, shape (8, n)."""
    facts, at = told.facts, told.at
    columns = (
        *(items, told.times, told.seqs, told.codes, facts.steps[at]),
        *(facts.locations[at], facts.read_points[at], facts.recorded[at]),
    )
    return np.stack(columns)
