"""Reading segments, and the rows of events that are in none yet.

Owns: which pages a question needs, and what it costs to read them.
Does not own: what the entries mean (lineage).

A question brings very many keys or numbers, ascending. Of each segment only the pages are read
whose keys may be among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.columns.packing import unpack
from suyuan.capture.columns.slices import FACTS, Slice, page_of, read_slice
from suyuan.capture.errors import ColumnsIncomplete
from suyuan.capture.keyspace import ClassKind
from suyuan.capture.models import EventSequence, KeyClass
from suyuan.core.epcis.event import Role
from suyuan.core.keyset import INDEX_BITS, Keys, unpack_runs
from suyuan.kernel.lists import select, within

# What reading costs, in microseconds, roughly: it decides between pages and rows.
_PAGE_COST: Final = 300
_TAIL_COST: Final = 6
_PAGES_AT_ONCE: Final = 64

_UNIT_KINDS: Final = (ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SSCC, ClassKind.SERIAL)
ROLES: Final = (Role.EPC, Role.PARENT, Role.CHILD, Role.INPUT, Role.OUTPUT)
"""The roles that segments tell of."""

type Table = tuple[Keys, Keys, Keys]
"""Keys, or positions of keys; numbers; roles."""


@dataclass(frozen=True, slots=True)
class _Directory:
    """What segments there are; arrays of shape (segments,) and (pages,)."""

    firsts: Keys
    lasts: Keys
    pages: Keys  # of runs, as they are stored
    page_firsts: Keys  # the segment of each
    least: Keys
    greatest: Keys


class Columns:
    """An organisation's events as columns, as they are now."""

    def __init__(self, organisation_id: int) -> None:
        """Read nothing yet."""
        self.organisation_id = organisation_id

    @cached_property
    def _directory(self) -> _Directory:
        rows = select(
            "SELECT first, last, least, greatest FROM capture_segment "
            "WHERE organisation_id = %s ORDER BY first",
            (self.organisation_id,),
        )
        bounds = [
            (np.frombuffer(bytes(low), np.int64), np.frombuffer(bytes(high), np.int64))
            for _, _, low, high in rows
        ]
        sizes = [low.size for low, _ in bounds]
        none = [np.empty(0, dtype=np.int64)]
        return _Directory(
            firsts=np.array([row[0] for row in rows], dtype=np.int64),
            lasts=np.array([row[1] for row in rows], dtype=np.int64),
            page_firsts=np.repeat(np.array([row[0] for row in rows], dtype=np.int64), sizes),
            pages=np.concatenate(
                none
                + [
                    page_of(row[0], 1) + np.arange(size)
                    for row, size in zip(rows, sizes, strict=True)
                ]
            ),
            least=np.concatenate(none + [low for low, _ in bounds]),
            greatest=np.concatenate(none + [high for _, high in bounds]),
        )

    @cached_property
    def last(self) -> int:
        """The last number that is in a segment."""
        lasts = self._directory.lasts
        return int(lasts[-1]) if lasts.size else 0

    @cached_property
    def tail_size(self) -> int:
        """How many numbers follow the last segment."""
        row = EventSequence.objects.filter(organisation_id=self.organisation_id)
        following = row.values_list("next", flat=True).first() or 1
        return max(0, following - 1 - self.last)

    @cached_property
    def _tail(self) -> Slice:
        return read_slice(self.organisation_id, self.last + 1, self.tail_size)

    @cached_property
    def _unit_classes(self) -> Keys:
        """Classes whose keys are single units, which take part in no role but `ROLES`."""
        rows = KeyClass.objects.filter(
            organisation_id=self.organisation_id, kind__in=_UNIT_KINDS
        ).values_list("number", flat=True)
        return np.array(sorted(rows), dtype=np.int64)

    def of_units(self, keys: Keys) -> NDArray[np.bool_]:
        """Tell which ascending keys name single units: for those, `entries` tells all."""
        classes = keys >> INDEX_BITS
        starts = np.flatnonzero(np.append(True, np.diff(classes) != 0)) if keys.size else keys
        known = np.isin(classes[starts], self._unit_classes)
        told: NDArray[np.bool_] = np.repeat(known, np.diff(np.append(starts, keys.size)))
        return told

    def cost(self, keys: Keys) -> int:
        """Return what `entries` costs, in microseconds, roughly."""
        tail = _TAIL_COST * self.tail_size
        return tail + _PAGE_COST * int(np.count_nonzero(self._meeting(keys)))

    def _meeting(self, keys: Keys) -> NDArray[np.bool_]:
        """Tell which pages may tell of ascending keys."""
        directory = self._directory
        low = np.searchsorted(keys, directory.least, side="left")
        meeting: NDArray[np.bool_] = low < np.searchsorted(keys, directory.greatest, side="right")
        return meeting

    def entries(self, keys: Keys) -> Table:
        """Return every entry of ascending distinct keys of units, in no order.

        Instead of keys it tells their positions in `keys`.
        """
        spans = _Spans(keys)
        directory, meeting = self._directory, self._meeting(keys)
        found = [spans.among(*runs) for runs in self._pages(directory.pages[meeting])]
        tail = self._tail
        found.append(spans.among(tail.firsts, tail.lengths, tail.events, tail.roles))
        return _joined(found)

    def members(self, seqs: Keys, roles: Sequence[Role]) -> Table:
        """Return the entries of events, given by ascending distinct numbers, in some of `ROLES`.

        Reads every run of the segments that the events are in.
        """
        directory = self._directory
        low = np.searchsorted(seqs, directory.firsts, side="left")
        touched = directory.firsts[low < np.searchsorted(seqs, directory.lasts, side="right")]
        here = np.isin(directory.page_firsts, touched)
        kept = np.array(roles, dtype=np.int64)
        found = []
        pieces = self._pages(directory.pages[here])
        if seqs.size and seqs[-1] > self.last:
            tail = self._tail
            pieces = _and(pieces, [tail.firsts, tail.lengths, tail.events, tail.roles])
        for firsts, lengths, events, role in pieces:
            at = np.minimum(np.searchsorted(seqs, events), seqs.size - 1)
            mine = (seqs[at] == events) & np.isin(role, kept)
            found.append(_spread(firsts[mine], lengths[mine], events[mine], role[mine]))
        return _joined(found)

    def crowded(self, seqs: Keys, some: int) -> NDArray[np.bool_]:
        """Tell which ascending numbers are in segments that hold at least `some` of them."""
        directory = self._directory
        low = np.searchsorted(seqs, directory.firsts, side="left")
        high = np.searchsorted(seqs, directory.lasts, side="right")
        many = high - low >= some
        steps = np.zeros(seqs.size + 1, dtype=np.int64)
        np.add.at(steps, low[many], 1)
        np.subtract.at(steps, high[many], 1)
        return np.cumsum(steps[:-1]) > 0

    def facts(self, seqs: Keys, names: Sequence[str]) -> Iterator[tuple[Keys, list[Keys]]]:
        """Yield facts of ascending distinct numbers, piece by piece: (numbers, columns).

        Only numbers up to `last` are told of, and only those that there are.
        """
        directory = self._directory
        wanted = [0, *(1 + FACTS.index(name) for name in names)]
        low = np.searchsorted(seqs, directory.firsts, side="left")
        high = np.searchsorted(seqs, directory.lasts, side="right")
        touched = np.flatnonzero(low < high)
        pages = self._pages(directory.firsts[touched] << 16, wanted)
        for segment, (there, *columns) in zip(touched.tolist(), pages, strict=True):
            asked = seqs[low[segment] : high[segment]]
            at = np.minimum(np.searchsorted(there, asked), there.size - 1)
            if asked.size == there.size and at[0] == 0 and at[-1] == there.size - 1:
                yield there, columns
            else:
                at = at[there[at] == asked]
                yield there[at], [column[at] for column in columns]

    def _pages(self, numbers: Keys, wanted: Sequence[int] | None = None) -> Iterator[list[Keys]]:
        """Yield the arrays of pages, in the order of their numbers.

        Raises:
            ColumnsIncomplete: pages are missing. An answer without them would be too small, and
                nobody would know.
        """
        for some in batched(numbers.tolist(), _PAGES_AT_ONCE):
            condition, parameter = within("number", some)
            rows = select(
                "SELECT packed FROM capture_segmentpage "  # noqa: S608 - from code
                f"WHERE organisation_id = %s AND {condition} ORDER BY number",
                (self.organisation_id, parameter),
            )
            if len(rows) < len(some):
                raise ColumnsIncomplete
            for (packed,) in rows:
                yield unpack(packed, wanted)


