"""Decide on what was proposed: look at it, approve, reject, call it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import selectors, services
from suyuan.recalls.approvers import is_own, may_approve
from suyuan.recalls.digest import is_intact
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.recalls.case_page import frame, rule_line
from suyuan.web.recalls.forms import DecisionForm, WithdrawForm
from suyuan.web.recalls.picture import Names
from suyuan.web.recalls.start_lines import starts_of
from suyuan.web.tenancy.forms import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.RECALL_ACT)
def decide(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show what waits for a second person, and take the decision."""
    case = selectors.get_case(actor.organisation_id, number)
    waiting = selectors.version_to_decide(case)
    if waiting is None or not case.is_open:
        messages.info(request, _("Nothing waits for a decision here."))
        return _to_case(actor, number)
    form = DecisionForm(request.POST or None, initial={"version": waiting.version})
    if request.method == "POST" and form.is_valid() and _decided(request, actor, number, form):
        return _to_case(actor, number)
    version = selectors.get_version(case, waiting.version)
    context = {
        **frame(request, actor, case),
        "form": form,
        "version": version,
        "summary": Summary.from_json(version.summary),
        "starts": starts_of(actor, case.starts, Names(actor.organisation_id)),
        "intact": is_intact(case, version),
        "may_approve": may_approve(actor, waiting),
        "own": is_own(actor, waiting),
        "rule": rule_line(case),
        "first": not case.is_approved,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/decide.html", context, status=status)


def _decided(request: HttpRequest, actor: Actor, number: str, form: DecisionForm) -> bool:
    """Approve or reject, as the button says; return whether it was done."""
    try:
        if request.POST.get("decision") == "approve":
            case = services.approve_recall(actor=actor, number=number, **form.cleaned_data)
            said = _("Approved: %(count)s items are held.")
            messages.success(request, said % {"count": f"{case.held_count:,}"})
        else:
            services.reject_recall(actor=actor, number=number, **form.cleaned_data)
            messages.success(request, _("Rejected. What was held for it is released."))
    except SuyuanError as error:
        refuse(form, error)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.RECALL_ACT)
def withdraw(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Call a recall off."""
    case = selectors.get_case(actor.organisation_id, number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_recall(actor=actor, number=number, **form.cleaned_data)
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The recall is called off. Its goods are released."))
            return _to_case(actor, number)
    context = {**frame(request, actor, case), "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/withdraw.html", context, status=status)


def _to_case(actor: Actor, number: str) -> HttpResponse:
    return redirect("recalls:case", org=actor.organisation.slug, number=number)
