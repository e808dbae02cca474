"""The world of printing, for this folder."""

from __future__ import annotations

from tests.issuing_world import line, lot, order, product
from tests.printing_world import (
    listener,
    own_media,
    roll_template,
    template,
    zpl_printer,
)

__all__ = [
    "line",
    "listener",
    "lot",
    "order",
    "own_media",
    "product",
    "roll_template",
    "template",
    "zpl_printer",
]
