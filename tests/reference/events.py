"""Events as documents, and which of them count.

Owns: reading a document's fields; what identifiers name; which events are live, in which order.
Identifiers are canonical Digital Links (or URIs), so that equal goods have equal texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

type Order = tuple[float, float]
"""Event time in microseconds since 1970, number of record."""

EVER: Order = (float("-inf"), 0)
NEVER: Order = (float("inf"), 0)
_BASE = "https://id.gs1.org"
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a class of goods; `number` is None where none is told."""

    goods: str
    number: Fraction | None
    uom: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event."""

    number: int
    time: int
    recorded: int
    type: str
    action: str
    step: str
    disposition: str
    read_point: str
    location: str
    parent: str
    epcs: tuple[str, ...]
    children: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    amounts: tuple[Amount, ...]
    child_amounts: tuple[Amount, ...]
    input_amounts: tuple[Amount, ...]
    output_amounts: tuple[Amount, ...]
    lot: str
    transformation: str
    event_id: str
    declares: bool
    papers: tuple[tuple[str, str], ...] = ()
    destinations: tuple[str, ...] = ()

    @property
    def order(self) -> Order:
        """Where the event stands among the others."""
        return (self.time, self.number)

    @property
    def packs(self) -> bool:
        """Whether it says what is in what."""
        return self.type == "AggregationEvent" and bool(self.parent)

    @property
    def empties(self) -> bool:
        """Whether it takes everything out of its parent."""
        named = self.children or self.child_amounts
        return self.packs and self.action == "DELETE" and not named

    @property
    def born(self) -> tuple[str, ...]:
        """The units that came to be."""
        if self.type == "TransformationEvent":
            return self.outputs
        return self.epcs if self.type == "ObjectEvent" and self.action == "ADD" else ()

    @property
    def lots_of_born(self) -> tuple[str, ...]:
        """The lots of the ILMD, one for each product among the units that came to be."""
        gtins = sorted({product_of(unit) for unit in self.born} - {""})
        return tuple(lot_text(gtin, self.lot) for gtin in gtins) if self.lot else ()

    @property
    def all_amounts(self) -> tuple[Amount, ...]:
        """Every quantity, whatever it is to the event."""
        return self.amounts + self.child_amounts + self.input_amounts + self.output_amounts

    def names(self, identity: str) -> bool:
        """Tell whether the event names something in any role of goods."""
        return (
            identity in self.epcs
            or identity in self.children
            or identity in self.inputs
            or identity in self.outputs
            or identity == self.parent
            or any(amount.goods == identity for amount in self.all_amounts)
            or identity in self.lots_of_born
        )


def told(document: Mapping[str, Any], number: int, recorded: int) -> Told:
    """Read an event's document."""
    when = datetime.fromisoformat(document["eventTime"])
    return Told(
        number=number,
        time=microseconds(when),
        recorded=recorded,
        type=document["type"],
        action=document.get("action", ""),
        step=document.get("bizStep", ""),
        disposition=document.get("disposition", ""),
        read_point=document.get("readPoint", {}).get("id", ""),
        location=document.get("bizLocation", {}).get("id", ""),
        parent=document.get("parentID", ""),
        epcs=tuple(document.get("epcList", ())),
        children=tuple(document.get("childEPCs", ())),
        inputs=tuple(document.get("inputEPCList", ())),
        outputs=tuple(document.get("outputEPCList", ())),
        amounts=_amounts(document.get("quantityList", ())),
        child_amounts=_amounts(document.get("childQuantityList", ())),
        input_amounts=_amounts(document.get("inputQuantityList", ())),
        output_amounts=_amounts(document.get("outputQuantityList", ())),
        lot=document.get("ilmd", {}).get("cbvmda:lotNumber", ""),
        transformation=document.get("transformationID", ""),
        event_id=document.get("eventID", ""),
        declares="errorDeclaration" in document,
        papers=tuple(
            (one.get("type", ""), one["bizTransaction"])
            for one in document.get("bizTransactionList", ())
        ),
        destinations=tuple(one["destination"] for one in document.get("destinationList", ())),
    )


