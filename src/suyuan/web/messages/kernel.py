"""What any part of the installation can answer.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "invalid": _("This value is not valid."),
    "not_found": _("This does not exist, or you do not have access to it."),
    "forbidden": _("Your role does not have the right “%(right)s”."),
    "conflict": _("This does not fit the present state. Reload the page and try again."),
}
