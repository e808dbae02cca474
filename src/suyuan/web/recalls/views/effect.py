"""The effect of a recall: count it, write off what is lost, close the case, its report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import selectors, services
from suyuan.recalls.effect import effect_of
from suyuan.recalls.models import RecallCase
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.recalls.case_page import frame, lines_of_counts, outcome_lines
from suyuan.web.recalls.forms import CloseForm, GiveUpForm
from suyuan.web.recalls.report import report_of
from suyuan.web.recalls.report_pdf import pdf_response
from suyuan.web.recalls.report_sheets import sheets_response
from suyuan.web.tenancy.forms import refuse

_LIVE = 50_000  # items; more are counted when somebody asks for it


def _page(
    request: HttpRequest,
    actor: Actor,
    case: RecallCase,
    *,
    close: CloseForm | None = None,
    give_up: GiveUpForm | None = None,
) -> HttpResponse:
    counts = list(selectors.counts_of(case)[:50])
    live = None
    if case.is_approved and case.item_count <= _LIVE:
        live = lines_of_counts(actor, case, effect_of(case).counts)
    context = {
        **frame(request, actor, case),
        "live": live,
        "counts": counts,
        "lines": outcome_lines(actor, case, counts[0] if counts else None),
        "give_up": give_up or GiveUpForm(),
        "close": close or CloseForm(),
        "waiting": selectors.version_to_decide(case),
    }
    bound = any(form is not None and form.errors for form in (close, give_up))
    return render(request, "recalls/effect.html", context, status=422 if bound else 200)


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show what has become of the affected items."""
    return _page(request, actor, selectors.get_case(actor.organisation_id, number))


@require_POST
@back_office(Right.RECALL_ACT)
def count(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Count now, and keep the count."""
    try:
        services.count_effect(actor=actor, number=number)
    except SuyuanError as error:
        if error.status == 404:
            raise
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("Counted and kept."))
    return redirect("recalls:effect", org=actor.organisation.slug, number=number)


@require_POST
@back_office(Right.RECALL_ACT)
def give_up(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Write items off that will not come back."""
    case = selectors.get_case(actor.organisation_id, number)
    form = GiveUpForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, case, give_up=form)
    codes = form.cleaned_data["codes"].splitlines()
    try:
        items = services.give_up(
            actor=actor, number=number, codes=codes, why=form.cleaned_data["why"]
        )
    except SuyuanError as error:
        if error.place.startswith("/codes"):
            form.add_error("codes", sentence(error))
        else:
            refuse(form, error)
        return _page(request, actor, case, give_up=form)
    messages.success(request, _("%(count)s items count as beyond reach.") % {"count": f"{items:,}"})
    return redirect("recalls:effect", org=actor.organisation.slug, number=number)


@require_http_methods(["POST"])
@back_office(Right.RECALL_ACT)
def close(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Close a case."""
    case = selectors.get_case(actor.organisation_id, number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, case, close=form)
    try:
        services.close_recall(actor=actor, number=number, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, case, close=form)
    messages.success(request, _("The recall is closed."))
    return redirect("recalls:case", org=actor.organisation.slug, number=number)


@require_safe
@back_office(Right.RECALL_VIEW)
def as_pdf(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the report of a case as a PDF."""
    case = selectors.get_case(actor.organisation_id, number)
    return pdf_response(f"{case.number}.pdf", report_of(actor, case))


@require_safe
@back_office(Right.RECALL_VIEW)
def as_sheets(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the report of a case as a workbook."""
    case = selectors.get_case(actor.organisation_id, number)
    return sheets_response(f"{case.number}-report.xlsx", report_of(actor, case))
