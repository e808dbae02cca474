"""The organisation's names and GS1 company prefixes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.tenancy.forms import OrganisationForm, PrefixForm, refuse


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    form: OrganisationForm | None = None,
    prefix_form: PrefixForm | None = None,
) -> HttpResponse:
    organisation = actor.organisation
    names = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    context = {
        "actor": actor,
        "organisation": organisation,
        "form": form or OrganisationForm(initial=names),
        "prefix_form": prefix_form or PrefixForm(),
        "prefixes": selectors.company_prefixes(actor.organisation_id),
        "may_edit": actor.may(Right.ORGANISATION_EDIT),
        "tab": "organisation",
    }
    status = 422 if form or prefix_form else 200
    return render(request, "tenancy/organisation.html", context, status=status)


@back_office(None)
def organisation(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the names, the address and the prefixes."""
    return _page(request, actor)


@require_POST
@back_office(Right.ORGANISATION_EDIT)
def rename(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Save the names."""
    form = OrganisationForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form=form)
    try:
        services.rename_organisation(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, form=form)
    messages.success(request, _("Saved."))
    return redirect("tenancy:organisation", org=actor.organisation.slug)


@require_POST
@back_office(Right.ORGANISATION_EDIT)
def add_prefix(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a company prefix."""
    form = PrefixForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, prefix_form=form)
    try:
        stored = services.add_company_prefix(
            actor=actor, prefix=form.cleaned_data["company_prefix"]
        )
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, prefix_form=form)
    messages.success(request, _("Company prefix %(prefix)s added.") % {"prefix": stored.prefix})
    return redirect("tenancy:organisation", org=actor.organisation.slug)


@require_POST
@back_office(Right.ORGANISATION_EDIT)
def remove_prefix(request: HttpRequest, actor: Actor, prefix: str) -> HttpResponse:
    """Remove a company prefix."""
    services.remove_company_prefix(actor=actor, prefix=prefix)
    messages.success(request, _("Company prefix %(prefix)s removed.") % {"prefix": prefix})
    return redirect("tenancy:organisation", org=actor.organisation.slug)
