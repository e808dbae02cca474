"""Consumers' scans and who looks at them.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "too_many_asked": _("Too many requests. Try again in %(seconds)s seconds."),
    "scan_period": _("The period must end after it begins."),
}
