"""The standard's query language: from parameters to a value, and the test of one event.

Owns: every parameter of SimpleEventQuery, what its value may be, and what it means for one event.
Does not own: finding the events (capture.queries).

Source: EPCIS 2.0 §8.2.7.1.
"""

from suyuan.core.epcis.query.match import holds, matches
from suyuan.core.epcis.query.reading import QueryError, read_query
from suyuan.core.epcis.query.values import (
    Criterion,
    EventQuery,
    Field,
    Literal,
    Op,
    Pattern,
    Subject,
)

__all__ = [
    "Criterion",
    "EventQuery",
    "Field",
    "Literal",
    "Op",
    "Pattern",
    "QueryError",
    "Subject",
    "holds",
    "matches",
    "read_query",
]
