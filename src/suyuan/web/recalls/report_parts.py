"""What a report consists of, as values: the PDF and the workbook are made of these alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

type Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `numbers` are the positions of columns set to the right."""

    header: Row
    rows: Sequence[Row]
    numbers: frozenset[int] = frozenset()
    widths: Sequence[float] = ()  # shares of the page; empty: all alike


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    text: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    title: str
    subtitle: str
    organisation: str
    made_at: str
    sections: Sequence[Section] = field(default_factory=list)
