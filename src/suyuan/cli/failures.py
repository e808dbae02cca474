"""One line for each thing that can go wrong.

Owns: `Failure`, and the sentences of codes that commands meet often. Other codes are shown as they
are, with their data: they are stable and documented.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from suyuan.core.epcis import DocumentError
from suyuan.core.identifiers import IdentifierError
from suyuan.kernel.errors import SuyuanError


class Failure(Exception):
    """A command cannot go on; its text is the line to show."""


_SENTENCES: Final = {
    "identity_unknown": "nothing is known of “%(given)s”",
    "code_order_unknown": "there is no such code order",
    "seal_broken": "this was sealed under another SUYUAN_SECRET_KEY",
    "slug_taken": "the organisation “%(slug)s” exists already",
    "slug_malformed": "an organisation's address has 2 to 40 small letters, digits and hyphens",
    "keys_unreadable": "the numbering keys were sealed under another SUYUAN_SECRET_KEY",
    "starts_required": "give at least one code",
}
_MOST_FAULTS: Final = 5


def line_of(error: Exception) -> str:
    """Return what to tell a person, on one line."""
    if isinstance(error, DocumentError):
        return _document(error)
    if isinstance(error, SuyuanError):
        return _sentence(error)
    if isinstance(error, IdentifierError):
        return f"{error.code}: {dict(error.data)}"
    if isinstance(error, DatabaseError):
        return f"the database says: {_first_line(error)}"
    if isinstance(error, Failure | ImproperlyConfigured):
        return _first_line(error)
    return f"{type(error).__name__}: {_first_line(error)} (--debug shows where)"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _sentence(error: SuyuanError) -> str:
    template = _SENTENCES.get(error.code)
    if template is not None:
        try:
            return template % error.data
        except KeyError:
            pass
    place = f" at {error.place}" if error.place else ""
    data = ", ".join(f"{name}: {value}" for name, value in error.data.items())
    return f"{error.code}{place}" + (f" ({data})" if data else "")


def _document(error: DocumentError) -> str:
    told = [
        f"{fault.code} at {fault.place or '/'}"
        + (f" ({', '.join(fault.data.values())})" if fault.data else "")
        for fault in error.faults[:_MOST_FAULTS]
    ]
    more = error.total - len(told)
    rest = f"; and {more} more" if more > 0 else ""
    faults = "1 fault" if error.total == 1 else f"{error.total} faults"
    return f"nothing was stored, {faults}: {'; '.join(told)}{rest}"
