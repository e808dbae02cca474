"""Consecutive events, from their rows into arrays.

Owns: which facts of an event a segment keeps, and how lists of keys become runs.
Does not own: where the arrays are kept (building, reading).

A run says that keys from `firsts` on, `lengths` of them, take part in event `seqs` as `roles`.
Only the roles in which single units take part are told: those whose keys the event's row holds.
Classes of goods and business papers are found in the trace index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

import numpy as np
from pyroaring import BitMap64

from suyuan.core.epcis.body import unpack_body
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.keyset import Keys
from suyuan.kernel.lists import select, within

FACTS: Final = (
    *("time", "recorded", "small", "step", "disposition"),
    *("read_point", "location", "parent"),
)
"""The columns of facts, in order; `small` is type + 16 x action + the two marks below."""

CHILDLESS: Final = 256  # names no children, neither by number nor by quantity
DECLARES_ERROR: Final = 512

# Small dimensions share one number: each column of a row costs as much as another row's.
SMALL: Final = (
    f"type + 16 * action + CASE WHEN length(epcs) = 0 THEN {CHILDLESS} ELSE 0 END "
    f"+ CASE WHEN declares_error THEN {DECLARES_ERROR} ELSE 0 END"
)
FACT_COLUMNS: Final = (
    f"time, record_time, {SMALL}, step, disposition, "
    "COALESCE(read_point, -1), COALESCE(location, -1), COALESCE(parent, -1)"
)
_LIST_ROLE: Final = {
    EventType.AggregationEvent: Role.CHILD,
    EventType.AssociationEvent: Role.CHILD,
    EventType.TransformationEvent: Role.INPUT,
}
_AT_ONCE: Final = 1_024
_EMPTYING: Final = CHILDLESS + 16 * Action.DELETE + EventType.AggregationEvent


def page_of(first: int, number: int) -> int:
    """Return what a page is stored under: the first event of its segment, and its place there."""
    return (first << 16) + number


@dataclass(frozen=True, slots=True)
class Slice:
    """Events of a span of numbers.

    Attributes:
        seqs: their numbers, ascending, shape (n,).
        facts: their facts, shape (n,) each, in the order of `FACTS`.
        firsts: first keys of runs, ascending, shape (m,).
        lengths: of the runs, shape (m,).
        events: numbers of the runs' events, shape (m,).
        roles: of the runs, shape (m,).
    """

    seqs: Keys
    facts: list[Keys]
    firsts: Keys
    lengths: Keys
    events: Keys
    roles: Keys


def read_slice(organisation_id: int, since: int, limit: int) -> Slice:
    """Read at most `limit` events from number `since` on."""
    rows = select(
        f"SELECT seq, {FACT_COLUMNS}, epcs, outputs FROM capture_storedevent "  # noqa: S608 - from code
        "WHERE organisation_id = %s AND seq >= %s ORDER BY seq LIMIT %s",
        (organisation_id, since, limit),
    )
    width = len(FACTS) + 1
    table = np.array([row[:width] for row in rows], dtype=np.int64).reshape(-1, width)
    seqs, *facts = np.ascontiguousarray(table.T)
    facts[2] = with_child_quantities(organisation_id, seqs, facts[2])
    held = facts[7] >= 0
    ones = np.ones(np.count_nonzero(held), dtype=np.int64)
    parts = [(facts[7][held], ones, seqs[held], ones * Role.PARENT)]
    # Events that name a million items each are unpacked a few at a time.
    parts += [_runs(some) for some in batched(rows, _AT_ONCE)]
    firsts, lengths, events, roles = map(np.concatenate, zip(*parts, strict=True))
    order = np.lexsort((roles, events, firsts))
    return Slice(seqs, facts, firsts[order], lengths[order], events[order], roles[order])


def with_child_quantities(organisation_id: int, seqs: Keys, small: Keys) -> Keys:
    """Return `small` with the mark "names no children" only where quantities name none either.

    Only events that would empty a container are looked at: for others the mark means nothing.
    """
    doubtful = seqs[(small & ~DECLARES_ERROR) == _EMPTYING]
    if doubtful.size == 0:
        return small
    counted = np.array(_with_quantities(organisation_id, doubtful.tolist()), dtype=np.int64)
    return np.where(np.isin(seqs, counted), small & ~CHILDLESS, small)


def _with_quantities(organisation_id: int, seqs: Collection[int]) -> list[int]:
    condition, parameter = within("seq", seqs)
    rows = select(
        "SELECT seq, body FROM capture_storedevent "  # noqa: S608 - from code
        f"WHERE organisation_id = %s AND {condition}",
        (organisation_id, parameter),
    )
    return [seq for seq, body in rows if unpack_body(bytes(body)).get("childQuantityList")]


def _runs(rows: Sequence[tuple[Any, ...]]) -> tuple[Keys, Keys, Keys, Keys]:
    """Return first keys, lengths, events and roles of the lists of events."""
    lists: list[Any] = []
    places: list[tuple[int, int, int]] = []  # event, role, how many keys
    for row in rows:
        seq, small, first, outputs = row[0], row[3], row[-2], row[-1]
        for packed, role in (
            (first, _LIST_ROLE.get(small & 15, Role.EPC)),
            (outputs, Role.OUTPUT),
        ):
            if len(packed):
                members = BitMap64.deserialize(bytes(packed)).to_array()
                lists.append(members)
                places.append((seq, role, len(members)))
    keys: Keys = np.frombuffer(b"".join(lists), dtype=np.int64)
    table = np.array(places, dtype=np.int64).reshape(-1, 3)
    starts = np.cumsum(table[:, 2]) - table[:, 2]
    new = np.ones(keys.size, dtype=np.bool_)
    new[1:] = np.diff(keys) != 1
    new[starts] = True
    at = np.flatnonzero(new)
    owner = np.searchsorted(starts, at, side="right") - 1
    lengths = np.diff(np.append(at, keys.size))
    return keys[at], lengths, table[owner, 0], table[owner, 1]
