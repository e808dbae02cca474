"""The world of docks, for this folder."""

from tests.docks_world import dock, passage, receiving, shipping, tags
from tests.issuing_world import active_order, line, lot, order, product

__all__ = [
    "active_order",
    "dock",
    "line",
    "lot",
    "order",
    "passage",
    "product",
    "receiving",
    "shipping",
    "tags",
]
