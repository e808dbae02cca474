"""Make the stock anew from events alone and compare it with what is stored.

Owns: the comparison, and putting right what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from suyuan.core.keyset import Keys, KeySet
from suyuan.kernel.lists import select
from suyuan.lineage.concerned import named_between, walk
from suyuan.lineage.fetch import Entries, entries_of
from suyuan.lineage.standing.refreshing import last_seq, refresh_stock, settle
from suyuan.lineage.standing.shelves import Cell, Cells, by_shelf, fold_cells, read_cells

type Progress = Callable[[int], None]
"""Called with the number of items that are done."""

_SHOWN: Final = 20
_TRIES: Final = 3  # events may come in while a comparison lasts
_NOTHING: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Differing:
    """Items that are stored in another cell than events put them."""

    cell: Cell
    missing: int  # events put them here, the rows do not
    extra: int  # the rows put them here, events do not


@dataclass(slots=True)
class StockCheck:
    """What a comparison found.

    Attributes:
        items: how many items were folded.
        wrong: items that are stored wrongly.
        cells: where, the first twenty.
        at_seq: the last event that counts.
        repaired: whether the rows are right now.
    """

    items: int = 0
    wrong: KeySet = field(default_factory=KeySet)
    cells: list[Differing] = field(default_factory=list)
    at_seq: int = 0
    repaired: bool = False


def check_stock(
    organisation_id: int, *, repair: bool = False, progress: Progress | None = None
) -> StockCheck:
    """Fold every item anew from events and compare; with `repair`, store what is right.

    What is not yet refreshed is refreshed first.
    """
    refresh_stock(organisation_id)
    found = StockCheck(at_seq=last_seq(organisation_id))
    seen = KeySet()
    settled = True
    for piece, entries in walk(organisation_id, named_between(organisation_id, 1, found.at_seq)):
        seen = seen | KeySet.from_array(piece)
        told, differing, wrong = _compared(organisation_id, piece, entries)
        if wrong:
            _note(found, differing, wrong)
            settled &= repair and settle(organisation_id, piece, told)
        if progress:
            progress(len(seen))
    found.items = len(seen)
    strays = _stored(organisation_id) - seen
    if strays and last_seq(organisation_id) == found.at_seq:
        piece = strays.to_array()
        cells = read_cells(organisation_id, sorted(by_shelf(piece)))
        differing = [
            Differing(cell, 0, len(members & strays))
            for cell, members in cells.items()
            if members & strays
        ]
        _note(found, differing, strays)
        nothing = Entries(_NOTHING, _NOTHING, _NOTHING)
        settled &= repair and settle(organisation_id, piece, nothing)
    found.repaired = bool(found.wrong) and settled
    return found


def _note(found: StockCheck, differing: list[Differing], wrong: KeySet) -> None:
    found.wrong = found.wrong | wrong
    found.cells = [*found.cells, *differing][:_SHOWN]


def _compared(
    organisation_id: int, piece: Keys, entries: Entries
) -> tuple[Entries, list[Differing], KeySet]:
    """Return the entries that were looked at last, the cells that differ, and their items."""
    items = by_shelf(piece)
    differing: list[Differing] = []
    wrong = KeySet()
    for attempt in range(_TRIES):
        if attempt:
            refresh_stock(organisation_id)
            entries = entries_of(organisation_id, piece)
        before = read_cells(organisation_id, sorted(items))
        differing, wrong = _differing(before, items, fold_cells(organisation_id, entries))
        if not wrong:
            break
    return entries, differing, wrong


def _differing(
    before: Cells, items: Mapping[int, KeySet], now: Cells
) -> tuple[list[Differing], KeySet]:
    found: list[Differing] = []
    wrong = KeySet()
    for cell in sorted(before.keys() | now.keys()):
        stored = before.get(cell, KeySet()) & items[cell.shelf]
        true = now.get(cell, KeySet())
        missing, extra = true - stored, stored - true
        if missing or extra:
            found.append(Differing(cell, len(missing), len(extra)))
            wrong = wrong | missing | extra
    return found, wrong


def _stored(organisation_id: int) -> KeySet:
    """Return every item that has a row."""
    rows = select(
        "SELECT items FROM lineage_stockset WHERE organisation_id = %s", (organisation_id,)
    )
    return KeySet.union(KeySet.from_bytes(bytes(row[0])) for row in rows)
