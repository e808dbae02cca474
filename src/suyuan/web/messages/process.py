"""Acts recorded at stations.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "units_missing": _("Enter at least one code, or choose a code order."),
    "too_many_units": _("Record at most %(limit)s codes at a time."),
    "unit_twice": _("This code is there twice."),
    "not_a_unit": _("This names a product, a lot or a place, not one item, case or parcel."),
    "parcel_unknown": _(
        "No parcel with this waybill has been packed. Check the number, or enter the codes."
    ),
    "unit_in_itself": _("A case cannot be packed into itself."),
    "serial_never_issued": _("No code order has issued this serial. Scan it again."),
    "goods_recalled": _(
        "%(given)s is recalled (%(recall)s). Nothing was recorded. Set these goods aside:"
        " recalled goods can only be received, taken back or destroyed. Units concerned: %(count)s."
    ),
    "transaction_type": _("There is no such kind of business paper."),
    "region_unknown": _("There is no such region."),
}
