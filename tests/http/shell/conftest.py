"""Goods and codes to search for: the world of issuing."""

from __future__ import annotations

from tests.issuing_world import active_order, line, lot, order, product

__all__ = ["active_order", "line", "lot", "order", "product"]
