"""The history of one identity: its events and those of what held it, while it held it.

Owns: the climb through containers, the fold into a state.
Does not own: many identities at once (present).

The latest word on containment wins: an aggregation that names the identity as a child supersedes
any earlier one; a DELETE ends it; so does a DELETE of the container that names no children.
A container's events count from the packing (included) to the unpacking (excluded), in the order of
events: by time, and by number where times are the same, as when one document tells of a dock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from suyuan.capture.encode import server_event_id
from suyuan.capture.identities import identities_of
from suyuan.core.epcis.body import unpack_body
from suyuan.core.epcis.event import Role, lot_number
from suyuan.core.epcis.vocabulary import DISPOSITIONS, STEPS, Action, EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.kernel.lists import select, within
from suyuan.lineage.fetch import entries_of_few
from suyuan.lineage.fold import HOLDER_ROLES, RECALL_CLEARED, RECALL_MARK, whereabouts
from suyuan.lineage.values import (
    Containment,
    Happening,
    History,
    State,
    Step,
    Transaction,
    Whereabouts,
)

MOST_LEVELS: Final = 8
_FOREVER: Final = 1 << 62

type _Order = tuple[int, int]
"""When an event happened, and its number."""

_EVER: Final[_Order] = (-_FOREVER, 0)
_NEVER: Final[_Order] = (_FOREVER, 0)
_SHIPMENT_STATES: Final = frozenset({Whereabouts.IN_TRANSIT, Whereabouts.SOLD})
_ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.EPC: "epc",
    Role.PARENT: "parent",
    Role.CHILD: "child",
    Role.INPUT: "input",
    Role.OUTPUT: "output",
    Role.QUANTITY: "quantity",
    Role.CHILD_QUANTITY: "child",
    Role.INPUT_QUANTITY: "input",
    Role.OUTPUT_QUANTITY: "output",
    Role.LOT: "lot",
    Role.TRANSACTION: "transaction",
    Role.TRANSFORMATION: "transformation",
}


@dataclass(frozen=True, slots=True)
class _Window:
    """The identity was in `holder` from `start` (included) to `end` (excluded).

    What it was in directly had gone into `holder` at `packed`: before the identity was there
    perhaps.
    """

    holder: int
    start: _Order
    end: _Order
    packed: _Order


class Row(NamedTuple):
    """An event as read for a history."""

    seq: int
    time: int
    zone: int
    record_time: int
    type: int
    action: int
    step: int
    disposition: int
    read_point: int | None
    location: int | None
    parent: int | None
    content_digest: bytes
    epcs: bytes
    outputs: bytes
    body: Mapping[str, Any]
    voided: bool


# An error declaration tells of no happening, and neither does what it declares void.
_SELECT: Final = (
    "SELECT seq, time, zone, record_time, type, action, step, disposition, read_point, location, "
    "parent, content_digest, epcs, outputs, body, declares_error OR EXISTS ("
    "SELECT 1 FROM capture_correction AS c "
    "WHERE c.organisation_id = e.organisation_id AND c.seq = e.seq) "
    "FROM capture_storedevent AS e WHERE organisation_id = %s AND "
)


def read_rows(organisation_id: int, seqs: Iterable[int]) -> dict[int, Row]:
    """Return events by number, with whether they are void: declared so, or a declaration."""
    wanted = sorted(set(seqs))
    if not wanted:
        return {}
    condition, parameter = within("seq", wanted)
    rows = select(_SELECT + condition, (organisation_id, parameter))
    return {row[0]: _row(row) for row in rows}


def _row(row: tuple[Any, ...]) -> Row:
    dimensions, blobs, void = row[:11], row[11:15], row[15]
    digest, epcs, outputs, body = map(bytes, blobs)
    return Row._make((*dimensions, digest, epcs, outputs, unpack_body(body), bool(void)))


class _Climb:
    """Collects events level by level: the identity, what held it, what held that."""

    def __init__(self, organisation_id: int, key: int) -> None:
        self._organisation_id = organisation_id
        self.rows: dict[int, Row] = {}
        self.found: list[tuple[Row, Role, int]] = []  # event, role, whose
        self.windows: list[list[_Window]] = []  # by level, of the levels above the identity
        self._seen: set[tuple[int, Role, int]] = set()
        level = [_Window(key, _EVER, _NEVER, _EVER)]
        for depth in range(MOST_LEVELS + 1):
            clipped, level = self._level(level, own=depth == 0)
            if depth:
                self.windows.append(clipped)
            if not level:
                break

    def _level(self, level: Sequence[_Window], *, own: bool) -> tuple[list[_Window], list[_Window]]:
        """Collect the events of a level; return it as its holders ended it, and the next."""
        holders = list(dict.fromkeys(w.holder for w in level))
        entries = entries_of_few(self._organisation_id, holders)
        new = {seq for some in entries.values() for seq, _ in some} - self.rows.keys()
        self.rows |= read_rows(self._organisation_id, new)
        clipped: list[_Window] = []
        above: list[_Window] = []
        for window in level:
            pairs = [(self.rows[seq], Role(role)) for seq, role in entries[window.holder]]
            pairs.sort(key=lambda pair: _order(pair[0]))
            end = window.end if own else min(window.end, _emptied(pairs, window.packed))
            here = _Window(window.holder, window.start, end, window.packed)
            if here.start >= here.end:
                continue
            clipped.append(here)
            self._collect(pairs, here, own=own)
            for inner in _windows(pairs):
                start, stop = max(inner.start, here.start), min(inner.end, here.end)
                if start < stop:
                    above.append(_Window(inner.holder, start, stop, inner.packed))
        return clipped, above

    def _collect(self, pairs: Sequence[tuple[Row, Role]], window: _Window, *, own: bool) -> None:
        for row, role in pairs:
            if own or (role in HOLDER_ROLES and window.start <= _order(row) < window.end):
                mark = (row.seq, role, window.holder)
                if mark not in self._seen:
                    self._seen.add(mark)
                    self.found.append((row, role, window.holder))


def _order(row: Row) -> _Order:
    return row.time, row.seq


def _emptied(pairs: Sequence[tuple[Row, Role]], packed: _Order) -> _Order:
    """Return when the holder was first emptied after `packed`."""
    for row, role in pairs:
        if role is Role.PARENT and _order(row) > packed and not row.voided and _empties(row):
            return _order(row)
    return _NEVER


def _empties(row: Row) -> bool:
    """Tell whether an event takes everything out of its parent: it names no children."""
    return (
        row.action == Action.DELETE
        and row.type == EventType.AggregationEvent
        and not row.epcs
        and not row.body.get("childEPCs")
        and not row.body.get("childQuantityList")
    )


def _windows(pairs: Sequence[tuple[Row, Role]]) -> list[_Window]:
    """Fold an identity's aggregations, in order of time, into windows."""
    words = [
        row
        for row, role in pairs
        if role is Role.CHILD
        and row.type == EventType.AggregationEvent
        and row.parent is not None
        and not row.voided
    ]
    ends = [*map(_order, words[1:]), _NEVER][: len(words)]
    return [
        _Window(row.parent, _order(row), end, _order(row))
        for row, end in zip(words, ends, strict=True)
        if row.action != Action.DELETE and row.parent is not None
    ]


