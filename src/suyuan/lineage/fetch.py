"""Read the trace index and events' dimensions into arrays.

Owns: the two look-ups on which all lineage stands.
Does not own: what they mean (fold, history, present).

Keys that lie close together are read as ranges of the index, others by list: goods of one lot are
neighbours, so a lot of a hundred thousand is a handful of ranges.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.keyset import (
    BLOCK_BITS,
    BLOCK_MASK,
    Keys,
    block_contains,
    block_key,
    block_start,
    unpack_block,
    unpack_runs,
)
from suyuan.kernel.lists import select, within

_GAP: Final = 64  # keys that are closer than this are read as one range and sifted
_MOST_RANGES: Final = 64
# Small dimensions share one number: each column of a row costs as much as another row's.
_FACT_COLUMNS: Final = (
    "seq, time, type + 16 * action + CASE WHEN length(epcs) = 0 THEN 256 ELSE 0 END "
    "+ CASE WHEN declares_error THEN 512 ELSE 0 END, step, disposition, "
    "COALESCE(read_point, -1), COALESCE(location, -1), COALESCE(parent, -1)"
)


@dataclass(frozen=True, slots=True)
class Entries:
    """Which keys take part in which events.

    All arrays have shape (n,), ordered by key, then number.
    """

    keys: Keys
    seqs: Keys
    roles: Keys


@dataclass(frozen=True, slots=True)
class Facts:
    """Dimensions of events; arrays of shape (n,), ordered by number. Missing keys are -1."""

    seqs: Keys
    times: Keys
    types: Keys
    actions: Keys
    steps: Keys
    dispositions: Keys
    read_points: Keys
    locations: Keys
    parents: Keys
    childless: NDArray[np.bool_]
    voided: NDArray[np.bool_]

    def take(self, at: Keys | NDArray[np.bool_]) -> Facts:
        """Return the facts at positions, or where a mask holds."""
        return Facts(*(getattr(self, field.name)[at] for field in fields(self)))

    def and_of(self, organisation_id: int, seqs: Keys) -> Facts:
        """Return these facts and those of `seqs`, reading only what is not there yet."""
        more = facts_of(organisation_id, np.setdiff1d(seqs, self.seqs, assume_unique=True))
        order = np.argsort(np.concatenate((self.seqs, more.seqs)), kind="stable")
        return Facts(
            *(
                np.concatenate((getattr(self, f.name), getattr(more, f.name)))[order]
                for f in fields(self)
            )
        )

    def at(self, seqs: Keys) -> Keys:
        """Return the positions of `seqs`, all of which are there."""
        return np.searchsorted(self.seqs, seqs)


def entries_of(organisation_id: int, keys: Keys) -> Entries:
    """Return every entry of ascending distinct `keys`, those in blocks included."""
    if keys.size == 0:
        return Entries(keys, keys, keys)
    sparse = _rows(organisation_id, keys)
    dense = _rows(organisation_id, np.unique(-(keys >> BLOCK_BITS) - 1))
    table = np.concatenate((_table([row[:3] for row in sparse]), *_expanded(dense)))
    # Ranges and blocks bring in neighbours that nobody asked for.
    at = np.minimum(np.searchsorted(keys, table[:, 0]), keys.size - 1)
    table = table[keys[at] == table[:, 0]]
    order = np.lexsort((table[:, 1], table[:, 0]))
    return Entries(table[order, 0], table[order, 1], table[order, 2])


def joined(parts: Sequence[Entries]) -> Entries:
    """Return the entries of several sets of keys, no two of which share a key, as one."""
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")
    seqs = np.concatenate([part.seqs for part in parts])
    roles = np.concatenate([part.roles for part in parts])
    return Entries(keys[order], seqs[order], roles[order])


def _table(rows: list[tuple[int, int, int]]) -> Keys:
    """Return (key, number, role) as an array of shape (n, 3)."""
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _expanded(rows: list[tuple[Any, ...]]) -> list[Keys]:
    """Return the entries in block rows as tables; single runs, the commonest, all at once."""
    single = [row for row in rows if len(row[3]) == 3 and bytes(row[3])[0] == 0]
    if single:
        blocks = _table([row[:3] for row in single])
        bits = np.frombuffer(b"".join(bytes(row[3]) for row in single), dtype=np.uint8)
        runs = bits.reshape(-1, 3).astype(np.int64)
        starts = ((-blocks[:, 0] - 1) << BLOCK_BITS) + runs[:, 1]
        lengths = runs[:, 2] + 1
        members = np.repeat(blocks, lengths, axis=0)
        members[:, 0] = unpack_runs(starts, lengths)
        found = [members]
    else:
        found = []
    for block, seq, role, packed in rows:
        bits_of = bytes(packed)
        if len(bits_of) == 3 and bits_of[0] == 0:
            continue
        offsets = unpack_block(bits_of)
        table = np.empty((offsets.size, 3), dtype=np.int64)
        table[:, 0], table[:, 1], table[:, 2] = block_start(block) + offsets, seq, role
        found.append(table)
    return found


def entries_of_one(organisation_id: int, key: int) -> list[tuple[int, int]]:
    """Return (number, role) of every event of one key."""
    return entries_of_few(organisation_id, [key])[key]


def entries_of_few(organisation_id: int, keys: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return (number, role) of every event of each key: one query, the quick path of `entries_of`.

    For a handful of keys, as a history asks for; arrays would cost more than they save.
    """
    found: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
    blocks: dict[int, list[int]] = {}
    for key in found:
        blocks.setdefault(block_key(key), []).append(key)
    condition, parameter = within("key", [*found, *blocks])
    rows = select(
        "SELECT key, seq, role, bits FROM capture_traceentry "  # noqa: S608 - from code
        f"WHERE organisation_id = %s AND {condition}",
        (organisation_id, parameter),
    )
    for entry, seq, role, bits in rows:
        if entry >= 0:
            found[entry].append((seq, role))
            continue
        for key in blocks[entry]:
            if block_contains(bytes(bits), key & BLOCK_MASK):
                found[key].append((seq, role))
    return found


