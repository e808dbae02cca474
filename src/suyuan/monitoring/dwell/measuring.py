"""From stays to the figures of groups, piece by piece.

Owns: which stays count, by what they are grouped, what is kept of each piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.keyset import INDEX_BITS, Keys
from suyuan.lineage.stays import Stays
from suyuan.monitoring.dwell.figures import binned, quantiles, sums
from suyuan.monitoring.dwell.values import BINS, By

_PERCENTS: Final = (10, 50, 90, 99)
_MONDAY: Final = date(1970, 1, 5)
_DAY: Final = 86_400_000_000
_WEEK: Final = 7 * _DAY


@dataclass(frozen=True, slots=True)
class Chain:
    """What of master data a measurement needs, by key.

    Attributes:
        places: keys of the places that count; None: all.
        same_as: key of a place that has another key too → that key.
        partner_of: key of a place → number of its partner.
        product_of: number of a class of items → number of its product.
        zone: the offset of local time from UTC, for weeks; microseconds.
    """

    places: frozenset[int] | None
    same_as: Mapping[int, int]
    partner_of: Mapping[int, int]
    product_of: Mapping[int, int]
    zone: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Stays as they are counted; arrays of shape (n,), `of` of shape (n, 2)."""

    of: Keys  # the pair of numbers that names the group
    lengths: Keys  # of what still lasts: since when
    items: Keys
    weeks: Keys
    late: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    groups: Keys  # position in the piece's `Alike`


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one group, by the pair of numbers that names it."""

    of: tuple[int, int]
    items: int
    quantiles: tuple[int, int, int, int]
    total: int
    late: int
    missing: int
    bins: tuple[int, ...]
    weeks: tuple[tuple[date, int, int], ...]  # Monday, items, median


@dataclass(slots=True)
class Measure:
    """Collects stays that have ended within a period, and those that last."""

    by: By
    since: int
    until: int
    late: int
    chain: Chain
    ended: list[Columns] = field(default_factory=list)
    lasting: list[Columns] = field(default_factory=list)

    def add(self, stays: Stays, firsts: Keys) -> None:
        """Take in the stays of a piece; `firsts` are the items that its groups begin with."""
        stays = self._renamed(stays)
        self.ended.append(self._ended(stays, firsts))
        visits = self._at_places(stays.visits())
        open_ = visits.only(visits.ends < 0)
        of = np.stack((open_.codes, open_.places), axis=1)
        products = self._products(open_, firsts)
        self.lasting.append(self._columns(open_, of, open_.since, products))

    def ended_of(self, stays: Stays, firsts: Keys) -> Columns:
        """Return the stays of a piece that ended in the period, as they are counted."""
        return self._ended(self._renamed(stays), firsts)

    def _ended(self, stays: Stays, firsts: Keys) -> Columns:
        stays = self._at_places(stays if self.by is By.STAGE else stays.visits())
        done = stays.only(
            (stays.ends >= 0) & (stays.until >= self.since) & (stays.until <= self.until)
        )
        weeks = (done.until + self.chain.zone - 4 * _DAY) // _WEEK
        return self._columns(done, self._of(done, firsts), done.until - done.since, weeks)

    def figures(self) -> list[Figures]:
        """Return the figures of each group, that with the greatest total first."""
        all_ = joined(self.ended)
        if not all_.lengths.size:
            return []
        names, group = numbered(all_.of)
        count = len(names)
        values = (
            np.bincount(group, all_.items, minlength=count).astype(np.int64),
            quantiles(all_.lengths, all_.items, group, count, _PERCENTS),
            sums(all_.lengths, all_.items, group, count),
            np.bincount(group, all_.items * all_.late, minlength=count).astype(np.int64),
            np.bincount(group, all_.items * all_.missing, minlength=count).astype(np.int64),
            binned(all_.lengths, all_.items, group, count, BINS),
            _by_week(all_, group, count),
        )
        found = [
            Figures(
                of=(int(names[at][0]), int(names[at][1])),
                items=int(items),
                quantiles=tuple(ranks.tolist()),
                total=total,
                late=int(late),
                missing=int(missing),
                bins=tuple(bins.tolist()),
                weeks=weeks,
            )
            for at, (items, ranks, total, late, missing, bins, weeks) in enumerate(
                zip(*values, strict=True)
            )
        ]
        return sorted(found, key=lambda one: (-one.total, one.of))

    def _columns(self, stays: Stays, of: Keys, lengths: Keys, weeks: Keys) -> Columns:
        return Columns(
            of, lengths, stays.counts, weeks, stays.late(self.late), stays.missing, stays.groups
        )

    def _renamed(self, stays: Stays) -> Stays:
        """Let a place that events name in two ways be one place."""
        if not self.chain.same_as:
            return stays
        places = looked_up(self.chain.same_as, stays.places, same=True)
        return replace(stays, places=places)

    def _at_places(self, stays: Stays) -> Stays:
        if self.chain.places is None:
            return stays
        return stays.only(np.isin(stays.places, sorted(self.chain.places)))

    def _of(self, stays: Stays, firsts: Keys) -> Keys:
        """Return the pair of numbers that names each stay's group."""
        if self.by is By.STAGE:
            return np.stack((stays.steps, stays.next_steps), axis=1)
        if self.by is By.PRODUCT:
            second = self._products(stays, firsts)
        elif self.by is By.PARTNER:
            second = looked_up(self.chain.partner_of, stays.places)
        else:
            second = stays.places
        return np.stack((stays.codes, second), axis=1)

    def _products(self, stays: Stays, firsts: Keys) -> Keys:
        return looked_up(self.chain.product_of, firsts[stays.groups] >> INDEX_BITS)


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the columns of several pieces as one."""
    nothing = np.empty(0, dtype=np.int64)
    none = np.empty(0, dtype=np.bool_)
    empty = Columns(nothing.reshape(0, 2), nothing, nothing, nothing, none, none, nothing)
    some = [part for part in parts if part.lengths.size] or [empty]
    return Columns(
        of=np.concatenate([part.of for part in some]),
        lengths=np.concatenate([part.lengths for part in some]),
        items=np.concatenate([part.items for part in some]),
        weeks=np.concatenate([part.weeks for part in some]),
        late=np.concatenate([part.late for part in some]),
        missing=np.concatenate([part.missing for part in some]),
        groups=np.concatenate([part.groups for part in some]),
    )


def looked_up(table: Mapping[int, int], keys: Keys, *, same: bool = False) -> Keys:
    """Return the number of each key; for one not in the table -1, or with `same` the key."""
    distinct, at = np.unique(keys, return_inverse=True)
    numbers = [table.get(key, key if same else -1) for key in distinct.tolist()]
    found: Keys = np.array(numbers, dtype=np.int64)[at]
    return found


def numbered(pairs: Keys) -> tuple[list[list[int]], Keys]:
    """Return the distinct pairs, and which of them each is."""
    # One number for each column first: sorting rows of a table is far slower.
    firsts, a = np.unique(pairs[:, 0], return_inverse=True)
    seconds, b = np.unique(pairs[:, 1], return_inverse=True)
    codes, group = np.unique(a * seconds.size + b, return_inverse=True)
    names = np.stack((firsts[codes // seconds.size], seconds[codes % seconds.size]), axis=1)
    return names.tolist(), group


def _by_week(all_: Columns, group: Keys, count: int) -> list[tuple[tuple[date, int, int], ...]]:
    """Return (Monday, items, median) of each week, for each group."""
    names, cell = numbered(np.stack((group, all_.weeks), axis=1))
    medians = quantiles(all_.lengths, all_.items, cell, len(names), (50,))[:, 0]
    items = np.bincount(cell, all_.items, minlength=len(names))
    found: list[list[tuple[date, int, int]]] = [[] for _ in range(count)]
    for (owner, week), some, median in zip(names, items.tolist(), medians.tolist(), strict=True):
        found[owner].append((_MONDAY + timedelta(weeks=week), int(some), median))
    return [tuple(some) for some in found]
