"""The answers of lineage, as values.

Keys are organisation-local 63-bit integers (`capture.identities`); times are UTC. What a history
makes many of are `msgspec` structs, which are made ten times as fast as frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from suyuan.core.identifiers import Identity
from suyuan.core.keyset import KeySet


class Certainty(StrEnum):
    """How sure a scope is of a unit."""

    PROVEN = "proven"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class Whereabouts(StrEnum):
    """In whose hands a unit is now."""

    IN_HOUSE = "in_house"  # at a location of the chain, by business location
    IN_TRANSIT = "in_transit"  # shipped, not yet received
    SOLD = "sold"  # in a parcel that was delivered, or sold at retail
    RETURNED = "returned"
    DESTROYED = "destroyed"
    NOT_SEEN = "not_seen"  # never commissioned, or nothing but its commissioning without place


class Transaction(Struct, frozen=True):
    """A business transaction that an event names: an order, a despatch advice, a waybill."""

    type: str  # bare word of the CBV ("po", "desadv", "bol") or a URI
    id: str  # as captured


class Happening(Struct, frozen=True):
    """One event, as lineage sees it (without its EPC lists)."""

    seq: int
    event_id: str
    type: str  # "ObjectEvent", ...
    action: str  # "ADD", "OBSERVE", "DELETE" or ""
    time: datetime
    offset_minutes: int
    record_time: datetime
    step: str  # bare CBV word or URI, "" if none
    disposition: str
    read_point: str  # identifier as canonical text, "" if none
    location: str  # business location, likewise
    transactions: tuple[Transaction, ...]
    sources: tuple[tuple[str, str], ...]  # (type, identifier)
    destinations: tuple[tuple[str, str], ...]
    voided: bool  # an error declaration says that it did not happen so


class Step(Struct, frozen=True):
    """A happening in the history of one identity."""

    happening: Happening
    role: str  # "epc", "parent", "child", "input", "output", "lot", "quantity"
    via: int | None  # the container that was seen instead of the identity itself
    via_identity: Identity | None


class Containment(Struct, frozen=True):
    """The identity was inside `parent` from `start` until `end` (None: still is)."""

    parent: int
    parent_identity: Identity
    start: datetime
    end: datetime | None


class State(Struct, frozen=True):
    """What is true now, folded from the history."""

    disposition: str = ""
    step: str = ""
    location: str = ""  # business location, else read point
    whereabouts: Whereabouts = Whereabouts.NOT_SEEN
    since: datetime | None = None
    containers: tuple[Identity, ...] = ()  # innermost first
    transactions: tuple[Transaction, ...] = ()  # orders and waybills of the present shipment
    destination: str = ""
    recalled: bool = False
    commissioned: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Everything known of one identity, in order of event time."""

    key: int
    identity: Identity
    steps: Sequence[Step]
    containments: Sequence[Containment]
    contents: KeySet  # what it holds now (logistic units)
    lots: Sequence[Identity]  # the lots that it belongs to
    state: State


@dataclass(frozen=True, slots=True)
class Node:
    """A lot, or a group of items, in a genealogy."""

    key: int
    identity: Identity
    depth: int  # 0 the start; negative towards materials, positive towards products
    items: int  # serialised units known of this lot


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` went into `target` at an event."""

    source: int
    target: int
    seq: int
    time: datetime
    quantity: str = ""  # "10 KGM", as captured, of the source


@dataclass(frozen=True, slots=True)
class Genealogy:
    """Where a lot came from and what came of it."""

    start: int
    nodes: Mapping[int, Node]
    edges: Sequence[Edge]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A group of affected items that are at one place, in one state."""

    whereabouts: Whereabouts
    location: str  # identifier text; "" when unknown
    items: KeySet
    certainty: Certainty = Certainty.PROVEN


@dataclass(frozen=True, slots=True)
class Shipment:
    """Affected items in one parcel or consignment."""

    unit: Identity | None  # the logistic unit, if any
    whereabouts: Whereabouts
    items: KeySet
    transactions: tuple[Transaction, ...]
    destination: str
    time: datetime
    certainty: Certainty = Certainty.PROVEN


@dataclass(frozen=True, slots=True)
class Scope:
    """What is affected, and where it is now."""

    starts: Sequence[int]
    lots: Sequence[Node]
    items: KeySet
    places: Sequence[Place]
    shipments: Sequence[Shipment]
    certainty: Mapping[Certainty, KeySet] = field(default_factory=dict)
    at_seq: int = 0  # the last event that the answer has seen
