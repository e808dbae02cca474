"""What was moved without serials, and what went out in one parcel.

Owns: movements of affected lots; shipments, with their papers and where they go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.reference.beginnings import Goods, Start, unnumbered
from tests.reference.containment import levels
from tests.reference.events import Amount, Log, Told
from tests.reference.journeys import standing, whereabouts
from tests.reference.links import PROVEN
from tests.reference.scope import Scope

AWAY = frozenset({"in_transit", "sold"})


@dataclass(frozen=True, slots=True)
class Movement:
    """A quantity of a lot that one event moved."""

    lot: str
    number: int
    amount: str
    whereabouts: str
    place: str
    unit: str  # "" without a container
    grade: str


def movements(log: Log, found: Scope, starts: Sequence[Start]) -> frozenset[Movement]:
    """Return the movements of affected lots, and what start containers hold unnumbered."""
    moved = {
        _movement(log, event, amount, found.lots[amount.goods])
        for event in log.live
        for amount in _moved(event)
        if amount.goods in found.lots
    }
    for start in starts:
        for event in unnumbered(log, start.text) if isinstance(start, Goods) else ():
            for amount in event.child_amounts:
                grade = found.lots.get(amount.goods, PROVEN)
                moved.add(_movement(log, event, amount, grade))
    return frozenset(moved)


def _moved(event: Told) -> Iterator[Amount]:
    said = bool(whereabouts(event))
    if said and not (event.type == "ObjectEvent" and event.action == "ADD"):
        yield from event.amounts
    if said or event.action != "DELETE":
        yield from event.child_amounts


def _movement(log: Log, event: Told, amount: Amount, grade: str) -> Movement:
    where = whereabouts(event) or "not_seen"
    place = event.location or ("" if where in AWAY else event.read_point)
    if where == "in_transit":
        place = next(iter(event.destinations), place)
    unit = event.parent if event.action != "DELETE" else ""
    now = standing(log, unit)
    if unit and now.event:
        where, place = now.whereabouts, now.place
    text = f"{amount.number} {amount.uom}".strip()
    return Movement(amount.goods, event.number, text, where, place, unit, grade)


# ------------------------------------------------------------ shipments


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one event sent on its way, or sold, by the unit that it names."""

    unit: str  # "": the item itself
    time: int
    grade: str
    whereabouts: str
    papers: tuple[tuple[str, str], ...]
    destination: str


def shipments(log: Log, found: Scope) -> dict[str, Shipment]:
    """Return the shipment of each affected item that is on its way or sold."""
    sent = {}
    for item, grade in found.items.items():
        now = standing(log, item)
        if now.event and now.whereabouts in AWAY:
            unit = _named(log, item, now.event)
            events = log.naming(unit) if unit else [now.event]
            papers, going = _told_of(events, now.event)
            when = now.event.time
            sent[item] = Shipment(unit, when, grade, now.whereabouts, papers, going)
    return sent


def _named(log: Log, item: str, event: Told) -> str:
    """Return the innermost container by which an event tells of an item, "" if it names itself."""
    if event.names(item):
        return ""
    return next(
        window.holder
        for level in levels(log, item)
        for window in level
        if window.covers(event) and window.holder in event.epcs + event.children
    )


def _told_of(events: Sequence[Told], moved: Told) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the papers and the destination of a move, as the unit's events tell them.

    They begin with its last event in a house, and end before the next that says where it is.
    """
    papers: dict[tuple[str, str], None] = {}
    going = ""
    for one in events:
        where = whereabouts(one)
        if where and one.order > moved.order:
            break
        if where and where not in AWAY:
            papers, going = {}, ""
        elif where:
            going = next(iter(one.destinations), going)
        papers |= dict.fromkeys(one.papers)
    return tuple(papers), going
