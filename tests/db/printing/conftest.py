"""The world of printing, for this folder."""

from __future__ import annotations

from tests.issuing_world import (
    active_order,
    line,
    lot,
    order,
    other_product,
    product,
    warehouse,
)
from tests.printing_world import (
    large_order,
    listener,
    other_template,
    own_media,
    plain_printer,
    roll_template,
    template,
    zpl_printer,
)

__all__ = [
    "active_order",
    "large_order",
    "line",
    "listener",
    "lot",
    "order",
    "other_product",
    "other_template",
    "own_media",
    "plain_printer",
    "product",
    "roll_template",
    "template",
    "warehouse",
    "zpl_printer",
]
