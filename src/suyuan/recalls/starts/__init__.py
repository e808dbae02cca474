"""What a recall begins with: texts that people type, scan or arrive with, as lineage's starts.

Owns: `Start`, `read_starts`; the kinds of starts, each in a module of its own.
"""

from suyuan.recalls.starts.reading import (
    MOST_STARTS,
    Start,
    lineage_starts,
    read_start,
    read_starts,
    start_texts,
)

__all__ = [
    "MOST_STARTS",
    "Start",
    "lineage_starts",
    "read_start",
    "read_starts",
    "start_texts",
]