class _Spans:
    """Ascending distinct keys as spans of neighbours: goods of one lot are a handful."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        breaks = np.flatnonzero(np.diff(keys) != 1) + 1
        self._at = np.concatenate((np.zeros(min(1, keys.size), dtype=np.int64), breaks))
        self._starts = keys[self._at]
        self._sizes = np.diff(np.append(self._at, keys.size))

    def below(self, values: Keys) -> Keys:
        """Return how many of the keys are smaller than each value."""
        span = np.searchsorted(self._starts, values, side="right") - 1
        span = np.maximum(span, 0)
        inside = np.clip(values - self._starts[span], 0, self._sizes[span])
        below: Keys = self._at[span] + inside
        return below

    def among(self, firsts: Keys, lengths: Keys, events: Keys, roles: Keys) -> Table:
        """Return the entries that runs tell of the keys."""
        if self._keys.size == 0 or firsts.size == 0:
            return _joined([])
        low, high = self.below(firsts), self.below(firsts + lengths)
        mine = np.flatnonzero(low < high)
        low, counts = low[mine], (high - low)[mine]
        at = low if mine.size and counts.max() == 1 else unpack_runs(low, counts)
        if at is low:
            return at, events[mine], roles[mine]
        return at, np.repeat(events[mine], counts), np.repeat(roles[mine], counts)


def _spread(firsts: Keys, lengths: Keys, events: Keys, roles: Keys) -> Table:
    """Return the entries of whole runs."""
    return unpack_runs(firsts, lengths), np.repeat(events, lengths), np.repeat(roles, lengths)


def _joined(parts: Sequence[Table]) -> Table:
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return none, none, none
    keys, seqs, roles = (np.concatenate(column) for column in zip(*parts, strict=True))
    return keys, seqs, roles


def _and(pieces: Iterator[list[Keys]], last: list[Keys]) -> Iterator[list[Keys]]:
    yield from pieces
    yield last
