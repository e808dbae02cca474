"""Lay a directed graph out in layers, left to right.

Layers are given by the nodes' depth; within a layer nodes are ordered by the mean place of their
neighbours, sweeping to and fro (Sugiyama's method without dummy nodes).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

_SWEEPS = 6

type Layers[K: Hashable] = list[list[K]]


def order[K: Hashable](depths: Mapping[K, int], edges: Sequence[tuple[K, K]]) -> Layers[K]:
    """Return the keys by layer, each layer from top to bottom; empty depths are closed up."""
    by_depth: dict[int, list[K]] = defaultdict(list)
    for key, depth in depths.items():
        by_depth[depth].append(key)
    layers = [by_depth[depth] for depth in sorted(by_depth)]
    before: dict[K, list[K]] = defaultdict(list)
    after: dict[K, list[K]] = defaultdict(list)
    for source, target in edges:
        after[source].append(target)
        before[target].append(source)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        _sweep(layers if forward else layers[::-1], before if forward else after)
    return layers


def _sweep[K: Hashable](layers: Layers[K], neighbours: Mapping[K, Sequence[K]]) -> None:
    place: dict[K, float] = {}
    for layer in layers:
        for index, key in enumerate(layer):
            place[key] = (index + 0.5) / len(layer)
    for layer in layers[1:]:
        means = {key: _mean([place[other] for other in neighbours.get(key, ())]) for key in layer}
        layer.sort(key=lambda key: place[key] if means[key] is None else means[key] or 0.0)
        for index, key in enumerate(layer):
            place[key] = (index + 0.5) / len(layer)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def rows[K: Hashable](layers: Layers[K], edges: Sequence[tuple[K, K]]) -> dict[K, float]:
    """Return each key's row (0 at the top, halves allowed): layers are centred on their likes.

    The layer with most nodes takes whole rows; others go to the mean row of their neighbours as
    far as the nodes above and below leave room.
    """
    most = max((len(layer) for layer in layers), default=0)
    found: dict[K, float] = {}
    for layer in layers:
        gap = (most - len(layer)) / 2
        for index, key in enumerate(layer):
            found[key] = gap + index
    near: dict[K, list[K]] = defaultdict(list)
    for source, target in edges:
        near[source].append(target)
        near[target].append(source)
    for layer in sorted(layers, key=len, reverse=True)[1:]:
        wanted = [_mean([found[other] for other in near[key]]) for key in layer]
        _settle(layer, wanted, found, most)
    return found


def _settle[K: Hashable](
    layer: Sequence[K], wanted: Sequence[float | None], found: dict[K, float], most: int
) -> None:
    """Give each node the row it wants, at least one below the node above, none beyond the end."""
    floor = 0.0
    for index, key in enumerate(layer):
        wish = wanted[index]
        ceiling = most - (len(layer) - index)
        found[key] = min(max(found[key] if wish is None else wish, floor), float(ceiling))
        floor = found[key] + 1
