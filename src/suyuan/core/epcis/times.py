"""Times as the standard writes them: a date, a time and a zone.

Owns: what is a time. Source: EPCIS 2.0 §7.3.1.4, and the pattern of its XML Schema.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from suyuan.core.instants import microseconds

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_FIRST: Final = microseconds(datetime(1, 1, 1, tzinfo=UTC))  # an offset may reach before year 1


def instant(text: str) -> int | None:
    """Return microseconds since 1970, or None unless `text` is a time with its zone."""
    found = _TIME.fullmatch(text)
    if found is None or not found[1]:
        return None
    try:
        found_at = microseconds(datetime.fromisoformat(text))
    except ValueError:
        return None
    return found_at if found_at >= _FIRST else None


def time_fault(text: object, *, zone: bool = True) -> str:
    """Return the code of what is wrong with a time, "" if nothing is.

    Args:
        text: what is given for a time.
        zone: whether it must say its zone.
    """
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return "time_malformed"
    if not found[1]:
        if zone:
            return "time_without_zone"
        return "" if instant(f"{text}Z") is not None else "time_malformed"
    return "" if instant(str(text)) is not None else "time_malformed"
