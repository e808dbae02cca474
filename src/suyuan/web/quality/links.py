"""Where a screen leads that names goods: their journey, their lot's page, a new recall.

Owns: the choice of address for an identity.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from suyuan.core.identifiers import Identity, Scheme
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation


def journey_link(actor: Actor, text: str) -> str:
    """Return where the history of an identity is shown: the trace page, or the search."""
    if not text:
        return ""
    trace = navigation.href("trace:home", actor) if actor.may(Right.TRACE_VIEW) else ""
    target = trace or reverse("shell:search", kwargs={"org": actor.organisation.slug})
    return f"{target}?{urlencode({'q': text})}"


def goods_link(actor: Actor, identity: Identity) -> str:
    """Return the page of a lot or a product, else its journey; "" for free text."""
    if identity.scheme is Scheme.GTIN:
        page = navigation.href("masterdata:product", actor, gtin=identity.primary)
        return page or journey_link(actor, identity.digital_link())
    return journey_link(actor, identity.digital_link())


def recall_link(actor: Actor, identity: Identity) -> str:
    """Return where a recall beginning with `identity` is looked at; "" without the right."""
    if not actor.may(Right.RECALL_VIEW):
        return ""
    page = navigation.href("recalls:new", actor)
    return page and f"{page}?{urlencode({'start': identity.digital_link()})}"
