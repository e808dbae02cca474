"""What is affected, and how surely: the walk over links, from a start to what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.beginnings import Start, first
from tests.reference.events import Log, is_class
from tests.reference.links import GRADES, births, uses


@dataclass(frozen=True, slots=True)
class Scope:
    """What is affected.

    Attributes:
        items: item → grade.
        lots: class of goods → grade.
        met: these, and the containers that led on.
    """

    items: dict[str, str]
    lots: dict[str, str]
    met: frozenset[str]


def scope(log: Log, starts: Sequence[Start]) -> Scope:
    """Return what `starts` affect."""
    met: dict[str, str] = {}

    def meet(goods: str, grade: str) -> bool:
        known = met.get(goods)
        if known is not None and GRADES.index(known) <= GRADES.index(grade):
            return False
        met[goods] = grade
        return True

    for start in starts:
        for goods, grade in first(log, start):
            meet(goods, grade)
    edges = [*births(log), *uses(log)]
    changed = True
    while changed:
        changed = False
        for edge in edges:
            if edge.source in met:
                grade = max(met[edge.source], edge.grade, key=GRADES.index)
                changed = meet(edge.target, grade) or changed
    return Scope(
        items={goods: grade for goods, grade in met.items() if log.is_item(goods)},
        lots={goods: grade for goods, grade in met.items() if is_class(goods)},
        met=frozenset(met),
    )
