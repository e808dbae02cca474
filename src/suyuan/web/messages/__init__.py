"""The sentences for error codes: the one place where a code becomes words.

Owns: `MESSAGES`, the table code → sentence; `sentence`.
Invariant: every code that a service can raise has a row; `%(name)s` takes the error's data.
A code stands in one module only, and every module is in `_DOMAINS`.

Each domain has a module with its `ROWS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.rights import Right
from suyuan.web.messages import (
    capture,
    carriers,
    codes,
    docks,
    exchange,
    identifiers,
    issuing,
    kernel,
    labels,
    masterdata,
    nfc,
    notices,
    partners,
    printhouse,
    printing,
    process,
    quality,
    recalls,
    rfid,
    subscriptions,
    tenancy,
    verification,
)
from suyuan.web.rights import RIGHT_SENTENCES

_DOMAINS: Final = (
    kernel,
    tenancy,
    carriers,
    nfc,
    verification,
    quality,
    recalls,
    notices,
    issuing,
    codes,
    printing,
    process,
    masterdata,
    exchange,
    labels,
    printhouse,
    docks,
    rfid,
    identifiers,
    capture,
    partners,
    subscriptions,
)

MESSAGES: Final[Mapping[str, Promise]] = {
    code: row for domain in _DOMAINS for code, row in domain.ROWS.items()
}

# What is added to a sentence whose code has no row: the code itself, which support can look up.
_GENERIC = _("Something is not right (%(code)s).")


def _spoken(value: object) -> object:
    """Show rights by their names; everything else as it is."""
    if isinstance(value, str) and value in Right:
        return RIGHT_SENTENCES[Right(value)]
    if isinstance(value, list | tuple | set | frozenset):
        return gettext(", ").join(str(_spoken(item)) for item in value)
    return value


class _Data(dict[str, Any]):
    """An error's data; what a sentence asks for and the error does not bring shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "—"


def message(code: str, data: Mapping[str, object]) -> str:
    """Return the sentence for `code` in the reader's language."""
    row = MESSAGES.get(code)
    spoken = _Data({name: _spoken(value) for name, value in data.items()})
    if row is None:
        return str(_GENERIC) % {"code": code}
    return str(row) % spoken


def sentence(error: SuyuanError) -> str:
    """Return what `error` says in the reader's language."""
    return message(error.code, error.data)
