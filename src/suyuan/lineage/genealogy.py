"""From material lot to product lot and back, through any number of transformations.

Owns: which lots and items a transformation joins, in both directions.
Does not own: where anything is (present).

Breadth first, level by level, with one batched look-up for each; a transformation that is told in
several events is joined by its ID. What was met once is not walked again, so a cycle ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.lineage.births import births_of
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.transformations import Transformation, Transformations
from suyuan.lineage.values import Edge, Genealogy, Node

MOST_NODES: Final = 2_000
_SHOWN_ITEMS: Final = 50  # of one event, where no lot stands for them
_INTO: Final = (Role.INPUT, Role.INPUT_QUANTITY)
_OUT: Final = (Role.OUTPUT, Role.OUTPUT_QUANTITY)
_BIRTH: Final = (Role.LOT,)


class Lots:
    """Reads transformations and births of one organisation."""

    def __init__(self, organisation_id: int) -> None:
        """Begin with nothing read."""
        self._organisation_id = organisation_id

    def births(self, keys: Iterable[int]) -> dict[int, KeySet]:
        """Return the items of each lot: those that came to be in its name."""
        found = births_of(self._organisation_id, keys)
        return {key: births.live for key, births in found.items() if births.live}

    def transformations(
        self, keys: Iterable[int], roles: Sequence[Role]
    ) -> dict[int, list[Transformation]]:
        """Return, for each key, the transformations in which it has one of `roles`."""
        wanted = np.array(sorted(set(keys)), dtype=np.int64)
        entries = entries_of(self._organisation_id, wanted)
        kept = np.isin(entries.roles, np.array(roles))
        pairs = list(zip(entries.keys[kept].tolist(), entries.seqs[kept].tolist(), strict=True))
        read = Transformations(self._organisation_id).read({seq for _, seq in pairs})
        found: dict[int, dict[int, Transformation]] = {}
        for key, seq in pairs:
            found.setdefault(key, {}).update({one.seq: one for one in read.get(seq, ())})
        return {key: list(events.values()) for key, events in found.items()}


def genealogy(*, organisation_id: int, key: int, depth: int = 8) -> Genealogy:
    """Return where a lot or item came from and what came of it.

    Args:
        organisation_id: whose events.
        key: a lot, an item, or another class that transformations name.
        depth: how many transformations to walk each way.

    Raises:
        KeyError: the key was never given out.
    """
    walk = _Walk(organisation_id, key)
    truncated = not (walk.go(depth, 1, _INTO) and walk.go(depth, -1, _OUT + _BIRTH))
    names = identities_of(organisation_id, walk.depths)
    sizes = {k: len(items) for k, items in walk.lots.births(walk.depths).items()}
    nodes = {
        k: Node(k, names[k], at, sizes.get(k, 0)) for k, at in walk.depths.items() if k in names
    }
    kept = [e for e in walk.edges.values() if e.source in nodes and e.target in nodes]
    return Genealogy(key, nodes, kept, truncated)


class _Walk:
    """Walks from a start, level by level, and keeps what it met."""

    def __init__(self, organisation_id: int, start: int) -> None:
        self.lots = Lots(organisation_id)
        self.depths = {start: 0}
        self.edges: dict[tuple[int, int, int], Edge] = {}
        self._start = start

    def go(self, depth: int, sign: int, near: Sequence[Role]) -> bool:
        """Walk towards products (`sign` 1) or materials (-1); tell whether all was seen."""
        level = [self._start]
        for distance in range(1, depth + 1):
            level = self._level(level, sign * distance, near)
            if len(self.depths) > MOST_NODES:
                return False
            if not level:
                return True
        return not level

    def _level(self, level: Sequence[int], depth: int, near: Sequence[Role]) -> list[int]:
        """Walk one transformation on; return the keys met for the first time."""
        met: list[int] = []
        for key, events in self.lots.transformations(level, near).items():
            for event in events:
                for other in _ends(event, forward=depth > 0):
                    source, target = (key, other) if depth > 0 else (other, key)
                    if source == target:
                        continue
                    amount = event.inputs.get(source, "")
                    edge = Edge(source, target, event.seq, moment(event.time), amount)
                    self.edges[source, target, event.seq] = edge
                    if other not in self.depths:
                        self.depths[other] = depth
                        met.append(other)
        return met


def _ends(event: Transformation, *, forward: bool) -> list[int]:
    """Return the keys at one end: lots and classes, and items where no lot stands for them."""
    if not forward:
        return [*event.inputs, *list(event.input_items)[:_SHOWN_ITEMS]]
    items = [] if event.output_lots else list(event.output_items)[:_SHOWN_ITEMS]
    return [*event.outputs, *(k for k in event.output_lots if k not in event.outputs), *items]
