"""Verbs that print; each is one transaction with its audit row."""

from suyuan.printing.services.creating import create_job, preview_job
from suyuan.printing.services.handing import download_file
from suyuan.printing.services.printers import (
    add_printer,
    change_printer,
    try_printer,
)
from suyuan.printing.services.steering import cancel_job, pause_job, resume_job
from suyuan.printing.services.voiding import reprint_labels, reprint_void, void_labels

__all__ = [
    "add_printer",
    "cancel_job",
    "change_printer",
    "create_job",
    "download_file",
    "pause_job",
    "preview_job",
    "reprint_labels",
    "reprint_void",
    "resume_job",
    "try_printer",
    "void_labels",
]
