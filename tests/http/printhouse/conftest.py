"""The world of packages, for this folder."""

from __future__ import annotations

from tests.issuing_world import line, lot, order, other_product, product, warehouse
from tests.printhouse_world import made, printer, sent

__all__ = [
    "line",
    "lot",
    "made",
    "order",
    "other_product",
    "printer",
    "product",
    "sent",
    "warehouse",
]
