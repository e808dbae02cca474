"""What quality refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, Invalid


class FileRefused(Invalid):
    """The file is not a PDF, PNG or JPEG through and through."""


class ReportRevoked(Conflict):
    """The report was withdrawn, and stays so."""

    code = "report_revoked"


class ComplaintClosed(Conflict):
    """The complaint is closed; nothing is added to it."""

    code = "complaint_closed"
