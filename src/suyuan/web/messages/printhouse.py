"""Packages for print houses, and what they return.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "party_not_printer": _("%(party)s is no print house. Change its kind first."),
    "package_password_short": _("A password has at least %(shortest)s characters."),
    "package_password_missing": _("No password is agreed with this print house yet."),
    "roll_size_range": _("A roll has between 1 and %(limit)s labels."),
    "first_roll_range": _("The first roll has a number between 0 and %(limit)s."),
    "too_many_rolls": _("A package has at most %(limit)s rolls. Put more labels on each."),
    "package_too_large": _("The file would be over %(limit_gb)s GB. Take fewer codes."),
    "nothing_to_package": _("Every code of %(order)s is on a label already, or withdrawn."),
    "package_state": _("Package %(number)s is not at the point where this can be done."),
    "return_columns": _(
        "No heading names codes, sequences or rolls: %(given)s. See what a list may look like."
    ),
    "return_nothing": _("The list says nothing of the codes in package %(number)s."),
    "return_outdated": _("Another list was applied since this one was read. Read it again."),
}
