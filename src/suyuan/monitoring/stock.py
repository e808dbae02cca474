"""What is in stock, place by place and product by product, and of which lots.

Owns: the table of places and products, the lots behind a cell.
Does not own: the sums (lineage.standing), names (masterdata).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from suyuan.capture.identities import find_key, find_keys
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.core.keyset import KeySet
from suyuan.lineage.selectors import lot_items
from suyuan.lineage.standing import Stock, StockLine, catch_up, read_stock, stock_items
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.models import Lot
from suyuan.masterdata.selectors import list_lots, locations_by_identifier

# What somebody still has to sell, move or look after.
ON_HAND: Final = (Whereabouts.IN_HOUSE, Whereabouts.IN_TRANSIT, Whereabouts.RETURNED)
_MOST_LOTS: Final = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """Which items: those of one product, in one state, at one place; "" and None: any."""

    gtin: str = ""
    whereabouts: Whereabouts | None = None
    place: str | None = None  # identifier; "" is "no place recorded"
    recalled: bool | None = None


@dataclass(frozen=True, slots=True)
class LotInStock:
    """How many items of a lot a cell has."""

    code: str
    produced_on: date
    expires_on: date | None
    items: int


@dataclass(frozen=True, slots=True)
class LotsInStock:
    """The lots of a cell, the one that expires first at the head.

    Attributes:
        lots: with items in the cell.
        others: items whose lot is not recorded, or older than those that were looked at.
        looked_at: how many lots, the latest, were looked at.
    """

    lots: Sequence[LotInStock]
    others: int
    looked_at: int


def stock_now(
    organisation_id: int, *, gtin: str = "", states: Sequence[Whereabouts] = ON_HAND
) -> Stock:
    """Return the stock in some states, brought up to date if little is new.

    A place that events name in two ways, before and after it had a GLN, is one place.
    """
    catch_up(organisation_id)
    stock = read_stock(organisation_id)
    locations = locations_by_identifier(organisation_id)
    sums: dict[tuple[Whereabouts, str, str], tuple[int, int]] = {}
    for line in stock.lines:
        if line.whereabouts not in states or (gtin and line.gtin != gtin):
            continue
        row = locations.get(line.location)
        key = (line.whereabouts, row.identifier if row else line.location, line.gtin)
        items, recalled = sums.get(key, (0, 0))
        sums[key] = (items + line.items, recalled + line.recalled)
    lines = [StockLine(*key, *counts) for key, counts in sums.items()]
    lines.sort(key=lambda line: (-line.items, line.gtin, line.location, line.whereabouts))
    return Stock(lines, stock.at_seq, stock.last_seq, stock.refreshed_at)


def items_of(organisation_id: int, cell: Cell) -> KeySet:
    """Return the items of a cell."""
    states = ON_HAND if cell.whereabouts is None else (cell.whereabouts,)
    found = [
        stock_items(
            organisation_id,
            gtin=cell.gtin,
            whereabouts=states,
            location=location,
            recalled=cell.recalled,
        )
        for location in _keys_of(organisation_id, cell.place)
    ]
    return KeySet.union(found)


def _keys_of(organisation_id: int, place: str | None) -> Iterable[int | None]:
    """Return the keys that a place has; None stands for any place, -1 for none."""
    if place is None:
        return (None,)
    if not place:
        return (-1,)
    row = locations_by_identifier(organisation_id).get(place)
    texts = {place}
    if row:
        texts |= {row.identifier, f"urn:suyuan:{row.organisation.urn_slug}:location:{row.code}"}
    identities = [one for text in texts if (one := _read(text))]
    return sorted(find_keys(organisation_id, identities).values())


def lots_of(organisation_id: int, gtin: str, items: KeySet) -> LotsInStock:
    """Return of which lots of a product some items are.

    The latest lots are looked at until every item is found, two hundred at most.
    """
    found: list[LotInStock] = []
    left, looked_at = items, 0
    for lot in list_lots(organisation_id, gtin=gtin).order_by("-produced_on", "-id")[:_MOST_LOTS]:
        if not left:
            break
        looked_at += 1
        members = left & _born(organisation_id, gtin, lot)
        if members:
            left = left - members
            found.append(LotInStock(lot.code, lot.produced_on, lot.expires_on, len(members)))
    found.sort(key=lambda lot: (lot.expires_on or date.max, lot.produced_on, lot.code))
    return LotsInStock(found, len(left), looked_at)


def _born(organisation_id: int, gtin: str, lot: Lot) -> KeySet:
    key = find_key(organisation_id, Identity(Scheme.LGTIN, gtin, lot.code))
    return KeySet() if key is None else lot_items(organisation_id=organisation_id, key=key)


def _read(text: str) -> Identity | None:
    try:
        return parse_identity(text)
    except IdentifierError:
        return None
