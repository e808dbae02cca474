"""In what order a job's labels come, and which label is whose: arithmetic on positions.

Owns: sequences of labels, from the label's place to what it is for and back.
Does not own: the texts on them (content).
A label is for an item, named by its position within the order, or for a logistic unit, named by
its number counted from the plan's first: the cases, then the pallets.
Invariant: `place_of(*label) == i` for the label at every place `i`, and sequences are never listed
whole: a sequence of ten million labels costs what its description costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pyroaring import BitMap

from suyuan.issuing.positions import of_ranges
from suyuan.issuing.positions import runs as spans


class Run(NamedTuple):
    """Labels that follow each other, for neighbours of a kind."""

    unit: bool
    first: int
    size: int


class Sequence(Protocol):
    """The labels of a job."""

    @property
    def total(self) -> int:
        """How many labels."""

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """Yield what the labels at places `start` up to `end` are for, in their order."""

    def place_of_item(self, position: int) -> int | None:
        """Return where an item's label comes; None where it has none."""

    def place_of_unit(self, number: int) -> int | None:
        """Return where a unit's label comes; None where it has none."""

    def items(self, start: int, end: int) -> BitMap:
        """Return the items that the labels at places `start` up to `end` are for."""

    def units(self, start: int, end: int) -> BitMap:
        """Return the units that the labels at places `start` up to `end` are for."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One label for each item, or each logistic unit, of a range."""

    unit: bool
    first: int
    count: int

    @property
    def total(self) -> int:
        """How many labels."""
        return self.count

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """See `Sequence`."""
        if end > start:
            yield Run(self.unit, self.first + start, end - start)

    def place_of_item(self, position: int) -> int | None:
        """See `Sequence`."""
        return None if self.unit else self._place(position)

    def place_of_unit(self, number: int) -> int | None:
        """See `Sequence`."""
        return self._place(number) if self.unit else None

    def _place(self, number: int) -> int | None:
        at = number - self.first
        return at if 0 <= at < self.count else None

    def items(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return BitMap() if self.unit else _span(self.first + start, self.first + end)

    def units(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return _span(self.first + start, self.first + end) if self.unit else BitMap()


@dataclass(frozen=True, slots=True)
class SetRange:
    """A set plan's labels: a pallet, its cases, each followed by its items.

    The last case and the last pallet may be less than full; without pallets `per_pallet` is 0.
    """

    first: int
    count: int
    per_case: int
    per_pallet: int

    @property
    def cases(self) -> int:
        """How many cases."""
        return -(-self.count // self.per_case)

    @property
    def pallets(self) -> int:
        """How many pallets."""
        return -(-self.cases // self.per_pallet) if self.per_pallet else 0

    @property
    def total(self) -> int:
        """How many labels."""
        return self.count + self.cases + self.pallets

    def _before(self, place: int) -> tuple[int, int, int]:
        """Return how many pallet, case and item labels stand before a place."""
        block = 1 + self.per_case
        if not self.per_pallet:
            cases, rest = divmod(place, block)
            return 0, cases + (rest > 0), cases * self.per_case + max(0, rest - 1)
        pallets, rest = divmod(place, 1 + self.per_pallet * block)
        cases, within = divmod(max(0, rest - 1), block)
        return (
            pallets + (rest > 0),
            pallets * self.per_pallet + cases + (within > 0),
            (pallets * self.per_pallet + cases) * self.per_case + max(0, within - 1),
        )

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """See `Sequence`."""
        at = start
        while at < end:
            pallets, cases, items = self._before(at)
            next_pallets, next_cases, _ = self._before(at + 1)
            if next_pallets > pallets:
                yield Run(True, self.cases + pallets, 1)
                at += 1
            elif next_cases > cases:
                yield Run(True, cases, 1)
                at += 1
            else:
                # The rest of a case: up to its last item, the plan's last, or the end.
                size = min(self.per_case - items % self.per_case, self.count - items, end - at)
                yield Run(False, self.first + items, size)
                at += size

    def place_of_item(self, position: int) -> int | None:
        """See `Sequence`."""
        item = position - self.first
        if not 0 <= item < self.count:
            return None
        case = item // self.per_case
        return item + case + 1 + (case // self.per_pallet + 1 if self.per_pallet else 0)

    def place_of_unit(self, number: int) -> int | None:
        """See `Sequence`."""
        if 0 <= number < self.cases:
            pallets = number // self.per_pallet + 1 if self.per_pallet else 0
            return number * (1 + self.per_case) + pallets
        if self.cases <= number < self.cases + self.pallets:
            return (number - self.cases) * (1 + self.per_pallet * (1 + self.per_case))
        return None

    def items(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return _span(self.first + self._before(start)[2], self.first + self._before(end)[2])

    def units(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        (pallets, cases, _), (pallets_end, cases_end, _) = self._before(start), self._before(end)
        return _span(cases, cases_end) | _span(self.cases + pallets, self.cases + pallets_end)


@dataclass(frozen=True, slots=True)
class Listed:
    """Units and then items that were named one by one, each in rising order."""

    item_map: BitMap
    unit_map: BitMap

    @property
    def total(self) -> int:
        """How many labels."""
        return len(self.unit_map) + len(self.item_map)

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """See `Sequence`."""
        for unit, chosen in ((True, self.units(start, end)), (False, self.items(start, end))):
            yield from (Run(unit, first, last - first) for first, last in spans(chosen))

    def place_of_item(self, position: int) -> int | None:
        """See `Sequence`."""
        if position not in self.item_map:
            return None
        return len(self.unit_map) + self.item_map.rank(position) - 1

    def place_of_unit(self, number: int) -> int | None:
        """See `Sequence`."""
        return self.unit_map.rank(number) - 1 if number in self.unit_map else None

    def items(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        before = len(self.unit_map)
        return self.item_map[max(0, start - before) : max(0, end - before)]

    def units(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return self.unit_map[start : min(end, len(self.unit_map))]


@dataclass(frozen=True, slots=True)
class Thinned:
    """Another sequence without the labels at some of its places: codes that were withdrawn."""

    whole: Sequence
    gone: BitMap

    @property
    def total(self) -> int:
        """How many labels."""
        return self.whole.total - len(self.gone)

    def _original(self, place: int) -> int:
        """Return where the label at `place` stands in the whole."""
        at, before = place, 0
        while (passed := self.gone.rank(at)) != before:
            at, before = place + passed, passed
        return at

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of the whole that places `start` up to `end` stand for."""
        if end <= start:
            return
        first, last = self._original(start), self._original(end - 1) + 1
        cuts = _span(first, last) & self.gone
        for gone_first, gone_end in spans(cuts):
            if gone_first > first:
                yield first, gone_first
            first = gone_end
        if first < last:
            yield first, last

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """See `Sequence`."""
        for first, last in self._pieces(start, end):
            yield from self.whole.runs(first, last)

    def _thinned(self, place: int | None) -> int | None:
        if place is None or place in self.gone:
            return None
        return place - self.gone.rank(place)

    def place_of_item(self, position: int) -> int | None:
        """See `Sequence`."""
        return self._thinned(self.whole.place_of_item(position))

    def place_of_unit(self, number: int) -> int | None:
        """See `Sequence`."""
        return self._thinned(self.whole.place_of_unit(number))

    def items(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return BitMap().union(*(self.whole.items(*piece) for piece in self._pieces(start, end)))

    def units(self, start: int, end: int) -> BitMap:
        """See `Sequence`."""
        return BitMap().union(*(self.whole.units(*piece) for piece in self._pieces(start, end)))


def _span(first: int, end: int) -> BitMap:
    return of_ranges([(first, end)] if end > first else [])
