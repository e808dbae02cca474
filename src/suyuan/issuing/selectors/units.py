"""What of an order is active, packed and loose, and in which logistic units."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from pyroaring import BitMap

from suyuan.capture.identities import find_key
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import INDEX_MASK
from suyuan.issuing.models import CodeOrder, Packing
from suyuan.issuing.numbers import sscc, unit_links
from suyuan.issuing.positions import Range, as_array, within, without
from suyuan.issuing.selectors.codes import links_but, serials
from suyuan.issuing.selectors.orders import active_ranges
from suyuan.issuing.selectors.sets import active_outer_units, active_set_ranges, set_plans
from suyuan.issuing.selectors.withdrawals import withdrawn
from suyuan.lineage.fetch import entries_of


def packings(order: CodeOrder) -> list[Packing]:
    """Return the packed parts of an order, in its order, with their locations."""
    rows = Packing.objects.filter(organisation_id=order.organisation_id, order_id=order.id)
    return list(rows.select_related("location").order_by("first"))


def packable_ranges(order: CodeOrder) -> list[Range]:
    """Return the parts of an order that are active and in no planned case.

    Codes within them that were withdrawn are not active: `active_count` leaves them out.
    """
    planned = [(part.first, part.end) for part in packings(order)]
    return without(active_ranges(order), sorted(planned + active_set_ranges(order)))


def active_count(ranges: Iterable[Range], withdrawn: BitMap) -> int:
    """Return how many codes of commissioned ranges are active."""
    return sum(end - first - within(withdrawn, first, end) for first, end in ranges)


def active_among(order: CodeOrder, wanted: BitMap) -> BitMap:
    """Return which positions are active, or are named by an event that came in another way."""
    found = BitMap()
    for first, end in active_ranges(order):
        found.add_range(first, end)
    found &= wanted
    rest = as_array(wanted - found)
    some = serials(order, first=0)
    known = find_key(order.organisation_id, Identity(Scheme.SGTIN, order.product.gtin, some[0]))
    if known is not None and rest.size:
        base = known + order.start - (known & INDEX_MASK)
        told = entries_of(order.organisation_id, rest + base).keys - base
        found |= BitMap(told.astype(np.uint32))
    return found


def case_units(packing: Packing) -> list[str]:
    """Return the cases of a plan, as events name them."""
    return unit_links(packing.prefix, packing.first_number, packing.cases)


def pallet_units(packing: Packing) -> list[str]:
    """Return the pallets of a plan, as events name them."""
    return unit_links(packing.prefix, packing.first_number + packing.cases, packing.pallets)


def commissioned_items(order: CodeOrder) -> list[str]:
    """Return every active item of an order, as events name them."""
    return _items(order, active_ranges(order))


def outer_units(order: CodeOrder) -> list[str]:
    """Return what a dock handles: pallets, cases that are on none, and loose active items."""
    outer: list[str] = []
    for packing in packings(order):
        outer += pallet_units(packing) if packing.pallets else case_units(packing)
    for plan in set_plans(order):
        outer += active_outer_units(plan)
    return outer + _items(order, packable_ranges(order))


def _items(order: CodeOrder, ranges: Iterable[Range]) -> list[str]:
    gone = withdrawn(order)
    return [
        link
        for first, end in ranges
        for link in links_but(order, first=first, count=end - first, gone=gone)
    ]


def unit_numbers(packing: Packing, *, cases: bool, most: int) -> list[str]:
    """Return the first `most` SSCCs, as 18 digits, of a plan's cases or of its pallets."""
    first = packing.first_number + (0 if cases else packing.cases)
    count = min(most, packing.cases if cases else packing.pallets)
    return [sscc(packing.prefix, number) for number in range(first, first + count)]
