"""Events in their order, and what they tell of units, as plain numbers.

Owns: the rank of an event in the order of events (by time, then number), and words: a unit and a
rank in one integer, sorted, so that "the last before" is one binary search.
Does not own: what follows from words (present).

Everything that lineage asks of very many goods comes down to sorting such words and searching them,
which costs a few nanoseconds each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import Keys
from suyuan.lineage.fetch import Entries, Facts
from suyuan.lineage.fold import (
    CLEARED_NUMBERS,
    CODE_OF,
    HOLDER_ROLES,
    OWN_ROLES,
    RECALL_NUMBER,
    whereabouts_codes,
)
from suyuan.lineage.values import Whereabouts

NEVER: Final = -1
"""A number of no event: where a window has no beginning, or no end."""

_IN_TRANSIT: Final = CODE_OF[Whereabouts.IN_TRANSIT]
_SOLD: Final = CODE_OF[Whereabouts.SOLD]
_ROLE_BITS: Final = 4


def _roles(some: frozenset[Role]) -> NDArray[np.bool_]:
    table = np.zeros(1 << _ROLE_BITS, dtype=np.bool_)
    table[sorted(some)] = True
    return table


_OWN: Final = _roles(OWN_ROLES)
_HOLDER: Final = _roles(HOLDER_ROLES)


class Timeline:
    """Facts of events in the order of events: a position is a rank.

    Attributes:
        facts: ordered by time, then number.
        bits: how many bits a rank takes, the one past the last included.
    """

    def __init__(self, facts: Facts) -> None:
        """Order facts that come by number."""
        inverse: Keys | None = None
        if np.any(np.diff(facts.times) < 0):
            order = np.argsort(facts.times, kind="stable")
            inverse = np.empty_like(order)
            inverse[order] = np.arange(order.size)
            self._by_number = facts.seqs
            facts = facts.take(order)
        else:
            self._by_number = facts.seqs
        self._inverse = inverse
        self.facts = facts
        self.bits = facts.seqs.size.bit_length()

    @property
    def size(self) -> int:
        """How many events there are."""
        return self._by_number.size

    @cached_property
    def _table(self) -> Keys | None:
        """Number → rank as a table, if the numbers lie close together."""
        seqs = self._by_number
        span = int(seqs[-1] - seqs[0]) + 1 if seqs.size else 0
        if not seqs.size or span > 16 * seqs.size + 4096:
            return None
        table = np.zeros(span, dtype=np.int64)
        table[seqs - seqs[0]] = np.arange(seqs.size) if self._inverse is None else self._inverse
        return table

    def ranks(self, seqs: Keys) -> Keys:
        """Return the ranks of numbers, all of which are there."""
        if self._table is not None:
            ranks: Keys = self._table[seqs - self._by_number[0]]
            return ranks
        at = np.searchsorted(self._by_number, seqs)
        return at if self._inverse is None else self._inverse[at]

    def beginnings(self, seqs: Keys) -> Keys:
        """Return the ranks from which windows are open: 0 where a number is `NEVER`."""
        return self._or(seqs, 0)

    def endings(self, seqs: Keys) -> Keys:
        """Return the ranks up to which windows are open: past the last where it is `NEVER`."""
        return self._or(seqs, self.size)

    def ranks_or_none(self, seqs: Keys) -> Keys:
        """Return the ranks of numbers, -1 where a number is `NEVER`."""
        return self._or(seqs, -1)

    def numbers(self, ranks: Keys) -> Keys:
        """Return the numbers of ranks, `NEVER` for -1."""
        if not self.size:
            return np.full(ranks.size, NEVER, dtype=np.int64)
        numbers: Keys = np.where(ranks >= 0, self.facts.seqs[ranks], NEVER)
        return numbers

    def _or(self, seqs: Keys, rank: int) -> Keys:
        known = seqs >= 0
        if known.all():
            return self.ranks(seqs)
        ranks = np.full(seqs.size, rank, dtype=np.int64)
        ranks[known] = self.ranks(seqs[known])
        return ranks

    @cached_property
    def codes(self) -> Keys:
        """Where each event leaves its goods: numbers of `fold.CODES`, 0 if it does not say."""
        facts = self.facts
        return whereabouts_codes(facts.steps, facts.dispositions, facts.locations >= 0)

    @cached_property
    def spots(self) -> Keys:
        """The place where each event leaves its goods, -1 for none."""
        facts = self.facts
        # What is on its way or sold is nowhere in the house, unless the event names a place.
        nowhere = (self.codes == _IN_TRANSIT) | (self.codes == _SOLD)
        named = facts.locations >= 0
        spots: Keys = np.where(nowhere & ~named, -1, facts.read_points)
        return np.where(named, facts.locations, spots)

    @cached_property
    def marks(self) -> NDArray[np.bool_]:
        """Which events mark goods as recalled."""
        told: NDArray[np.bool_] = self.facts.dispositions == RECALL_NUMBER
        return told

    @cached_property
    def speaking(self) -> NDArray[np.bool_]:
        """Which events mark goods as recalled, or clear them."""
        told: NDArray[np.bool_] = np.isin(self.facts.dispositions, CLEARED_NUMBERS)
        return self.marks | told

    @cached_property
    def packing(self) -> NDArray[np.bool_]:
        """Which events say of their children what holds them, or that nothing does."""
        facts = self.facts
        told: NDArray[np.bool_] = facts.types == EventType.AggregationEvent
        return told & (facts.parents >= 0)

    @cached_property
    def emptying(self) -> NDArray[np.bool_]:
        """Which events empty their parent whole."""
        facts = self.facts
        told: NDArray[np.bool_] = facts.types == EventType.AggregationEvent
        told &= facts.actions == Action.DELETE
        return told & facts.childless


@dataclass(frozen=True, slots=True)
class Words:
    """What live events tell of units, in the order of units, then events.

    Attributes:
        units: ascending keys, shape (u,).
        words: position in `units`, rank, role in one number each, ascending, shape (n,).
        timeline: what the ranks count.
    """

    units: Keys
    words: Keys
    timeline: Timeline

    @classmethod
    def of(cls, units: Keys, entries: Entries, timeline: Timeline) -> Words:
        """Join the entries of `units` with their events; leave out what was declared void."""
        ranks = timeline.ranks(entries.seqs)
        words = cls._positions(units, entries.keys)
        words <<= timeline.bits
        words |= ranks
        words <<= _ROLE_BITS
        words |= entries.roles
        if timeline.facts.voided.any():
            words = words[~timeline.facts.voided[ranks]]
        if np.any(np.diff(words) < 0):
            words.sort()
        return cls(units, words, timeline)

    @staticmethod
    def _positions(units: Keys, keys: Keys) -> Keys:
        """Return where ascending `keys` are in `units`."""
        if not keys.size:
            return np.empty(0, dtype=np.int64)
        new = np.empty(keys.size, dtype=np.bool_)
        new[0] = True
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        seen = keys[new]
        numbers = np.cumsum(new) - 1
        if seen.size == units.size:
            return numbers
        places: Keys = np.searchsorted(units, seen)[numbers]
        return places

    @property
    def _ranks(self) -> Keys:
        return self.words >> _ROLE_BITS & (1 << self.timeline.bits) - 1

    def heard(self, telling: NDArray[np.bool_], *, own: bool) -> Keys:
        """Return words (without role) of events that tell something and concern the unit.

        Args:
            telling: by rank, whether an event tells it.
            own: the units are asked about themselves; else about what they hold.
        """
        roles = _OWN if own else _HOLDER
        kept = roles[self.words & (1 << _ROLE_BITS) - 1]
        kept &= telling[self._ranks]
        found: Keys = self.words[kept] >> _ROLE_BITS
        return found

    def told(self, role: Role, telling: NDArray[np.bool_]) -> Keys:
        """Return words (without role) of events that name the unit as `role`."""
        of_role = self.words[(self.words & (1 << _ROLE_BITS) - 1) == role] >> _ROLE_BITS
        found: Keys = of_role[telling[of_role & (1 << self.timeline.bits) - 1]]
        return found


def last_before(words: Keys, units: Keys, since: Keys, until: Keys, bits: int) -> Keys:
    """Return the rank of the last word of each unit in [since, until), -1 for none.

    Args:
        words: position of a unit and rank in one number, ascending.
        units: positions.
        since: ranks.
        until: ranks.
        bits: of a rank.
    """
    if not words.size:
        return np.full(units.size, -1, dtype=np.int64)
    at = np.searchsorted(words, (units << bits) + until) - 1
    found = words[np.maximum(at, 0)]
    hit = (at >= 0) & (found >= (units << bits) + since)
    ranks: Keys = np.where(hit, found & (1 << bits) - 1, -1)
    return ranks


def first_after(words: Keys, units: Keys, after: Keys, bits: int) -> Keys:
    """Return the rank of the first word of each unit that is later than `after`, -1 for none."""
    if not words.size:
        return np.full(units.size, -1, dtype=np.int64)
    at = np.searchsorted(words, (units << bits) + after, side="right")
    found = words[np.minimum(at, words.size - 1)]
    hit = (at < words.size) & (found >> bits == units)
    ranks: Keys = np.where(hit, found & (1 << bits) - 1, -1)
    return ranks
