"""A product's codes: what was issued under which numbering key, and a new key."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.issuing import selectors, services
from suyuan.masterdata import numbering
from suyuan.masterdata.selectors import get_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office

_RECENT = 10


@require_safe
@back_office(Right.CODES_VIEW)
def detail(request: HttpRequest, actor: Actor, gtin: str) -> HttpResponse:
    """Show a product's numbering keys and its latest orders."""
    product = get_product(actor.organisation_id, gtin)
    context = {
        "product": product,
        "name": product.name(get_language() or ""),
        "versions": selectors.key_versions(actor.organisation_id, product.id),
        "orders": selectors.orders(actor.organisation_id, gtin=product.gtin)[:_RECENT],
        "totals": selectors.totals(actor.organisation_id, gtin=product.gtin),
        "serialised": numbering.is_serialised(product),
        "may_rotate": actor.may(Right.CODES_ROTATE_KEY),
        "may_order": actor.may(Right.CODES_ORDER),
        "organisation": actor.organisation,
    }
    return render(request, "issuing/keys.html", context)


@require_POST
@back_office(Right.CODES_ROTATE_KEY)
def rotate(request: HttpRequest, actor: Actor, gtin: str) -> HttpResponse:
    """Number later orders under a new key."""
    version = services.rotate_key(actor=actor, gtin=gtin)
    messages.success(
        request, _("Later orders are numbered under key %(version)s.") % {"version": version}
    )
    return redirect("issuing:keys", org=actor.organisation.slug, gtin=gtin)
