"""What events say of goods and places, added up.

Owns: sums over the events that would be stored, and what masterdata knows of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from suyuan.capture.rehearsal.values import MOST_LOTS, Goods, PlaceNamed, Quantity
from suyuan.core.epcis import Event
from suyuan.core.epcis.event import QUANTITY_ROLES
from suyuan.core.identifiers import Identity, Scheme, parse_epc, parse_stem
from suyuan.masterdata import selectors as masterdata

type Tellable = Callable[[Collection[str]], set[str]]
"""Gives those of some GTINs of which the asker may learn whether they are known."""


def quantities_of(event: Event) -> Iterator[Quantity]:
    """Yield an event's quantities; all of them have been read, so each identity parses."""
    identities = iter(event.amounts)
    for name in QUANTITY_ROLES:
        for raw in event.document.get(name) or ():
            amount = next(identities)
            yield Quantity(
                amount.role, amount.identity, raw.get("quantity"), str(raw.get("uom") or "")
            )


class Tally:
    """Adds up what events say of trade items and logistic units."""

    def __init__(self) -> None:
        self.items: dict[str, set[str]] = {}
        self.lots: dict[str, set[str]] = {}
        self.amounts: dict[str, dict[str, float]] = {}
        self.units: set[Identity] = set()

    def add(self, event: Event) -> None:
        """Add what one event says."""
        named = _named(event, self.items)
        self.units |= {one for one in named if one.scheme is Scheme.SSCC}
        for lot in event.lots:
            self.lots.setdefault(lot.primary, set()).add(lot.secondary)
        for amount in quantities_of(event):
            identity = amount.identity
            if identity.scheme is Scheme.LGTIN:
                self.lots.setdefault(identity.primary, set()).add(identity.secondary)
            elif identity.scheme is not Scheme.GTIN:
                continue
            sums = self.amounts.setdefault(identity.primary, {})
            if amount.number is not None:
                sums[amount.unit] = sums.get(amount.unit, 0) + amount.number

    def goods(self, organisation_id: int, tellable: Tellable | None) -> tuple[Goods, ...]:
        """Return the trade items by number, with what masterdata knows and may be told."""
        gtins = sorted(self.items.keys() | self.lots.keys() | self.amounts.keys())
        told = set(gtins) if tellable is None else tellable(gtins)
        products = masterdata.products_by_gtin(organisation_id, told)
        materials = masterdata.materials_by_gtin(organisation_id, told - products.keys())
        return tuple(
            Goods(
                gtin,
                "product" if gtin in products else "material" if gtin in materials else "",
                len(self.items.get(gtin, ())),
                tuple(sorted(self.lots.get(gtin, ()))[:MOST_LOTS]),
                self.amounts.get(gtin, {}),
            )
            for gtin in gtins
        )


def _named(event: Event, items: dict[str, set[str]]) -> Iterator[Identity]:
    """Yield what an event names by EPC; serials of trade items go to `items` by product."""
    if event.parent is not None:
        yield event.parent
    for some in event.lists:
        for identity in some.others.values():
            if identity.scheme is Scheme.SGTIN:
                items.setdefault(identity.primary, set()).add(identity.secondary)
            yield identity
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is Scheme.SGTIN:
                items.setdefault(form.primary, set()).update(tails)
            else:
                yield from map(form.identity, tails)


_ENDS: Final = (("sourceList", "source"), ("destinationList", "destination"))


def places_named(
    organisation_id: int, events: Sequence[Event], tellable: Collection[Identity] | None
) -> tuple[PlaceNamed, ...]:
    """Return the places and parties that events name, and whether they are known."""
    counted: Counter[tuple[str, Identity]] = Counter()
    for event in events:
        if event.read_point is not None:
            counted["read_point", event.read_point] += 1
        if event.location is not None:
            counted["location", event.location] += 1
        for name, role in _ENDS:
            for raw in event.document.get(name) or ():
                counted[role, parse_epc(raw[role])] += 1
    known = _known_places(organisation_id) if counted else set()
    return tuple(
        PlaceNamed(one, role, count, one in known if tellable is None or one in tellable else None)
        for (role, one), count in counted.most_common()
    )


def _known_places(organisation_id: int) -> set[Identity]:
    texts = [
        *masterdata.locations_by_identifier(organisation_id),
        *masterdata.parties_by_identifier(organisation_id),
    ]
    return {parse_epc(text) for text in texts}
