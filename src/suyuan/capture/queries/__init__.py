"""Answer the standard's queries on indexes.

Owns: the plan of a query, its pages, what of it a partner may see, lists of what is there.
Does not own: the query language and the test of one event (core.epcis.query).
"""

from suyuan.capture.queries.numbers import first_captured_since
from suyuan.capture.queries.run import matching_seqs, run_query
from suyuan.capture.queries.values import (
    Position,
    QueryPage,
    QueryTooComplex,
    QueryTooLarge,
    SeqPage,
)
from suyuan.capture.queries.visible import visible

__all__ = [
    "Position",
    "QueryPage",
    "QueryTooComplex",
    "QueryTooLarge",
    "SeqPage",
    "first_captured_since",
    "matching_seqs",
    "run_query",
    "visible",
]
