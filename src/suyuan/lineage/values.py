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
from suyuan.lineage.starts import Start


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
    certainty: Certainty = Certainty.PROVEN


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
class Movement:
    """A quantity of an affected lot that was moved without serials."""

    lot: int
    amount: str  # "240", "12.5 KGM", as captured
    whereabouts: Whereabouts
    location: str  # identifier text of where it is, or is going; "" when unknown
    unit: Identity | None  # the logistic unit, if any
    transactions: tuple[Transaction, ...]
    time: datetime
    seq: int
    certainty: Certainty = Certainty.PROVEN


class FindingCode(StrEnum):
    """What is missing from, or contradicts itself in, the records of a scope."""

    TWO_LOTS = "two_lots"  # births of one item name different lots
    BIRTH_WITHDRAWN = "birth_withdrawn"  # the only birth was declared an error
    LOT_NOT_RECORDED = "lot_not_recorded"  # a transformation names an input without its lot
    OUTPUT_WITHOUT_LOT = "output_without_lot"
    UNNUMBERED_CONTENTS = "unnumbered_contents"  # a container holds more than its scans name
    MISSING_RECEIVING = "missing_receiving"
    MISSING_DEPARTURE = "missing_departure"
    MISSING_UNPACKING = "missing_unpacking"
    IN_TWO_CONTAINERS = "in_two_containers"
    HOLDS_ITSELF = "holds_itself"
    CYCLE = "cycle"  # goods that went into themselves
    BEFORE_BIRTH = "before_birth"  # seen before they were commissioned
    AFTER_END = "after_end"  # seen after they were destroyed
    FROM_THE_FUTURE = "from_the_future"  # an event later than its record
    MORE_USED_THAN_CAME = "more_used_than_came"
    MORE_OUT_THAN_MADE = "more_out_than_made"
    NEGATIVE_QUANTITY = "negative_quantity"
    LARGE_CONTAINER = "large_container"
    WHOLE_BRAND = "whole_brand"  # nearly everything ever made is affected
    CUT_SHORT = "cut_short"  # a bound of the walk was met: the answer is not whole


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap or a contradiction, with the events that show it."""

    code: FindingCode
    seqs: tuple[int, ...]  # at most 20
    units: KeySet  # items of the scope that it made less certain, or that it is about
    step: str = ""  # the scan that is missing or wrong: a CBV word or URI
    place: str = ""  # identifier text
    since: datetime | None = None  # between which instants
    until: datetime | None = None
    lots: tuple[int, ...] = ()
    amount: str = ""
    times: int = 1  # how often it was met; `seqs` shows the first


@dataclass(frozen=True, slots=True)
class Balance:
    """Whether the quantities of one lot add up.

    For a product lot: `made` = affected + not affected + unnumbered. For a material lot: `made` is
    what came in, `used` what transformations took, `left` what is neither used nor destroyed.
    Amounts are decimal texts without unit; "" where nothing was recorded.
    """

    lot: int
    identity: Identity
    uom: str
    made: str
    numbered: int  # items that exist in the name of the lot
    affected: Mapping[Certainty, int]
    not_affected: int
    unnumbered: str  # made without a serial
    used: str
    destroyed: str
    left: str
    balanced: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One event in the chain from a start to an affected unit."""

    source: int
    target: int
    # "start", "birth", "transformation", "same_class", "held", "present", "handled", "told"
    rule: str
    certainty: Certainty
    happening: Happening | None  # None: the unit is a start itself
    source_identity: Identity
    target_identity: Identity


@dataclass(frozen=True, slots=True)
class Scope:
    """What is affected, and where it is now."""

    starts: Sequence[Start]
    lots: Sequence[Node]
    items: KeySet
    places: Sequence[Place]
    shipments: Sequence[Shipment]
    certainty: Mapping[Certainty, KeySet] = field(default_factory=dict)  # disjoint, all of `items`
    movements: Sequence[Movement] = ()
    findings: Sequence[Finding] = ()
    balances: Sequence[Balance] = ()
    at_seq: int = 0  # the last event that the answer has seen
    trail: object = field(default=None, repr=False, compare=False)  # for `selectors.why`
