"""What there is to ask for: EPCs, steps, dispositions, places (EPCIS 2.0 §12, top-level resources).

Owns: lists of what some event names, a page at a time, and whether something is among them.
Invariant: whoever has a view is told only what a visible event names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from suyuan.capture.facets import Facet, facets_after
from suyuan.capture.identities import identities_of
from suyuan.capture.queries.rows import Row, rows_of
from suyuan.capture.queries.run import matching_seqs
from suyuan.capture.queries.values import Position
from suyuan.capture.view import EventView
from suyuan.core.epcis.event import LIST_ROLES, Role
from suyuan.core.epcis.query import EventQuery, read_query
from suyuan.core.epcis.vocabulary import DISPOSITIONS, STEPS, EventType
from suyuan.core.identifiers import IdentifierError, Identity
from suyuan.core.keyset import (
    BLOCK_MASK,
    INDEX_BITS,
    block_contains,
    block_key,
    block_start,
    unpack_block,
)
from suyuan.kernel.lists import select, within


class TopLevel(StrEnum):
    """What is listed, as the standard names it; the value is the parameter that asks for it."""

    TYPES = "eventType"
    EPCS = "MATCH_anyEPC"
    STEPS = "EQ_bizStep"
    DISPOSITIONS = "EQ_disposition"
    READ_POINTS = "EQ_readPoint"
    LOCATIONS = "EQ_bizLocation"


@dataclass(frozen=True, slots=True)
class NamePage:
    """Names, links where they have one; `next`: where to go on, None at the end.

    A page may hold less than was asked for and yet not be the last.
    """

    names: list[str]
    next: Position | None = None


_STANDARD: Final[dict[TopLevel, tuple[str, ...]]] = {
    TopLevel.TYPES: tuple(EventType.__members__),
    TopLevel.STEPS: tuple(STEPS),
    TopLevel.DISPOSITIONS: tuple(DISPOSITIONS),
}
_FACETS: Final = {
    TopLevel.STEPS: Facet.STEP,
    TopLevel.DISPOSITIONS: Facet.DISPOSITION,
    TopLevel.READ_POINTS: Facet.READ_POINT,
    TopLevel.LOCATIONS: Facet.LOCATION,
}
_FIRST_KEY: Final = 1 << INDEX_BITS  # keys are not below, numbers of standard words are
_ROLES: Final = frozenset({*LIST_ROLES.values(), Role.PARENT})
_ENTRIES: Final = 5_000  # of the trace index, for one look
_MOST_LOOKS: Final = 6
_SOME: Final = 50  # events that are looked at together


def names(
    organisation_id: int,
    what: TopLevel,
    *,
    view: EventView | None,
    after: Position | None,
    limit: int,
) -> NamePage:
    """Return one page of what there is: standard words first, then what events name."""
    if what is TopLevel.EPCS:
        if view is None:
            return _Epcs(organisation_id, after, limit).page()
        return _epcs_seen(organisation_id, view, after, limit)
    begin = 0 if after is None else after.value
    standard = _STANDARD.get(what, ())
    found = list(standard[begin : begin + limit])
    room = limit - len(found)
    if what not in _FACETS:
        return NamePage(found, _spot(begin + limit) if begin + limit < len(standard) else None)
    if begin + limit < len(standard):
        return NamePage(found, _spot(begin + limit))
    some, last = _names_after(organisation_id, what, view, max(begin, _FIRST_KEY - 1), room)
    return NamePage(found + some, None if last is None else _spot(last))


def _names_after(
    organisation_id: int, what: TopLevel, view: EventView | None, after: int, room: int
) -> tuple[list[str], int | None]:
    """Return the next names, and the key after which to go on, None at the end.

    Names that may not be told take no room: the pages would count them.
    """
    found: list[str] = []
    size = _SOME if view is not None else room + 1
    for _ in range(_MOST_LOOKS):
        keys = facets_after(organisation_id, _FACETS[what], after, size)
        told = identities_of(organisation_id, keys)
        for key in keys:
            name = name_of(told[key])
            if view is None or is_known(organisation_id, what, name, view):
                if len(found) == room:
                    return found, after
                found.append(name)
            after = key
        if len(keys) < size:
            return found, None
    return found, after


def is_known(organisation_id: int, what: TopLevel, name: str, view: EventView | None) -> bool:
    """Tell whether something is there, for whoever has a view. Raises `QueryError`."""
    query = query_of(what, name)
    if query.tests[0].values <= frozenset(_STANDARD.get(what, ())):
        return True
    page = matching_seqs(organisation_id, query, view=view, limit=1)
    # A walk that ended early has at least found that there is something to walk along.
    return bool(page.seqs) or (page.next is not None and view is None)


def query_of(what: TopLevel, name: str) -> EventQuery:
    """Return the query for the events of something. Raises `QueryError`."""
    return read_query([(what.value, [name])])


def name_of(identity: Identity) -> str:
    """Return the link of an identity; its URN where it has no link."""
    try:
        return identity.digital_link()
    except IdentifierError:
        return identity.urn(0)  # schemes without a link have no company prefix


def _spot(value: int, offset: int = 0, phase: int = 0) -> Position:
    return Position(value, offset, 0, phase)


# ── EPCs ─────────────────────────────────────────────────────────────────────────────────────


class _Epcs:
    """All EPCs from the trace index: those of blocks first, then those with rows of their own.

    An EPC that has both is told with its block.
    """

    def __init__(self, organisation_id: int, after: Position | None, limit: int) -> None:
        self._organisation_id = organisation_id
        self._limit = limit
        self._found: list[int] = []
        # In the phase of blocks `value` counts them, and `offset` is the next one's in its block.
        self._value, self._offset, self._phase = (
            (0, 0, 0) if after is None else (after.value, after.seq, after.given)
        )

    def page(self) -> NamePage:
        """Return a page, or a part of one."""
        following: Position | None = _spot(self._value, self._offset, self._phase)
        for _ in range(_MOST_LOOKS):
            following = self._blocks() if self._phase == 0 else self._singles()
            if following is None or len(self._found) >= self._limit:
                break
            self._value, self._offset, self._phase = (
                following.value,
                following.seq,
                following.given,
            )
        told = identities_of(self._organisation_id, self._found)
        return NamePage([name_of(told[key]) for key in self._found], following)

    def _blocks(self) -> Position:
        """Take the members of the next blocks."""
        start = -self._value - 1  # of the first block that is left
        rows = self._entries("key <= %s", start, "DESC")
        whole = rows if len(rows) < _ENTRIES else rows[: _ends(rows)]
        if len(rows) == len(whole) == _ENTRIES:  # of one block, which may have more
            whole = self._entries("key = %s", rows[0][0], "DESC", whole=True)
        blocks: dict[int, set[int]] = {}
        for key, role, bits in whole:
            if role in _ROLES:
                blocks.setdefault(key, set()).update(unpack_block(bytes(bits)).tolist())
        for key, members in blocks.items():
            begin = self._offset if key == start else 0
            offsets = sorted(one for one in members if one >= begin)
            room = self._limit - len(self._found)
            self._found += (block_start(key) + one for one in offsets[:room])
            if len(offsets) > room:
                return _spot(-key - 1, offsets[room])
        if len(rows) < _ENTRIES:
            return _spot(_FIRST_KEY, 0, 1)
        return _spot(-whole[-1][0])

    def _singles(self) -> Position | None:
        """Take the next keys that have rows of their own and are in no block."""
        rows = self._entries("key >= %s", self._value, "ASC")
        whole = rows if len(rows) < _ENTRIES else rows[: _ends(rows)]
        keys = sorted({key for key, role, _ in whole if role in _ROLES})
        told = self._in_blocks(keys)
        apart = [key for key in keys if key not in told]
        room = self._limit - len(self._found)
        self._found += apart[:room]
        if len(apart) > room:
            return _spot(apart[room], 0, 1)
        return None if len(rows) < _ENTRIES else _spot(whole[-1][0] + 1, 0, 1)

    def _in_blocks(self, keys: list[int]) -> set[int]:
        """Return those of `keys` that some block tells."""
        by_block: dict[int, list[int]] = {}
        for key in keys:
            by_block.setdefault(block_key(key), []).append(key)
        text, value = within("key", sorted(by_block))
        rows = select(
            "SELECT key, role, bits FROM capture_traceentry "  # noqa: S608 - parts come from code
            f"WHERE organisation_id = %s AND {text}",
            [self._organisation_id, value],
        )
        return {
            one
            for block, role, bits in rows
            if role in _ROLES
            for one in by_block[block]
            if block_contains(bytes(bits), one & BLOCK_MASK)
        }

    def _entries(
        self, condition: str, start: int, direction: str, *, whole: bool = False
    ) -> list[tuple[int, int, bytes]]:
        end = "" if whole else f" LIMIT {_ENTRIES}"
        found = select(
            "SELECT key, role, bits FROM capture_traceentry "  # noqa: S608 - parts come from code
            f"WHERE organisation_id = %s AND {condition} ORDER BY key {direction}, seq{end}",
            [self._organisation_id, start],
        )
        return [(key, role, bits) for key, role, bits in found]


def _ends(rows: list[tuple[int, int, bytes]]) -> int:
    """Return how many of the rows belong to keys that are whole among them; all if to one key."""
    last = rows[-1][0]
    count = next((at for at in range(len(rows), 0, -1) if rows[at - 1][0] != last), 0)
    return count or len(rows)


def _epcs_seen(
    organisation_id: int, view: EventView, after: Position | None, limit: int
) -> NamePage:
    """Return the EPCs of visible events, event by event; one may come again on a later page."""
    found: dict[int, None] = {}
    skip = 0 if after is None else after.given
    spot = None if after is None else Position(after.value, after.seq, after.top)
    page = matching_seqs(organisation_id, EventQuery(), view=view, after=spot, limit=_SOME)
    rows = rows_of(organisation_id, page.seqs)
    before = 0 if spot is None else spot.seq
    for seq in page.seqs:
        keys = list(_keys_of(rows[seq]))[skip:]
        for at, key in enumerate(keys):
            if key not in found and len(found) == limit:
                top = page.next.top if page.next else seq + 1 if after is None else after.top
                following = Position(0, before, max(top, page.seqs[-1] + 1), skip + at)
                return _named(organisation_id, found, following)
            found[key] = None
        before, skip = seq, 0
    # Here `given` is how many EPCs of the next event stood on a page before; of a new one, none.
    rest = None if page.next is None else msgspec.structs.replace(page.next, given=0)
    return _named(organisation_id, found, rest)


def _keys_of(row: Row) -> Iterator[int]:
    """Yield the keys of an event's EPCs, in an order that stays."""
    if row.parent is not None:
        yield row.parent
    yield from row.epcs
    yield from row.outputs


def _named(organisation_id: int, keys: Iterable[int], following: Position | None) -> NamePage:
    told = identities_of(organisation_id, keys)
    return NamePage([name_of(told[key]) for key in keys], following)
