"""Say what a document would do, and do nothing.

Owns: `rehearse`, its answer.
Does not own: capturing (services), what a fault means (edge), where it is in the source
(core.epcis.places), what follows from events (lineage).
Invariant: nothing is written: no row, no number, no key.

What is rehearsed and what is captured go through the same reader and the same look-up of events
told before, so that an answer "new" is kept unless something else comes in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from suyuan.capture.encode import content_digest, event_id_of
from suyuan.capture.hashing import hash_digest, with_hash_ids
from suyuan.capture.known import Known
from suyuan.capture.models import EventSequence
from suyuan.capture.rehearsal.summary import Tally, Tellable, places_named, quantities_of
from suyuan.capture.rehearsal.values import (
    MOST_EVENTS,
    MOST_FAULTS,
    Outcome,
    PlacedFault,
    Quantity,
    Rehearsal,
    RehearsedEvent,
)
from suyuan.capture.view import Check
from suyuan.core.epcis import DocumentError, Event, Fault, Media, Role, places, read_document
from suyuan.core.epcis.event import LIST_ROLES, Document
from suyuan.core.epcis.places import Spot
from suyuan.core.identifiers import Identity, parse_stem
from suyuan.core.instants import microseconds
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def rehearse(
    *,
    actor: Actor,
    body: bytes,
    media: Media | None = None,
    hash_ids: bool = False,
    check: Check | None = None,
    tellable: Collection[Identity] | None = None,
    tellable_goods: Tellable | None = None,
) -> Rehearsal:
    """Say what `capture_document` would do with a body.

    Args:
        actor: who would capture; needs the same right.
        body: as for `capture_document`.
        media: "json" or "xml"; None looks at the body.
        hash_ids: as for `capture_document`.
        check: what a partner may deliver; without one, nothing.
        tellable: the places of which the asker may learn whether they are known; None: all.
        tellable_goods: likewise, gives those of some GTINs.

    Raises:
        Forbidden: the actor may not capture.
    """
    actor.require(Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER)
    unchecked = actor.holder is None and actor.may(Right.EVENTS_CAPTURE)
    if check is None and not unchecked:
        raise Forbidden(right=Right.EVENTS_CAPTURE.value)
    kind = places.kind_of(body) if media is None else media
    if kind not in {"json", "xml"}:
        fault = Fault(f"looks_like_{kind}", "")
        return Rehearsal(kind, faults=(PlacedFault(fault),), fault_count=1)
    read: Media = "xml" if kind == "xml" else "json"
    try:
        document = read_document(body, now=microseconds(clock.now()), media=read)
    except DocumentError as error:
        return _unreadable(body, read, error)
    if hash_ids:
        document = with_hash_ids(document)
    refusals = list(document.faults)
    if check is not None and not unchecked:
        refusals += check(actor, document)
    return _Rehearsing(actor, body, read, document, refusals).result(tellable, tellable_goods)


def _unreadable(body: bytes, media: Media, error: DocumentError) -> Rehearsal:
    """Tell of a body that is no document."""
    first = error.faults[0]
    syntax = None
    if first.code == "json_malformed":
        syntax = places.json_syntax(body, first.data.get("detail", ""))
        spots = {first.place: syntax.spot}
    elif first.code == "xml_malformed":
        spots = {first.place: Spot(int(first.data["line"]), max(1, int(first.data["column"])))}
    elif first.code == "json_depth":
        spots = {}
    else:
        spots = places.find(body, media, [fault.place for fault in error.faults])
    placed = _placed(body, error.faults, spots)
    return Rehearsal(media, syntax=syntax, faults=placed, fault_count=error.total)


def _placed(
    body: bytes, faults: Iterable[Fault], spots: Mapping[str, Spot]
) -> tuple[PlacedFault, ...]:
    shown = places.excerpts(body, set(spots.values()))
    found = []
    for fault in faults:
        spot = spots.get(fault.place)
        excerpt = shown.get(spot) if spot else None
        found.append(PlacedFault(fault, position_of(fault.place), spot, excerpt))
    return tuple(found)


def position_of(place: str) -> int | None:
    """Return which event of a document a place is in, None if in none."""
    _, mark, rest = place.partition("/eventList/")
    number = rest.partition("/")[0]
    return int(number) if mark and number.isdecimal() else None


class _Rehearsing:
    """One document on its way through what capture would do."""

    def __init__(
        self, actor: Actor, body: bytes, media: Media, document: Document, faults: Sequence[Fault]
    ) -> None:
        self._here, self._holder = actor.organisation_id, actor.holder
        self._holder = actor.holder
        self._body = body
        self._media: Media = media
        self._document = document
        self._faults = list(faults)
        self._refused = {at for f in faults if (at := position_of(f.place)) is not None}
        self._voids: dict[int, list[int]] = {}
        self._outcomes: dict[int, Outcome] = {}

    def result(
        self, tellable: Collection[Identity] | None, tellable_goods: Tellable | None
    ) -> Rehearsal:
        document = self._document
        self._meet()
        stored = [e for at, e in document.events if self._outcomes[at] == "new"]
        self._faults.sort(key=lambda f: position_of(f.place) or 0)
        told = self._faults[:MOST_FAULTS]
        first = min(document.total, MOST_EVENTS)
        wanted = [*(fault.place for fault in told), *(self._pointer(at) for at in range(first))]
        spots = places.find(self._body, self._media, wanted)
        tally = Tally()
        for event in stored:
            tally.add(event)
        return Rehearsal(
            kind=self._media,
            total=document.total,
            new=len(stored),
            duplicates=sum(one == "duplicate" for one in self._outcomes.values()),
            refused=len(self._refused),
            events=self._events(first, spots),
            faults=_placed(self._body, told, spots),
            fault_count=len(self._faults),
            goods=tally.goods(self._here, tellable_goods),
            units=len(tally.units),
            places=places_named(self._here, stored, tellable),
            voided=tuple(sorted({seq for some in self._voids.values() for seq in some})),
        )

    def _pointer(self, position: int) -> str:
        return f"{self._document.place}/{position}"

    def _meet(self) -> None:
        """Compare with what was told before, as capture does."""
        document = self._document
        contents = {
            at: hash_digest(event, document.context) or content_digest(event)
            for at, event in document.events
        }
        ids = {at: event_id_of(event, contents[at]) for at, event in document.events}
        known = Known(self._here, list(ids.values()), self._holder)
        following = EventSequence.objects.filter(organisation_id=self._here)
        start = following.values_list("next", flat=True).first() or 1
        fresh: list[int] = []
        for at, event in document.events:
            if at in self._refused:
                self._outcomes[at] = "refused"
                continue
            verdict = known.meet(ids[at], contents[at], event.declares_error, start + len(fresh))
            if verdict == "conflict":
                self._refuse(at, event)
                continue
            # That somebody else told the same is not for this sender to know.
            self._outcomes[at] = "new" if verdict == "claim" else verdict
            if verdict == "new":
                fresh.append(at)
        for voided, by in known.corrections:
            if voided < start <= by:
                self._voids.setdefault(fresh[by - start], []).append(voided)

    def _refuse(self, at: int, event: Event) -> None:
        self._outcomes[at] = "refused"
        self._refused.add(at)
        place = f"{self._pointer(at)}/eventID"
        self._faults.append(Fault("event_id_conflict", place, {"given": event.event_id}))

    def _events(self, first: int, spots: Mapping[str, Spot]) -> tuple[RehearsedEvent, ...]:
        read = dict(self._document.events)
        return tuple(
            _rehearsed(
                at,
                self._outcomes.get(at, "refused"),
                spots.get(self._pointer(at)),
                read.get(at),
                tuple(self._voids.get(at, ())),
            )
            for at in range(first)
        )


def _rehearsed(
    at: int, outcome: Outcome, spot: Spot | None, event: Event | None, voids: tuple[int, ...]
) -> RehearsedEvent:
    if event is None:
        return RehearsedEvent(at, outcome, spot)
    document = event.document
    named = {name: document.get(name) or () for name in LIST_ROLES}
    inputs = len(named.pop("inputEPCList"))
    quantities = tuple(quantities_of(event))
    return RehearsedEvent(
        at,
        outcome,
        spot,
        event,
        units=sum(map(len, named.values())),
        inputs=inputs,
        sample=_sample(event, quantities),
        quantities=quantities,
        voids=voids,
    )


def _sample(event: Event, quantities: Sequence[Quantity]) -> Identity | None:
    """Return one thing that the event is about: something that came out rather than went in."""
    if event.lists:
        some = min(event.lists, key=lambda some: some.role is Role.INPUT)
        if some.others:
            return next(iter(some.others.values()))
        stem, tails = next(iter(some.stems.items()))
        return parse_stem(stem).identity(tails[0])
    return quantities[-1].identity if quantities else event.parent
