"""Events as columns: what questions about very many goods read instead of rows.

Owns: immutable segments of consecutive events, their making, their reading.
Does not own: events (the rows are the truth), few goods (the trace index answers those quicker).
Invariant: a segment tells of its events exactly what the rows tell; since events are never
changed, it never goes stale. Error declarations are read apart. Events after the last segment are
read from their rows.
"""

from suyuan.capture.columns.building import (
    SEGMENT,
    build_segments,
    differing_segments,
    rebuild_segments,
)
from suyuan.capture.columns.reading import ROLES, Columns
from suyuan.capture.columns.slices import (
    CHILDLESS,
    DECLARES_ERROR,
    FACT_COLUMNS,
    FACTS,
    with_child_quantities,
)

__all__ = [
    "CHILDLESS",
    "DECLARES_ERROR",
    "FACTS",
    "FACT_COLUMNS",
    "ROLES",
    "SEGMENT",
    "Columns",
    "build_segments",
    "differing_segments",
    "rebuild_segments",
    "with_child_quantities",
]
