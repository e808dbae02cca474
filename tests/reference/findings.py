"""What the records of affected items lack, and where they contradict themselves.

Owns: for each kind of finding, the items that it is about and the events that show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
    transformations,
    unnamed_lots,
    uses,
    withdrawn_lots_of,
)
from tests.reference.scope import Scope

TOLERANCE = 15 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found.

    Attributes:
        code: of which kind.
        units: the items that it is about.
        numbers: the events that show it.
    """

    code: str
    units: frozenset[str]
    numbers: frozenset[int]


type Look = Callable[[Log, str], Iterator[frozenset[int]]]


def of_items(log: Log, found: Scope) -> Iterator[Found]:
    """Yield what is found by looking at one affected item after another."""
    for code, look in _LOOKS.items():
        for item in sorted(found.items):
            for numbers in look(log, item):
                yield Found(code, frozenset({item}), numbers)


def of_births(log: Log, found: Scope) -> Iterator[Found]:
    """Yield which affected items may be of another lot, or of none."""
    for item in sorted(found.items):
        lots = lots_of(log, item)
        if len(lots) > 1:
            yield Found("two_lots", frozenset({item}), _births_of(log.live, item))
        if withdrawn_lots_of(log, item) & found.lots.keys():
            void = [one for one in log.events if one.declares or log.voided(one)]
            yield Found("birth_withdrawn", frozenset({item}), _births_of(void, item))


def sources(log: Log, one: Transformation) -> frozenset[str]:
    """Return what leads to a transformation: its inputs, and the lots that it may have meant."""
    found = set(one.inputs)
    for product in filter(is_bare_product, one.inputs):
        found |= unnamed_lots(log, one, product).keys()
    return frozenset(found)


def of_transformations(log: Log, found: Scope) -> Iterator[Found]:
    """Yield the affected transformations that name a product without its lot."""
    for one in transformations(log):
        numbers = frozenset(event.number for event in one.events)
        for product in filter(is_bare_product, one.inputs):
            if unnamed_lots(log, one, product).keys() & found.lots.keys():
                yield Found("lot_not_recorded", frozenset(), numbers)
        if sources(log, one) & found.met and any(map(is_bare_product, one.outputs)):
            yield Found("output_without_lot", frozenset(), numbers)


def of_starts(log: Log, starts: Sequence[Start]) -> Iterator[Found]:
    """Yield what is found of containers and places that a scope begins with."""
    for start in starts:
        if isinstance(start, Goods):
            for event in unnumbered(log, start.text):
                numbers = frozenset({event.number})
                yield Found("unnumbered_contents", loose(log, event), numbers)
        if isinstance(start, Presence):
            yield from _missing_scans(log, start)


def _missing_scans(log: Log, start: Presence) -> Iterator[Found]:
    for item in sorted(log.items):
        if presence(log, item, start) != POSSIBLE:
            continue
        for stay in stays(log, item, start.places):
            around = {
                "missing_departure": (stay.marks[-1], None if stay.left else stay.after),
                "missing_receiving": (None if stay.arrived else stay.before, stay.marks[0]),
            }
            for code, (begin, end) in around.items():
                if begin and end and begin.time < start.until and start.since < end.time:
                    numbers = frozenset({begin.number, end.number})
                    yield Found(code, frozenset({item}), numbers)


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
            numbers = frozenset(event.number for event in one.events)
            yield Found("cycle", frozenset(), numbers)


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


def _missing_unpacking(log: Log, item: str) -> Iterator[frozenset[int]]:
    for first, second in _packings(log, item):
        emptied = any(
            one.empties and one.parent == first.parent and first.order < one.order < second.order
            for one in log.live
        )
        if first.time != second.time and not emptied and first.parent not in second.children:
            yield frozenset({first.number, second.number})


def _in_two_containers(log: Log, item: str) -> Iterator[frozenset[int]]:
    for first, second in _packings(log, item):
        emptied = any(
            one.empties and one.parent == first.parent and first.order < one.order < second.order
            for one in log.live
        )
        if first.time == second.time and not emptied and first.parent not in second.children:
            yield frozenset({first.number, second.number})


def _holds_itself(log: Log, item: str) -> Iterator[frozenset[int]]:
    chains: list[tuple[str, ...]] = [(item,)]
    spans: dict[tuple[str, ...], tuple[Order, Order]] = {(item,): (EVER, NEVER)}
    for _ in range(MOST_LEVELS):
        above: list[tuple[str, ...]] = []
        for chain in chains:
            for window in windows(log, chain[-1]):
                start = max(spans[chain][0], window.start)
                end = min(spans[chain][1], window.end)
                if start >= end:
                    continue
                if window.holder in chain:
                    yield frozenset()
                    return
                longer = (*chain, window.holder)
                spans[longer] = (start, end)
                above.append(longer)
        chains = above


def _before_birth(log: Log, item: str) -> Iterator[frozenset[int]]:
    born = [one for one in _own(log, item) if item in one.born]
    early = [one for one in _own(log, item) if born and one.time < born[0].time]
    if early:
        yield frozenset(one.number for one in early)


def _after_end(log: Log, item: str) -> Iterator[frozenset[int]]:
    ends = [one for one in _own(log, item) if whereabouts(one) == "destroyed"]
    late = [
        one
        for one in _own(log, item)
        if ends and one.time > ends[0].time and whereabouts(one) not in {"", "destroyed"}
    ]
    if late:
        yield frozenset(one.number for one in late)


def _from_the_future(log: Log, item: str) -> Iterator[frozenset[int]]:
    early = [one.number for one in _own(log, item) if one.time > one.recorded + TOLERANCE]
    if early:
        yield frozenset(early)


_LOOKS: dict[str, Look] = {
    "missing_unpacking": _missing_unpacking,
    "in_two_containers": _in_two_containers,
    "holds_itself": _holds_itself,
    "before_birth": _before_birth,
    "after_end": _after_end,
    "from_the_future": _from_the_future,
}


def findings(log: Log, found: Scope, starts: Sequence[Start]) -> dict[str, frozenset[str]]:
    """Return, for each kind of finding that there is, the items that it is about."""
    units: dict[str, frozenset[str]] = {}
    for one in (
        *of_items(log, found),
        *of_births(log, found),
        *of_transformations(log, found),
        *of_starts(log, starts),
        *cycles(log, found),
    ):
        units[one.code] = units.get(one.code, frozenset()) | one.units
    return units
