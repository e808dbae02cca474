"""Where a screen leads that names goods: their journey, their lot's page, a new recall.

Owns: the choice of address for an identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.quality.models import InspectionReport, TargetKind
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation
from suyuan.web.trace.addresses import address_of, address_of_text

_LONGEST_QUERY: Final = 6_000  # an address that every server and browser takes
_MOST_CODES: Final = 60


def journey_link(actor: Actor, text: str) -> str:
    """Return where the history of an identity is shown; "" without the right, or for free text."""
    if not text or not actor.may(Right.TRACE_VIEW):
        return ""
    return address_of_text(actor.organisation.slug, text) or ""


def goods_link(actor: Actor, identity: Identity) -> str:
    """Return the page of a lot or a product; "" without the right to see it."""
    right = Right.MASTERDATA_VIEW if identity.scheme is Scheme.GTIN else Right.TRACE_VIEW
    return (address_of(actor.organisation.slug, identity) or "") if actor.may(right) else ""


def recall_link(actor: Actor, identity: Identity) -> str:
    """Return where a recall beginning with `identity` is looked at; "" without the right."""
    return recall_of(actor, [identity.digital_link()])


def recall_of(actor: Actor, starts: Sequence[str]) -> str:
    """Return where a recall beginning with `starts` (`recalls.starts`) is looked at.

    "" without the right, and for nothing, or more than an address holds.
    """
    page = navigation.href("recalls:new", actor)
    if not starts or not page or not actor.may(Right.RECALL_VIEW):
        return ""
    query = urlencode([("start", start) for start in starts])
    return f"{page}?{query}" if len(query) <= _LONGEST_QUERY else ""


def recall_of_report(actor: Actor, report: InspectionReport) -> str:
    """Return where a recall of what a report speaks of is looked at.

    Of a report on items, their own codes where an address holds them, else the reader chooses.
    """
    if report.target_kind != TargetKind.ITEMS:
        return recall_link(actor, report.identity)
    keys = list(islice(report.item_keys, _MOST_CODES + 1))
    if len(keys) > _MOST_CODES:
        return ""
    names = identities_of(actor.organisation_id, keys)
    return recall_of(actor, [names[key].digital_link() for key in keys if key in names])
