"""Verbs that write quality's rows; each is one transaction with its audit row.

Rights: `quality.edit`; `file_public_complaint` needs none, its caller limits the rate.
"""

from suyuan.quality.services.complaints import (
    add_note,
    answer_complaint,
    close_complaint,
    erase_reporter,
    file_complaint,
    file_public_complaint,
)
from suyuan.quality.services.reports import (
    add_report,
    publish_report,
    revoke_report,
    unpublish_report,
)

__all__ = [
    "add_note",
    "add_report",
    "answer_complaint",
    "close_complaint",
    "erase_reporter",
    "file_complaint",
    "file_public_complaint",
    "publish_report",
    "revoke_report",
    "unpublish_report",
]
