"""Carriers as lines of a list: names, words and links.

Owns: how a binding is shown, on its own pages and on a unit's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise

from suyuan.carriers.models import Carrier
from suyuan.core.identifiers import Identity, Scheme
from suyuan.tenancy.actor import Actor
from suyuan.web.carriers.words import ICONS, KINDS, REASONS
from suyuan.web.shell import navigation
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.names import Names


@dataclass(frozen=True, slots=True)
class Line:
    """A binding, ready to be shown."""

    carrier: Carrier
    kind: str | Promise
    icon: str
    reason: str | Promise
    href: str
    unit_name: str
    unit_code: str
    unit_href: str


def lines_of(actor: Actor, rows: Iterable[Carrier]) -> list[Line]:
    """Return carriers as lines; two queries for all names."""
    found = [(row, row.identity) for row in rows]
    names = Names(actor)
    names.learn(one.primary for _, one in found if one.scheme is Scheme.SGTIN)
    return [_line(actor, row, one, names) for row, one in found]


def address(actor: Actor, name: str, carrier: Carrier) -> str:
    """Return a page about a carrier; its value may hold anything, so it stands in the query."""
    query = urlencode({"kind": carrier.kind, "value": carrier.value})
    return f"{navigation.href(name, actor)}?{query}"


def _line(actor: Actor, row: Carrier, unit: Identity, names: Names) -> Line:
    is_item = unit.scheme is Scheme.SGTIN
    return Line(
        carrier=row,
        kind=KINDS[row.kind],
        icon=ICONS[row.kind],
        reason=REASONS.get(row.reason, ""),
        href=address(actor, "carriers:one", row),
        unit_name=names.good(unit.primary).name if is_item else "SSCC",
        unit_code=unit.secondary if is_item else unit.primary,
        unit_href=address_of(actor.organisation.slug, unit) or "",
    )
