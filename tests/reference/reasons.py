"""Whether a chain of links leads from a start to an affected thing, as the rules say.

Owns: what makes each kind of link true, and which events show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.reference.beginnings import (
    Given,
    Goods,
    Handling,
    Presence,
    Start,
    handled,
    loose,
    presence,
    unnumbered,
)
from tests.reference.containment import holders
from tests.reference.events import Log, Told
from tests.reference.journeys import marks
from tests.reference.links import (
    GRADES,
    POSSIBLE,
    PROVEN,
    births,
    meant,
    places_of,
    transformations,
)


@dataclass(frozen=True, slots=True)
class Link:
    """`source` leads to `target`, as an event shows; a start is its own source."""

    source: str
    target: str
    rule: str
    grade: str
    number: int | None


def wrong(log: Log, starts: Sequence[Start], chain: Sequence[Link]) -> list[Link]:
    """Return the links of a chain that are not true, or do not follow from those before."""
    found = [one for one in chain if not holds(log, starts, one)]
    found += [two for one, two in pairwise(chain) if two.source != one.target]
    return found + [one for one in chain[:1] if one.rule not in _FIRST]


_FIRST = {"start", "present", "handled", "told"}


def holds(log: Log, starts: Sequence[Start], link: Link) -> bool:
    """Tell whether a link is one by the rules."""
    if link.rule == "start":
        here = link.source == link.target and link.number is None and link.grade == PROVEN
        return here and Goods(link.target) in starts
    event = next((one for one in log.events if one.number == link.number), None)
    if event is None:
        return False
    match link.rule:
        case "birth":
            return _is_birth(log, link, event)
        case "transformation" | "same_class":
            return _is_use(log, link, event)
        case "held":
            return Goods(link.source) in starts and _is_held(log, link, event)
        case _:
            return any(_begins(log, start, link, event) for start in starts)


def _is_birth(log: Log, link: Link, event: Told) -> bool:
    named = link.target in event.born and link.source in event.lots_of_born
    edges = (one for one in births(log) if (one.source, one.target) == (link.source, link.target))
    return named and any(one.grade == link.grade for one in edges)


def _is_use(log: Log, link: Link, event: Told) -> bool:
    whole = next((one for one in transformations(log) if event in one.events), None)
    if whole is None or link.target not in whole.outputs:
        return False
    if link.rule == "transformation":
        return link.source in whole.inputs and link.grade == PROVEN
    return meant(log, link.source, event) == link.grade


def _is_held(log: Log, link: Link, event: Told) -> bool:
    if link.grade == POSSIBLE:
        return event in unnumbered(log, link.source) and link.target in loose(log, event)
    packed = event.packs and event.parent == link.source and event in log.live
    inside = any(one.holder == link.source for one in holders(log, link.target))
    return packed and inside and link.grade == PROVEN


def _begins(log: Log, start: Start, link: Link, event: Told) -> bool:
    match start:
        case Presence(places):
            sure = presence(log, link.target, start)
            here = link.source in places & places_of(event) and event in marks(log, link.target)
            return link.rule == "present" and here and bool(sure) and _no_better(link.grade, sure)
        case Handling(places):
            here = link.source in places & places_of(event)
            return link.rule == "handled" and here and _is_about(log, start, link, event)
        case Given():
            here = link.source in places_of(event) or link.source == link.target
            return link.rule == "told" and here and _is_about(log, start, link, event)
        case _:
            return False


def _is_about(log: Log, start: Handling | Given, link: Link, event: Told) -> bool:
    live = event in log.live and start.picks(event)
    return live and (link.target, link.grade) in set(handled(log, event))


def _no_better(grade: str, than: str) -> bool:
    return GRADES.index(grade) >= GRADES.index(than)
