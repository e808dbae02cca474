"""What a scope's records lack or contradict, in plain words with links to the events.

Owns: the words for each finding, the lines of findings, balances, movements and chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity
from suyuan.lineage.values import (
    Balance,
    Certainty,
    Finding,
    FindingCode,
    Link,
    Movement,
)
from suyuan.recalls.transactions import order_number, waybill_number
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.picture import Names

_MOST_EVENTS: Final = 20
_MOST_LOTS: Final = 6
_MOST_UNITS: Final = 3


class Words(NamedTuple):
    """How a finding is told: what it is, and what it means for the scope."""

    title: str | Promise
    meaning: str | Promise
    tone: str = "warn"


WORDS: Final[Mapping[FindingCode, Words]] = {
    FindingCode.TWO_LOTS: Words(
        _("Items with two lots"),
        _("Their first events name different lots, so that they may belong to either."),
    ),
    FindingCode.BIRTH_WITHDRAWN: Words(
        _("The first event was declared an error"),
        _("No other event tells the lot of these items."),
    ),
    FindingCode.LOT_NOT_RECORDED: Words(
        _("A material was used without its lot"),
        _("Nobody wrote down which lot went in. What was made may hold the bad one."),
    ),
    FindingCode.OUTPUT_WITHOUT_LOT: Words(
        _("Something was made without a lot"),
        _("What came out has neither a lot nor serial numbers, so it cannot be followed."),
    ),
    FindingCode.UNNUMBERED_CONTENTS: Words(
        _("A case holds more than its scans name"),
        _("Units were packed by quantity. Loose items of that lot may be inside."),
    ),
    FindingCode.MISSING_RECEIVING: Words(
        _("No receiving scan"),
        _("Goods were seen here without having arrived, so they may have come earlier."),
    ),
    FindingCode.MISSING_DEPARTURE: Words(
        _("No dispatch scan"),
        _("Goods were seen elsewhere without having left, so they may have stayed longer."),
    ),
    FindingCode.MISSING_UNPACKING: Words(
        _("Not unpacked before it was packed again"),
        _("The item went into another case while the records had it in the first."),
    ),
    FindingCode.IN_TWO_CONTAINERS: Words(
        _("In two cases at once"),
        _("Two packing events at the same time name the same item."),
    ),
    FindingCode.HOLDS_ITSELF: Words(
        _("A case that holds itself"), _("Its packing events cannot all be right.")
    ),
    FindingCode.CYCLE: Words(
        _("Goods that went into themselves"),
        _("Rework, or a mistaken input: all of it is counted once."),
        "info",
    ),
    FindingCode.BEFORE_BIRTH: Words(
        _("Seen before it was made"),
        _("An event is earlier than the item's first. One of the two times is wrong."),
        "info",
    ),
    FindingCode.AFTER_END: Words(
        _("Seen after it was destroyed"),
        _("Either it was not destroyed, or its code is on something else."),
    ),
    FindingCode.FROM_THE_FUTURE: Words(
        _("An event from the future"),
        _("It says a later time than that of its recording. A clock is wrong."),
        "info",
    ),
    FindingCode.MORE_USED_THAN_CAME: Words(
        _("More was used than came in"),
        _("A receipt is missing, or a quantity is wrong."),
    ),
    FindingCode.MORE_OUT_THAN_MADE: Words(
        _("More left than was made"),
        _("A production record is missing, or a quantity is wrong."),
    ),
    FindingCode.NEGATIVE_QUANTITY: Words(_("A quantity below zero"), _("It was not counted.")),
    FindingCode.LARGE_CONTAINER: Words(
        _("An uncommonly full container"),
        _("It names over a hundred thousand children. Is it one?"),
        "info",
    ),
    FindingCode.WHOLE_BRAND: Words(
        _("Nearly everything ever made is affected"),
        _("Check the starts: a lot that is used for everything, or too wide a period."),
        "bad",
    ),
    FindingCode.CUT_SHORT: Words(
        _("The answer is not whole"),
        _("A bound was met while searching. Begin with less, and look at the rest apart."),
        "bad",
    ),
}

RULES: Final[Mapping[str, str | Promise]] = {
    "": pgettext_lazy("link of a chain", "begins here"),
    "start": pgettext_lazy("link of a chain", "begins here"),
    "birth": pgettext_lazy("link of a chain", "was made in this lot"),
    "transformation": pgettext_lazy("link of a chain", "went into"),
    "same_class": pgettext_lazy("link of a chain", "may have gone into; the lot was not recorded"),
    "held": pgettext_lazy("link of a chain", "was inside"),
    "present": pgettext_lazy("link of a chain", "was there at the time"),
    "handled": pgettext_lazy("link of a chain", "was worked on there at the time"),
    "told": pgettext_lazy("link of a chain", "is named by this event"),
}


class Scan(NamedTuple):
    """An event that a finding points at."""

    seq: int
    href: str


class FindingLine(NamedTuple):
    """A finding as people read it."""

    title: str
    meaning: str
    tone: str
    times: int
    units: int
    step: str
    place: str
    since: datetime | None
    until: datetime | None
    amount: str
    lots: list[str]
    samples: list[tuple[str, str]]  # code, address
    scans: list[Scan]


class BalanceLine(NamedTuple):
    """Whether one lot adds up, as a row."""

    code: str
    name: str
    href: str
    uom: str
    made: str
    numbered: int
    affected: dict[str, int]
    affected_all: int
    not_affected: int
    unnumbered: str
    used: str
    destroyed: str
    left: str
    balanced: bool


class MovementLine(NamedTuple):
    """A quantity without serials, as a row."""

    lot: str
    amount: str
    whereabouts: str
    place: str
    waybill: str
    order_number: str
    time: datetime
    certainty: str
    href: str


class LinkLine(NamedTuple):
    """One step of a chain."""

    source: str
    target: str
    rule: str
    certainty: str
    step: str
    icon: str
    place: str
    time: datetime | None
    href: str
    target_href: str


def finding_lines(actor: Actor, findings: Iterable[Finding], names: Names) -> list[FindingLine]:
    """Return findings as lines, those that weigh most first."""
    rows = sorted(findings, key=_weight)
    keys = {key for one in rows for key in (*one.lots[:_MOST_LOTS], *_first(one))}
    known = identities_of(actor.organisation_id, keys)
    return [_finding(actor, one, names, known) for one in rows]


def _first(finding: Finding) -> list[int]:
    return [key for key, _n in zip(finding.units, range(_MOST_UNITS), strict=False)]


def _weight(finding: Finding) -> tuple[int, int]:
    tones = ("bad", "warn", "info")
    return tones.index(WORDS[finding.code].tone), -len(finding.units)


def _finding(
    actor: Actor, one: Finding, names: Names, known: Mapping[int, Identity]
) -> FindingLine:
    words = WORDS[one.code]
    samples = [known[key] for key in _first(one) if key in known]
    return FindingLine(
        str(words.title),
        str(words.meaning),
        words.tone,
        one.times,
        len(one.units),
        str(vocabulary.step(one.step).label) if one.step else "",
        names.place(one.place) if one.place else "",
        one.since,
        one.until,
        vocabulary.amount(one.amount),
        [_code(known[key]) for key in one.lots[:_MOST_LOTS] if key in known],
        [(_code(unit), journey_link(actor, _text(unit))) for unit in samples],
        [Scan(seq, event_link(actor, seq)) for seq in one.seqs[:_MOST_EVENTS]],
    )


def event_link(actor: Actor, seq: int) -> str:
    """Return the page of an event; "" without the right to see it."""
    if not actor.may(Right.EVENTS_VIEW):
        return ""
    return reverse("trace:event", kwargs={"org": actor.organisation.slug, "seq": seq})


def balance_lines(actor: Actor, balances: Iterable[Balance], names: Names) -> list[BalanceLine]:
    """Return balances as rows, those that do not add up first."""
    rows = sorted(balances, key=lambda one: one.balanced)
    goods = names.goods([_text(one.identity) for one in rows])
    return [
        BalanceLine(
            _code(one.identity),
            goods.get(_text(one.identity), ""),
            journey_link(actor, _text(one.identity)),
            str(vocabulary.UNITS.get(one.uom, one.uom)),
            one.made,
            one.numbered,
            {grade.value: count for grade, count in one.affected.items() if count},
            sum(one.affected.values()),
            one.not_affected,
            one.unnumbered,
            one.used,
            one.destroyed,
            one.left,
            one.balanced,
        )
        for one in rows
    ]


def movement_lines(actor: Actor, movements: Sequence[Movement], names: Names) -> list[MovementLine]:
    """Return movements of quantities as rows."""
    known = identities_of(actor.organisation_id, {one.lot for one in movements})
    return [
        MovementLine(
            _code(known[one.lot]) if one.lot in known else "",
            vocabulary.amount(one.amount),
            one.whereabouts.value,
            names.place(one.location),
            waybill_number(one.transactions),
            order_number(one.transactions),
            one.time,
            one.certainty.value,
            event_link(actor, one.seq),
        )
        for one in movements
    ]


def link_lines(actor: Actor, chain: Sequence[Link], names: Names) -> list[LinkLine]:
    """Return a chain from a start to a unit, link by link."""
    return [_link(actor, one, names) for one in chain]


def _link(actor: Actor, one: Link, names: Names) -> LinkLine:
    event = one.happening
    word = vocabulary.step(event.step) if event else None
    return LinkLine(
        _named(one.source_identity, names),
        _named(one.target_identity, names),
        str(RULES.get(one.rule, one.rule)),
        one.certainty.value,
        str(word.label) if word else "",
        (word.icon if word else "") or "sitemap",
        names.place(event.location or event.read_point) if event else "",
        event.time if event else None,
        event_link(actor, event.seq) if event else "",
        journey_link(actor, _text(one.target_identity)),
    )


def _named(identity: Identity, names: Names) -> str:
    text = _text(identity)
    if text in names.locations:
        return names.place(text)
    name = names.goods([text]).get(text, "")
    return f"{name} {_code(identity)}".strip()


def _code(identity: Identity) -> str:
    return identity.secondary or identity.primary


def _text(identity: Identity) -> str:
    return identity.primary if identity.primary.startswith("urn:") else identity.digital_link()


def grades(certainty: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Return the grades with their number of items and their share, all three."""
    whole = sum(certainty.values())
    return [
        (grade.value, count, _share(count, whole))
        for grade in Certainty
        for count in [certainty.get(grade.value, 0)]
    ]


def _share(count: int, whole: int) -> str:
    """Return a share in percent that says neither all nor nothing where it is not."""
    share = 100 * count / whole if whole else 0.0
    if 0 < share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    return f"{share:.1f} %"
