"""The sentences for error codes: the one place where a code becomes words.

Owns: `MESSAGES`, the table code → sentence; `sentence`.
Invariant: every code that a service can raise has a row; `%(name)s` takes the error's data.

Each domain adds its rows under its own heading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.rights import Right
from suyuan.web.rights import RIGHT_SENTENCES

MESSAGES: dict[str, Promise] = {
    # kernel
    "invalid": _("This value is not valid."),
    "not_found": _("This does not exist, or you do not have access to it."),
    "forbidden": _("Your role does not have the right “%(right)s”."),
    "conflict": _("This does not fit the present state. Reload the page and try again."),
    # tenancy
    "slug_taken": _("The address “%(slug)s” is taken. Choose another."),
    "slug_malformed": _(
        "An address has 2 to 40 lower-case letters, digits and single hyphens between them."
    ),
    "slug_reserved": _("The address “%(slug)s” is reserved. Choose another."),
    "name_required": _("Enter a name."),
    "name_too_long": _("Use at most %(limit)s characters."),
    "name_malformed": _("Use letters, digits and punctuation only, on one line."),
    "email_malformed": _("Enter an e-mail address such as ann@example.com."),
    "role_unknown": _("There is no such role."),
    "right_unknown": _("There is no such right."),
    "invitation_unknown": _(
        "This invitation does not exist, or it was sent to another e-mail address."
    ),
    "invitation_expired": _("This invitation has expired. Ask for a new one."),
    "invitation_used": _("This invitation has been accepted already."),
    "already_member": _("%(email)s is a member already."),
    "last_owner": _("An organisation needs at least one owner. Make somebody else an owner first."),
    "owner_must_manage": _(
        "Owners keep the right to manage people; otherwise nobody could give rights any more."
    ),
    "beyond_rights": _("You cannot give rights that you do not have: %(rights)s."),
    "language_unknown": _("Choose one of the languages."),
    "organisation_required": _("Say which organisation is meant."),
    "scopes_required": _("Choose at least one right."),
    "expiry_in_past": _("Choose a time in the future."),
    "prefix_malformed": _("A GS1 company prefix has 4 to 12 digits."),
    "prefix_restricted": _(
        "Numbers that begin with %(prefix)s are for restricted circulation; "
        "GS1 gives them to no firm."
    ),
    "prefix_claimed": _("Another organisation holds the company prefix %(prefix)s."),
    # verification
    "too_many_asked": _("Too many requests. Try again in %(seconds)s seconds."),
    "scan_period": _("The period must end after it begins."),
    # quality
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
    "seal_broken": _(
        "This was encrypted under another secret of the installation. Ask the operator."
    ),
    # recalls
    "starts_required": _("Enter at least one lot, item or logistic unit."),
    "too_many_starts": _("Enter at most %(limit)s codes at a time."),
    "identity_unknown": _("Nothing that has happened names this code. Look for a mistyped sign."),
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
