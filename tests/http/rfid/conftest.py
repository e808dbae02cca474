"""The world of RFID, for this folder."""

from __future__ import annotations

from tests.db.rfid.conftest import made, prefix
from tests.issuing_world import active_order, line, lot, order, other_product, product

__all__ = [
    "active_order",
    "line",
    "lot",
    "made",
    "order",
    "other_product",
    "prefix",
    "product",
]
