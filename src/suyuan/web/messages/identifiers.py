"""Identifiers, as scanned or typed.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "empty": _("Enter a code."),
    "sscc_check_digit": _("The last digit is wrong: it should be %(expected)s. Type it again."),
    "sscc_length": _("An SSCC has 18 digits."),
    "uri_malformed": _("This is no code that can be read: no link, no element string, no SSCC."),
    "link_malformed": _("This link has a part without its value."),
    "link_unknown_key": _("This link has a part (%(given)s) that does not belong there."),
    "element_malformed": _("This element string cannot be read."),
    "element_unknown_ai": _("This element string has an identifier that is not known."),
    "element_no_key": _("This element string names no item, lot or unit."),
    "urn_malformed": _("This EPC cannot be read."),
    "urn_charset": _("This EPC has a sign that it cannot have."),
    "urn_unknown_scheme": _("This EPC is of a kind that is not known."),
    "percent_escape": _("This link has a broken escape (%% and two digits)."),
    "serial_charset": _("A serial has letters, digits and a few signs; this has another one."),
    "serial_length": _("A serial has at most 20 characters."),
}
