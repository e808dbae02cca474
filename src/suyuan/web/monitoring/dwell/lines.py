"""Groups of stays as lines of a table and rows of a picture.

Owns: the names of groups, their addresses, shares in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.masterdata import selectors as masterdata
from suyuan.monitoring.dwell import By, Group, Oldest, Subject
from suyuan.monitoring.stock import Cell
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.drawing.spans import Span
from suyuan.web.monitoring.dwell.forms import subject_query
from suyuan.web.monitoring.dwell.lengths import length_text
from suyuan.web.monitoring.stock.tables import cell_href

SECOND: Final = 1_000_000
_MANY: Final = 0.05  # from this share on, a doubt is shown as one


@dataclass(frozen=True, slots=True)
class Line:
    """One group."""

    label: str
    group: Group
    lengths: Sequence[str]  # p10, p50, p90, p99
    share: str
    late: str
    missing: str
    doubtful: bool
    href: str


@dataclass(frozen=True, slots=True)
class OldLine:
    """What still stands somewhere."""

    place: str
    whereabouts: str
    product: str
    items: int
    since: datetime
    age: str
    href: str


class Names:
    """Names of places, parties and products of one organisation."""

    def __init__(self, organisation_id: int) -> None:
        """Read them: an organisation has hundreds."""
        self._language = get_language() or ""
        self._locations = masterdata.locations_by_identifier(organisation_id)
        self._parties = {row.code: row for row in masterdata.list_parties(organisation_id)}
        self._products = {row.gtin: row for row in masterdata.list_products(organisation_id)[:500]}

    def place(self, identifier: str) -> str:
        """Return a place's name, or its identifier."""
        row = self._locations.get(identifier)
        return (row.name(self._language) if row else identifier) or _("No place recorded")

    def partner(self, code: str) -> str:
        """Return a party's name, or its code."""
        row = self._parties.get(code)
        return (row.name(self._language) if row else code) or _("Places of no partner")

    def product(self, gtin: str) -> str:
        """Return a product's name, or its number."""
        row = self._products.get(gtin)
        return row.name(self._language) if row else gtin

    def places(self) -> list[tuple[str, str]]:
        """Return every location once, as choices."""
        rows = {row.identifier: row.name(self._language) for row in self._locations.values()}
        return sorted(rows.items(), key=lambda pair: pair[1])

    def partners(self) -> list[tuple[str, str]]:
        """Return the parties that have locations, as choices."""
        having = {row.party.code for row in self._locations.values() if row.party}
        return sorted(((code, self.partner(code)) for code in having), key=lambda pair: pair[1])

    def products(self) -> list[tuple[str, str]]:
        """Return the products, as choices."""
        return [(gtin, row.name(self._language)) for gtin, row in self._products.items()]

    def subject(self, by: By, subject: Subject) -> str:
        """Return what a group is called."""
        if by is By.STAGE:
            return _("%(step)s → %(next)s") % {
                "step": _step(subject.step),
                "next": _step(subject.next_step),
            }
        name = {
            By.PLACE: lambda: self.place(subject.place),
            By.PARTNER: lambda: self.partner(subject.partner),
            By.PRODUCT: lambda: self.product(subject.gtin),
        }[by]()
        if by is By.PLACE and subject.whereabouts == "in_transit":
            return _("On the way from %(place)s") % {"place": name}
        return _("%(name)s · %(state)s") % {
            "name": name,
            "state": vocabulary.status(subject.whereabouts).label,
        }


def _step(word: str) -> str:
    return str(vocabulary.step(word).label) if word else _("No step named")


def group_href(actor: Actor, query: QueryDict, subject: Subject, **more: object) -> str:
    """Return the page of a group, for the question in the address."""
    kept = {name: query[name] for name in query if name in _ASKED and query[name]}
    path = reverse("monitoring:dwell_group", kwargs={"org": actor.organisation.slug})
    return f"{path}?{urlencode({**kept, **subject_query(subject), **more})}"


_ASKED: Final = frozenset({"begin", "end", "product", "place", "partner", "by"})


def percent(part: float, whole: float) -> str:
    """Return a share in percent; what is small and not nothing does not look like nothing."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return "<1 %"
    return f"{share:.0f} %"


def line_of(actor: Actor, names: Names, by: By, group: Group, query: QueryDict) -> Line:
    """Return the line of a group."""
    return Line(
        label=names.subject(by, group.subject),
        group=group,
        lengths=[length_text(one) for one in (group.p10, group.p50, group.p90, group.p99)],
        share=percent(group.share, 1),
        late=percent(group.late, group.items),
        missing=percent(group.missing, group.items),
        doubtful=max(group.late, group.missing) > _MANY * group.items,
        href=group_href(actor, query, group.subject),
    )


def span_of(line: Line) -> Span:
    """Return the row of a group in the picture."""
    group = line.group
    return Span(
        label=line.label,
        p10=group.p10 / SECOND,
        p50=group.p50 / SECOND,
        p90=group.p90 / SECOND,
        p99=group.p99 / SECOND,
        shown=_("median %(median)s · %(share)s of all time")
        % {"median": line.lengths[1], "share": line.share},
        tone="warn" if line.doubtful else "",
        href=line.href,
    )


def old_line(actor: Actor, names: Names, one: Oldest, now: datetime) -> OldLine:
    """Return the line of what has stood longest."""
    cell = Cell(one.gtin, one.whereabouts, one.place if one.whereabouts == "in_house" else None)
    return OldLine(
        place=names.place(one.place),
        whereabouts=one.whereabouts.value,
        product=names.product(one.gtin),
        items=one.items,
        since=one.since,
        age=length_text(max(0, int((now - one.since).total_seconds())) * SECOND),
        href=cell_href("monitoring:stock_cell", actor, cell),
    )
