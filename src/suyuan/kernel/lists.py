"""Ask for many keys in one statement, whatever the database.

Owns: how a list of integers becomes one bound parameter.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connection


def within(column: str, values: Collection[int]) -> tuple[str, object]:
    """Return a condition and its parameter: `column` is one of `values`.

    One parameter holds them all, so that neither the statement's length nor the count of bound
    variables grows. `column` comes from code.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))