def history(*, organisation_id: int, key: int, identity: Identity | None = None) -> History:
    """Return everything known of one identity, in order of event time.

    Args:
        organisation_id: whose events.
        key: what to tell of.
        identity: the identity of `key`, where the caller has it.

    Raises:
        KeyError: the key was never given out.
    """
    climb = _Climb(organisation_id, key)
    found = sorted(climb.found, key=lambda one: (one[0].time, one[0].seq))
    wanted = {w.holder for level in climb.windows for w in level}
    for row, _, _ in found:
        wanted |= {one for one in (row.read_point, row.location) if one is not None}
        wanted |= {word for word in (row.step, row.disposition) if word > len(STEPS)}
    names = identities_of(organisation_id, wanted if identity else wanted | {key})
    if identity:
        names[key] = identity
    happenings = {row.seq: happening(row, names) for row, _, _ in found}
    steps = [
        Step(
            happenings[row.seq],
            _ROLE_WORDS[role],
            None if holder == key else holder,
            None if holder == key else names[holder],
        )
        for row, role, holder in found
    ]
    containments = [
        Containment(
            w.holder,
            names[w.holder],
            moment(w.start[0]),
            None if w.end == _NEVER else moment(w.end[0]),
        )
        for w in (climb.windows[0] if climb.windows else ())
    ]
    containers = tuple(names[w.holder] for level in climb.windows for w in level if w.end == _NEVER)
    return History(
        key=key,
        identity=names[key],
        steps=steps,
        containments=containments,
        contents=_contents(climb, key),
        lots=_lots(climb, names[key]),
        state=fold(steps, containers),
    )


