"""A logistic unit: what it holds now, where it is, how it came there."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.lineage import selectors as lineage
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.carriers.card import Card, bears_something, card_of
from suyuan.web.gate import back_office
from suyuan.web.trace import beside
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.journey import journey, unit_name
from suyuan.web.trace.names import Names
from suyuan.web.trace.papers import papers
from suyuan.web.trace.reading import history_of, parcel_identity, unit_identity, unknown
from suyuan.web.trace.standing import where_is

_PAGE = 50


@require_safe
@back_office(Right.TRACE_VIEW)
def unit(request: HttpRequest, actor: Actor, *, sscc: str) -> HttpResponse:
    """Show one case, pallet or parcel, by its SSCC."""
    return _page(request, actor, unit_identity(sscc), sscc)


@require_safe
@back_office(Right.TRACE_VIEW)
def parcel(request: HttpRequest, actor: Actor, *, waybill: str) -> HttpResponse:
    """Show a parcel that has no number but its waybill's."""
    return _page(request, actor, parcel_identity(actor.organisation.slug, waybill), waybill)


def _page(
    request: HttpRequest, actor: Actor, identity: Identity | None, given: str
) -> HttpResponse:
    if identity is None:
        return unknown(request, actor, given)
    history, carriers = history_of(actor, identity), card_of(actor, identity)
    if history is None:
        if not bears_something(carriers):
            return unknown(request, actor, given)
        return _unseen(request, actor, identity, carriers)
    names = Names(actor)
    org = actor.organisation.slug
    inside = lineage.contents(organisation_id=actor.organisation_id, key=history.key)
    page = Paginator(inside.to_array(), _PAGE).get_page(request.GET.get("page"))
    state = history.state
    context = {
        "organisation": actor.organisation,
        "identity": identity,
        "waybill": "" if identity.scheme is Scheme.SSCC else given,
        "text": identity.digital_link(),
        "state": state,
        "whereis": where_is(state, names),
        "page": page,
        "rows": _rows(actor, [int(key) for key in page.object_list], names),
        "containers": [(unit_name(one), address_of(org, one)) for one in state.containers],
        "earlier": [
            (unit_name(one.parent_identity), address_of(org, one.parent_identity), one)
            for one in history.containments
            if one.end is not None
        ],
        "papers": papers(state.transactions, org),
        "journey": journey(actor, history, names),
        "carriers": carriers if identity.scheme is Scheme.SSCC else None,
        "acts": beside.acts_for(actor, identity),
    }
    return render(request, "trace/unit.html", context)


def _unseen(
    request: HttpRequest, actor: Actor, identity: Identity, carriers: Card | None
) -> HttpResponse:
    """Show a unit that carriers lead to, and that no event names yet."""
    context = {"organisation": actor.organisation, "identity": identity, "carriers": carriers}
    return render(request, "trace/unit_unseen.html", context)


def _rows(actor: Actor, keys: list[int], names: Names) -> list[dict[str, object]]:
    """Return one page of contents with names and links."""
    known = identities_of(actor.organisation_id, keys)
    found = [known[key] for key in keys if key in known]
    names.learn(one.primary for one in found if one.scheme is Scheme.SGTIN)
    return [_row(actor, one, names) for one in found]


def _row(actor: Actor, identity: Identity, names: Names) -> dict[str, object]:
    is_item = identity.scheme is Scheme.SGTIN
    return {
        "is_item": is_item,
        "name": names.good(identity.primary).name if is_item else unit_name(identity),
        "code": identity.secondary if is_item else identity.primary,
        "href": address_of(actor.organisation.slug, identity) or "",
    }
