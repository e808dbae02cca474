"""Read the trace index and events' dimensions into arrays.

Owns: the two look-ups on which all lineage stands.
Does not own: what they mean (fold, history, present).

Keys that lie close together are read as ranges of the index, others by list: goods of one lot are
neighbours, so a lot of a hundred thousand is a handful of ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from suyuan.core.keyset import (
    BLOCK_BITS,
    BLOCK_MASK,
    Keys,
    block_contains,
    block_key,
    block_start,
    unpack_block,
)
from suyuan.kernel.lists import within

_GAP: Final = 64  # keys that are closer than this are read as one range and sifted
_MOST_RANGES: Final = 64
_FACT_COLUMNS: Final = (
    "seq, time, type, action, step, disposition, COALESCE(read_point, -1), "
    "COALESCE(location, -1), COALESCE(parent, -1), CASE WHEN length(epcs) = 0 THEN 1 ELSE 0 END, "
    "CASE WHEN declares_error THEN 1 ELSE 0 END"
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

    def at(self, seqs: Keys) -> Keys:
        """Return the positions of `seqs`, all of which are there."""
        return np.searchsorted(self.seqs, seqs)


def entries_of(organisation_id: int, keys: Keys) -> Entries:
    """Return every entry of ascending distinct `keys`, those in blocks included."""
    if keys.size == 0:
        return _entries([], [], [])
    sparse = _rows(organisation_id, keys)
    blocks = np.unique(-(keys >> BLOCK_BITS) - 1)
    dense = _rows(organisation_id, blocks)
    found = [np.array(sparse, dtype=object).reshape(-1, 4)[:, :3].astype(np.int64)]
    for block, seq, role, bits in dense:
        start = block_start(block)
        members = start + unpack_block(bytes(bits))
        low, high = np.searchsorted(keys, (start, start + BLOCK_MASK + 1))
        wanted = keys[low:high]
        if wanted.size != BLOCK_MASK + 1:
            members = np.intersect1d(members, wanted, assume_unique=True)
        if members.size:
            rows = np.empty((members.size, 3), dtype=np.int64)
            rows[:, 0], rows[:, 1], rows[:, 2] = members, seq, role
            found.append(rows)
    table = np.concatenate(found)
    sifted = table[: len(sparse)]
    # Ranges bring in neighbours that nobody asked for.
    own = keys[np.clip(np.searchsorted(keys, sifted[:, 0]), 0, keys.size - 1)] == sifted[:, 0]
    table = np.concatenate((sifted[own], table[len(sparse) :]))
    order = np.lexsort((table[:, 1], table[:, 0]))
    return Entries(table[order, 0], table[order, 1], table[order, 2])


def entries_of_one(organisation_id: int, key: int) -> list[tuple[int, int]]:
    """Return (number, role) of every event of one key; the quick path of `entries_of`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, seq, role, bits FROM capture_traceentry "
            "WHERE organisation_id = %s AND key IN (%s, %s)",
            (organisation_id, key, block_key(key)),
        )
        rows = cursor.fetchall()
    offset = key & BLOCK_MASK
    return [
        (seq, role)
        for entry, seq, role, bits in rows
        if entry >= 0 or block_contains(bytes(bits), offset)
    ]


def facts_of(organisation_id: int, seqs: Keys) -> Facts:
    """Return the facts of ascending distinct numbers."""
    rows = _facts(organisation_id, seqs)
    table = np.array(rows, dtype=np.int64).reshape(-1, 11)
    table = table[np.argsort(table[:, 0], kind="stable")]
    kept = np.isin(table[:, 0], seqs, assume_unique=True)
    table = table[kept]
    declared = np.isin(table[:, 0], _declared(organisation_id, table[:, 0]))
    # An error declaration tells of no happening, and neither does what it declares void.
    voided = declared | (table[:, 10] == 1)
    return Facts(*(table[:, i] for i in range(9)), table[:, 9] == 1, voided)


def _rows(organisation_id: int, keys: Keys) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for condition, parameters in _conditions("key", keys):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key, seq, role, bits FROM capture_traceentry "  # noqa: S608 - from code
                f"WHERE organisation_id = %s AND {condition}",
                (organisation_id, *parameters),
            )
            rows += cursor.fetchall()
    return rows


def _facts(organisation_id: int, seqs: Keys) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for condition, parameters in _conditions("seq", seqs):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_FACT_COLUMNS} "  # noqa: S608 - from code
                f"FROM capture_storedevent WHERE organisation_id = %s AND {condition}",
                (organisation_id, *parameters),
            )
            rows += cursor.fetchall()
    return rows


def _declared(organisation_id: int, seqs: Keys) -> list[int]:
    """Return which events error declarations are about."""
    if seqs.size == 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq FROM capture_correction "
            "WHERE organisation_id = %s AND seq BETWEEN %s AND %s",
            (organisation_id, int(seqs[0]), int(seqs[-1])),
        )
        return [row[0] for row in cursor.fetchall()]


def _conditions(column: str, values: Keys) -> list[tuple[str, Sequence[object]]]:
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


def _entries(keys: list[int], seqs: list[int], roles: list[int]) -> Entries:
    return Entries(*(np.array(some, dtype=np.int64) for some in (keys, seqs, roles)))
