"""Fixtures of the tests of carriers' pages."""

from __future__ import annotations

from tests.issuing_world import active_order, line, lot, order, product
from tests.scan_world import goods

__all__ = ["active_order", "goods", "line", "lot", "order", "product"]