def microseconds(when: datetime) -> int:
    """Return microseconds since 1970."""
    past = when - _START
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _amounts(elements: Iterable[Mapping[str, Any]]) -> tuple[Amount, ...]:
    return tuple(
        Amount(
            one["epcClass"],
            Fraction(str(one["quantity"])) if "quantity" in one else None,
            one.get("uom", ""),
        )
        for one in elements
    )


def product_of(identity: str) -> str:
    """Return the GTIN that a link names, "" if it names none."""
    parts = identity.removeprefix(_BASE).split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "01" else ""


def lot_text(gtin: str, lot: str) -> str:
    """Return the link of a product's lot."""
    return f"{_BASE}/01/{gtin}/10/{lot}"


def is_bare_product(identity: str) -> bool:
    """Tell whether a link names a product and neither lot nor serial."""
    return bool(product_of(identity)) and identity == f"{_BASE}/01/{product_of(identity)}"


def is_lot_of(identity: str, gtin: str) -> bool:
    """Tell whether a link names a lot of a product."""
    return identity.startswith(f"{_BASE}/01/{gtin}/10/")


def is_serial(identity: str) -> bool:
    """Tell whether a link names one unit of a product."""
    return identity.startswith(f"{_BASE}/01/{product_of(identity)}/21/")


def is_class(identity: str) -> bool:
    """Tell whether an identifier names a class of goods rather than one unit."""
    if not identity.startswith(_BASE):
        return True
    return is_bare_product(identity) or is_lot_of(identity, product_of(identity))


class Log:
    """Everything that an organisation has captured."""

    def __init__(self, events: Sequence[Told]) -> None:
        """Keep the events, whatever their order."""
        self.events = sorted(events, key=lambda one: one.number)
        self._naming: dict[str, list[Told]] = {}

    @cached_property
    def declared(self) -> frozenset[str]:
        """The IDs that error declarations name."""
        return frozenset(one.event_id for one in self.events if one.declares)

    def voided(self, event: Told) -> bool:
        """Tell whether an event was declared an error, and is none of the declarations."""
        return not event.declares and event.event_id in self.declared

    @cached_property
    def live(self) -> tuple[Told, ...]:
        """The events that count, in order."""
        kept = [one for one in self.events if not one.declares and not self.voided(one)]
        return tuple(sorted(kept, key=lambda one: one.order))

    def naming(self, identity: str) -> list[Told]:
        """Return the live events that name something, in order."""
        if identity not in self._naming:
            self._naming[identity] = [one for one in self.live if one.names(identity)]
        return self._naming[identity]

    def event(self, number: int) -> Told | None:
        """Return a live event by its number."""
        return next((one for one in self.live if one.number == number), None)

    def emptying(self, container: str) -> list[Told]:
        """Return the live events that take everything out of a container, in order."""
        return [one for one in self._emptying if one.parent == container]

    @cached_property
    def _emptying(self) -> tuple[Told, ...]:
        return tuple(one for one in self.live if one.empties)

    @cached_property
    def containers(self) -> frozenset[str]:
        """What live aggregations name as parent."""
        return frozenset(one.parent for one in self.live if one.packs)

    @cached_property
    def units(self) -> frozenset[str]:
        """Every single thing that any event names, containers included."""
        return frozenset(
            unit
            for one in self.events
            for unit in (*one.epcs, *one.children, *one.inputs, *one.outputs, one.parent)
            if unit and not is_class(unit)
        )

    def is_item(self, identity: str) -> bool:
        """Tell one thing from classes and bare containers: a kit with a serial is an item too."""
        return is_serial(identity) or not (is_class(identity) or identity in self.containers)

    @cached_property
    def items(self) -> frozenset[str]:
        """Every item that any event names."""
        return frozenset(filter(self.is_item, self.units))

    @cached_property
    def lots(self) -> frozenset[str]:
        """Every class of goods that any event names."""
        named = {amount.goods for one in self.events for amount in one.all_amounts}
        return frozenset(named | {lot for one in self.events for lot in one.lots_of_born})
