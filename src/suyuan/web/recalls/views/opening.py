"""The decision: a recall begins with what was looked at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.recalls.forms import OpenForm
from suyuan.web.recalls.views.preview import preview_page
from suyuan.web.recalls.views.wizard import given_starts
from suyuan.web.tenancy.forms import refuse


@require_POST
@back_office(Right.RECALL_ACT)
def open_case(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open the case; the same form sent twice opens one."""
    starts = given_starts(request.POST.getlist("start"))
    form = OpenForm(request.POST)
    if not form.is_valid():
        return preview_page(request, actor, starts, form)
    try:
        case = services.open_recall(actor=actor, starts=starts, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        if error.code == "scope_changed":
            form.add_error("expected_items", _("Look at the numbers below and type it again."))
        return preview_page(request, actor, starts, form)
    messages.success(
        request,
        _("Recall %(number)s is proposed with %(count)s items. A second person approves it.")
        % {"number": case.number, "count": f"{case.item_count:,}"},
    )
    return redirect("recalls:case", org=actor.organisation.slug, number=case.number)
