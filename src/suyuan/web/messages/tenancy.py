"""Organisations, people, roles, invitations, tokens and company prefixes.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
    "series_exhausted": _("No number of this series is left."),
    "prefix_claimed": _("Another organisation holds the company prefix %(prefix)s."),
}
