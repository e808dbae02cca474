"""What issuing refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class SpaceExhausted(Conflict):
    """The product has fewer indexes left than were asked for."""

    code = "code_space_exhausted"


class NothingToCommission(Conflict):
    """Every code of the order, from the given position on, is active already."""

    code = "nothing_to_commission"


class AlreadyCommissioned(Conflict):
    """Some of these codes are active already."""

    code = "already_commissioned"


class LotDiffers(Conflict):
    """The order was made for another lot."""

    code = "order_lot_differs"


class NothingToPack(Conflict):
    """The order has no active code that is not packed yet."""

    code = "nothing_to_pack"


class OrderChangedMeanwhile(Conflict):
    """Someone else commissioned or packed codes of this order at the same time."""

    code = "order_changed_meanwhile"


class ProductInactive(Conflict):
    """The product is no longer made."""

    code = "product_inactive"


class SsccExhausted(Conflict):
    """The company prefix has no number of a logistic unit left."""

    code = "sscc_exhausted"


class AlreadyAllotted(Conflict):
    """Some of these codes are on labels already, or claimed for them."""

    code = "already_allotted"


class AlreadyActive(Conflict):
    """Some of these codes are active: they are on goods."""

    code = "codes_active"


class AlreadyWithdrawn(Conflict):
    """Every one of these codes was withdrawn before."""

    code = "codes_withdrawn"


class NothingToPlan(Conflict):
    """The order has no part of this length without labels and without active codes."""

    code = "nothing_to_plan"


class SetItemsActive(Conflict):
    """Some items of the case or pallet are active, but not with it."""

    code = "set_items_active"


class SetLotDiffers(Conflict):
    """The case or pallet is active with another lot or at another place."""

    code = "set_active_otherwise"


class SetInUse(Conflict):
    """Sets that have labels, or of which a part is active, are not cancelled."""

    code = "set_in_use"


class SetCancelled(Conflict):
    """The sets were cancelled."""

    code = "set_cancelled"


class NoInnerCodes(Conflict):
    """The product's labels have no hidden code."""

    code = "no_inner_codes"
