"""What capture refuses."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, NotFound


class EventNotFound(NotFound):
    """No such event in the organisation."""

    code = "event_not_found"


class JobNotFound(NotFound):
    """No such capture job in the organisation."""

    code = "job_not_found"


class ColumnsIncomplete(Conflict):
    """Pages of the columns are missing: they are being made anew, or were damaged."""

    code = "columns_incomplete"
