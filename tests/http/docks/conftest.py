"""The world of docks, for this folder."""

from __future__ import annotations

from tests.db.docks.conftest import (
    active_order,
    dock,
    line,
    lot,
    order,
    passage,
    product,
    receiving,
    shipping,
    tags,
)

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
