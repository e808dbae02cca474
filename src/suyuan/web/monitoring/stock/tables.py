"""The stock as lines of a table: a place and a state a row, a product a column.

Owns: the pivot, names, the addresses behind the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.capture.identities import identities_of
from suyuan.core.keyset import Keys
from suyuan.lineage.standing import StockLine
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.monitoring.stock import Cell
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.quality.links import goods_link

_NOWHERE: Final = frozenset({Whereabouts.IN_TRANSIT, Whereabouts.SOLD, Whereabouts.DESTROYED})
COLUMNS: Final = 5  # products with a column of their own; the others share one


class Number(NamedTuple):
    """How many items, and their list."""

    items: int
    href: str
    heading: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place in one state."""

    place: str
    whereabouts: str
    identifier: str
    numbers: Sequence[Number | None]
    total: Number
    recalled: Number | None


@dataclass(frozen=True, slots=True)
class Table:
    """The pivot: the products with the most items have columns of their own."""

    headings: Sequence[str]
    rows: Sequence[Row]


class ItemLine(NamedTuple):
    """An item of a cell."""

    serial: str
    gtin: str
    identifier: str
    href: str


class Names:
    """Names of places and products, each read once."""

    def __init__(self, organisation_id: int, gtins: Iterable[str]) -> None:
        """Read what is asked for of products, and all locations: an organisation has hundreds."""
        self._language = get_language() or ""
        self._places = masterdata.locations_by_identifier(organisation_id)
        self._products = masterdata.products_by_gtin(organisation_id, gtins)

    def place(self, identifier: str) -> str:
        """Return a place's name; what is unknown shows its identifier."""
        row = self._places.get(identifier)
        return (row.name(self._language) if row else identifier) or _("No place recorded")

    def product(self, gtin: str) -> str:
        """Return a product's name; what is unknown shows its number."""
        row = self._products.get(gtin)
        return row.name(self._language) if row else gtin


def cell_href(page: str, actor: Actor, cell: Cell) -> str:
    """Return the address of a page about a cell."""
    query = {"product": cell.gtin}
    if cell.whereabouts is not None:
        query["state"] = cell.whereabouts.value
    if cell.place is not None:
        query["place"] = cell.place
    if cell.recalled:
        query["recalled"] = "1"
    path = reverse(page, kwargs={"org": actor.organisation.slug})
    # An empty place says "none recorded"; an empty product says nothing.
    return f"{path}?{urlencode({k: v for k, v in query.items() if v or k == 'place'})}"


def table_of(actor: Actor, lines: Sequence[StockLine], names: Names, *, gtin: str) -> Table:
    """Turn lines into the pivot; the rows with the most items first."""
    totals: dict[str, int] = {}
    rows: dict[tuple[Whereabouts, str], list[StockLine]] = {}
    for line in lines:
        totals[line.gtin] = totals.get(line.gtin, 0) + line.items
        rows.setdefault((line.whereabouts, line.location), []).append(line)
    ranked = sorted(totals, key=lambda one: (-totals[one], one))
    # A column for the others makes sense for two of them, not for one.
    columns = ranked if len(ranked) <= COLUMNS + 1 else ranked[:COLUMNS]
    others = set(ranked) - set(columns)
    headings = [names.product(one) for one in columns] + ([_("Other products")] if others else [])
    made = [
        _row(actor, Cell(gtin, *key), some, names, (columns, others, headings))
        for key, some in rows.items()
    ]
    return Table(headings, sorted(made, key=lambda row: (-row.total.items, row.identifier)))


def _row(
    actor: Actor,
    cell: Cell,
    lines: Sequence[StockLine],
    names: Names,
    layout: tuple[Sequence[str], set[str], Sequence[str]],
) -> Row:
    columns, others, headings = layout
    assert cell.whereabouts is not None and cell.place is not None  # noqa: S101, PT018

    def number(items: int, heading: str, one: Cell) -> Number:
        return Number(items, cell_href("monitoring:stock_cell", actor, one), heading)

    items: Mapping[str, int] = {line.gtin: line.items for line in lines}
    numbers: list[Number | None] = [
        number(items[gtin], heading, Cell(gtin, cell.whereabouts, cell.place))
        if gtin in items
        else None
        for gtin, heading in zip(columns, headings, strict=False)
    ]
    if others:
        rest = sum(count for gtin, count in items.items() if gtin in others)
        numbers.append(Number(rest, "", headings[-1]) if rest else None)
    recalled = sum(line.recalled for line in lines)
    held = Cell(cell.gtin, cell.whereabouts, cell.place, recalled=True)
    return Row(
        # What is on its way or sold is at no place, and that is no gap in the records.
        names.place(cell.place)
        if cell.place or cell.whereabouts not in _NOWHERE
        else str(vocabulary.status(cell.whereabouts.value).label),
        cell.whereabouts.value,
        cell.place,
        numbers,
        number(sum(items.values()), _("Total"), cell),
        number(recalled, _("Held by a recall"), held) if recalled else None,
    )


def item_lines(actor: Actor, keys: Keys) -> list[ItemLine]:
    """Return lines for items, in the order of `keys`."""
    identities = identities_of(actor.organisation_id, keys.tolist())
    found = (identities[key] for key in keys.tolist() if key in identities)
    return [
        ItemLine(one.secondary, one.primary, one.digital_link(), goods_link(actor, one))
        for one in found
    ]
