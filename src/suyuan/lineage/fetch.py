"""Read entries and facts of events into arrays.

Owns: the look-ups on which all lineage stands, and from where they are answered.
Does not own: what they mean (fold, history, present).

Few keys are asked for in the trace index, very many in columns (`capture.columns`): whichever costs
less. In the index, keys that lie close together are read as ranges, others by list: goods of one
lot are neighbours, so a lot of a hundred thousand is a handful of ranges.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.columns import (
    CHILDLESS,
    DECLARES_ERROR,
    FACT_COLUMNS,
    FACTS,
    Columns,
    with_child_quantities,
)
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.read import FUTURE_TOLERANCE_US
from suyuan.core.keyset import (
    BLOCK_BITS,
    BLOCK_MASK,
    Keys,
    block_contains,
    block_key,
    block_start,
    distinct,
    unpack_block,
    unpack_runs,
)
from suyuan.kernel.lists import select, within

_GAP: Final = 64  # keys that are closer than this are read as one range and sifted
_MOST_RANGES: Final = 64
_MANY: Final = 1_024  # keys from which on columns are thought of
_KEY_COST: Final = 5  # microseconds for a key in the trace index, roughly
_SOME: Final = 200  # numbers of one segment from which on its page is quicker than their rows
_ROLE_BITS: Final = 4


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
    recorded: Keys  # record times

    @property
    def ahead(self) -> NDArray[np.bool_]:
        """Which are later than their record, by more than clocks differ."""
        told: NDArray[np.bool_] = self.times > self.recorded + FUTURE_TOLERANCE_US
        return told

    def take(self, at: Keys | NDArray[np.bool_]) -> Facts:
        """Return the facts at positions, or where a mask holds."""
        return Facts(*(getattr(self, field.name)[at] for field in fields(self)))

    def and_of(self, organisation_id: int, seqs: Keys, columns: Columns | None = None) -> Facts:
        """Return these facts and those of `seqs`, reading only what is not there yet."""
        missing = seqs[~found_in(self.seqs, seqs)]
        if not missing.size:
            return self
        more = facts_of(organisation_id, missing, columns)
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


def found_in(values: Keys, asked: Keys) -> NDArray[np.bool_]:
    """Tell which of `asked` are among ascending `values`."""
    if not values.size:
        return np.zeros(asked.size, dtype=np.bool_)
    at = np.minimum(np.searchsorted(values, asked), values.size - 1)
    found: NDArray[np.bool_] = values[at] == asked
    return found


def entries_of(organisation_id: int, keys: Keys, columns: Columns | None = None) -> Entries:
    """Return every entry of ascending distinct `keys`, those in blocks included.

    Args:
        organisation_id: whose events.
        keys: of anything.
        columns: the organisation's, for a caller that asks several times.
    """
    columns = columns or Columns(organisation_id)
    if keys.size < _MANY or columns.cost(keys) > _KEY_COST * keys.size:
        return _of_index(organisation_id, keys)
    units = columns.of_units(keys)
    if not units.all():
        parts = (
            entries_of(organisation_id, keys[units], columns),
            _of_index(organisation_id, keys[~units]),
        )
        return joined(parts)
    return _ordered(keys, *columns.entries(keys))


def members_of(organisation_id: int, seqs: Keys, roles: Sequence[Role]) -> Entries:
    """Return which keys take part in events, given by ascending distinct numbers.

    Args:
        organisation_id: whose events.
        seqs: numbers.
        roles: in which roles; only those in which single units take part (`columns.ROLES`).
    """
    keys, numbers, told = Columns(organisation_id).members(seqs, roles)
    known = distinct(keys)
    return _ordered(known, np.searchsorted(known, keys), numbers, told)


def _ordered(keys: Keys, at: Keys, seqs: Keys, roles: Keys) -> Entries:
    """Return entries ordered by key, number, role; `at` are positions in `keys`."""
    if not at.size:
        return Entries(at, at, at)
    least = int(seqs.min())
    bits = int(seqs.max() - least).bit_length() + _ROLE_BITS
    if keys.size.bit_length() + bits > 63:
        order = np.lexsort((roles, seqs, at))
        return Entries(keys[at[order]], seqs[order], roles[order])
    # One sort of plain numbers costs a tenth of an indirect one by three columns.
    words = at << bits
    words |= (seqs - least) << _ROLE_BITS
    words |= roles
    words.sort(kind="stable")  # segments come in order, each by key: runs that merge
    return Entries(
        keys[words >> bits],
        (words >> _ROLE_BITS & (1 << bits - _ROLE_BITS) - 1) + least,
        words & (1 << _ROLE_BITS) - 1,
    )


def _of_index(organisation_id: int, keys: Keys) -> Entries:
    if keys.size == 0:
        return Entries(keys, keys, keys)
    sparse = _rows(organisation_id, keys)
    dense = _rows(organisation_id, np.unique(-(keys >> BLOCK_BITS) - 1))
    table = np.concatenate((_table([row[:3] for row in sparse]), *_expanded(dense)))
    # Ranges and blocks bring in neighbours that nobody asked for.
    at = np.minimum(np.searchsorted(keys, table[:, 0]), keys.size - 1)
    mine = keys[at] == table[:, 0]
    return _ordered(keys, at[mine], table[mine, 1], table[mine, 2])


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


def facts_of(organisation_id: int, seqs: Keys, columns: Columns | None = None) -> Facts:
    """Return the facts of ascending distinct numbers."""
    columns = columns or Columns(organisation_id)
    parts: list[tuple[Keys, list[Keys]]] = []
    rest = seqs
    if seqs.size > _SOME:
        many = columns.crowded(seqs, _SOME)
        parts += columns.facts(seqs[many], FACTS)
        rest = seqs[~many]
    if rest.size:
        parts.append(_fact_rows(organisation_id, rest))
    width = len(FACTS) + 1
    if not parts:
        table = [np.empty(0, dtype=np.int64)] * width
    else:
        table = [
            np.concatenate(column) for column in zip(*((p, *c) for p, c in parts), strict=True)
        ]
    if len(parts) > 1 and np.any(np.diff(table[0]) < 0):
        order = np.argsort(table[0], kind="stable")
        table = [column[order] for column in table]
    numbers, times, recorded, small, steps, dispositions, read_points, locations, parents = table
    # An error declaration tells of no happening, and neither does what it declares void.
    voided = small & DECLARES_ERROR > 0
    voided |= found_in(np.array(_declared(organisation_id, numbers), dtype=np.int64), numbers)
    return Facts(
        seqs=numbers,
        times=times,
        types=small & 15,
        actions=small >> 4 & 15,
        steps=steps,
        dispositions=dispositions,
        read_points=read_points,
        locations=locations,
        parents=parents,
        childless=small & CHILDLESS > 0,
        voided=voided,
        recorded=recorded,
    )


def _fact_rows(organisation_id: int, seqs: Keys) -> tuple[Keys, list[Keys]]:
    statement = f"SELECT seq, {FACT_COLUMNS} FROM capture_storedevent"  # noqa: S608 - from code
    rows = _select(statement, organisation_id, "seq", seqs)
    table = np.array(rows, dtype=np.int64).reshape(-1, len(FACTS) + 1)
    table = table[np.argsort(table[:, 0], kind="stable")]
    numbers, *facts = np.ascontiguousarray(table[found_in(seqs, table[:, 0])].T)
    small = FACTS.index("small")
    facts[small] = with_child_quantities(organisation_id, numbers, facts[small])
    return numbers, facts


def _rows(organisation_id: int, keys: Keys) -> list[tuple[Any, ...]]:
    return _select(
        "SELECT key, seq, role, bits FROM capture_traceentry", organisation_id, "key", keys
    )


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
    """Turn ascending values, at least one, into conditions on ranges, or one on a list."""
    breaks = np.flatnonzero(np.diff(values) > _GAP) + 1
    if breaks.size < _MOST_RANGES:
        starts = values[np.concatenate(([0], breaks))].tolist()
        ends = values[np.concatenate((breaks - 1, [values.size - 1]))].tolist()
        return [(f"{column} BETWEEN %s AND %s", pair) for pair in zip(starts, ends, strict=True)]
    condition, parameter = within(column, values.tolist())
    return [(condition, (parameter,))]