def facts_of(organisation_id: int, seqs: Keys) -> Facts:
    """Return the facts of ascending distinct numbers."""
    rows = _facts(organisation_id, seqs)
    table = np.array(rows, dtype=np.int64).reshape(-1, 8)
    table = table[np.argsort(table[:, 0], kind="stable")]
    columns = np.ascontiguousarray(table[np.isin(table[:, 0], seqs, assume_unique=True)].T)
    small = columns[2]
    declared = np.isin(columns[0], _declared(organisation_id, columns[0]))
    return Facts(
        seqs=columns[0],
        times=columns[1],
        types=small & 15,
        actions=small >> 4 & 15,
        steps=columns[3],
        dispositions=columns[4],
        read_points=columns[5],
        locations=columns[6],
        parents=columns[7],
        childless=small & 256 > 0,
        # An error declaration tells of no happening, and neither does what it declares void.
        voided=declared | (small & 512 > 0),
    )


def _rows(organisation_id: int, keys: Keys) -> list[tuple[Any, ...]]:
    return _select(
        "SELECT key, seq, role, bits FROM capture_traceentry", organisation_id, "key", keys
    )


def _facts(organisation_id: int, seqs: Keys) -> list[tuple[Any, ...]]:
    statement = f"SELECT {_FACT_COLUMNS} FROM capture_storedevent"  # noqa: S608 - from code
    return _select(statement, organisation_id, "seq", seqs)


def _select(
    statement: str, organisation_id: int, column: str, values: Keys
) -> list[tuple[Any, ...]]:
    """Return the rows whose `column` is, or lies close to, one of `values`."""
    rows: list[tuple[Any, ...]] = []
    for condition, parameters in _conditions(column, values):
        rows += select(
            f"{statement} WHERE organisation_id = %s AND {condition}",
            (organisation_id, *parameters),
        )
    return rows


def _declared(organisation_id: int, seqs: Keys) -> list[int]:
    """Return which events error declarations are about."""
    if seqs.size == 0:
        return []
    rows = select(
        "SELECT seq FROM capture_correction WHERE organisation_id = %s AND seq BETWEEN %s AND %s",
        (organisation_id, int(seqs[0]), int(seqs[-1])),
    )
    return [row[0] for row in rows]


def _conditions(column: str, values: Keys) -> list[tuple[str, Sequence[Any]]]:
    """Turn ascending values into conditions on ranges, or one on a list."""
    if values.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(values) > _GAP) + 1
    if breaks.size < _MOST_RANGES:
        starts = values[np.concatenate(([0], breaks))].tolist()
        ends = values[np.concatenate((breaks - 1, [values.size - 1]))].tolist()
        return [(f"{column} BETWEEN %s AND %s", pair) for pair in zip(starts, ends, strict=True)]
    condition, parameter = within(column, values.tolist())
    return [(condition, (parameter,))]
