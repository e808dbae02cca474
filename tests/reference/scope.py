"""What is affected, and how surely: the walk over links, from a start to what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.beginnings import Start, first
from tests.reference.events import Log, is_class
from tests.reference.links import GRADES, Edge, births, uses

type Label = tuple[int, int]
"""How sure something is, 0 the best, and how many transformations it is from a start."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is affected.

    Attributes:
        items: item → grade.
        lots: class of goods → grade.
        depths: class of goods → transformations from a start, along the chain of the best grade.
        met: these, and the containers that led on.
    """

    items: dict[str, str]
    lots: dict[str, str]
    depths: dict[str, int]
    met: frozenset[str]


def scope(log: Log, starts: Sequence[Start]) -> Scope:
    """Return what `starts` affect."""
    edges: dict[str, list[Edge]] = {}
    for edge in (*births(log), *uses(log)):
        edges.setdefault(edge.source, []).append(edge)
    labels: dict[str, Label] = {}

    def meet(goods: str, label: Label) -> None:
        labels[goods] = min(label, labels.get(goods, label))

    for start in starts:
        for goods, grade in first(log, start):
            meet(goods, (GRADES.index(grade), 0))
    settled: set[str] = set()
    while labels.keys() - settled:
        goods = min(labels.keys() - settled, key=labels.__getitem__)
        settled.add(goods)
        sure, depth = labels[goods]
        for edge in edges.get(goods, ()):
            if edge.target not in settled:
                on = depth + (edge.rule != "birth")
                meet(edge.target, (max(sure, GRADES.index(edge.grade)), on))
    met = {goods: GRADES[sure] for goods, (sure, _) in labels.items()}
    return Scope(
        items={goods: grade for goods, grade in met.items() if log.is_item(goods)},
        lots={goods: grade for goods, grade in met.items() if is_class(goods)},
        depths={goods: depth for goods, (_, depth) in labels.items() if is_class(goods)},
        met=frozenset(met),
    )
