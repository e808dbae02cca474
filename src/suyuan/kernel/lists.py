"""Plain SQL where the ORM takes longer to ask than the database to answer.

Owns: reading rows, how a list becomes one bound parameter, and how a cell becomes a time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, cast, overload

from django.db import connection


def within(column: str, values: Collection[int] | Collection[str]) -> tuple[str, Any]:
    """Return a condition and its parameter: `column` is one of `values`.

    One parameter holds them all, so that neither the statement's length nor the count of bound
    variables grows. `column` comes from code.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # noqa: S608 - column from code


def select(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, which comes from code."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


@overload
def time_of(cell: datetime | str) -> datetime: ...


@overload
def time_of(cell: datetime | str | None) -> datetime | None: ...


def time_of(cell: datetime | str | None) -> datetime | None:
    """Read a time that a cursor gives: SQLite keeps times as text without their zone, UTC."""
    if cell is None:
        return None
    at = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    return at if at.tzinfo else at.replace(tzinfo=UTC)
