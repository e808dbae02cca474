"""Carriers bound to items and logistic units.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "carrier_kind": _("There is no such kind of carrier: “%(given)s”."),
    "carrier_taken": _("This value leads to %(unit)s already. Release it there first."),
    "carrier_is_unit": _("This is itself the code of another unit: %(unit)s."),
    "carrier_own_code": _("This is the unit’s own printed code; it leads there without a binding."),
    "carrier_twice": _("Row %(first)s binds the same value to another unit."),
    "carrier_same": _("The new carrier has the same value as the old one."),
    "carrier_unknown": _("Nothing is bound to this value."),
    "tag_malformed": _(
        "“%(given)s” is no EPC or TID: 8 to 128 hexadecimal digits, two for each byte."
    ),
    "chip_malformed": _("“%(given)s” is no UID of a chip: 8, 14 or 20 hexadecimal digits."),
    "unit_unknown": _("“%(given)s” names no item and no logistic unit of yours."),
    "reason": _("Choose one of the reasons."),
    "bindings_refused": _("%(count)s rows have faults, so nothing was bound."),
}
