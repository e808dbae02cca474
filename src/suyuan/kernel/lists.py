"""Plain SQL where the ORM takes longer to ask than the database to answer.

Owns: reading rows, how a list becomes one bound parameter, and how a cell becomes a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, cast, overload

import msgspec
from django.db import DEFAULT_DB_ALIAS, connection, connections

_encode: Final = msgspec.json.Encoder().encode


def within(column: str, values: Collection[int] | Collection[str]) -> tuple[str, Any]:
    """Return a condition and its parameter: `column` is one of `values`.

    One parameter holds them all, so that neither the statement's length nor the count of bound
    variables grows. `column` comes from code.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", _encode(list(values)).decode()  # noqa: S608 - column from code


def select(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, which comes from code."""
    own = connections[DEFAULT_DB_ALIAS]
    plain = own.vendor == "sqlite" and own.connection is not None
    if plain and not own.execute_wrappers and not own.queries_logged:
        # A cursor of Django's and its rewriting of the statement cost as much as the answer.
        with own.wrap_database_errors:
            rows: list[tuple[Any, ...]] = own.connection.execute(
                _marked(statement), parameters
            ).fetchall()
        return rows
    with own.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


@lru_cache(maxsize=512)
def _marked(statement: str) -> str:
    """Return a statement with SQLite's marks for parameters."""
    return statement.replace("%s", "?").replace("%%", "%")


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
