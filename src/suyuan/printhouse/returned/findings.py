"""A line of a returned list that does not fit: which, and why."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

MOST_NAMED: Final = 5_000  # findings that are kept with their lines; all are counted


class Finding(NamedTuple):
    """Why a line, numbered as a spreadsheet program does, says nothing that can be kept.

    `code` is one of: `code_unknown`, `code_other_order`, `code_other_product`,
    `code_other_package`, `line_twice`, `line_contradicts`, `line_empty`, `status_missing`,
    `status_unknown`, `sequence_range`, `roll_unknown`, `roll_counts`, `count_malformed`,
    `code_active`, `code_withdrawn`, `returned_before`, `returned_otherwise`.
    """

    line: int
    code: str
    given: str
    data: dict[str, Any]
