"""What recalls refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class NothingAffected(Conflict):
    """Neither an item nor a lot follows from the starts."""

    code = "nothing_affected"


class ScopeChanged(Conflict):
    """More or fewer items are affected than the person confirmed."""

    code = "scope_changed"


class RequestKeyReused(Conflict):
    """The request key opened another case."""

    code = "request_key_reused"


class CaseClosed(Conflict):
    """The case is closed already."""

    code = "recall_closed"


class TooManyForWorkbook(Conflict):
    """A workbook of so many rows takes too long; the CSV file streams."""

    code = "too_many_for_workbook"
