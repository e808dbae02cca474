"""Tag ranges: one gate, lists, and what of an order has tags.

Invariant: every query begins with the organisation; unknown and foreign raise the same error.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from django.db.models import Count, QuerySet, Sum

from suyuan.issuing.models import CodeOrder
from suyuan.issuing.positions import Range, without
from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing
from suyuan.rfid.models import TagRange

_NUMBER: Final = re.compile(r"TR-[0-9]{4}-[0-9]{4,8}")


class TagTotals(NamedTuple):
    """What an organisation has given tags in all."""

    ranges: int
    tags: int


def _rows(organisation_id: int) -> QuerySet[TagRange]:
    rows = TagRange.objects.filter(organisation_id=organisation_id)
    return rows.select_related("order", "order__lot", "product", "organisation")


def get_range(organisation_id: int, number: str) -> TagRange:
    """Return a range with its order and product.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    found = None
    if _NUMBER.fullmatch(number):
        found = _rows(organisation_id).filter(number=number).first()
    if found is None:
        raise NotFound(kind="tag_range")
    # The order knows its product as this row does.
    found.order.product = found.product
    return found


def range_of_request(organisation_id: int, request_key: str) -> TagRange | None:
    """Return the range that this request made, if it did."""
    if not request_key:
        return None
    return _rows(organisation_id).filter(request_key=request_key).first()


def list_ranges(
    organisation_id: int, *, text: str = "", scheme: str = "", live: bool | None = None
) -> QuerySet[TagRange]:
    """Return ranges, the newest first, filtered by what is given."""
    rows = _rows(organisation_id)
    if scheme:
        rows = rows.filter(scheme=scheme)
    if live is not None:
        rows = rows.filter(ended_at__isnull=live)
    rows = rows.filter(
        containing(
            text,
            "number",
            "note",
            "order__number",
            "product__gtin",
            "product__name_zh",
            "product__name_en",
        )
    )
    return rows.order_by("-created_at", "-id")


def ranges_of_order(order: CodeOrder) -> list[TagRange]:
    """Return the live ranges of an order, in its order."""
    rows = TagRange.objects.filter(
        organisation_id=order.organisation_id, order_id=order.id, ended_at=None
    )
    found = list(rows.order_by("first"))
    for made in found:
        made.order = order
    return found


def tagged_ranges(order: CodeOrder) -> list[Range]:
    """Return the parts of an order that have tags, in its order."""
    return [(made.first, made.end) for made in ranges_of_order(order)]


def untagged_ranges(order: CodeOrder) -> list[Range]:
    """Return the parts of an order that have no tags, in its order."""
    return without([(0, order.count)], tagged_ranges(order))


def totals(organisation_id: int) -> TagTotals:
    """Return how many live ranges there are, and how many tags they name."""
    rows = TagRange.objects.filter(organisation_id=organisation_id, ended_at=None)
    sums = rows.aggregate(ranges=Count("id"), tags=Sum("count"))
    return TagTotals(sums["ranges"], sums["tags"] or 0)
