"""What a rehearsal answers.

Owns: the values. Reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from suyuan.core.epcis import Event, Fault, Role
from suyuan.core.epcis.places import Excerpt, Kind, Spot, Syntax
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.identifiers import Identity

MOST_EVENTS: Final = 200  # told one by one; beyond it they are counted
MOST_FAULTS: Final = 200
MOST_LOTS: Final = 50  # named of a product

type Outcome = Literal["new", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault and where it is.

    Attributes:
        position: of the event in the list, None for a fault of the whole document.
        spot: line and column in the source, None if nothing of it was found.
        excerpt: the lines around it.
    """

    fault: Fault
    position: int | None = None
    spot: Spot | None = None
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a class or lot; `number` is None where only the class is named."""

    role: Role
    identity: Identity
    number: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class RehearsedEvent:
    """One event and what would become of it.

    Attributes:
        outcome: "refused" with its faults, "duplicate" changes nothing.
        event: None if it could not be read.
        units: serialised units that its lists name. children: those of them in the container.
        voids: numbers of stored events that it declares errors.
    """

    position: int
    outcome: Outcome
    spot: Spot | None = None
    event: Event | None = None
    units: int = 0
    inputs: int = 0
    sample: Identity | None = None
    quantities: tuple[Quantity, ...] = ()
    voids: tuple[int, ...] = ()

    @property
    def change(self) -> str:
        """What the event says of its goods, as a word of `CHANGES`; "" if it cannot be read."""
        if self.event is None:
            return ""
        if self.event.declares_error:
            return "voided"
        return CHANGES[self.event.type, self.event.action]


# What each type of event with each action does to its goods (EPCIS 2.0 §7.4).
CHANGES: Final[Mapping[tuple[EventType, Action], str]] = {
    (EventType.ObjectEvent, Action.ADD): "born",
    (EventType.ObjectEvent, Action.OBSERVE): "observed",
    (EventType.ObjectEvent, Action.DELETE): "ended",
    (EventType.AggregationEvent, Action.ADD): "packed",
    (EventType.AggregationEvent, Action.OBSERVE): "observed_packed",
    (EventType.AggregationEvent, Action.DELETE): "unpacked",
    (EventType.AssociationEvent, Action.ADD): "joined",
    (EventType.AssociationEvent, Action.OBSERVE): "observed_joined",
    (EventType.AssociationEvent, Action.DELETE): "parted",
    (EventType.TransactionEvent, Action.ADD): "referred",
    (EventType.TransactionEvent, Action.OBSERVE): "referred",
    (EventType.TransactionEvent, Action.DELETE): "unreferred",
    (EventType.TransformationEvent, Action.NONE): "transformed",
}


@dataclass(frozen=True, slots=True)
class Goods:
    """What the events to be stored say of one trade item.

    Attributes:
        known: "product", "material", or "" for what masterdata does not know.
        items: different serials of it, over all events.
        lots: lot codes, at most `MOST_LOTS`.
        amounts: sums of the quantities by unit, "" for pieces.
    """

    gtin: str
    known: str
    items: int
    lots: tuple[str, ...]
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A read point, business location, source or destination.

    `known`: masterdata has it; None if the asker may not be told.
    """

    identity: Identity
    role: str  # "read_point", "location", "source", "destination"
    events: int
    known: bool | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a document would do.

    Attributes:
        kind: what the body looks like; only "json" and "xml" are read.
        syntax: why JSON could not be parsed.
        total: events in the document; new, duplicates and refused add up to it.
        events: the first `MOST_EVENTS`.
        faults: the first `MOST_FAULTS`, in the order of their places; `fault_count` counts all.
        units: different logistic units.
    """

    kind: Kind
    version: str = ""
    syntax: Syntax | None = None
    total: int = 0
    new: int = 0
    duplicates: int = 0
    refused: int = 0
    events: tuple[RehearsedEvent, ...] = ()
    faults: tuple[PlacedFault, ...] = ()
    fault_count: int = 0
    goods: tuple[Goods, ...] = ()
    units: int = 0
    places: tuple[PlaceNamed, ...] = ()
    voided: tuple[int, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the document would be stored as a whole."""
        return self.total > 0 and not self.fault_count
