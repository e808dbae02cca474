"""Which items a question about time is about, and which of them are looked at.

Owns: the choice and the sample.

A sample takes whole blocks of 256 neighbouring items, by a number that their key gives: the same
blocks at every look and on every database, and neighbours are read together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.instants import microseconds
from suyuan.core.keyset import BLOCK_BITS, Keys, KeySet
from suyuan.kernel.lists import select
from suyuan.lineage.concerned import PIECE, are_items, contents_of, named_by
from suyuan.lineage.fetch import Entries, entries_of
from suyuan.lineage.standing import stock_items
from suyuan.monitoring.dwell.values import Question

_MOST_EVENTS: Final = 100_000  # whose lists are read to find what a period is about
_LONG_AGO: Final = -(1 << 62)
_EVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Population:
    """The items of a question.

    Attributes:
        items: how many there are.
        chosen: those that are looked at.
    """

    items: int
    chosen: KeySet

    def pieces(self, organisation_id: int) -> Iterator[Entries]:
        """Yield the entries of what is looked at, piece by piece."""
        keys = self.chosen.to_array()
        for at in range(0, keys.size, PIECE):
            yield entries_of(organisation_id, keys[at : at + PIECE])


def population(organisation_id: int, question: Question) -> Population:
    """Return the items that a question is about; the stock has been brought up to date."""
    everything = stock_items(organisation_id, gtin=question.gtin)
    moved = _moved(organisation_id, question)
    items = everything if moved is None else everything & moved
    return Population(len(items), _sampled(items, question.sample))


def bounds(question: Question) -> tuple[int, int]:
    """Return the period in microseconds, both ends included."""
    return (
        microseconds(question.since) if question.since else _LONG_AGO,
        microseconds(question.until) if question.until else _EVER,
    )


def _moved(organisation_id: int, question: Question) -> KeySet | None:
    """Return what the period's events are about, None if they are too many to read."""
    if question.since is None and question.until is None:
        return None
    rows = select(
        "SELECT seq FROM capture_storedevent "
        "WHERE organisation_id = %s AND time BETWEEN %s AND %s LIMIT %s",
        (organisation_id, *bounds(question), _MOST_EVENTS + 1),
    )
    if len(rows) > _MOST_EVENTS:
        return None
    named = contents_of(organisation_id, named_by(organisation_id, sorted(row[0] for row in rows)))
    keys = named.to_array()
    return KeySet.from_array(keys[are_items(organisation_id, keys)])


def _sampled(items: KeySet, most: int) -> KeySet:
    if not most or len(items) <= most:
        return items
    keys = items.to_array()
    every = -(-keys.size // most)
    return KeySet.from_array(keys[_drawn(keys, every)])


def _drawn(keys: Keys, every: int) -> NDArray[np.bool_]:
    """Tell which keys lie in one of `every` blocks."""
    blocks = (keys >> BLOCK_BITS).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    drawn: NDArray[np.bool_] = (blocks >> np.uint64(33)) % np.uint64(every) == 0
    return drawn
