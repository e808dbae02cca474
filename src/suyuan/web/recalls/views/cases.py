"""Recall cases: list, one, closing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import selectors, services
from suyuan.recalls.models import RecallCase
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.recalls.forms import CaseFilter, CloseForm, ParcelFilter
from suyuan.web.recalls.picture import Names, picture, with_query
from suyuan.web.recalls.tables import lots_of_case, parcel_of_case, starts_of
from suyuan.web.tenancy.forms import refuse

_PAGE = 50


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the cases."""
    filters = CaseFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.list_cases(
        actor.organisation_id, status=wanted.get("status", ""), text=wanted.get("q", "")
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(case, Summary.from_json(case.summary)) for case in page],
        "filters": filters,
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    return render(request, "recalls/cases.html", context)


def _page(request: HttpRequest, actor: Actor, case: RecallCase, form: CloseForm) -> HttpResponse:
    names = Names(actor.organisation_id)
    here = {"org": actor.organisation.slug, "number": case.number}
    items = reverse("recalls:items", kwargs=here)
    filters = ParcelFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    parcels = selectors.shipments_of(
        case, whereabouts=wanted.get("whereabouts", ""), text=wanted.get("q", "")
    )
    page = Paginator(parcels, _PAGE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "picture": picture(
            Summary.from_json(case.summary), names, lambda **query: with_query(items, **query)
        ),
        "items_href": items,
        "lots": lots_of_case(actor, selectors.lots_of(case), names),
        "page": page,
        "parcels": [parcel_of_case(actor, row, names) for row in page],
        "filters": filters,
        "starts": starts_of(actor, case.starts, names),
        "form": form,
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "recalls/case.html", context, status=status)


@require_safe
@back_office(Right.RECALL_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a case with its frozen scope."""
    return _page(request, actor, selectors.get_case(actor.organisation_id, number), CloseForm())


@require_POST
@back_office(Right.RECALL_ACT)
def close(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Close a case."""
    case = selectors.get_case(actor.organisation_id, number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, case, form)
    try:
        services.close_recall(actor=actor, number=number, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, case, form)
    messages.success(request, _("The recall is closed."))
    return redirect("recalls:case", org=actor.organisation.slug, number=number)
