"""What was issued, and what became of it."""

from suyuan.issuing.selectors.codes import (
    EPC_BASE,
    Form,
    issued_mask,
    issued_order,
    links,
    serials,
    space_of,
    stream_codes,
    was_issued,
)
from suyuan.issuing.selectors.orders import (
    activations,
    counts,
    get_order,
    key_versions,
    order_of_request,
    orders,
    totals,
    waiting_ranges,
)
from suyuan.issuing.selectors.units import (
    case_units,
    commissioned_items,
    outer_units,
    packable_ranges,
    packings,
    pallet_units,
    unit_numbers,
)

__all__ = [
    "EPC_BASE",
    "Form",
    "activations",
    "case_units",
    "commissioned_items",
    "counts",
    "get_order",
    "issued_mask",
    "issued_order",
    "key_versions",
    "links",
    "order_of_request",
    "orders",
    "outer_units",
    "packable_ranges",
    "packings",
    "pallet_units",
    "serials",
    "space_of",
    "stream_codes",
    "totals",
    "unit_numbers",
    "waiting_ranges",
    "was_issued",
]
