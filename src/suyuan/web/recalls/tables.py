"""Lots, parcels and items of a scope as lines of a table.

Owns: lines that preview and frozen case share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from suyuan.core.identifiers import Scheme
from suyuan.lineage.values import Node, Shipment
from suyuan.process.references import number_of
from suyuan.recalls.models import ScopeGroup
from suyuan.recalls.rows import AffectedRow
from suyuan.recalls.transactions import order_number, waybill_number
from suyuan.tenancy.actor import Actor
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.picture import Names, read


class LotLine(NamedTuple):
    """An affected lot."""

    identifier: str
    code: str
    name: str
    depth: int
    items: int
    href: str
    certainty: str = ""


class ParcelLine(NamedTuple):
    """A parcel or a consignment with affected items."""

    unit: str
    waybill: str
    order_number: str
    whereabouts: str
    destination: str
    time: datetime | None
    items: int
    certainty: str
    href: str


class ItemLine(NamedTuple):
    """An affected item."""

    serial: str
    identifier: str
    lot: str
    whereabouts: str
    place: str
    container: str
    waybill: str
    order_number: str
    certainty: str
    href: str


def lots_of_scope(actor: Actor, lots: Iterable[Node], names: Names) -> list[LotLine]:
    """Return lines for a previewed scope, from materials towards products."""
    nodes = sorted(lots, key=lambda node: node.depth)
    rows = [(node.identity.digital_link(), node.depth, node.items) for node in nodes]
    return [
        line._replace(certainty=node.certainty.value)
        for line, node in zip(_lots(actor, rows, names), nodes, strict=True)
    ]


def lots_of_case(actor: Actor, lots: Iterable[ScopeGroup], names: Names) -> list[LotLine]:
    """Return lines for a frozen scope."""
    return _lots(actor, [(row.unit, row.depth, row.item_count) for row in lots], names)


def _lots(actor: Actor, rows: Sequence[tuple[str, int, int]], names: Names) -> list[LotLine]:
    goods = names.goods([text for text, _, _ in rows])
    return [
        LotLine(
            text,
            lot.secondary if (lot := read(text)) else text,
            goods.get(text, ""),
            depth,
            items,
            journey_link(actor, text),
        )
        for text, depth, items in rows
    ]


def _unit(text: str) -> str:
    """Return a logistic unit as people call it: its SSCC, or its waybill if that is all it has."""
    unit = read(text) if text else None
    return f"SSCC {unit.primary}" if unit and unit.scheme is Scheme.SSCC else number_of(text)


def parcel_of_scope(actor: Actor, shipment: Shipment, names: Names, graded: bool) -> ParcelLine:
    """Return a line for a parcel of a previewed scope."""
    unit = shipment.unit.digital_link() if shipment.unit else ""
    return ParcelLine(
        _unit(unit),
        waybill_number(shipment.transactions),
        order_number(shipment.transactions),
        shipment.whereabouts.value,
        names.place(shipment.destination) if shipment.destination else "",
        shipment.time,
        len(shipment.items),
        shipment.certainty.value if graded else "",
        journey_link(actor, unit),
    )


def parcel_of_case(actor: Actor, row: ScopeGroup, names: Names) -> ParcelLine:
    """Return a line for a parcel of a frozen scope."""
    return ParcelLine(
        _unit(row.unit),
        row.waybill,
        row.order_number,
        row.whereabouts,
        names.place(row.place) if row.place else "",
        row.time,
        row.item_count,
        row.certainty,
        journey_link(actor, row.unit),
    )


def item_line(actor: Actor, row: AffectedRow, names: Names) -> ItemLine:
    """Return a line for an affected item."""
    identity, lot = read(row.item), read(row.lot) if row.lot else None
    return ItemLine(
        identity.secondary if identity else row.item,
        row.item,
        lot.secondary if lot else row.lot,
        row.whereabouts,
        names.place(row.place),
        _unit(row.container),
        row.waybill,
        row.order_number,
        row.certainty,
        journey_link(actor, row.item),
    )
