"""What a recall begins with, as people read it.

Owns: `StartLine`, the words for each kind of start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity
from suyuan.kernel.errors import SuyuanError
from suyuan.lineage.starts import Goods
from suyuan.masterdata import selectors as masterdata
from suyuan.recalls.starts import Start
from suyuan.recalls.starts.texts import Said, read_said
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.picture import Names, read
from suyuan.web.recalls.start_forms import MEASURES, UNITS

_MOST_FOUND: Final = 40
_ICONS: Final = {
    "supply": "truck-loading",
    "made": "building-factory-2",
    "handled": "tool",
    "stayed": "building-warehouse",
    "measured": "temperature",
    "complaints": "message-report",
    "events": "timeline-event",
}


class Found(NamedTuple):
    """A lot or an item that a start found."""

    text: str
    code: str
    name: str
    href: str


class Spell(NamedTuple):
    """A time in which a sensor's limit was passed."""

    where: str
    first: object
    last: object
    since: object
    until: object
    worst: str
    readings: int


class StartLine(NamedTuple):
    """What the recall began with.

    Attributes:
        identifier: its canonical text.
        code: a lot's or an item's code; the facts of another start.
        name: what it is.
        href: its page, "" if it has none.
        icon: what stands before it.
        found: the lots and items that it found, at most forty.
        more: how many it found beside these.
        spells: of readings.
    """

    identifier: str
    code: str
    name: str
    href: str
    icon: str = "sitemap"
    found: Sequence[Found] = ()
    more: int = 0
    spells: Sequence[Spell] = ()

    @property
    def is_goods(self) -> bool:
        """Whether it is a code."""
        return self.icon == "sitemap"


def starts_of(actor: Actor, texts: Sequence[str], names: Names) -> list[StartLine]:
    """Return lines for what is known to be bad, by canonical texts."""
    goods = names.goods([text for text in texts if not _said(text)])
    return [
        _of_kind(said, text, names) if (said := _said(text)) else _of_code(actor, text, goods)
        for text in texts
    ]


def lines_of_starts(actor: Actor, starts: Sequence[Start], names: Names) -> list[StartLine]:
    """Return lines for starts that were read, with what they found."""
    lines = starts_of(actor, [start.text for start in starts], names)
    return [
        line if start.said is None else _with_found(actor, start, line, names)
        for start, line in zip(starts, lines, strict=True)
    ]


def _said(text: str) -> Said | None:
    try:
        return read_said(text)
    except SuyuanError:
        return None


def _of_code(actor: Actor, text: str, goods: dict[str, str]) -> StartLine:
    identity = read(text)
    code = (identity.secondary or identity.primary) if identity else text
    return StartLine(text, code, goods.get(text, ""), journey_link(actor, text))


def _with_found(actor: Actor, start: Start, line: StartLine, names: Names) -> StartLine:
    keys = [one.key for one in start.meant if isinstance(one, Goods)]
    known = identities_of(actor.organisation_id, keys[:_MOST_FOUND])
    texts = [known[key].digital_link() for key in keys[:_MOST_FOUND] if key in known]
    goods = names.goods(texts)
    found = [
        Found(text, _code(read(text), text), goods.get(text, ""), journey_link(actor, text))
        for text in texts
    ]
    return line._replace(
        found=found, more=max(0, len(keys) - _MOST_FOUND), spells=_spells(actor, start, names)
    )


def _code(identity: Identity | None, text: str) -> str:
    return (identity.secondary or identity.primary) if identity else text


def _spells(actor: Actor, start: Start, names: Names) -> list[Spell]:
    places = {one.places[0] for one in start.excursions if one.places}
    known = identities_of(actor.organisation_id, places)
    unit = dict(UNITS).get(start.said.one("unit") if start.said else "", "")
    return [
        Spell(
            " · ".join(
                part
                for part in (
                    one.device,
                    names.place(_identifier(known[one.places[0]])) if one.places else "",
                )
                if part
            ),
            one.first,
            one.last,
            one.since,
            one.until,
            f"{one.worst:g} {unit}".strip(),
            len(one.seqs),
        )
        for one in start.excursions[:_MOST_FOUND]
    ]


def _identifier(identity: Identity) -> str:
    return identity.primary if identity.primary.startswith("urn:") else identity.digital_link()


def _of_kind(said: Said, text: str, names: Names) -> StartLine:
    title, facts = _WORDS[said.kind](said, names)
    shown = " · ".join(part for part in (*facts, _period(said)) if part)
    return StartLine(text, shown, title, "", _ICONS[said.kind])


def _period(said: Said) -> str:
    if not said.one("since"):
        return ""
    if "T" not in said.one("since"):
        return f"{said.one('since')} – {said.one('until')}"
    first, last = (timezone.localtime(one) for one in (said.since, said.until))
    return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


def _supply(said: Said, names: Names) -> tuple[str, list[str]]:
    rows = masterdata.list_parties(names.organisation_id).filter(code=said.one("supplier"))
    row = rows.first()
    supplier = row.name(names.language) if row else said.one("supplier")
    return _("Delivered by %(supplier)s") % {"supplier": supplier}, [said.one("material")]


def _made(said: Said, names: Names) -> tuple[str, list[str]]:
    rows = masterdata.products_by_gtin(names.organisation_id, [said.one("product")])
    product = next((row.name(names.language) for row in rows.values()), said.one("product"))
    labelled = [
        (pgettext("start", "line %(line)s"), "line"),
        (pgettext("start", "team %(team)s"), "team"),
    ]
    facts = [text % {name: said.one(name)} for text, name in labelled if said.one(name)]
    return _("Made in a period"), [product, *facts, said.one("location")]


def _at(said: Said, names: Names) -> str:
    return "、".join(names.place(one) for one in said.all("place")[:5]) + (
        "…" if len(said.all("place")) > 5 else ""
    )


def _stayed(said: Said, names: Names) -> tuple[str, list[str]]:
    return _("Whatever was at %(place)s") % {"place": _at(said, names)}, []


def _handled(said: Said, names: Names) -> tuple[str, list[str]]:
    steps = [str(vocabulary.step(one).label) for one in said.all("step")]
    return _("Whatever was worked on at %(place)s") % {"place": _at(said, names)}, steps


def _measured(said: Said, names: Names) -> tuple[str, list[str]]:
    measure = dict(MEASURES).get(said.one("type"), said.one("type"))
    unit = dict(UNITS).get(said.one("unit"), said.one("unit"))
    limits = [
        f"{sign} {said.one(name)} {unit if said.one('unit') else ''}".strip()
        for sign, name in (("＞", "above"), ("＜", "below"))
        if said.one(name)
    ]
    title = _("%(measure)s beyond its limit") % {"measure": measure}
    place = _at(said, names) if said.all("place") else ""
    return title, [*limits, place, *said.all("device")]


def _complaints(said: Said, _names: Names) -> tuple[str, list[str]]:
    numbers = said.all("number")
    title = _("%(count)s complaints") % {"count": len(numbers)}
    whole = [_("whole lots")] if said.one("lots") else []
    return title, [*numbers[:6], *(["…"] if len(numbers) > 6 else []), *whole]


def _events(said: Said, _names: Names) -> tuple[str, list[str]]:
    ids = said.all("id")
    return _("What %(count)s events are about") % {"count": len(ids)}, list(ids[:3])


_WORDS: Final = {
    "supply": _supply,
    "made": _made,
    "stayed": _stayed,
    "handled": _handled,
    "measured": _measured,
    "complaints": _complaints,
    "events": _events,
}
