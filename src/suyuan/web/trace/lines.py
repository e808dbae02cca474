"""Events as lines of a list.

Owns: what a line says of an event, with names and links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from suyuan.capture.rows import EventRow
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.tenancy.actor import Actor
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.journey import shown_step, unit_name
from suyuan.web.trace.names import Names


@dataclass(frozen=True, slots=True)
class Line:
    """One event in a list."""

    seq: int
    href: str
    time: datetime
    record_time: datetime
    step: str
    type: str
    action: str
    disposition: str
    place: str
    region: str
    goods: str  # what it is about
    goods_href: str
    more: str  # "and 23 more"
    voided: bool
    declares_error: bool


def lines_of(actor: Actor, rows: Sequence[EventRow], names: Names) -> list[Line]:
    """Return events as lines; goods are looked up together."""
    subjects = {row.seq: subject_of(row) for row in rows}
    names.learn(one.primary for one in subjects.values() if one is not None and _is_good(one))
    return [_line(actor, row, subjects[row.seq], names) for row in rows]


def subject_of(row: EventRow) -> Identity | None:
    """Return what an event is mostly about: the container, else one of its goods."""
    if row.parent is not None or row.sample is not None:
        return row.parent or row.sample
    try:
        # Of a transformation the last class is what came out of it.
        return parse_epc(row.classes[-1]) if row.classes else None
    except IdentifierError:  # captured by an earlier, laxer version
        return None


def _is_good(identity: Identity) -> bool:
    return identity.scheme in {Scheme.SGTIN, Scheme.LGTIN, Scheme.GTIN}


def goods_name(identity: Identity, names: Names) -> str:
    """Return what goods are called in one line: the product and its serial or lot."""
    if _is_good(identity):
        return f"{names.good(identity.primary).name} {identity.secondary}".strip()
    return unit_name(identity)


def _line(actor: Actor, row: EventRow, subject: Identity | None, names: Names) -> Line:
    spot = row.location or row.read_point
    place = names.place(_text(spot)) if spot else None
    org = actor.organisation.slug
    return Line(
        seq=row.seq,
        href=reverse("trace:event", kwargs={"org": org, "seq": row.seq}),
        time=row.time,
        record_time=row.record_time,
        step=step_of(row),
        type=row.type,
        action=row.action,
        disposition=row.disposition,
        place=place.name if place else "",
        region=place.region if place and place.region != place.name else "",
        goods=goods_name(subject, names) if subject else "",
        goods_href=(address_of(org, subject) or "") if subject else "",
        more=_more(row),
        voided=row.voided,
        declares_error=row.declares_error,
    )


def step_of(row: EventRow) -> str:
    """Return the step as it is shown."""
    return shown_step(row.type, row.step)


def _more(row: EventRow) -> str:
    if row.parent is not None and row.units:
        text = ngettext("with %(count)s unit in it", "with %(count)s units in it", row.units)
        return text % {"count": f"{row.units:,}"}
    others = row.units - 1 if row.sample is not None else len(row.classes) - 1
    if others > 0:
        return _("and %(count)s more") % {"count": f"{others:,}"}
    return ""


def _text(identity: Identity) -> str:
    return identity.digital_link()
