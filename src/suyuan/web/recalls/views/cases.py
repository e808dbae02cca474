"""Recall cases: the list, and one as a place to work at."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.recalls import selectors
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.recalls.acts import deadlines_of
from suyuan.web.recalls.case_page import workspace
from suyuan.web.recalls.forms import CaseFilter

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
        "rows": [(case, Summary.from_json(case.summary), deadlines_of(case)) for case in page],
        "filters": filters,
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    return render(request, "recalls/cases.html", context)


@require_safe
@back_office(Right.RECALL_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a case with what to do next, its story and its frozen scope."""
    case = selectors.get_case(actor.organisation_id, number)
    return render(request, "recalls/case.html", workspace(request, actor, case))
