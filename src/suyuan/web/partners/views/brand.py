"""The brand's partners: list, connect, one, change, end."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.partners import selectors, services
from suyuan.partners.deliveries import Delivered, delivered_by_all
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.partners.forms import ConnectForm, DeliveryForm
from suyuan.web.partners.page import partner_page
from suyuan.web.tenancy.forms import refuse

_PAGE = 50
_NOTHING = Delivered(0, 0, None)


@require_safe
@back_office(Right.PARTNERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the partners."""
    language = get_language() or ""
    text, ended = request.GET.get("q", ""), bool(request.GET.get("ended"))
    rows = selectors.list_partners(actor.organisation_id, text=text, active=not ended)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    delivered = delivered_by_all(actor.organisation_id)
    context = {
        "organisation": actor.organisation,
        "page": page,
        "rows": [(one, one.name(language), delivered.get(one.id, _NOTHING)) for one in page],
        "text": text,
        "ended": ended,
        "may_edit": _may_edit(actor),
        "in_sandbox": actor.organisation.sandbox_of_id is not None,
    }
    return render(request, "partners/index.html", context)


def _may_edit(actor: Actor) -> bool:
    return actor.may(Right.PARTNERS_EDIT) and actor.organisation.sandbox_of_id is None


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.PARTNERS_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Connect a party."""
    here = actor.organisation_id
    parties = selectors.parties_without_partner(here)
    initial = {"party": request.GET.get("party", "")}
    form = ConnectForm(here, parties, request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            partner = services.connect_partner(
                actor=actor, party=given["party"], contact=given["contact"], rule=form.rule()
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            name = partner.name(get_language() or "")
            messages.success(request, _("%(partner)s is connected.") % {"partner": name})
            return redirect("partners:partner", org=actor.organisation.slug, code=partner.code)
    context = {"organisation": actor.organisation, "form": form, "parties": parties.exists()}
    return render(request, "partners/new.html", context, status=422 if form.errors else 200)


@require_safe
@back_office(Right.PARTNERS_VIEW)
def detail(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show one partner: what it may deliver, its people and tokens."""
    return partner_page(request, actor, selectors.get_partner(actor.organisation_id, code))


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.PARTNERS_EDIT)
def edit(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Change what a partner may deliver."""
    partner = selectors.get_partner(actor.organisation_id, code)
    initial = {
        "contact": partner.contact,
        "delivery": partner.delivery,
        "places": partner.delivery_places,
        "steps": partner.delivery_steps,
    }
    form = DeliveryForm(actor.organisation_id, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.update_partner(
                actor=actor, code=code, contact=form.cleaned_data["contact"], rule=form.rule()
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:partner", org=actor.organisation.slug, code=code)
    context = {
        "organisation": actor.organisation,
        "form": form,
        "partner": partner,
        "name": partner.name(get_language() or ""),
    }
    return render(request, "partners/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.PARTNERS_EDIT)
def end(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Ask, then end a connection."""
    partner = selectors.get_partner(actor.organisation_id, code)
    name = partner.name(get_language() or "")
    if request.method == "POST":
        services.end_partner(actor=actor, code=code)
        messages.success(request, _("%(partner)s is no longer connected.") % {"partner": name})
        return redirect("partners:index", org=actor.organisation.slug)
    context = {"organisation": actor.organisation, "partner": partner, "name": name}
    return render(request, "partners/end.html", context)
