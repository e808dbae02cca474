"""What was in what, and when.

Owns: windows of containment, their nesting, what a container holds.
A window is of orders, not of times: two events of one instant have an order too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.events import EVER, NEVER, Log, Order, Told

MOST_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """Something was in `holder` from `start` (included) to `end` (excluded)."""

    holder: str
    start: Order
    end: Order

    def covers(self, event: Told) -> bool:
        """Tell whether an event falls into the window."""
        return self.start <= event.order < self.end

    def within(self, other: Window) -> Window:
        """Return the part of this window that lies in another one."""
        return Window(self.holder, max(self.start, other.start), min(self.end, other.end))


def windows(log: Log, identity: str) -> list[Window]:
    """Return what something was directly in, in order."""
    words = [one for one in log.naming(identity) if one.packs and identity in one.children]
    found = []
    for at, word in enumerate(words):
        if word.action == "DELETE":
            continue
        ends = [one.order for one in words[at + 1 : at + 2]]
        ends += [one.order for one in log.emptying(word.parent) if one.order > word.order]
        found.append(Window(word.parent, word.order, min(ends, default=NEVER)))
    return found


def levels(log: Log, identity: str) -> list[list[Window]]:
    """Return what something was in, directly and through what held it, by level."""
    level = [Window(identity, EVER, NEVER)]
    found: list[list[Window]] = []
    for _ in range(MOST_LEVELS):
        above = [outer.within(inner) for inner in level for outer in windows(log, inner.holder)]
        level = [one for one in above if one.start < one.end]
        if not level:
            break
        found.append(level)
    return found


def holders(log: Log, identity: str) -> Iterator[Window]:
    """Yield everything that something was in, from when to when."""
    for level in levels(log, identity):
        yield from level


def container(log: Log, identity: str) -> str:
    """Return what something is directly in now, "" if nothing."""
    return next((one.holder for one in windows(log, identity) if one.end == NEVER), "")


def contents(log: Log, holder: str) -> frozenset[str]:
    """Return what is directly in a container now."""
    return frozenset(unit for unit in log.units if container(log, unit) == holder)


def held_at(log: Log, identity: str, holder: str, event: Told) -> bool:
    """Tell whether something was in a container when an event happened."""
    return any(one.holder == holder and one.covers(event) for one in holders(log, identity))
