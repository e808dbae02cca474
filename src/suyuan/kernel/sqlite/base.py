"""The SQLite connection: write-ahead log, durable commits, a large page cache.

Invariant: a committed transaction survives the loss of power (`synchronous=FULL`), because an
acknowledged event must be there after a restart.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from suyuan.kernel.sqlite.schema import SchemaEditor

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-65536",  # KiB
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite as Suyuan uses it."""

    SchemaEditorClass = SchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection and set its pragmas."""
        connection = super().get_new_connection(conn_params)
        for pragma in _PRAGMAS:
            connection.execute(pragma).close()
        return connection
