"""Recalls and the scope they begin from.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "starts_required": _("Enter at least one lot, item or logistic unit."),
    "too_many_starts": _("Enter at most %(limit)s codes at a time."),
    "identity_unknown": _("Nothing that has happened names this code. Look for a mistyped sign."),
    "not_goods": _("This names a place or a party. Enter a lot, an item or a logistic unit."),
    "nothing_affected": _("No item and no lot follows from this; there is nothing to recall."),
    "scope_changed": _(
        "You confirmed %(expected)s items, but %(found)s are affected. Nothing was opened."
    ),
    "request_key_reused": _("This request has opened recall %(number)s already."),
    "recall_closed": _("Recall %(number)s is closed."),
    "too_many_for_workbook": _(
        "%(rows)s rows are too many for Excel here (at most %(limit)s). Take the CSV file."
    ),
}
