"""A line of text that a person typed, made fit to store and show."""

from __future__ import annotations

from suyuan.kernel.errors import Invalid


def clean_line(text: str, *, place: str, limit: int, required: bool = True) -> str:
    """Return `text` with single spaces.

    Raises:
        Invalid: `name_required`, `name_too_long`, `name_malformed` (control characters, which
            PostgreSQL refuses or which change how a line is read).
    """
    line = " ".join(text.split())
    if required and not line:
        raise Invalid("name_required", place=place)
    if len(line) > limit:
        raise Invalid("name_too_long", place=place, limit=limit)
    if not line.isprintable():
        raise Invalid("name_malformed", place=place)
    return line
