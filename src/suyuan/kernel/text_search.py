"""What somebody types into the search box of a list, as a condition.

Owns: `containing`.
"""

from __future__ import annotations

from django.db.models import Q


def containing(text: str, *fields: str) -> Q:
    """Return the condition that one of `fields` contains `text`, in either case.

    Spaces around the text do not count. Nothing but space asks for nothing: the condition is empty
    and leaves every row.
    """
    wanted = text.strip().replace("\0", "")  # PostgreSQL refuses NUL
    found = Q()
    if wanted:
        for field in fields:
            found |= Q((f"{field}__icontains", wanted))
    return found
