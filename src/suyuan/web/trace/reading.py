"""Read what stands in an address as an identity, and answer for what is not there.

Invariant: what is malformed, unknown and another organisation's get the same page and status.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suyuan.capture.identities import find_key
from suyuan.core.identifiers import (
    Gtin,
    IdentifierError,
    Identity,
    Scheme,
    Sscc,
    parse_epc,
    valid_serial,
)
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import History
from suyuan.process.references import PARCEL, reference
from suyuan.tenancy.actor import Actor


def goods_identity(scheme: Scheme, gtin: str, code: str) -> Identity | None:
    """Return the item or lot that an address names, None when it can name none."""
    try:
        number = Gtin.parse(gtin).value
    except IdentifierError:
        return None
    return Identity(scheme, number, code) if valid_serial(code) else None


def unit_identity(sscc: str) -> Identity | None:
    """Return the logistic unit that an address names, None when it can name none."""
    try:
        return Identity(Scheme.SSCC, Sscc.parse(sscc).value)
    except IdentifierError:
        return None


def parcel_identity(org_slug: str, waybill: str) -> Identity | None:
    """Return the parcel that is known by its waybill alone, None when there can be none."""
    try:
        return parse_epc(reference(org_slug, PARCEL, waybill))
    except (Invalid, IdentifierError):
        return None


def history_of(actor: Actor, identity: Identity) -> History | None:
    """Return the history of an identity, None when no event names it."""
    key = find_key(actor.organisation_id, identity)
    if key is None:
        return None
    history = lineage.history(organisation_id=actor.organisation_id, key=key)
    return history if history.steps else None


def unknown(request: HttpRequest, actor: Actor, given: str) -> HttpResponse:
    """Say that nothing is known of a code, and what to do next."""
    context = {"given": given[:200], "organisation": actor.organisation}
    return render(request, "trace/unknown.html", context, status=404)
