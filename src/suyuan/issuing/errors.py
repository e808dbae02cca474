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
