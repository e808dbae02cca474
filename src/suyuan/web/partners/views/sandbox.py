"""The sandbox, as the brand sees it: who tries what there, and emptying it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.partners import selectors, services
from suyuan.partners.deliveries import Delivered, delivered_by_all
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office

_NOTHING = Delivered(0, 0, None)


@require_safe
@back_office(Right.PARTNERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who has tried what."""
    sandbox = selectors.sandbox_of(actor.organisation_id)
    language = get_language() or ""
    rows = []
    if sandbox is not None:
        tried = delivered_by_all(sandbox.pk)
        rows = [
            (one, one.name(language), tried.get(one.id, _NOTHING))
            for one in selectors.list_partners(sandbox.pk)
        ]
    context = {
        "organisation": actor.organisation,
        "sandbox": sandbox,
        "rows": rows,
        "events": sum(one.events for _partner, _name, one in rows),
        "may_edit": actor.may(Right.PARTNERS_EDIT),
    }
    return render(request, "partners/sandbox.html", context)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def reset(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Empty the sandbox."""
    if selectors.sandbox_of(actor.organisation_id) is not None:
        services.reset_sandbox(actor=actor)
        messages.success(request, _("The sandbox is empty again."))
    return redirect("partners:sandbox", org=actor.organisation.slug)
