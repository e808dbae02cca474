"""What is shared with a partner: the rules, a new one with a look at what it shares, an end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.kernel.errors import SuyuanError
from suyuan.partners import selectors, services
from suyuan.partners.previews import preview_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.partners.forms import ShareForm
from suyuan.web.partners.rules import told_rules
from suyuan.web.partners.seen import Seen, seen
from suyuan.web.tenancy.forms import refuse

_LOOK = 8  # events of a preview


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.PARTNERS_EDIT)
def index(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show what is shared and what the partner sees by it; try a rule, or make it."""
    here = actor.organisation_id
    partner = selectors.get_partner(here, code)
    form = ShareForm(here, request.POST or None)
    look: Seen | None = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            if "preview" in request.POST:
                view = preview_of(actor=actor, partner=partner, limits=form.limits())
                look = seen(actor, view, limit=_LOOK)
            else:
                services.share(
                    actor=actor,
                    code=code,
                    limits=form.limits(),
                    note=given["note"],
                    everything=given["everything"],
                )
        except SuyuanError as error:
            refuse(form, error)
        else:
            if look is None:
                messages.success(request, _("It is shared from now on."))
                return redirect("partners:sharing", org=actor.organisation.slug, code=code)
    rules = list(selectors.share_rules(here, partner.id))
    context = {
        "organisation": actor.organisation,
        "partner": partner,
        "name": partner.name(get_language() or ""),
        "tab": "sharing",
        "form": form,
        "rules": told_rules(actor, [one for one in rules if one.active]),
        "ended": told_rules(actor, [one for one in rules if not one.active]),
        "may_edit": partner.active,
        "look": look,
        "sees": seen(actor, selectors.view_of_partner(actor.organisation, partner), limit=_LOOK),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "partners/sharing.html", context, status=status)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def end(request: HttpRequest, actor: Actor, code: str, number: int) -> HttpResponse:
    """End a rule."""
    services.unshare(actor=actor, code=code, number=number)
    messages.success(request, _("It is not shared any more."))
    return redirect("partners:sharing", org=actor.organisation.slug, code=code)
