"""Inspection reports, complaints and their files.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(limit_mb)s MB."),
    "file_type": _("This is not a PDF, PNG or JPEG file, whatever its name says."),
    "file_damaged": _(
        "The file is cut short, or something else is attached to it. Export it once more."
    ),
    "file_active": _(
        "This PDF contains a program or an attachment. Print it to a plain PDF and add that."
    ),
    "report_revoked": _("Report %(number)s was withdrawn, and stays so."),
    "complaint_closed": _("Complaint %(number)s is closed."),
    "time_in_future": _("This time has not come yet."),
    "dates_reversed": _("The last day is before the first."),
    "too_many_files": _("A report has at most %(most)s files."),
    "too_many_photos": _("Send at most %(most)s pictures."),
    "items_required": _("Name the items: a code on each line."),
    "items_of_other_product": _("This is no item of the report’s product."),
    "range_reversed": _("The first code of a range comes after its last, or is numbered apart."),
    "too_many_items": _("A report speaks of at most %(most)s items."),
    "seal_broken": _(
        "This was encrypted under another secret of the installation. Ask the operator."
    ),
}
