"""What a unit's page says of its carriers: printed codes, tags, chips, the hidden code.

Owns: `Card` and which rights it asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import get_language

from suyuan.capture.identities import find_key
from suyuan.carriers import selectors
from suyuan.core.identifiers import Identity
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder
from suyuan.masterdata.regions import REGIONS
from suyuan.printhouse.selectors import places_of_code
from suyuan.printhouse.values import Place
from suyuan.rfid.selectors import tags_of_items
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import reveals
from suyuan.verification.reveals import RevealState
from suyuan.web.carriers.forms import UnlockForm
from suyuan.web.carriers.lines import Line, lines_of
from suyuan.web.carriers.words import PRINTED
from suyuan.web.shell import navigation

_MOST_PRINTED: Final = 10


@dataclass(frozen=True, slots=True)
class Printed:
    """One label of a code, as far as the records of labels tell."""

    what: str | Promise
    reference: str
    at: datetime
    copy: int
    again: str
    href: str = ""
    roll: Place | None = None  # of a print house's package


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is known of the hidden code."""

    state: RevealState
    region: str
    form: UnlockForm | None  # only while it is locked, for those who may unlock


@dataclass(frozen=True, slots=True)
class Card:
    """The carriers of a unit."""

    live: Sequence[Line]
    ended: Sequence[Line]
    printed: Sequence[Printed] = ()
    tag: str = ""  # the EPC that a range gave to the item
    hidden: Hidden | None = None
    bind_href: str = ""
    gone: int = field(default=0)  # labels before the latest ones that are shown


def card_of(
    actor: Actor, identity: Identity, order: CodeOrder | None = None, *, key: int | None = None
) -> Card | None:
    """Return the carriers of an item or a logistic unit; None without the right to see them.

    Args:
        actor: Who looks.
        identity: The unit.
        order: The code order that an item's number belongs to, with its product.
        key: The unit's, where it is known.
    """
    if not actor.may(Right.CARRIERS_VIEW):
        return None
    here = actor.organisation_id
    key = find_key(here, identity) if key is None else key
    lines = lines_of(actor, selectors.history(here, key)) if key is not None else []
    position = _position(order, identity)
    printed = [] if order is None else issuing.allotments_at(order, position)
    tags = {} if order is None else tags_of_items(order, [position])
    return Card(
        live=[line for line in lines if line.carrier.is_live],
        ended=[line for line in lines if not line.carrier.is_live],
        printed=_printed(actor, order, position, printed[-_MOST_PRINTED:]) if order else [],
        gone=max(0, len(printed) - _MOST_PRINTED),
        tag=tags[position].hex if position in tags else "",
        hidden=_hidden(actor, identity, order, key),
        bind_href=_bind_href(actor, identity),
    )


def bears_something(card: Card | None) -> bool:
    """Tell whether anything leads, or ever led, to the unit."""
    return card is not None and bool(card.live or card.ended)


def _position(order: CodeOrder | None, identity: Identity) -> int:
    return -1 if order is None else int(issuing.positions_of(order, [identity.secondary])[0])


def _printed(
    actor: Actor, order: CodeOrder, position: int, rows: Sequence[Allotment]
) -> list[Printed]:
    rolls: dict[str, Place] = {}
    if any(row.kind == AllotmentKind.PACKAGE for row in rows):
        rolls = {place.package.number: place for place in places_of_code(order, position)}
    return [
        Printed(
            PRINTED[row.kind],
            row.reference,
            row.created_at,
            row.copy,
            row.again,
            # Whoever may see code orders may see what put their codes on labels.
            navigation.href("printhouse:package", actor, number=row.reference)
            if row.reference in rolls and actor.may(Right.CODES_VIEW)
            else "",
            rolls.get(row.reference),
        )
        for row in rows
    ]


def _hidden(
    actor: Actor, identity: Identity, order: CodeOrder | None, key: int | None
) -> Hidden | None:
    """Return the state of the hidden code, for products that have them and readers of scans."""
    if order is None or not order.product.has_inner_codes or not actor.may(Right.SCANS_VIEW):
        return None
    known = RevealState(0) if key is None else reveals.state(actor.organisation_id, key)
    region = REGIONS.get(known.opened_region)
    form = None
    if known.locked and actor.may(Right.QUALITY_EDIT):
        form = UnlockForm(initial={"gtin": identity.primary, "serial": identity.secondary})
    return Hidden(known, region.name(get_language() or "") if region else "", form)


def _bind_href(actor: Actor, identity: Identity) -> str:
    if not actor.may(Right.CARRIERS_BIND):
        return ""
    page = navigation.href("carriers:bind", actor)
    return page and f"{page}?{urlencode({'unit': identity.digital_link()})}"
