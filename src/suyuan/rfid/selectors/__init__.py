"""What tags there are, what is written on them, and what an EPC leads to."""

from suyuan.rfid.selectors.ranges import (
    get_range,
    list_ranges,
    range_of_request,
    ranges_of_order,
    tagged_ranges,
    totals,
    untagged_ranges,
)
from suyuan.rfid.selectors.reading import keys_of_epcs, read_tags, unit_of_tag
from suyuan.rfid.selectors.writing import (
    Written,
    hexes_of,
    order_tag_hexes,
    stream_tags,
    tag_hexes,
    tag_of_item,
    tags,
    tags_of_items,
    unit_tag,
)

__all__ = [
    "Written",
    "get_range",
    "hexes_of",
    "keys_of_epcs",
    "list_ranges",
    "order_tag_hexes",
    "range_of_request",
    "ranges_of_order",
    "read_tags",
    "stream_tags",
    "tag_hexes",
    "tag_of_item",
    "tagged_ranges",
    "tags",
    "tags_of_items",
    "totals",
    "unit_of_tag",
    "unit_tag",
    "untagged_ranges",
]
