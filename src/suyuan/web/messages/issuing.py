"""Code orders, allotments, withdrawals, sets and commissioning.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "order_count": _("Order between 1 and 10,000,000 codes at a time."),
    "code_space_exhausted": _("So many codes are not left for this product."),
    "product_inactive": _("This product is no longer made. Make it active again first."),
    "lot_required": _("Choose the lot of the goods."),
    "commission_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "no_inner_codes": _("Labels of this product have no hidden code."),
    "order_lot_differs": _("Order %(order)s was made for another lot."),
    "already_commissioned": _(
        "%(count)s codes from position %(first)s on are active already. Choose other ones."
    ),
    "nothing_to_commission": _("All codes of order %(order)s are active already."),
    "nothing_to_pack": _("Order %(order)s has no active code that is not packed."),
    "order_changed_meanwhile": _(
        "A colleague changed order %(order)s at the same moment. Look at it and send it again."
    ),
    "per_case_range": _("A case holds between 1 and %(limit)s items."),
    "per_pallet_range": _("A pallet holds at most %(limit)s cases."),
    "item_count_range": _("Pack at least one item."),
    "allotment_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "already_allotted": _(
        "%(count)s codes from position %(first)s on are on labels already (%(reference)s)."
    ),
    "position_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "positions_empty": _("Choose at least one code."),
    "codes_active": _(
        "%(count)s of these codes are active on goods, so they cannot be withdrawn: %(serials)s."
    ),
    "codes_withdrawn": _("All of these codes were withdrawn before."),
    "nothing_to_plan": _(
        "So many neighbouring codes of order %(order)s are not free; the most are %(longest)s."
    ),
    "set_items_active": _(
        "Items of case %(sscc)s are active without it: %(serial)s is one of %(count)s."
    ),
    "set_active_otherwise": _("It is active already, of lot %(lot)s at %(location)s."),
    "set_in_use": _("Sets %(number)s have labels, or a part is active; they stay."),
    "set_cancelled": _("Sets %(number)s were cancelled."),
    "unit_count": _("At most %(limit)s cases and pallets can be numbered at once."),
    "sscc_exhausted": _("The company prefix %(prefix)s has no number of a case left."),
    "time_zone_required": _("The time needs a time zone."),
    "material_lot_unknown": _("There is no material lot %(lot)s."),
    "too_many_inputs": _("Name at most %(limit)s material lots."),
    "input_twice": _("Material lot %(lot)s is there twice. Add the quantities."),
    "quantity_range": _("A quantity is more than 0 and less than 1,000,000,000,000,000."),
    "qr_options": _("The size or the level of the QR code is not valid."),
}
