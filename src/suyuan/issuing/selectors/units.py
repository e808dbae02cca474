"""What of an order is active, packed and loose, and in which logistic units."""

from __future__ import annotations

from collections.abc import Iterable

from suyuan.core.identifiers import Identity, Scheme
from suyuan.issuing.models import CodeOrder, Packing
from suyuan.issuing.numbers import sscc
from suyuan.issuing.selectors.codes import links
from suyuan.issuing.selectors.orders import Range, activations, without


def packings(order: CodeOrder) -> list[Packing]:
    """Return the packed parts of an order, in its order, with their locations."""
    rows = Packing.objects.filter(organisation_id=order.organisation_id, order_id=order.id)
    return list(rows.select_related("location").order_by("first"))


def packable_ranges(order: CodeOrder) -> list[Range]:
    """Return the parts of an order that are active and in no planned case."""
    active = ((part.first, part.end) for part in activations(order))
    return without(active, ((part.first, part.end) for part in packings(order)))


def case_units(packing: Packing) -> list[str]:
    """Return the cases of a plan, as events name them."""
    return unit_links(packing.prefix, packing.first_number, packing.cases)


def pallet_units(packing: Packing) -> list[str]:
    """Return the pallets of a plan, as events name them."""
    return unit_links(packing.prefix, packing.first_number + packing.cases, packing.pallets)


def unit_links(prefix: str, first: int, count: int) -> list[str]:
    """Return `count` logistic units from a series' number `first`, as events name them."""
    return [
        Identity(Scheme.SSCC, sscc(prefix, number)).digital_link()
        for number in range(first, first + count)
    ]


def commissioned_items(order: CodeOrder) -> list[str]:
    """Return every active item of an order, as events name them."""
    return _items(order, ((part.first, part.end) for part in activations(order)))


def outer_units(order: CodeOrder) -> list[str]:
    """Return what a dock handles: pallets, cases that are on none, and loose active items."""
    outer: list[str] = []
    for packing in packings(order):
        outer += pallet_units(packing) if packing.pallets else case_units(packing)
    return outer + _items(order, packable_ranges(order))


def _items(order: CodeOrder, ranges: Iterable[Range]) -> list[str]:
    return [link for first, end in ranges for link in links(order, first=first, count=end - first)]


def unit_numbers(packing: Packing, *, cases: bool, most: int) -> list[str]:
    """Return the first `most` SSCCs, as 18 digits, of a plan's cases or of its pallets."""
    first = packing.first_number + (0 if cases else packing.cases)
    count = min(most, packing.cases if cases else packing.pallets)
    return [sscc(packing.prefix, number) for number in range(first, first + count)]
