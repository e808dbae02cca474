"""The values that issuing's services take and give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ORDER_LIMIT: Final = 10_000_000  # codes in one order
EVENT_LIMIT: Final = 100_000  # EPCs in one event
UNIT_LIMIT: Final = 100_000  # logistic units numbered at once
SET_UNIT_LIMIT: Final = 2 * ORDER_LIMIT  # a plan of sets is one row, however many units it has
SLICE_ITEMS: Final = 20_000  # of sets that are activated in one transaction: about a second
CASE_LIMIT: Final = 10_000  # items in a case, and cases on a pallet


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """So much of a material's lot went into a batch.

    Attributes:
        material_gtin: 8 to 14 digits.
        lot: The material lot's code.
        quantity: More than 0; None when nobody weighed it.
        uom: UN/ECE Recommendation 20 code such as `KGM`; empty for a count.
    """

    material_gtin: str
    lot: str
    quantity: Decimal | None = None
    uom: str = ""


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """What became of an order's codes."""

    issued: int
    commissioned: int
    packed: int
    withdrawn: int = 0

    @property
    def waiting(self) -> int:
        """Codes that are not active yet, and may become so."""
        return self.issued - self.commissioned - self.withdrawn


@dataclass(frozen=True, slots=True)
class Totals:
    """What an organisation has issued in all."""

    orders: int
    issued: int
    commissioned: int
    withdrawn: int = 0
