"""An item's sisters on a screen: what shares its lot, its case, its hour, and what of it is bad.

Owns: their names, counts and addresses.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from suyuan.capture.identities import find_keys
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.core.keyset import KeySet
from suyuan.quality import selectors
from suyuan.quality.models import Complaint
from suyuan.quality.sisters import Sisters, sisters_of
from suyuan.tenancy.actor import Actor
from suyuan.web.quality.links import goods_link, recall_link
from suyuan.web.shell import navigation

_MOST_COMPLAINTS: Final = 1_000


class Kin(NamedTuple):
    """Some sisters of an item."""

    word: str  # of the address
    title: str
    icon: str
    items: KeySet
    complaints: dict[int, list[Complaint]]  # about them, by item
    href: str  # the list of them
    unit_href: str = ""  # the page of what they lie in or belong to
    recall_href: str = ""

    @property
    def complained(self) -> int:
        """How many other complaints there are about them."""
        return sum(map(len, self.complaints.values()))


def kin_of(actor: Actor, complaint: Complaint) -> list[Kin]:
    """Return the sisters of the item that a complaint is about, nearest first."""
    if not complaint.gtin:
        return []
    sisters = sisters_of(organisation_id=actor.organisation_id, text=complaint.identity)
    if sisters is None:
        return []
    others = _complaints_by_item(actor.organisation_id, complaint)
    found = (*_containers(actor, complaint, sisters), *_made(actor, complaint, sisters))
    return [_with_complaints(kin, others) for kin in found if kin.items]


def _with_complaints(kin: Kin, others: dict[int, list[Complaint]]) -> Kin:
    return kin._replace(complaints={key: some for key, some in others.items() if key in kin.items})


def _complaints_by_item(organisation_id: int, complaint: Complaint) -> dict[int, list[Complaint]]:
    """Return the other complaints about items of the same product."""
    rows = selectors.list_complaints(organisation_id, gtin=complaint.gtin)[:_MOST_COMPLAINTS]
    named = {row.identity: row for row in rows if row.identity and row.id != complaint.id}
    identities: dict[Identity, str] = {}
    for text in named:
        try:
            identity = parse_identity(text)
        except IdentifierError:
            continue
        if identity.scheme is Scheme.SGTIN:
            identities[identity] = text
    keys = find_keys(organisation_id, identities)
    texts = {identities[identity]: key for identity, key in keys.items()}
    found: dict[int, list[Complaint]] = {}
    for row in rows:
        if row.id != complaint.id and row.identity in texts:
            found.setdefault(texts[row.identity], []).append(row)
    return found


def _href(actor: Actor, complaint: Complaint, word: str) -> str:
    return navigation.href("quality:sisters", actor, number=complaint.number, word=word)


def _containers(actor: Actor, complaint: Complaint, sisters: Sisters) -> list[Kin]:
    return [
        Kin(
            word=f"unit-{position}",
            title=_("In the same logistic unit %(code)s") % {"code": one.container.primary},
            icon="package",
            items=one.items,
            complaints={},
            href=_href(actor, complaint, f"unit-{position}"),
            unit_href=goods_link(actor, one.container),
            recall_href=recall_link(actor, one.container),
        )
        for position, one in enumerate(sisters.containers, 1)
        if one.container.scheme is Scheme.SSCC
    ]


def _made(actor: Actor, complaint: Complaint, sisters: Sisters) -> list[Kin]:
    found = []
    if sisters.hour is not None:
        first = timezone.localtime(sisters.hour)
        last = first + timedelta(hours=1)
        hours = {"day": f"{first:%Y-%m-%d}", "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
        found.append(
            Kin(
                word="hour",
                title=_("Made in the same hour: %(day)s %(first)s–%(last)s") % hours,
                icon="clock",
                items=sisters.hour_items,
                complaints={},
                href=_href(actor, complaint, "hour"),
            )
        )
    if sisters.lot is not None:
        found.append(
            Kin(
                word="lot",
                title=_("Of the same lot %(code)s") % {"code": sisters.lot.secondary},
                icon="stack-2",
                items=sisters.lot_items,
                complaints={},
                href=_href(actor, complaint, "lot"),
                unit_href=goods_link(actor, sisters.lot),
                recall_href=recall_link(actor, sisters.lot),
            )
        )
    return found
