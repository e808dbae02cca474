"""Fixtures of the tests of carriers."""

from __future__ import annotations

from tests.issuing_world import active_order, line, lot, order, other_product, product

__all__ = ["active_order", "line", "lot", "order", "other_product", "product"]
