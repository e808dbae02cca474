"""What a tag range would be, before it is one: positions, division, sizes.

Owns: the rules of what may be given, for the service that gives it and the preview that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.identifiers.binary import PREFIX_BITS, TagScheme, encode, filters_of
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import serials
from suyuan.kernel.errors import Invalid
from suyuan.rfid import selectors
from suyuan.rfid.errors import NothingToTag, TagsOverlap
from suyuan.rfid.models import TagRange
from suyuan.rfid.prefixes import PrefixLength, required_prefix_length
from suyuan.rfid.values import ITEM_SCHEMES, Tag
from suyuan.tenancy.models import NumberSeries

_SHOWN: Final = 3
_LONGEST_PREFIX: Final = max(PREFIX_BITS)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; None leaves the choice to the rules.

    Attributes:
        scheme: `sgtin-96` gives the tags numbers of their own; `sgtin-198` and `sgtin+` bear the
            items' serials.
        filter: What readers may look for; 1 is an item as it is sold.
        first: From which position of the order, from 0; None begins at the first without a tag.
        count: How many; None takes as many as follow without a tag.
        prefix_length: Digits of the company prefix, 6 to 12, where the organisation's own do not
            say it.
    """

    scheme: str = TagScheme.SGTIN_96
    filter: int = 1
    first: int | None = None
    count: int | None = None
    prefix_length: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be given."""

    order: CodeOrder
    scheme: TagScheme
    filter: int
    first: int
    count: int
    length: PrefixLength | None  # None: the scheme needs none


def plan_range(order: CodeOrder, wish: Wish) -> Plan:
    """Return what a wish comes to now; `order` has its product.

    Raises:
        Invalid: `tag_scheme_unknown`, `tag_filter`, `tag_positions`, `tag_prefix_length`.
        TagsOverlap, NothingToTag, TagPrefixUnknown: see there.
    """
    scheme = next((one for one in ITEM_SCHEMES if one == wish.scheme), None)
    if scheme is None:
        raise Invalid("tag_scheme_unknown", place="scheme", given=wish.scheme[:40])
    if wish.filter not in filters_of(Scheme.SGTIN):
        raise Invalid("tag_filter", place="filter", given=wish.filter)
    if wish.prefix_length is not None and wish.prefix_length not in PREFIX_BITS:
        raise Invalid("tag_prefix_length", place="prefix_length", given=wish.prefix_length)
    first, count = _part(order, wish.first, wish.count)
    length = None
    if not scheme.is_plus:
        item = Identity(Scheme.SGTIN, order.product.gtin)
        length = required_prefix_length(order.organisation_id, item, wish.prefix_length)
    return Plan(order, scheme, wish.filter, first, count, length)


def _part(order: CodeOrder, first: int | None, count: int | None) -> tuple[int, int]:
    """Return position and size of what is to be tagged."""
    if first is None:
        free = selectors.untagged_ranges(order)
        if not free:
            raise NothingToTag(order=order.number)
        first = free[0][0]
        count = free[0][1] - first if count is None else count
    if count is None:
        after = (start for start, end in selectors.tagged_ranges(order) if end > first)
        count = max(1, next(after, order.count) - first)
    if first < 0 or count < 1 or first + count > order.count:
        place = "first" if not 0 <= first < order.count else "count"
        raise Invalid("tag_positions", place=place, order_count=order.count)
    end = first + count
    for other in selectors.ranges_of_order(order):
        if other.first < end and first < other.end:
            raise TagsOverlap(
                place="first",
                number=other.number,
                first=max(first, other.first) + 1,
                last=min(end, other.end),
            )
    return first, count


def series_of(gtin: str) -> str:
    """Return the name of the series that gives a product's tag serials."""
    return f"tag:{gtin}"


def preview(plan: Plan) -> list[Tag]:
    """Return the first tags as they would be now; others may take the numbers meanwhile."""
    made = TagRange(
        organisation_id=plan.order.organisation_id,
        order=plan.order,
        first=plan.first,
        count=plan.count,
        scheme=plan.scheme.value,
        filter=plan.filter,
        prefix_length=plan.length.digits if plan.length else None,
        serial_start=_next_serial(plan) if plan.scheme is TagScheme.SGTIN_96 else None,
    )
    return selectors.tags(made, 0, _SHOWN)


def _next_serial(plan: Plan) -> int:
    rows = NumberSeries.objects.filter(
        organisation_id=plan.order.organisation_id, name=series_of(plan.order.product.gtin)
    )
    return (rows.values_list("next", flat=True).first() or 0) + 1


@dataclass(frozen=True, slots=True)
class SchemeSize:
    """What a scheme asks of the tags: `memory` are the bits that the EPC bank must have."""

    scheme: TagScheme
    bits: int
    memory: int
    own_serial: bool  # whether the tag bears the item's own serial


def scheme_sizes(order: CodeOrder) -> list[SchemeSize]:
    """Return how the schemes hold an order's items."""
    gtin = order.product.gtin
    sizes = []
    for scheme in ITEM_SCHEMES:
        own = scheme is not TagScheme.SGTIN_96
        serial = serials(order)[0] if own else "1"
        # How the prefix is divided changes no size.
        epc = encode(
            Identity(Scheme.SGTIN, gtin, serial), scheme=scheme, prefix_length=_LONGEST_PREFIX
        )
        sizes.append(SchemeSize(scheme, epc.bits, len(epc.memory) * 4, own))
    return sizes
