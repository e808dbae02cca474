"""A rehearsal as a page tells it.

Owns: the verdict, faults gathered by kind, events and goods with names.
Does not own: the words (words), what a document would do (capture.rehearsal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from suyuan.capture.rehearsal import Goods, PlacedFault, PlaceNamed, Rehearsal, RehearsedEvent
from suyuan.core.epcis import Fault, Role
from suyuan.core.epcis.places import Excerpt
from suyuan.core.identifiers import Gtin, IdentifierError, Identity, Scheme, parse_stem
from suyuan.core.instants import moment
from suyuan.lineage.fold import whereabouts
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.messages import message
from suyuan.web.partners import words
from suyuan.web.trace.names import Names, short_text

_NUMBER: Final = re.compile(r"/\d+")
_MOST_LINES: Final = 8  # of one kind of fault


@dataclass(slots=True)
class Wrong:
    """Faults of one kind: the first one's place, and the lines of the others."""

    code: str
    sentence: str
    advice: str
    event: int | None  # from 1
    way: str  # to the field within the event
    place: str
    line: int | None
    column: int | None
    excerpt: list[tuple[int, str, bool]]
    count: int = 1
    lines: list[int] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many of the kind have no line here."""
        return max(0, self.count - 1 - len(self.lines))


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event: when, where, what it does."""

    number: int
    line: int | None
    time: datetime | None
    step: str
    disposition: str
    sentence: str
    place: str
    afterwards: str
    outcome: tuple[object, str, str]
    voids: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One trade item."""

    name: str
    code: str
    items: int
    lots: Sequence[str]
    amounts: Sequence[str]
    known: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place or party."""

    name: str
    code: str
    roles: Sequence[object]
    known: bool | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the page shows.

    `verdict`: "good", "same" (all of it is there already), "partly", "bad" or "unreadable".
    """

    rehearsal: Rehearsal
    verdict: str
    title: str
    text: str
    wrong: Sequence[Wrong]
    events: Sequence[EventLine]
    goods: Sequence[GoodsLine]
    places: Sequence[PlaceLine]

    @property
    def unknown(self) -> int:
        """How many products and places are not known here."""
        goods = sum(not one.known for one in self.goods)
        return goods + sum(one.known is False for one in self.places)

    @property
    def hidden_events(self) -> int:
        """How many events are counted and not shown."""
        return self.rehearsal.total - len(self.rehearsal.events)


def told(actor: Actor, rehearsal: Rehearsal) -> Told:
    """Return a rehearsal in the reader's language."""
    names = _Named(actor, rehearsal)
    verdict = _verdict(rehearsal)
    wrong = _gathered(rehearsal)
    title, text = _headline(verdict, rehearsal, len(wrong))
    return Told(
        rehearsal,
        verdict,
        title,
        text,
        wrong,
        [_event_line(one, names) for one in rehearsal.events],
        [_goods_line(one, names) for one in rehearsal.goods],
        _place_lines(rehearsal.places, names),
    )


def _verdict(rehearsal: Rehearsal) -> str:
    if not rehearsal.total:
        return "unreadable"
    if rehearsal.fault_count:
        return "partly" if rehearsal.new else "bad"
    return "good" if rehearsal.new else "same"


def _headline(verdict: str, rehearsal: Rehearsal, kinds: int) -> tuple[str, str]:
    """Return the verdict's title and what it means."""
    if verdict == "unreadable":
        return _("This cannot be read yet"), _("Correct it below and check again.")
    if verdict == "same":
        return (
            _("All of this was told before"),
            _("Sending it again changes nothing, and does no harm."),
        )
    if verdict == "good":
        title = ngettext(
            "Understood: %(count)s event, nothing to correct",
            "Understood: %(count)s events, nothing to correct",
            rehearsal.total,
        )
        return title % {"count": f"{rehearsal.total:,}"}, _(
            "Nothing has been stored yet. This is what sending it would do:"
        )
    title = ngettext("%(count)s thing to correct", "%(count)s things to correct", kinds)
    if rehearsal.new:
        text = ngettext(
            "%(count)s event is right as it is.",
            "%(count)s events are right as they are.",
            rehearsal.new,
        ) % {"count": f"{rehearsal.new:,}"}
    else:
        text = _("Nothing has been stored. Correct it below and check again.")
    return title % {"count": f"{kinds:,}"}, text


def _gathered(rehearsal: Rehearsal) -> list[Wrong]:
    """Return faults by kind: those that differ in event and position alone are one."""
    found: dict[tuple[str, str, str], Wrong] = {}
    for placed in rehearsal.faults:
        fault = placed.fault
        if rehearsal.syntax is not None and fault.code == "json_malformed":
            fault = Fault(rehearsal.syntax.code, fault.place, fault.data)
        key = _kind(fault)
        one = found.get(key)
        if one is None:
            found[key] = _wrong(fault, placed)
            continue
        one.count += 1
        if placed.spot and len(one.lines) < _MOST_LINES and placed.spot.line not in one.lines:
            one.lines.append(placed.spot.line)
    return list(found.values())


def _kind(fault: Fault) -> tuple[str, str, str]:
    """Return what faults of one kind share: what is given, where that is the mistake itself."""
    if fault.code in words.BY_VALUE:
        return fault.code, "", fault.data.get("given", "")
    return fault.code, _NUMBER.sub("/*", fault.place), fault.data.get("field", "")


