"""Whether an SQLite database is undamaged.

Owns: how SQLite's own check is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

type Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a statement and returns its rows."""

_NULL_TOLD: Final = re.compile(r"NULL value in (\w+)\.(\w+)")


def first_fault(ask: Ask) -> str:
    """Return the first fault that SQLite finds, "" for none.

    SQLite 3.40 says "NULL value" of clustered tables whose key is not their first column; such a
    fault counts only if there is such a value.
    """
    for (told,) in ask("PRAGMA quick_check"):
        found = _NULL_TOLD.fullmatch(told)
        if told == "ok" or (found is not None and not _has_null(ask, *found.groups())):
            continue
        return str(told)
    return ""


def _has_null(ask: Ask, table: str, column: str) -> bool:
    # `IS NULL` would be answered from the column's declaration, without looking.
    statement = f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE typeof("{column}") = \'null\')'  # noqa: S608 - names by SQLite
    return bool(ask(statement)[0][0])