def happening(row: Row, names: Mapping[int, Identity]) -> Happening:
    """Return an event in the words of lineage."""
    body = row.body
    return Happening(
        seq=row.seq,
        event_id=body.get("eventID") or server_event_id(row.content_digest),
        type=EventType(row.type).name,
        action=Action(row.action).name if row.action else "",
        time=moment(row.time),
        offset_minutes=row.zone,
        record_time=moment(row.record_time),
        step=_word(row.step, STEPS, names),
        disposition=_word(row.disposition, DISPOSITIONS, names),
        read_point=_place(row.read_point, names),
        location=_place(row.location, names),
        transactions=tuple(
            Transaction(one.get("type", ""), one["bizTransaction"])
            for one in body.get("bizTransactionList", ())
        ),
        sources=tuple((one["type"], one["source"]) for one in body.get("sourceList", ())),
        destinations=tuple(
            (one["type"], one["destination"]) for one in body.get("destinationList", ())
        ),
        voided=row.voided,
    )


def fold(steps: Sequence[Step], containers: tuple[Identity, ...]) -> State:
    """Fold steps, in order of time, into what is true now."""
    disposition = step = location = destination = ""
    where, since = Whereabouts.NOT_SEEN, None
    papers: tuple[Transaction, ...] = ()
    recalled = commissioned = False
    for one in steps:
        event = one.happening
        if event.voided:
            continue
        disposition = event.disposition or disposition
        step = event.step or step
        commissioned = commissioned or (event.action == "ADD" and one.role == "epc")
        commissioned = commissioned or one.role == "output"
        if event.disposition == RECALL_MARK:
            recalled = True
        elif event.disposition in RECALL_CLEARED:
            recalled = False
        found = whereabouts(event.step, event.disposition, at_location=bool(event.location))
        if found is not None:
            if found is not where or event.location != location:
                since = event.time
            where = found
            location = event.location or ("" if found in _SHIPMENT_STATES else event.read_point)
            destination = _destination(event, destination) if found in _SHIPMENT_STATES else ""
            papers = papers if found in _SHIPMENT_STATES else ()
        if event.transactions:
            papers = _merged(papers, event.transactions)
    return State(
        disposition=disposition,
        step=step,
        location=location,
        whereabouts=where,
        since=since,
        containers=containers,
        transactions=papers,
        destination=destination,
        recalled=recalled,
        commissioned=commissioned,
    )


def _merged(
    papers: tuple[Transaction, ...], more: tuple[Transaction, ...]
) -> tuple[Transaction, ...]:
    return papers + tuple(one for one in more if one not in papers)


def _destination(event: Happening, earlier: str) -> str:
    return next((value for _, value in event.destinations), earlier)


def _word(number: int, words: Sequence[str], names: Mapping[int, Identity]) -> str:
    if number == 0:
        return ""
    return words[number - 1] if number <= len(words) else names[number].primary


def _place(key: int | None, names: Mapping[int, Identity]) -> str:
    return "" if key is None else identifier_text(names[key])


def identifier_text(identity: Identity) -> str:
    """Return the canonical text of an identity: its link, else its URI."""
    if identity.scheme is Scheme.URI:
        return identity.primary
    return identity.digital_link()


def _lots(climb: _Climb, identity: Identity) -> list[Identity]:
    """Return the lots that the events of an item's birth name."""
    found: dict[Identity, None] = {}
    for row, role, _ in climb.found:
        if role in {Role.EPC, Role.OUTPUT} and not row.voided:
            lot = lot_number(row.body)
            if lot and identity.scheme is Scheme.SGTIN:
                found[Identity(Scheme.LGTIN, identity.primary, lot)] = None
    return list(found)


def _contents(climb: _Climb, key: int) -> KeySet:
    """Fold a container's own aggregations into what it holds now, by its own word."""
    inside = KeySet()
    rows = sorted(
        (row for row, role, holder in climb.found if role is Role.PARENT and holder == key),
        key=lambda row: (row.time, row.seq),
    )
    for row in rows:
        if row.voided or row.type != EventType.AggregationEvent:
            continue
        children = KeySet.from_bytes(row.epcs)
        if _empties(row):
            inside = KeySet()
        elif row.action == Action.DELETE:
            inside = inside - children
        else:
            inside = inside | children
    return inside
