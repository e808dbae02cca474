"""From material lot to product lot and back, through any number of transformations.

Owns: which lots and items a transformation joins, in both directions.
Does not own: where anything is (present).

Breadth first, level by level, with one batched look-up for each; a transformation that is told in
several events is joined by its ID. What was met once is not walked again, so a cycle ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.epcis.event import Role, lot_number
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, Scheme, parse_epc
from suyuan.core.instants import moment
from suyuan.core.keyset import INDEX_BITS, KeySet
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.history import Row, read_rows
from suyuan.lineage.values import Edge, Genealogy, Node

MOST_NODES: Final = 2_000
_SHOWN_ITEMS: Final = 50  # of one event, where no lot stands for them
_INTO: Final = (Role.INPUT, Role.INPUT_QUANTITY)
_OUT: Final = (Role.OUTPUT, Role.OUTPUT_QUANTITY)
_BIRTH: Final = (Role.LOT,)


@dataclass(frozen=True, slots=True)
class Transformation:
    """One event that turned inputs into outputs.

    Attributes:
        seq: its number.
        time: microseconds since 1970.
        inputs: key → amount as text, of lots and other classes.
        outputs: likewise.
        input_items: items used up.
        output_items: items that came to be.
        output_lots: lots of the output items, from the ILMD.
    """

    seq: int
    time: int
    inputs: dict[int, str]
    outputs: dict[int, str]
    input_items: KeySet
    output_items: KeySet
    output_lots: tuple[int, ...]


class Lots:
    """Reads transformations and births of one organisation."""

    def __init__(self, organisation_id: int) -> None:
        """Begin with nothing read."""
        self._organisation_id = organisation_id

    def births(self, keys: Iterable[int]) -> dict[int, KeySet]:
        """Return the items of each lot: those that came to be in its name."""
        found: dict[int, KeySet] = {}
        wanted = np.array(sorted(set(keys)), dtype=np.int64)
        entries = entries_of(self._organisation_id, wanted)
        born = entries.roles == Role.LOT
        rows = read_rows(self._organisation_id, np.unique(entries.seqs[born]).tolist())
        for key, seq in zip(entries.keys[born].tolist(), entries.seqs[born].tolist(), strict=True):
            row = rows[seq]
            if not row.voided:
                items = _born_items(self._organisation_id, row, key)
                found[key] = found.get(key, KeySet()) | items
        return found

    def transformations(
        self, keys: Iterable[int], roles: Sequence[Role]
    ) -> dict[int, list[Transformation]]:
        """Return, for each key, the transformations in which it has one of `roles`."""
        wanted = np.array(sorted(set(keys)), dtype=np.int64)
        entries = entries_of(self._organisation_id, wanted)
        kept = np.isin(entries.roles, np.array(roles))
        pairs = list(zip(entries.keys[kept].tolist(), entries.seqs[kept].tolist(), strict=True))
        rows = read_rows(self._organisation_id, {seq for _, seq in pairs})
        joined = self._joined(rows.values())
        rows |= read_rows(
            self._organisation_id, {s for some in joined.values() for s in some} - rows.keys()
        )
        read = {seq: self._read(row) for seq, row in rows.items() if _is_transformation(row)}
        found: dict[int, list[Transformation]] = {}
        for key, seq in pairs:
            for one in (seq, *joined.get(seq, ())):
                if one in read and read[one] not in found.setdefault(key, []):
                    found[key].append(read[one])
        return found

    def _joined(self, rows: Iterable[Row]) -> dict[int, list[int]]:
        """Return, by number, the other events of the same transformation ID."""
        by_key: dict[int, list[int]] = {}
        for row in rows:
            text = row.body.get("transformationID")
            if text:
                by_key.setdefault(self._key_of_text(text), []).append(row.seq)
        if not by_key:
            return {}
        entries = entries_of(self._organisation_id, np.array(sorted(by_key), dtype=np.int64))
        same = entries.roles == Role.TRANSFORMATION
        joined: dict[int, list[int]] = {}
        for key, seq in zip(entries.keys[same].tolist(), entries.seqs[same].tolist(), strict=True):
            for mine in by_key[key]:
                if seq != mine:
                    joined.setdefault(mine, []).append(seq)
        return joined

    def _read(self, row: Row) -> Transformation:
        body = row.body
        items = KeySet.from_bytes(row.outputs)
        return Transformation(
            seq=row.seq,
            time=row.time,
            inputs=self._amounts(body.get("inputQuantityList", ())),
            outputs=self._amounts(body.get("outputQuantityList", ())),
            input_items=KeySet.from_bytes(row.epcs),
            output_items=items,
            output_lots=tuple(sorted(self._named_lots(items, lot_number(body)))),
        )

    def _named_lots(self, items: KeySet, lot: object) -> set[int]:
        if not isinstance(lot, str) or not items:
            return set()
        identities = identities_of(self._organisation_id, _samples(items)).values()
        lots = [Identity(Scheme.LGTIN, one.primary, lot) for one in identities]
        return set(find_keys(self._organisation_id, lots).values())

    def _amounts(self, elements: Iterable[dict[str, object]]) -> dict[int, str]:
        found = {}
        for element in elements:
            amount = element.get("quantity")
            text = "" if amount is None else f"{amount} {element.get('uom', '')}".strip()
            found[self._key_of_text(str(element["epcClass"]))] = text
        return found

    def _key_of_text(self, text: str) -> int:
        """Return the key of a text in a stored event: capture has read it and given it a key."""
        return find_keys(self._organisation_id, [identity := parse_epc(text)])[identity]


def _is_transformation(row: Row) -> bool:
    return row.type == EventType.TransformationEvent and not row.voided


def _samples(items: KeySet) -> list[int]:
    """Return one key of each class: all of a class are of one product (or in the dictionary)."""
    keys = items.to_array()
    _, first = np.unique(keys >> INDEX_BITS, return_index=True)
    return [int(key) for key in keys[first]]


def _born_items(organisation_id: int, row: Row, lot: int) -> KeySet:
    """Return the items of a birth that belong to `lot`: those of its product."""
    column = row.outputs if row.type == EventType.TransformationEvent else row.epcs
    items = KeySet.from_bytes(column)
    samples = identities_of(organisation_id, [lot, *_samples(items)])
    gtin = samples.pop(lot).primary
    if all(one.primary == gtin for one in samples.values()):
        return items
    keys = items.to_array()
    classes = [key >> INDEX_BITS for key, one in samples.items() if one.primary == gtin]
    return KeySet.from_array(keys[np.isin(keys >> INDEX_BITS, classes)])


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