def _wrong(fault: Fault, placed: PlacedFault) -> Wrong:
    position = placed.position
    spot = placed.spot
    return Wrong(
        code=fault.code,
        sentence=message(fault.code, fault.data),
        advice=words.advice(fault),
        event=None if position is None else position + 1,
        way=_field(fault.place) if position is not None else "",
        place=fault.place,
        line=spot.line if spot else None,
        column=spot.column if spot else None,
        excerpt=list(_excerpt(placed.excerpt)),
    )


def _field(place: str) -> str:
    """Return the way within the event, as people point at it: `epcList › 2`."""
    _before, _mark, rest = place.partition("/eventList/")
    tokens = rest.split("/")[1:]
    return " › ".join(str(int(one) + 1) if one.isdecimal() else one for one in tokens)


def _excerpt(excerpt: Excerpt | None) -> Iterator[tuple[int, str, bool]]:
    if excerpt is not None:
        for at, line in enumerate(excerpt.lines):
            yield excerpt.first + at, line, at == excerpt.meant


class _Named:
    """Names of goods and places, as far as the reader may learn them."""

    def __init__(self, actor: Actor, rehearsal: Rehearsal) -> None:
        self._names = Names(actor)
        # Whoever speaks for a partner learns the names of products, which are public, no others.
        self._known = {one.gtin: one.known for one in rehearsal.goods}
        self._hidden = actor.holder is not None
        told = {one.identity for one in rehearsal.places if one.known}
        self._places: Mapping[Identity, str] = {
            one: self._names.place(_text(one)).name for one in told
        }
        self._names.learn(gtin for gtin, known in self._known.items() if self._tellable(known))

    def _tellable(self, known: str) -> bool:
        return known == "product" or (bool(known) and not self._hidden)

    def good(self, gtin: str) -> str:
        """Return a product's name, or its number."""
        if self._tellable(self._known.get(gtin, "")):
            return self._names.good(gtin).name
        return _printed(gtin)

    def place(self, identity: Identity | None) -> str:
        """Return a place's name, or what tells it from others."""
        if identity is None:
            return ""
        return self._places.get(identity) or short_text(_text(identity))


def _printed(gtin: str) -> str:
    try:
        return f"GTIN {Gtin.parse(gtin).display}"
    except IdentifierError:
        return gtin


def _event_line(one: RehearsedEvent, names: _Named) -> EventLine:
    outcome = words.OUTCOMES[one.outcome]
    line = one.spot.line if one.spot else None
    event = one.event
    if event is None:
        return EventLine(one.position + 1, line, None, "", "", "", "", "", outcome, 0)
    after = whereabouts(event.step, event.disposition, at_location=event.location is not None)
    return EventLine(
        one.position + 1,
        line,
        moment(event.time),
        "transforming" if one.change == "transformed" else event.step,
        event.disposition,
        _sentence(one, names),
        names.place(event.location or event.read_point),
        after.value if after and not event.disposition else "",
        outcome,
        len(one.voids),
    )


def _sentence(one: RehearsedEvent, names: _Named) -> str:
    event = one.event
    if event is None:
        return ""
    inputs: list[str] = []
    goods: list[str] = []
    for some in event.lists:
        parts = inputs if some.role is Role.INPUT else goods
        total = len(some.others)
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is Scheme.SGTIN:
                parts.append(f"{len(tails):,} × {names.good(form.primary)}")
            else:
                total += len(tails)
        if total == 1 and some.others:
            parts.append(_unit(next(iter(some.others.values())), names))
        elif total:
            text = ngettext("%(count)s unit", "%(count)s units", total)
            parts.append(text % {"count": f"{total:,}"})
    for amount in one.quantities:
        parts = inputs if amount.role is Role.INPUT_QUANTITY else goods
        parts.append(_amount(amount.number, amount.unit, amount.identity, names))
    text = str(words.CHANGES[one.change]) % {
        "goods": _(", ").join(goods) or str(words.ALL_OF_IT),
        "inputs": _(", ").join(inputs),
        "parent": _unit(event.parent, names) if event.parent else "",
    }
    return text[:1].upper() + text[1:]


def _amount(number: float | None, unit: str, identity: Identity, names: _Named) -> str:
    good = names.good(identity.primary)
    if identity.secondary:
        good = _("%(product)s lot %(lot)s") % {"product": good, "lot": identity.secondary}
    if number is None:
        return good
    return f"{vocabulary.amount(f'{number:g} {unit}')} × {good}"


def _unit(identity: Identity, names: _Named) -> str:
    if identity.scheme is Scheme.SSCC:
        return f"SSCC {identity.primary}"
    if identity.scheme is Scheme.SGTIN:
        return f"{names.good(identity.primary)} {identity.secondary}"
    return short_text(_text(identity))


def _goods_line(one: Goods, names: _Named) -> GoodsLine:
    amounts = [vocabulary.amount(f"{number:g} {unit}") for unit, number in one.amounts.items()]
    return GoodsLine(names.good(one.gtin), one.gtin, one.items, one.lots, amounts, one.known)


def _place_lines(places: Sequence[PlaceNamed], names: _Named) -> list[PlaceLine]:
    """Return each place once, with everything that it is to the events."""
    roles: dict[Identity, list[object]] = {}
    for one in places:
        roles.setdefault(one.identity, []).append(words.ROLES[one.role])
    known = {one.identity: one.known for one in places}
    return [
        PlaceLine(names.place(one), _text(one), some, known[one]) for one, some in roles.items()
    ]


def _text(identity: Identity) -> str:
    """Return an identity as a link; what has none, by its number."""
    try:
        return identity.digital_link()
    except IdentifierError:
        return f"{identity.primary} {identity.secondary}".strip()
