"""Starts that name events by their IDs, and how all starts ask the event store.

Owns: bounded queries for starts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from suyuan.capture import queries
from suyuan.capture.errors import EventNotFound
from suyuan.capture.selectors import events_by_id
from suyuan.core.epcis.query import EventQuery
from suyuan.kernel.errors import Invalid
from suyuan.lineage import starts as lineage
from suyuan.lineage.history import read_rows
from suyuan.recalls.starts.texts import Said

_PAGE: Final = 1_000
_MOST_PAGES: Final = 300  # a page looks into two thousand events at the least


def told(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return the events of some IDs, but for those that were declared an error.

    Raises:
        Invalid: `event_unknown` with the place of the ID.
    """
    seqs: set[int] = set()
    for position, event_id in enumerate(said.all("id")):
        try:
            seqs |= {one.seq for one in events_by_id(organisation_id, event_id)}
        except EventNotFound as error:
            at_id = f"{place}/id/{position}"
            raise Invalid("event_unknown", place=at_id, given=event_id[:80]) from error
    found = live(organisation_id, seqs)
    return (lineage.Told(tuple(found)),) if found else ()


def live(organisation_id: int, seqs: Collection[int]) -> list[int]:
    """Return those of some events that are no error declaration and that none voids, ascending."""
    rows = read_rows(organisation_id, seqs)
    return [seq for seq in sorted(rows) if not rows[seq].voided]


def seqs_of(organisation_id: int, query: EventQuery, most: int) -> list[int]:
    """Return the numbers of a query's events, in its order.

    Raises:
        Invalid: `start_too_wide`: they are more than `most`, or finding them takes too long.
    """
    found: list[int] = []
    after_page = None
    for _page in range(_MOST_PAGES):
        page = queries.matching_seqs(
            organisation_id, query, view=None, after=after_page, limit=_PAGE
        )
        found += page.seqs
        if len(found) > most:
            break
        if page.next is None:
            return found
        after_page = page.next
    raise Invalid("start_too_wide", limit=most)


def at(moment: datetime) -> str:
    """Return an instant as a query takes it."""
    return moment.isoformat()


def after(moment: datetime) -> str:
    """Return the instant behind the last one that is meant."""
    return (moment + timedelta(microseconds=1)).isoformat()
