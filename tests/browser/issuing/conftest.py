"""The world of issuing, for this folder."""

from __future__ import annotations

from tests.issuing_world import (
    active_order,
    batch_product,
    leaf,
    line,
    lot,
    order,
    other_product,
    product,
    shop,
    warehouse,
)

__all__ = [
    "active_order",
    "batch_product",
    "leaf",
    "line",
    "lot",
    "order",
    "other_product",
    "product",
    "shop",
    "warehouse",
]
