"""A parsed event: what the store and the index need, beside the document as it came.

Owns: the values that `read` makes and `capture` stores.
Invariant: every identifier in it has been parsed; nothing in it can be wrong by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final

from msgspec import Struct

from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.identifiers import Identity


class Role(IntEnum):
    """What an identity is to an event; stored in the trace index, so numbers never change."""

    __hash__ = int.__hash__  # an enumeration's own is Python code

    EPC = 1
    PARENT = 2
    CHILD = 3
    INPUT = 4
    OUTPUT = 5
    QUANTITY = 6
    CHILD_QUANTITY = 7
    INPUT_QUANTITY = 8
    OUTPUT_QUANTITY = 9
    LOT = 10  # the lot that the event's instances belong to, from its ILMD
    TRANSACTION = 11
    TRANSFORMATION = 12  # the ID that joins the events of one long transformation


LIST_ROLES: Final = {
    "epcList": Role.EPC,
    "childEPCs": Role.CHILD,
    "inputEPCList": Role.INPUT,
    "outputEPCList": Role.OUTPUT,
}
QUANTITY_ROLES: Final = {
    "quantityList": Role.QUANTITY,
    "childQuantityList": Role.CHILD_QUANTITY,
    "inputQuantityList": Role.INPUT_QUANTITY,
    "outputQuantityList": Role.OUTPUT_QUANTITY,
}


# The CBV's master-data attribute, in the spellings that partners send.
LOT_FIELDS: Final = (
    "cbvmda:lotNumber",
    "https://ref.gs1.org/cbv/mda/lotNumber",
    "https://ns.gs1.org/cbv/mda#lotNumber",
    "urn:epcglobal:cbv:mda#lotNumber",
    "gs1:hasBatchLotNumber",
)


def lot_number(document: Mapping[str, Any]) -> Any:
    """Return the lot number in an event's ILMD as it stands there, None if there is none."""
    ilmd = document.get("ilmd")
    if not isinstance(ilmd, dict):
        return None
    return next((ilmd[name] for name in LOT_FIELDS if name in ilmd), None)


class EpcList(Struct, frozen=True):
    """A list of EPCs, split so that thousands of serials of one product share one stem.

    Attributes:
        name: the standard's name of the list.
        role: what its members are to the event.
        stems: stem text → tails, as `identifiers.split_epc` gives them.
        others: text → identity, for EPCs that have no hot form.
    """

    name: str
    role: Role
    stems: dict[str, list[str]]
    others: dict[str, Identity]


class Amount(Struct, frozen=True):
    """A quantity of a class, or of a lot."""

    role: Role
    identity: Identity


class Event(Struct, frozen=True):
    """One event.

    Attributes:
        type: which of the five.
        time: microseconds since 1970 in UTC.
        offset: minutes east of UTC where it happened.
        event_id: as given, "" if none.
        step: bare CBV word, or a URI, or "".
        lots: lots that the instances belong to, from the ILMD.
        declares_error: the event says that the one of its ID did not happen as told.
        document: the event as it came, without its EPC lists' keys being changed.
    """

    type: EventType
    time: int
    offset: int
    event_id: str
    action: Action
    step: str
    disposition: str
    read_point: Identity | None
    location: Identity | None
    parent: Identity | None
    lists: list[EpcList]
    amounts: list[Amount]
    lots: list[Identity]
    transactions: list[Identity]
    transformation: Identity | None
    declares_error: bool
    document: dict[str, Any]


class Document(Struct, frozen=True):
    """A document with its good events, and the faults of the others.

    Attributes:
        context: the document's `@context`, as it came.
        events: (position in the event list, event).
        faults: everything that was refused, in order.
        total: how many events the document has.
        place: pointer to the event list.
        header: the document's `epcisHeader`, as it came.
    """

    context: Any
    events: list[tuple[int, Event]]
    faults: list[Any]
    total: int
    place: str = "/epcisBody/eventList"
    header: dict[str, Any] | None = None

    def position(self, pointer: str) -> int:
        """Return which event a fault's place is in, -1 if in none."""
        number = pointer.removeprefix(f"{self.place}/").partition("/")[0]
        return int(number) if number.isdecimal() and pointer.startswith(f"{self.place}/") else -1
