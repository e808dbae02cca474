"""What a scope begins with, and how sure each kind of start is of it.

Owns: goods, presence at places, handling at places, given events.
A start is a tuple whose first word is its kind; goods are texts, times microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.containment import held_at, holders
from tests.reference.events import Log, Told
from tests.reference.journeys import marks, whereabouts
from tests.reference.links import POSSIBLE, PROVEN, lots_of


@dataclass(frozen=True, slots=True)
class Goods:
    """A lot, an item or a container."""

    text: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Whatever was at places in a period, both ends included."""

    places: frozenset[str]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Handling:
    """Whatever was worked on at places in a period; no steps: any."""

    places: frozenset[str]
    since: int
    until: int
    steps: frozenset[str] = frozenset()

    def picks(self, event: Told) -> bool:
        """Tell whether an event is one of this work."""
        here = bool({event.location, event.read_point} & self.places)
        now = self.since <= event.time <= self.until
        return here and now and (not self.steps or event.step in self.steps)


@dataclass(frozen=True, slots=True)
class Given:
    """Whatever certain events were about."""

    numbers: frozenset[int]

    def picks(self, event: Told) -> bool:
        """Tell whether an event is one of these."""
        return event.number in self.numbers


type Start = Goods | Presence | Handling | Given


def first(log: Log, start: Start) -> Iterator[tuple[str, str]]:
    """Yield what a start begins with, and how surely."""
    match start:
        case Goods(text):
            yield text, PROVEN
            yield from _held(log, text)
        case Presence():
            grades = {item: presence(log, item, start) for item in log.items}
            yield from ((item, grade) for item, grade in grades.items() if grade)
        case _:
            for event in filter(start.picks, log.live):
                yield from handled(log, event)


# ------------------------------------------------------------ containers


def _held(log: Log, start: str) -> Iterator[tuple[str, str]]:
    """Yield what a container ever held, and what it may have held without a serial."""
    for unit in log.units:  # containers too: what they were used for follows
        if any(window.holder == start for window in holders(log, unit)):
            yield unit, PROVEN
    for event in unnumbered(log, start):
        for item in loose(log, event):
            yield item, POSSIBLE


def unnumbered(log: Log, start: str) -> list[Told]:
    """Return the events that put a quantity into a container, or into what was in it then."""
    return [
        one
        for one in log.live
        if one.packs
        and one.action != "DELETE"
        and one.child_amounts
        and (
            one.parent == start
            or any(w.holder == start and w.end > one.order for w in holders(log, one.parent))
        )
    ]


def loose(log: Log, event: Told) -> frozenset[str]:
    """Return the items that may have been meant by the quantities that an event packed."""
    lots = {amount.goods for amount in event.child_amounts}
    return frozenset(
        item
        for item in log.items
        if lots & lots_of(log, item)
        and min(one.order for one in log.naming(item) if item in one.born and one.lot)
        <= event.order
        and not any(window.covers(event) for window in holders(log, item))
        and not any(one.order > event.order for one in log.naming(item))
    )


def _birth(log: Log, item: str) -> Told:
    return next(one for one in log.naming(item) if item in one.born and one.lot)


# ------------------------------------------------------------ presence


@dataclass(frozen=True, slots=True)
class Stay:
    """Something was at places: marks in a row, what came before and what after.

    Attributes:
        before: the mark before, if any.
        marks: those at the places, in order.
        after: the mark after, if any.
        left: what came after is a departure from there.
        arrived: the first mark says itself how it came there.
    """

    before: Told | None
    marks: tuple[Told, ...]
    after: Told | None
    left: bool
    arrived: bool

    def certain(self) -> tuple[float, float]:
        """Return from when to when it was surely there, both included."""
        if self.after is None:
            return self.marks[0].time, float("inf")
        return self.marks[0].time, (self.after if self.left else self.marks[-1]).time

    def possible(self) -> Iterator[tuple[float, float]]:
        """Yield from when to when it was perhaps there, both excluded."""
        if self.after is not None and not self.left:
            yield self.marks[-1].time, self.after.time
        if self.before is not None and not self.arrived:
            yield self.before.time, self.marks[0].time


def stays(log: Log, item: str, places: frozenset[str]) -> list[Stay]:
    """Return when something was at any of some places."""
    said = marks(log, item)
    found = []
    at = 0
    while at < len(said):
        end = at
        while end < len(said) and _is_stay(said[end], places):
            end += 1
        if end > at:
            before = said[at - 1] if at else None
            after = said[end] if end < len(said) else None
            left = after is not None and _leaves(after, places)
            found.append(Stay(before, tuple(said[at:end]), after, left, _arrives(said[at], item)))
        at = end + 1
    return found


def _is_at(event: Told, places: frozenset[str]) -> bool:
    return bool({event.location, event.read_point} & places)


def _is_stay(event: Told, places: frozenset[str]) -> bool:
    return _is_at(event, places) and whereabouts(event) in {"in_house", "returned"}


def _leaves(event: Told, places: frozenset[str]) -> bool:
    where = whereabouts(event)
    if where in {"sold", "destroyed"} and _is_at(event, places):
        return True
    return where in {"in_transit", "sold"} and (not event.read_point or event.read_point in places)


def _arrives(event: Told, item: str) -> bool:
    return item in event.born or event.step in {"receiving", "arriving", "accepting"}


def presence(log: Log, item: str, start: Presence) -> str:
    """Return how surely an item was at places in a period, "" if it was not."""
    found = stays(log, item, start.places)
    for stay in found:
        begin, end = stay.certain()
        if begin <= start.until and start.since <= end:
            return PROVEN
    for stay in found:
        for begin, end in stay.possible():
            if begin < end and begin < start.until and start.since < end:
                return POSSIBLE
    return ""


# ------------------------------------------------------------ handling


def handled(log: Log, event: Told) -> Iterator[tuple[str, str]]:
    """Yield what an event is about."""
    about = [*event.epcs, *event.children, *event.outputs, *event.lots_of_born]
    about += [amount.goods for amount in event.amounts + event.child_amounts + event.output_amounts]
    for one in about:
        yield one, PROVEN
    for holder in {*event.epcs, *event.children, event.parent} - {""}:
        for unit in log.units:
            if held_at(log, unit, holder, event) or _unpacked(log, unit, holder, event):
                yield unit, PROVEN


def _unpacked(log: Log, item: str, holder: str, event: Told) -> bool:
    """Tell whether an event took an item out of a container."""
    taken = event.packs and event.action == "DELETE"
    return taken and any(w.holder == holder and w.end == event.order for w in holders(log, item))
