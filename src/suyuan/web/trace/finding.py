"""What a typed or scanned text names: an identity with a page, or the events of a paper.

Owns: the order in which the possible meanings are tried.
Invariant: only what this organisation has captured, issued or keeps is ever found.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlencode

from django.urls import reverse

from suyuan.capture.identities import find_key, identity_of
from suyuan.carriers import selectors as carriers
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.issuing import selectors as issuing
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.process.references import parcel_waybill
from suyuan.rfid.selectors import unit_of_tag
from suyuan.tenancy.actor import Actor
from suyuan.web.trace.addresses import address_of

_MOST_PRODUCTS: Final = 500  # whose numbering a bare serial is tried against
_PAPERS: Final = ("parcel", "order", "waybill", "po", "bol", "desadv")
_LINK: Final = re.compile(r"^(https?):/(?=[^/])")
LONGEST: Final = 500


def clean(text: str) -> str:
    """Return a text from an address without what no identifier has.

    Undoes what proxies do to a link within a path: two slashes become one.
    """
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    return _LINK.sub(r"\1://", text)


def key_of_text(actor: Actor, text: str) -> int | None:
    """Return the key of what a text names in events: goods, a place, an order, a waybill."""
    here = actor.organisation_id
    borne = carried(here, text)
    if borne is not None:
        return find_key(here, borne)
    key = lineage.resolve(organisation_id=here, text=text, gtins=_gtins(here))
    return key if key is not None else _paper_key(actor, text)


def carried(organisation_id: int, text: str) -> Identity | None:
    """Return the unit that a text leads to as what stands on a carrier of it.

    Asked first: what is bound was bound on purpose, and never is the identity of something else.
    """
    carrier = carriers.resolve(organisation_id, text)
    return carrier.identity if carrier else unit_of_tag(organisation_id, text)


def identity_of_text(actor: Actor, text: str) -> Identity | None:
    """Return what a text names that events, records or carriers know here, None if nothing does."""
    here = actor.organisation_id
    borne = carried(here, text)
    if borne is not None:
        return borne
    gtins = _gtins(here)
    key = lineage.resolve(organisation_id=here, text=text, gtins=gtins)
    if key is not None:
        return identity_of(here, key)
    meanings = lineage.identities_in_text(text, gtins)
    return next((one for one in meanings if _kept(here, one)), None)


def address_of_meaning(actor: Actor, text: str) -> str | None:
    """Return the page of what a text names, None when it names nothing known here."""
    here, org = actor.organisation_id, actor.organisation.slug
    identity = identity_of_text(actor, text)
    if identity is not None:
        return address_of(org, identity)
    paper = _paper_key(actor, text)
    if paper is not None:
        known = identity_of(here, paper)
        if parcel_waybill(org, known.primary):
            return address_of(org, known)
        events = reverse("trace:events", kwargs={"org": org})
        return f"{events}?{urlencode({'q': text})}"
    return None


def _gtins(organisation_id: int) -> list[str]:
    """Return the numbers whose serials and lots a bare text may be: products', then materials'."""
    products = masterdata.list_products(organisation_id).values_list("gtin", flat=True)
    materials = masterdata.list_materials(organisation_id).values_list("gtin", flat=True)
    return [*products[:_MOST_PRODUCTS], *materials[:_MOST_PRODUCTS]]


def _kept(organisation_id: int, identity: Identity) -> bool:
    """Tell whether there is a record of something that no event names yet."""
    gtin, code = identity.primary, identity.secondary
    match identity.scheme:
        case Scheme.SGTIN:
            found = issuing.issued_order(organisation_id=organisation_id, gtin=gtin, serial=code)
            return found is not None
        case Scheme.LGTIN:
            return bool(masterdata.lots_by_code(organisation_id, [(gtin, code)]))
        case Scheme.GTIN:
            return bool(masterdata.products_by_gtin(organisation_id, [gtin]))
        case _:
            return False


def _paper_key(actor: Actor, text: str) -> int | None:
    slug, number = actor.organisation.slug, quote(text, safe="")
    for name in (text, *(f"urn:suyuan:{slug}:{kind}:{number}" for kind in _PAPERS)):
        try:
            key = find_key(actor.organisation_id, parse_epc(name))
        except IdentifierError:
            continue
        if key is not None:
            return key
    return None
