"""Write many rows in one statement, as fast as each database takes them.

Owns: the hot path from tuples to a table. No model objects are made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows` into `table` within the caller's transaction.

    PostgreSQL takes them by COPY, SQLite by one prepared statement. Names come from code, never
    from input.

    Raises:
        django.db.IntegrityError: a constraint does not hold.
    """
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    name = connection.ops.quote_name(table)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {name} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        # The driver's own method and mark: Django's would rewrite the statement on every call.
        sqlite3.Cursor.executemany(
            cursor.cursor,
            f"INSERT INTO {name} ({quoted}) VALUES ({marks})",  # noqa: S608 - names from code
            rows,
        )
