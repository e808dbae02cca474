"""Goods that went into themselves.

Owns: finding walked transformations whose outputs all lead back to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from suyuan.core.keyset import KeySet
from suyuan.lineage.transformations import Transformation

type _Node = tuple[str, int]


class _Whole(NamedTuple):
    """A transformation with all its events, by the least of their numbers."""

    seq: int
    inputs: frozenset[int]
    outputs: frozenset[int]  # lots and other classes
    input_items: KeySet
    output_items: KeySet

    @classmethod
    def of(cls, events: Sequence[Transformation]) -> _Whole:
        """Join the events of one transformation."""
        return cls(
            min(event.seq for event in events),
            frozenset(key for event in events for key in event.inputs),
            frozenset(key for event in events for key in (*event.outputs, *event.output_lots)),
            KeySet.union(event.input_items for event in events),
            KeySet.union(event.output_items for event in events),
        )


def circular(
    transformations: Sequence[Sequence[Transformation]],
    born: Mapping[int, KeySet],
    guessed: Sequence[tuple[int, int]],
) -> list[int]:
    """Return the numbers of transformations whose outputs all lead back to them.

    Args:
        transformations: those that were walked, each with all its events.
        born: lot → its items.
        guessed: (lot, event) that may have used it without saying so.
    """
    wholes = [_Whole.of(events) for events in transformations]
    number = {
        event.seq: whole.seq
        for whole, events in zip(wholes, transformations, strict=True)
        for event in events
    }
    guessed = [(lot, number[seq]) for lot, seq in guessed if seq in number]
    used = KeySet.union(whole.input_items for whole in wholes)
    lots = {lot for whole in wholes for lot in whole.inputs} | {lot for lot, _ in guessed}
    returning = {lot: items & used for lot, items in born.items()}
    back = [
        whole
        for whole in wholes
        if not whole.output_items - used
        and all(lot in lots or returning.get(lot) for lot in whole.outputs)
    ]
    if not back:  # the common case: what is made goes out
        return []
    graph = _graph(wholes, used, returning, guessed)
    parts = _strongly_connected(graph)
    found: list[int] = []
    for node in (("t", whole.seq) for whole in back):
        leads = graph[node]
        if leads and all(parts[other] == parts[node] for other in leads):
            found.append(node[1])
    return sorted(found)


def _graph(
    wholes: Sequence[_Whole],
    used: KeySet,
    returning: Mapping[int, KeySet],
    guessed: Sequence[tuple[int, int]],
) -> dict[_Node, list[_Node]]:
    """Return what leads to what: lots, items that were used, and transformations."""
    graph: dict[_Node, list[_Node]] = {}

    def lead(source: _Node, target: _Node) -> None:
        graph.setdefault(source, []).append(target)
        graph.setdefault(target, [])

    for whole in wholes:
        here = ("t", whole.seq)
        graph.setdefault(here, [])
        for key in (*whole.inputs, *whole.input_items):
            lead(("u", key), here)
        for key in (*whole.outputs, *(whole.output_items & used)):
            lead(here, ("u", key))
    for lot, seq in guessed:
        lead(("u", lot), ("t", seq))
    for lot, items in returning.items():
        for item in items:
            lead(("u", lot), ("u", item))
    return graph


def _strongly_connected(graph: Mapping[_Node, Sequence[_Node]]) -> dict[_Node, int]:
    """Return the number of each node's strongly connected component (Kosaraju's way)."""
    reverse: dict[_Node, list[_Node]] = {node: [] for node in graph}
    for node, others in graph.items():
        for other in others:
            reverse[other].append(node)
    component: dict[_Node, int] = {}
    for number, root in enumerate(reversed(_finished(graph))):
        pending = [root]
        while pending:
            node = pending.pop()
            if node not in component:
                component[node] = number
                pending += (other for other in reverse[node] if other not in component)
    return component


def _finished(graph: Mapping[_Node, Sequence[_Node]]) -> list[_Node]:
    """Return nodes in the order in which a walk in depth leaves them."""
    left: list[_Node] = []
    met: set[_Node] = set()
    for root in graph:
        path = [] if root in met else [(root, iter(graph[root]))]
        met.add(root)
        while path:
            node, others = path[-1]
            fresh = next((other for other in others if other not in met), None)
            if fresh is None:
                path.pop()
                left.append(node)
            else:
                met.add(fresh)
                path.append((fresh, iter(graph[fresh])))
    return left
