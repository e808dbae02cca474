"""What complaints have in common, as a screen shows it: factors with names, shares and addresses.

Owns: the words of factors, and where each leads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from suyuan.core.identifiers import Identity, Scheme, parse_identity
from suyuan.masterdata import selectors as masterdata
from suyuan.quality.factors import Common, Factor
from suyuan.quality.tallies import FactorKind
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.drawing.whiskers import Whisker, whiskers
from suyuan.web.quality.goods import names_of
from suyuan.web.quality.links import goods_link, recall_of
from suyuan.web.shell import navigation

KIND_NAMES: Final = {
    FactorKind.PRODUCT: gettext_lazy("Product made"),
    FactorKind.LOT: gettext_lazy("Product lot"),
    FactorKind.MATERIAL_LOT: gettext_lazy("Material lot used"),
    FactorKind.SUPPLIER: gettext_lazy("Supplier of a material"),
    FactorKind.LINE: gettext_lazy("Production line"),
    FactorKind.TEAM: gettext_lazy("Production team"),
    FactorKind.HOUR: gettext_lazy("Hour of making"),
    FactorKind.PLACE: gettext_lazy("Place passed"),
}
_DRAWN: Final = 10


class FactorLine(NamedTuple):
    """A factor in words."""

    factor: Factor
    kind: str
    name: str
    detail: str
    href: str
    share: str  # among the goods complained of
    whole_share: str  # among all that was made
    lift: str
    interval: str
    recall_href: str


class _Words:
    """Names of what factors name, read once."""

    def __init__(self, actor: Actor, factors: Sequence[Factor]) -> None:
        self._actor, self._language = actor, get_language() or ""
        lots = {FactorKind.LOT, FactorKind.MATERIAL_LOT}
        self._identities = {f.value: parse_identity(f.value) for f in factors if f.kind in lots}
        gtins = {one.primary for one in self._identities.values()}
        gtins |= {f.value for f in factors if f.kind is FactorKind.PRODUCT}
        self._goods = names_of(actor.organisation_id, gtins)
        self._places = masterdata.locations_by_identifier(actor.organisation_id)
        self._parties = {row.code: row for row in masterdata.list_parties(actor.organisation_id)}

    def of(self, factor: Factor) -> tuple[str, str, str]:
        """Return a factor's name, a second line and where it leads."""
        match factor.kind:
            case FactorKind.LOT | FactorKind.MATERIAL_LOT:
                identity = self._identities[factor.value]
                name = self._goods.get(identity.primary, identity.primary)
                return identity.secondary, name, goods_link(self._actor, identity)
            case FactorKind.PRODUCT:
                product = Identity(Scheme.GTIN, factor.value)
                name = self._goods.get(factor.value, factor.value)
                return name, factor.value, goods_link(self._actor, product)
            case FactorKind.SUPPLIER:
                return self._supplier(factor.value)
            case FactorKind.PLACE:
                place = self._places.get(factor.value)
                return (place.name(self._language) if place else factor.value), "", ""
            case FactorKind.HOUR:
                first = timezone.localtime(datetime.fromisoformat(factor.value))
                return f"{first:%Y-%m-%d %H:%M}–{first + timedelta(hours=1):%H:%M}", "", ""
            case _:
                return factor.value, "", ""

    def _supplier(self, code: str) -> tuple[str, str, str]:
        party = self._parties.get(code)
        href = ""
        if self._actor.may(Right.QUALITY_VIEW):
            href = navigation.href("monitoring:supplier", self._actor, code=code)
        return (party.name(self._language) if party else code), code, href


def percent(cases: int, of: float) -> str:
    """Write a share with as many places as it has meaning: 12 %, 1.2 %, 0.12 %."""
    if not of:
        return "—"
    part = 100 * cases / of
    digits = 0 if part >= 10 or part == 0 else 1 if part >= 1 else 2
    return f"{part:.{digits}f} %"


def times(value: float) -> str:
    """Write a ratio: 3.4, 12, ∞."""
    if math.isinf(value):
        return "∞"
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def factor_lines(actor: Actor, common: Common) -> list[FactorLine]:
    """Return the factors in words."""
    words = _Words(actor, common.factors)
    lines = []
    for factor in common.factors:
        name, detail, href = words.of(factor)
        lift = factor.lift
        asked = percent(lift.cases, lift.of) if lift.known else "—"
        lines.append(
            FactorLine(
                factor=factor,
                kind=str(KIND_NAMES[factor.kind]),
                name=name,
                detail=detail,
                href=href,
                share=asked,
                whole_share=percent(factor.whole_cases, factor.whole),
                lift=times(lift.value) if lift.known else "—",
                interval=f"{times(lift.low)}–{times(lift.high)}" if lift.known else "—",
                # What is met no oftener than usual is no reason to recall anything.
                recall_href=recall_of(actor, factor.starts) if lift.value > 1 else "",
            )
        )
    return lines


def lift_drawing(lines: Sequence[FactorLine]) -> SafeString | str:
    """Draw the lifts of the first factors; "" where none is known."""
    rows = [
        Whisker(
            label=f"{line.kind}: {line.name}",
            value=line.factor.lift.value,
            low=line.factor.lift.low,
            high=line.factor.lift.high,
            shown=_("%(lift)s× (%(interval)s)") % {"lift": line.lift, "interval": line.interval},
            tone="bad" if line.factor.stands_out else "quiet",
            href=line.href,
        )
        for line in lines
        if line.factor.lift.known
    ][:_DRAWN]
    if not rows:
        return ""
    title = _("How much oftener than usual each is met; the mark is at 1: as often as usual")
    return whiskers(rows, title=title, mark=1.0, width=400, name="lifts")
