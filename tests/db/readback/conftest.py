"""The world of issuing, for this folder."""

from __future__ import annotations

from tests.issuing_world import active_order, line, lot, order, other_product, product, warehouse

__all__ = ["active_order", "line", "lot", "order", "other_product", "product", "warehouse"]
