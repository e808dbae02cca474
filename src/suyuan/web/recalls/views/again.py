"""Look again: the scope now against the frozen one, and taking it up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suyuan.capture.identities import identities_of
from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import selectors, services
from suyuan.recalls.models import RecallCase
from suyuan.recalls.summary import summarise
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.case_page import frame
from suyuan.web.recalls.forms import TakeUpForm
from suyuan.web.recalls.frozen import code_of
from suyuan.web.recalls.picture import Names
from suyuan.web.tenancy.forms import refuse

_FEW = 20


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.RECALL_VIEW)
def again(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show how the scope has changed since it was frozen; freeze it anew where asked."""
    case = selectors.get_case(actor.organisation_id, number)
    form = TakeUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.take_up(actor=actor, number=number, **form.cleaned_data)
        except SuyuanError as error:
            refuse(form, error)
        else:
            said = _("The scope is frozen as version %(number)s and waits for a second person.")
            messages.success(request, said % {"number": version.version})
            return redirect("recalls:case", org=actor.organisation.slug, number=number)
    status = 422 if form.is_bound and form.errors else 200
    context = _context(request, actor, case, form)
    return render(request, "recalls/again.html", context, status=status)


def _context(
    request: HttpRequest, actor: Actor, case: RecallCase, form: TakeUpForm
) -> dict[str, Any]:
    found = services.look_again(actor=actor, number=case.number)
    names = Names(actor.organisation_id)
    count = len(found.scope.items)
    if not form.is_bound:
        form = TakeUpForm(initial={"expected_items": count})
    return {
        **frame(request, actor, case),
        "form": form,
        "found": found,
        "items": count,
        "now": summarise(found.scope),
        "changes": [
            (name, len(some), _few(actor, some))
            for name, some in (
                (_("Affected now, not when frozen"), found.added),
                (_("No longer affected"), found.removed),
                (_("Surer than when frozen"), found.surer),
                (_("Less sure than when frozen"), found.less_sure),
            )
        ],
        "lots": [
            (names.goods([lot]).get(lot, ""), code_of(lot), journey_link(actor, lot), came)
            for lots, came in ((found.lots_added, True), (found.lots_removed, False))
            for lot in lots[:_FEW]
        ],
        "waiting": selectors.version_to_decide(case),
        "count": count,
    }


def _few(actor: Actor, items: KeySet) -> list[tuple[str, str]]:
    """Return the first of some items, each with its page."""
    known = identities_of(actor.organisation_id, items.to_array()[:_FEW].tolist())
    return [
        (one.secondary or one.primary, journey_link(actor, one.digital_link()))
        for one in known.values()
    ]
