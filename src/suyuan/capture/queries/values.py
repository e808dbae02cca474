"""What queries give back, and where one page ends and the next begins."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from suyuan.capture.selectors import StoredDocument
from suyuan.kernel.errors import SuyuanError


class QueryTooLarge(SuyuanError):
    """More events fit than `maxEventCount` allows (the standard's QueryTooLargeException)."""

    code = "query_too_large"
    status = 413


class QueryTooComplex(SuyuanError):
    """The answer cannot be found within the work that one request may do."""

    code = "query_too_complex"
    status = 413


class Position(Struct, frozen=True, array_like=True):
    """Where a page ended.

    Attributes:
        value: time of the last event that was looked at, in an order by time; 0 in another.
        seq: its number.
        top: the first number that the first page did not see: pages do not shift.
        given: events that all pages so far held.
    """

    value: int
    seq: int
    top: int
    given: int = 0


@dataclass(frozen=True, slots=True)
class SeqPage:
    """Numbers of events in the query's order; `next`: where to go on, None at the end.

    A page may hold less than was asked for, even nothing, and yet not be the last: it ended
    because enough was looked at.
    """

    seqs: list[int]
    next: Position | None = None


@dataclass(frozen=True, slots=True)
class QueryPage:
    """Events in the query's order; `next` as in `SeqPage`."""

    documents: list[StoredDocument]
    next: Position | None = None
