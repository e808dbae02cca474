"""What leads from one affected thing to another, and how surely.

Owns: births, transformations, products used without their lot.
Does not own: where the walk begins (beginnings), the walk (scope).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.events import (
    Log,
    Told,
    is_bare_product,
    is_lot_of,
    is_serial,
    lot_text,
    product_of,
)

PROVEN, POSSIBLE, UNKNOWN = "proven", "possible", "unknown"
GRADES = (PROVEN, POSSIBLE, UNKNOWN)  # the best first


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` leads to `target`."""

    source: str
    target: str
    grade: str
    rule: str


@dataclass(frozen=True, slots=True)
class Transformation:
    """One transformation, told in one event or in several of one ID."""

    events: tuple[Told, ...]

    @property
    def inputs(self) -> frozenset[str]:
        """What went in: units and classes."""
        return frozenset(
            goods
            for one in self.events
            for goods in (*one.inputs, *(amount.goods for amount in one.input_amounts))
        )

    @property
    def outputs(self) -> frozenset[str]:
        """What came out: units, classes, and the lots of the units."""
        return frozenset(
            goods
            for one in self.events
            for goods in (
                *one.outputs,
                *(amount.goods for amount in one.output_amounts),
                *one.lots_of_born,
            )
        )


def places_of(event: Told) -> frozenset[str]:
    """Return the places that an event names."""
    return frozenset({event.location, event.read_point} - {""})


def transformations(log: Log) -> list[Transformation]:
    """Return every transformation, the events of one ID as one."""
    told = [one for one in log.live if one.type == "TransformationEvent"]
    by_name: dict[str, list[Told]] = {}
    for one in told:
        by_name.setdefault(one.transformation or f"#{one.number}", []).append(one)
    return [Transformation(tuple(events)) for events in by_name.values()]


def lots_of(log: Log, item: str) -> frozenset[str]:
    """Return the lots that live births of an item name."""
    return frozenset(
        lot_text(product_of(item), one.lot)
        for one in log.naming(item)
        if item in one.born and one.lot and is_serial(item)
    )


def withdrawn_lots_of(log: Log, item: str) -> frozenset[str]:
    """Return the lots of an item whose births were all declared errors."""
    if lots_of(log, item) or not is_serial(item):
        return frozenset()
    return frozenset(
        lot_text(product_of(item), one.lot) for one in log.events if item in one.born and one.lot
    )


def births(log: Log) -> Iterator[Edge]:
    """Yield what leads from lots to their items."""
    for item in log.items:
        lots = lots_of(log, item)
        for lot in lots:
            yield Edge(lot, item, PROVEN if len(lots) == 1 else POSSIBLE, "birth")
        for lot in withdrawn_lots_of(log, item):
            yield Edge(lot, item, UNKNOWN, "birth")


def uses(log: Log) -> Iterator[Edge]:
    """Yield what leads through transformations."""
    for one in transformations(log):
        for source in one.inputs:
            for target in one.outputs:
                yield Edge(source, target, PROVEN, "transformation")
        for product in filter(is_bare_product, one.inputs):
            yield from _of_product(log, one, product)


def unnamed_lots(log: Log, one: Transformation, product: str) -> dict[str, str]:
    """Return the lots that may have been meant by a product without its lot, and how surely."""
    gtin = product_of(product)
    if any(is_lot_of(goods, gtin) for goods in one.inputs):
        return {}
    telling = [
        event
        for event in one.events
        if any(amount.goods == product for amount in event.input_amounts)
    ]
    found = {}
    for lot in log.lots:
        if is_lot_of(lot, gtin):
            grades = {meant(log, lot, event) for event in telling} - {""}
            if grades:
                found[lot] = min(grades, key=GRADES.index)
    return found


def meant(log: Log, lot: str, event: Told) -> str:
    """Return how surely an event meant a lot of what it names, "" if there was none yet."""
    about = [one for one in log.naming(lot) if one.time <= event.time]
    if not about:
        return ""
    near = any(
        not places_of(event) or not places_of(one) or places_of(one) & places_of(event)
        for one in about
    )
    return POSSIBLE if near else UNKNOWN


def _of_product(log: Log, one: Transformation, product: str) -> Iterator[Edge]:
    for lot, grade in unnamed_lots(log, one, product).items():
        for target in one.outputs:
            yield Edge(lot, target, grade, "same_class")
