"""What the records of affected items lack, and where they contradict themselves.

Owns: for each kind of finding, the items that it is about and the events that show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tests.reference.beginnings import Goods, Presence, Start, loose, presence, stays, unnumbered
from tests.reference.containment import MOST_LEVELS, windows
from tests.reference.events import EVER, NEVER, Log, Order, Told, is_bare_product
from tests.reference.journeys import whereabouts
from tests.reference.links import (
    POSSIBLE,
    Transformation,
    births,
    lots_of,
    meant,
    transformations,
    unnamed_lots,
    uses,
    withdrawn_lots_of,
)
from tests.reference.quantities import Balance, balances
from tests.reference.scope import Scope

TOLERANCE = 15 * 60 * 1_000_000


type Name = tuple[str, str, str, frozenset[str]]
"""Code, step, place and lots: what findings are told apart by."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found.

    Attributes:
        code: of which kind.
        units: the items that it is about.
        numbers: the events that show it.
        step: the scan that is missing.
        place: where, as text.
        lots: whose.
        since: from when on, None where that says nothing.
        until: until when.
    """

    code: str
    units: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    step: str = ""
    place: str = ""
    lots: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None

    @property
    def name(self) -> Name:
        """What it is told apart by."""
        return self.code, self.step, self.place, self.lots

    def and_(self, other: Found) -> Found:
        """Return two of the same name as one."""
        return replace(
            self,
            units=self.units | other.units,
            numbers=self.numbers | other.numbers,
            since=min((t for t in (self.since, other.since) if t is not None), default=None),
            until=max((t for t in (self.until, other.until) if t is not None), default=None),
        )


type Look = Callable[[Log, str], Iterator[Found]]


def of_items(log: Log, found: Scope) -> Iterator[Found]:
    """Yield what is found by looking at one affected item after another."""
    for look in _LOOKS:
        for item in sorted(found.items):
            for one in look(log, item):
                yield replace(one, units=frozenset({item}))


def of_births(log: Log, found: Scope) -> Iterator[Found]:
    """Yield which affected items may be of another lot, or of none."""
    for item in sorted(found.items):
        lots = lots_of(log, item)
        if len(lots) > 1:
            yield Found("two_lots", frozenset({item}), _births_of(log.live, item))
        for lot in withdrawn_lots_of(log, item) & found.lots.keys():
            void = [one for one in log.events if one.declares or log.voided(one)]
            told = [one for one in void if lot in one.lots_of_born]
            numbers = _births_of(told, item)
            yield Found("birth_withdrawn", frozenset({item}), numbers, lots=frozenset({lot}))


def sources(log: Log, one: Transformation) -> frozenset[str]:
    """Return what leads to a transformation: its inputs, and the lots that it may have meant."""
    found = set(one.inputs)
    for product in filter(is_bare_product, one.inputs):
        found |= unnamed_lots(log, one, product).keys()
    return frozenset(found)


def of_transformations(log: Log, found: Scope) -> Iterator[Found]:
    """Yield the affected transformations that name a product without its lot."""
    for one in transformations(log):
        for product in filter(is_bare_product, one.inputs):
            for lot in unnamed_lots(log, one, product).keys() & found.lots.keys():
                yield from _guessed(log, one, product, lot)
        if sources(log, one) & found.met:
            for event in one.events:
                bare = {a.goods for a in event.output_amounts if is_bare_product(a.goods)}
                if bare:
                    numbers = frozenset({event.number})
                    yield Found("output_without_lot", numbers=numbers, lots=frozenset(bare))


def _guessed(log: Log, one: Transformation, product: str, lot: str) -> Iterator[Found]:
    for event in one.events:
        if any(a.goods == product for a in event.input_amounts) and meant(log, lot, event):
            yield Found(
                "lot_not_recorded",
                numbers=frozenset({event.number}),
                place=event.location or event.read_point,
                lots=frozenset({lot}),
                since=event.time,
                until=event.time,
            )


def of_starts(log: Log, starts: Sequence[Start]) -> Iterator[Found]:
    """Yield what is found of containers and places that a scope begins with."""
    for start in starts:
        if isinstance(start, Goods):
            for event in unnumbered(log, start.text):
                for lot in {amount.goods for amount in event.child_amounts}:
                    units = frozenset(i for i in loose(log, event) if lot in lots_of(log, i))
                    numbers = frozenset({event.number})
                    yield Found("unnumbered_contents", units, numbers, lots=frozenset({lot}))
        if isinstance(start, Presence):
            yield from _missing_scans(log, start)


def _missing_scans(log: Log, start: Presence) -> Iterator[Found]:
    for item in sorted(log.items):
        if presence(log, item, start) != POSSIBLE:
            continue
        for stay in stays(log, item, start.places):
            arrived, left = stay.marks[0], stay.marks[-1]
            for code, step, at, begin, end in (
                ("missing_departure", "shipping", left, left, None if stay.left else stay.after),
                ("missing_receiving", "receiving", arrived, stay.before, arrived),
            ):
                if code == "missing_receiving" and stay.arrived:
                    continue
                if begin and end and begin.time < start.until and start.since < end.time:
                    yield Found(
                        code,
                        frozenset({item}),
                        frozenset({begin.number, end.number}),
                        step,
                        at.location if at.location in start.places else at.read_point,
                        since=begin.time,
                        until=end.time,
                    )


def of_amounts(sums: Mapping[tuple[str, str], Balance]) -> Iterator[Found]:
    """Yield what does not add up."""
    for (lot, _), balance in sums.items():
        for code in balance.findings:
            yield Found(code, lots=frozenset({lot}))


def cycles(log: Log, found: Scope) -> Iterator[Found]:
    """Yield the affected transformations all of whose outputs lead back to them."""
    edges = [*births(log), *uses(log)]

    def reached(start: str) -> set[str]:
        seen, level = {start}, {start}
        while level:
            level = {edge.target for edge in edges if edge.source in level} - seen
            seen |= level
        return seen

    for one in transformations(log):
        back = sources(log, one)
        if back & found.met and one.outputs and all(reached(o) & back for o in one.outputs):
            yield Found("cycle", numbers=frozenset({min(event.number for event in one.events)}))


# ------------------------------------------------------------ items


def _births_of(events: Sequence[Told], item: str) -> frozenset[int]:
    return frozenset(one.number for one in events if item in one.born and one.lot)


def _own(log: Log, item: str) -> list[Told]:
    return log.naming(item)


def _packings(log: Log, item: str) -> Iterator[tuple[Told, Told]]:
    """Yield packings in a row into different containers, without an unpacking between them."""
    words = [one for one in log.naming(item) if one.packs and item in one.children]
    for first, second in pairwise(words):
        if "DELETE" in (first.action, second.action) or first.parent == second.parent:
            continue
        yield first, second


def _in_two(log: Log, item: str) -> Iterator[Found]:
    for first, second in _packings(log, item):
        emptied = any(first.order < one.order < second.order for one in log.emptying(first.parent))
        if not emptied and first.parent not in second.children:
            yield Found(
                "in_two_containers" if first.time == second.time else "missing_unpacking",
                numbers=frozenset({second.number}),
                step="unpacking",
                place=second.location or second.read_point,
                since=first.time,
                until=second.time,
            )


def _holds_itself(log: Log, item: str) -> Iterator[Found]:
    chains: list[tuple[tuple[str, ...], Order, Order]] = [((item,), EVER, NEVER)]
    for _ in range(MOST_LEVELS):
        above: list[tuple[tuple[str, ...], Order, Order]] = []
        for chain, since, until in chains:
            for window in windows(log, chain[-1]):
                start, end = max(since, window.start), min(until, window.end)
                if start < end and window.holder in chain:
                    yield Found("holds_itself")
                    return
                if start < end:
                    above.append(((*chain, window.holder), start, end))
        chains = above


def _before_birth(log: Log, item: str) -> Iterator[Found]:
    born = [one for one in _own(log, item) if item in one.born]
    early = [one for one in _own(log, item) if born and one.time < born[0].time]
    if early:
        numbers = frozenset(one.number for one in early)
        since = min(one.time for one in early)
        yield Found("before_birth", numbers=numbers, since=since, until=born[0].time)


def _after_end(log: Log, item: str) -> Iterator[Found]:
    ends = [one for one in _own(log, item) if whereabouts(one) == "destroyed"]
    late = [
        one
        for one in _own(log, item)
        if ends and one.time > ends[0].time and whereabouts(one) not in {"", "destroyed"}
    ]
    if late:
        numbers = frozenset(one.number for one in late)
        until = max(one.time for one in late)
        yield Found("after_end", numbers=numbers, since=ends[0].time, until=until)


def _from_the_future(log: Log, item: str) -> Iterator[Found]:
    early = [one for one in _own(log, item) if one.time > one.recorded + TOLERANCE]
    if early:
        numbers = frozenset(one.number for one in early)
        times = [one.time for one in early]
        yield Found("from_the_future", numbers=numbers, since=min(times), until=max(times))


_LOOKS: tuple[Look, ...] = (_in_two, _holds_itself, _before_birth, _after_end, _from_the_future)


def findings(log: Log, found: Scope, starts: Sequence[Start]) -> dict[Name, Found]:
    """Return what is found, once for each kind, step, place and lot."""
    told: dict[Name, Found] = {}
    for one in (
        *of_items(log, found),
        *of_births(log, found),
        *of_transformations(log, found),
        *of_starts(log, starts),
        *of_amounts(balances(log, found)),
        *cycles(log, found),
    ):
        told[one.name] = one.and_(told[one.name]) if one.name in told else one
    return told
