"""Bring the stock up to date: fold anew what new events are about, and move it.

Owns: which items, in which pieces, and that writers do not undo each other.
Invariant: rows may be fresher than the mark, never older.

A piece is folded outside of any transaction, for folding takes longer than others should wait, and
written only if nobody has written meanwhile; else it is folded again.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import F

from suyuan.capture.models import EventSequence
from suyuan.core.keyset import Keys
from suyuan.kernel import clock
from suyuan.kernel.lists import select
from suyuan.lineage.concerned import named_between, walk
from suyuan.lineage.fetch import Entries, entries_of
from suyuan.lineage.models import StockMark, StockSet
from suyuan.lineage.standing.shelves import by_shelf, fold_cells, moved, read_cells, write_cells

_TRIES: Final = 5
_AT_READING: Final = 500  # events that a reader waits for


def last_seq(organisation_id: int) -> int:
    """Return the number of the last event, 0 for none."""
    rows = EventSequence.objects.filter(organisation_id=organisation_id)
    return (rows.values_list("next", flat=True).first() or 1) - 1


def mark_of(organisation_id: int) -> StockMark:
    """Return up to where the stock has been folded."""
    row = StockMark.objects.filter(organisation_id=organisation_id).first()
    return row or StockMark.objects.get_or_create(organisation_id=organisation_id)[0]


def read_mark(organisation_id: int) -> int:
    """Return the number of the last event that the stock has seen for sure."""
    return mark_of(organisation_id).at_seq


def organisations_behind() -> list[int]:
    """Return the organisations with events that their stock has not seen. One query."""
    rows = select(
        "SELECT s.organisation_id FROM capture_eventsequence AS s "
        "LEFT JOIN lineage_stockmark AS m ON m.organisation_id = s.organisation_id "
        "WHERE s.next - 1 > COALESCE(m.at_seq, 0) ORDER BY s.organisation_id",
        (),
    )
    return [row[0] for row in rows]


def refresh_stock(organisation_id: int) -> int:
    """Fold what events after the mark are about; return the number of items.

    Killed at any instant it leaves rows that are right and a mark that is too low, so the next
    one does the same work again.
    """
    upto, mark = last_seq(organisation_id), mark_of(organisation_id)
    if mark.at_seq >= upto:
        return 0
    done = 0
    for piece, entries in walk(
        organisation_id, named_between(organisation_id, mark.at_seq + 1, upto)
    ):
        if not settle(organisation_id, piece, entries):
            return done  # somebody else is at work; the mark stays
        done += piece.size
    rows = StockMark.objects.filter(organisation_id=organisation_id, at_seq__lt=upto)
    rows.update(at_seq=upto, refreshed_at=clock.now())
    return done


def catch_up(organisation_id: int, *, most: int = _AT_READING) -> None:
    """Refresh if at most `most` events are new: what a reader has patience for."""
    if 0 < last_seq(organisation_id) - mark_of(organisation_id).at_seq <= most:
        refresh_stock(organisation_id)


def forget_stock(organisation_id: int) -> None:
    """Delete the rows of a sandbox that was emptied; numbers go on, and so does the mark."""
    with transaction.atomic():
        StockSet.objects.filter(organisation_id=organisation_id).delete()
        rows = StockMark.objects.filter(organisation_id=organisation_id)
        rows.update(at_seq=last_seq(organisation_id), version=F("version") + 1)


def settle(organisation_id: int, piece: Keys, entries: Entries) -> bool:
    """Move the items of a piece to where they are; False if others kept writing."""
    items = by_shelf(piece)
    for attempt in range(_TRIES):
        version = mark_of(organisation_id).version
        # What was read before the version is no proof of what was true at it.
        told = entries_of(organisation_id, piece) if attempt else entries
        now = fold_cells(organisation_id, told)
        with transaction.atomic():
            if not _claim(organisation_id, version):
                continue
            before = read_cells(organisation_id, sorted(items))
            write_cells(organisation_id, before, moved(before, items, now))
            return True
    return False


def _claim(organisation_id: int, version: int) -> bool:
    """Say that the rows are written now; False if somebody has written since `version`."""
    rows = StockMark.objects.filter(organisation_id=organisation_id, version=version)
    return bool(rows.update(version=version + 1))
