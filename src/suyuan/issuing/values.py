"""The values that issuing's services take and give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ORDER_LIMIT: Final = 10_000_000  # codes in one order
EVENT_LIMIT: Final = 100_000  # EPCs in one event
UNIT_LIMIT: Final = 100_000  # logistic units numbered at once


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

    @property
    def waiting(self) -> int:
        """Codes that are not active yet."""
        return self.issued - self.commissioned


@dataclass(frozen=True, slots=True)
class Totals:
    """What an organisation has issued in all."""

    orders: int
    issued: int
    commissioned: int
