"""Where a screen leads that names goods: their journey, their lot's page, a new recall.

Owns: the choice of address for an identity.
"""

from __future__ import annotations

from urllib.parse import urlencode

from suyuan.core.identifiers import Identity, Scheme
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation
from suyuan.web.trace.addresses import address_of, address_of_text


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
    if not actor.may(Right.RECALL_VIEW):
        return ""
    page = navigation.href("recalls:new", actor)
    return page and f"{page}?{urlencode({'start': identity.digital_link()})}"
