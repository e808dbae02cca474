"""The world of printing, for this folder."""

from __future__ import annotations

from tests.issuing_world import line, lot, order, other_product, product
from tests.printing_world import (
    listener,
    other_template,
    own_media,
    plain_printer,
    roll_template,
    template,
    zpl_printer,
)

__all__ = [
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
    "zpl_printer",
]
