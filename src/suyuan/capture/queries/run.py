"""Answer queries.

Owns: pages, `eventCountLimit` and `maxEventCount`, orders that no index knows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from suyuan.capture.queries.numbers import top_number
from suyuan.capture.queries.plan import plan_of
from suyuan.capture.queries.sources import Spot
from suyuan.capture.queries.values import (
    Position,
    QueryPage,
    QueryTooComplex,
    QueryTooLarge,
    SeqPage,
)
from suyuan.capture.queries.visible import Sight
from suyuan.capture.queries.walk import Bounds, Found, contexts_of, walk
from suyuan.capture.selectors import event_documents
from suyuan.capture.view import EventView
from suyuan.core.epcis.query import EventQuery, Field, Literal
from suyuan.core.epcis.query.match import ordering

MOST_COUNTED: Final = 5_000  # events that are counted, or sorted by a field, at once
MOST_EPCS: Final = 10_000  # on one page, but for an event that has more by itself


def run_query(
    organisation_id: int,
    query: EventQuery,
    *,
    view: EventView | None,
    after: Position | None = None,
    limit: int,
    captured_from: int | None = None,
    captured_before: int | None = None,
    most_epcs: int | None = MOST_EPCS,
) -> QueryPage:
    """Return one page of a query's events.

    Args:
        organisation_id: whose events.
        query: what is asked for.
        view: what the asker may see; None for everything.
        after: where the page before ended.
        limit: the most that the page may hold.
        captured_from: the first number that counts.
        captured_before: the first number that no longer counts.
        most_epcs: where the page ends early, so that a few huge events do not make it huge.

    Raises:
        QueryTooLarge: more events fit than `maxEventCount`.
        QueryTooComplex: the answer takes more work than one request may do.
    """
    asked = _Asked(organisation_id, query, view, after, (captured_from, captured_before))
    page = asked.page(Bounds(limit, most_epcs))
    return QueryPage(event_documents(organisation_id, page.seqs), page.next)


def matching_seqs(
    organisation_id: int,
    query: EventQuery,
    *,
    view: EventView | None,
    after: Position | None = None,
    limit: int,
    captured_from: int | None = None,
    captured_before: int | None = None,
) -> SeqPage:
    """Return the numbers of one page of a query's events; as `run_query` otherwise."""
    asked = _Asked(organisation_id, query, view, after, (captured_from, captured_before))
    return asked.page(Bounds(limit))


class _Asked:
    """One page of one query that is asked for."""

    def __init__(
        self,
        organisation_id: int,
        query: EventQuery,
        view: EventView | None,
        after: Position | None,
        captured: tuple[int | None, int | None],
    ) -> None:
        self._organisation_id = organisation_id
        self._query = query
        self._after = after
        self._top = after.top if after is not None else top_number(organisation_id)
        first, before = captured
        self._reach = (first or 1, self._top if before is None else min(self._top, before))
        self._plan = plan_of(organisation_id, query)
        self._sight = Sight(organisation_id, view)

    def page(self, bounds: Bounds) -> SeqPage:
        query, after = self._query, self._after
        if query.most is not None and after is None:
            self._check_count(query.most)
        given = after.given if after is not None else 0
        if query.first is not None:
            bounds = replace(bounds, rows=min(bounds.rows, query.first - given))
        if self._plan.order_field is not None:
            return self._by_field(self._plan.order_field, given, bounds.rows)
        found = self._walk(bounds, None if after is None else (after.value, after.seq))
        seqs = [row.seq for row in found.rows]
        given += len(seqs)
        done = query.first is not None and given >= query.first
        if done or found.stopped is None:
            return SeqPage(seqs)
        return SeqPage(seqs, Position(found.stopped[0], found.stopped[1], self._top, given))

    def _walk(self, bounds: Bounds, after: Spot | None) -> Found:
        return walk(
            self._organisation_id, self._plan, self._sight, bounds, reach=self._reach, after=after
        )

    def _check_count(self, most: int) -> None:
        """Refuse a query of which more events fit than it allows."""
        bounds = Bounds(min(most, MOST_COUNTED) + 1, read=MOST_COUNTED)
        found = self._walk(bounds, None)
        if len(found.rows) > most:
            raise QueryTooLarge(most=most)
        if found.stopped is not None:
            raise QueryTooComplex(most=MOST_COUNTED)

    def _by_field(self, field: Field, begin: int, limit: int) -> SeqPage:
        """Order by an extension field: all events that fit are read, so they must be few."""
        found = self._walk(Bounds(MOST_COUNTED, read=MOST_COUNTED), None)
        if found.stopped is not None:
            raise QueryTooComplex(most=MOST_COUNTED)
        contexts = contexts_of(self._organisation_id, found.rows)
        keyed: list[tuple[tuple[int, float, str], int]] = []
        bare: list[int] = []
        for row in found.rows:
            value = ordering(field, row.body, contexts.get(row.job))
            if value is None:
                bare.append(row.seq)
            else:
                keyed.append((_rank(value), row.seq))
        keyed.sort(key=lambda one: one[0], reverse=self._plan.descending)
        ordered = [seq for _, seq in keyed] + bare
        end = begin + limit
        done = end >= min(len(ordered), self._query.first or len(ordered))
        following = None if done else Position(0, 0, self._top, end)
        return SeqPage(ordered[begin:end], following)


def _rank(value: Literal) -> tuple[int, float, str]:
    """Return by what values are ordered: numbers, then times, then texts."""
    if value.number is not None:
        return 0, value.number, ""
    if value.time is not None:
        return 1, value.time, ""
    return 2, 0, value.text
