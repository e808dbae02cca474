"""Where something is now, and how it came there.

Owns: the steps of a history, what they say of a place, the mark of a recall.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.containment import holders
from tests.reference.events import Log, Order, Told

_BY_DISPOSITION = {
    "in_transit": "in_transit",
    "retail_sold": "sold",
    "dispensed": "sold",
    "returned": "returned",
    "destroyed": "destroyed",
    "disposed": "destroyed",
}
_BY_STEP = {
    "shipping": "in_transit",
    "departing": "in_transit",
    "transporting": "in_transit",
    "retail_selling": "sold",
    "dispensing": "sold",
    "destroying": "destroyed",
    "decommissioning": "destroyed",
    "receiving": "in_house",
    "arriving": "in_house",
    "accepting": "in_house",
    "storing": "in_house",
    "stocking": "in_house",
}
_CLEARS = ("conformant", "destroyed", "disposed")


@dataclass(frozen=True, slots=True)
class Step:
    """An event of something itself (`via` is ""), or of what held it at the time."""

    event: Told
    via: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something is; `event` says so."""

    whereabouts: str = "not_seen"
    place: str = ""
    event: Told | None = None
    unit: str = ""  # what the event named


def whereabouts(event: Told) -> str:
    """Return where an event leaves its goods, "" if it does not say."""
    said = _BY_DISPOSITION.get(event.disposition) or _BY_STEP.get(event.step, "")
    return said or ("in_house" if event.location else "")


def steps(log: Log, identity: str) -> list[Step]:
    """Return the live events of something and of what held it, in order."""
    found = {Step(one, "") for one in log.naming(identity)}
    for window in holders(log, identity):
        if window.holder == identity:  # it holds itself: its own events are here already
            continue
        found |= {
            Step(one, window.holder)
            for one in log.naming(window.holder)
            if window.covers(one) and window.holder in one.epcs + one.children
        }
    # One event may name both a thing and what holds it; the engine says which in any order.
    return sorted(found, key=lambda one: (one.event.order, one.via))


def marks(log: Log, identity: str) -> list[Told]:
    """Return the events that say where something is, in order, each once."""
    told: dict[Order, Told] = {
        one.event.order: one.event for one in steps(log, identity) if whereabouts(one.event)
    }
    return [told[order] for order in sorted(told)]


def standing(log: Log, identity: str) -> Standing:
    """Return where something is now."""
    said = marks(log, identity)
    if not said:
        return Standing(unit=identity)
    last = said[-1]
    where = whereabouts(last)
    away = where in {"in_transit", "sold"}
    place = last.location or ("" if away else last.read_point)
    return Standing(where, place, last, identity)


def recalled(log: Log, identity: str) -> bool:
    """Tell whether the last word on a recall marks something."""
    words = [one.event.disposition for one in steps(log, identity)]
    spoken = [word for word in words if word == "recalled" or word in _CLEARS]
    return bool(spoken) and spoken[-1] == "recalled"
