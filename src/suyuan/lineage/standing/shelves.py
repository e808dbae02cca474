"""Sets of items by state and place, shelf by shelf: the arithmetic and the rows.

Owns: what a cell is, folding items into cells, rows to cells and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from suyuan.core.keyset import INDEX_BITS, Keys, KeySet
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.lists import select, within
from suyuan.lineage.alike import alike
from suyuan.lineage.fetch import Entries
from suyuan.lineage.models import StockSet
from suyuan.lineage.present import present

SHELF_BITS: Final = 16
CLASS_SHIFT: Final = INDEX_BITS - SHELF_BITS  # from a shelf to its class
_COLUMNS: Final = (
    *("organisation_id", "shelf", "whereabouts", "location"),
    *("recalled", "count", "items"),
)


class Cell(NamedTuple):
    """One state at one place, on one shelf."""

    shelf: int
    whereabouts: int  # number in `fold.CODES`
    location: int  # -1 unknown
    recalled: bool


type Cells = dict[Cell, KeySet]


def fold_cells(organisation_id: int, entries: Entries) -> Cells:
    """Return the present cells of the items that `entries` are about."""
    groups = alike(entries)
    if not groups.items.size:
        return {}
    now = present(organisation_id, groups.firsts, groups.entries)
    table = np.stack((now.codes, now.locations, now.recalled.astype(np.int64)), axis=1)
    states, of_group = np.unique(table, axis=0, return_inverse=True)
    state = of_group.reshape(-1)[groups.group]
    shelves = groups.items >> SHELF_BITS
    # Items ascend, so a stable sort by state leaves each cell's items ascending.
    order = np.lexsort((groups.items, state))
    items, state, shelves = groups.items[order], state[order], shelves[order]
    breaks = np.flatnonzero((np.diff(state) != 0) | (np.diff(shelves) != 0)) + 1
    rows = states.tolist()
    cells: Cells = {}
    for at, some in zip(
        np.concatenate(([0], breaks)).tolist(), np.split(items, breaks), strict=True
    ):
        code, location, recalled = rows[int(state[at])]
        cells[Cell(int(shelves[at]), code, location, bool(recalled))] = KeySet.from_array(some)
    return cells


def by_shelf(items: Keys) -> dict[int, KeySet]:
    """Part ascending keys by their shelves."""
    shelves = items >> SHELF_BITS
    breaks = np.flatnonzero(np.diff(shelves)) + 1
    return {
        int(some[0]) >> SHELF_BITS: KeySet.from_array(some)
        for some in np.split(items, breaks)
        if some.size
    }


def read_cells(organisation_id: int, shelves: list[int]) -> Cells:
    """Return the stored cells of some shelves."""
    condition, parameter = within("shelf", shelves)
    rows = select(
        "SELECT shelf, whereabouts, location, recalled, items FROM lineage_stockset "  # noqa: S608
        f"WHERE organisation_id = %s AND {condition}",
        (organisation_id, parameter),
    )
    return {
        Cell(shelf, whereabouts, location, bool(recalled)): KeySet.from_bytes(bytes(items))
        for shelf, whereabouts, location, recalled, items in rows
    }


def moved(before: Cells, items: Mapping[int, KeySet], now: Cells) -> Cells:
    """Return cells after `items` (by shelf) have left them and gone to where they are `now`."""
    after: Cells = {}
    for cell, members in before.items():
        gone = items.get(cell.shelf)
        if left := members - gone if gone is not None else members:
            after[cell] = left
    for cell, members in now.items():
        after[cell] = after[cell] | members if cell in after else members
    return after


def write_cells(organisation_id: int, before: Cells, after: Cells) -> None:
    """Replace the rows of the shelves in which something has changed; in a transaction."""
    changed = {
        cell.shelf for cell in before.keys() | after.keys() if before.get(cell) != after.get(cell)
    }
    if not changed:
        return
    rows = StockSet.objects.filter(organisation_id=organisation_id)
    shelves = sorted(changed)
    for at in range(0, len(shelves), 900):
        rows.filter(shelf__in=shelves[at : at + 900]).delete()
    insert_rows(
        StockSet._meta.db_table,
        _COLUMNS,
        (
            (organisation_id, *cell, len(members), members.to_bytes())
            for cell, members in after.items()
            if cell.shelf in changed
        ),
    )
