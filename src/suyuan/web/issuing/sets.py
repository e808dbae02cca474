"""Sets: list, plan, one; a case or pallet of them, and activating it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.issuing import selectors, services
from suyuan.issuing.models import SetPlan
from suyuan.issuing.selectors import SetUnit, UnitKind
from suyuan.issuing.services.set_activation import SetActivation
from suyuan.issuing.values import SLICE_ITEMS
from suyuan.kernel.errors import Conflict
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.issuing.forms import at
from suyuan.web.issuing.pages import public_url
from suyuan.web.issuing.set_forms import ActivateForm, PlanForm, SetFilter
from suyuan.web.messages import message, sentence
from suyuan.web.shell import navigation
from suyuan.web.trace.addresses import item_address

_PAGE = 50
_ITEMS = 100


@require_safe
@back_office(Right.CODES_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the sets."""
    filters = SetFilter(request.GET)
    text = filters.cleaned_data["q"] if filters.is_valid() else ""
    rows = selectors.sets(actor.organisation_id, text=text)
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "filtered": bool(text),
        "may_plan": actor.may(Right.CODES_ORDER),
        "organisation": actor.organisation,
    }
    return render(request, "issuing/sets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CODES_ORDER)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plan sets."""
    initial = {"order_number": request.GET.get("order", ""), "request_key": secrets.token_hex(16)}
    form = PlanForm(actor.organisation_id, request.POST or None, initial=initial)
    if form.is_valid():
        values = {**form.cleaned_data, "per_pallet": form.cleaned_data["per_pallet"] or 0}
        with shown_on(form):
            plan = services.plan_sets(actor=actor, **values)
        if not form.errors:
            said = _("%(cases)s cases for %(items)s items are planned.")
            shown = {"cases": f"{plan.cases:,}", "items": f"{plan.count:,}"}
            messages.success(request, said % shown)
            return _to(actor, plan.number)
    context = {"form": form, "organisation": actor.organisation}
    return render(request, "issuing/set_new.html", context, status=422 if form.errors else 200)


@require_safe
@back_office(Right.CODES_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show sets, their cases or pallets, and how many are active."""
    return _page(request, actor, selectors.get_set(actor.organisation_id, number))


@require_POST
@back_office(Right.EVENTS_CAPTURE)
def activate_all(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Activate everything of the sets that is not active."""
    plan = selectors.get_set(actor.organisation_id, number)
    form = ActivateForm(plan.order, request.POST)
    if form.is_valid():
        values = {**form.cleaned_data, "time": at(form.cleaned_data["time"])}
        with shown_on(form):
            _activate_rest(request, actor, plan, values)
        if not form.errors:
            return _to(actor, number)
    return _page(request, actor, plan, form)


def _activate_rest(
    request: HttpRequest, actor: Actor, plan: SetPlan, values: dict[str, Any]
) -> None:
    """Activate few items at once; let the background do many."""
    if plan.count <= SLICE_ITEMS:
        done = services.activate_sets(actor=actor, number=plan.number, **values)
        messages.success(request, _said(done))
        return
    services.begin_activation(actor=actor, number=plan.number, **values)
    messages.success(request, _("The sets are being activated; you can leave this page."))


@require_safe
@back_office(Right.CODES_VIEW)
def progress(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show how far the background is, for a page that asks again."""
    plan = selectors.get_set(actor.organisation_id, number)
    answer = render(request, "issuing/_set_progress.html", _progress(actor, plan))
    if not plan.in_background:
        answer["HX-Refresh"] = "true"  # now there are buttons on the page that were not
    return answer


def _progress(actor: Actor, plan: SetPlan) -> dict[str, object]:
    asked = plan.filling or {}
    return {
        "plan": plan,
        "fault": message(asked["fault"], asked["data"]) if "fault" in asked else "",
        "organisation": actor.organisation,
    }


@require_POST
@back_office(Right.CODES_ORDER)
def cancel(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Cancel sets that nobody has used."""
    try:
        services.cancel_sets(actor=actor, number=number)
        messages.success(request, _("The sets are cancelled; their items are free again."))
    except Conflict as error:
        messages.error(request, sentence(error))
    return _to(actor, number)


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def labels(request: HttpRequest, actor: Actor, number: str) -> StreamingHttpResponse | HttpResponse:
    """Send the labels of sets in the order of packing, as CSV."""
    headers = {
        "Content-Disposition": f'attachment; filename="{number}.csv"',
        "Cache-Control": "no-store",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    lines = services.download_set_labels(actor=actor, number=number, base_url=public_url())
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@back_office(Right.TRACE_VIEW)
def unit(request: HttpRequest, actor: Actor, sscc: str) -> HttpResponse:
    """Show a case or pallet of sets: what it knows, and the button that activates it."""
    return _unit_page(request, actor, selectors.get_unit(actor.organisation_id, sscc))


@require_POST
@back_office(Right.EVENTS_CAPTURE)
def activate_unit(request: HttpRequest, actor: Actor, sscc: str) -> HttpResponse:
    """Activate a case or pallet with all that it knows."""
    found = selectors.get_unit(actor.organisation_id, sscc)
    form = ActivateForm(found.plan.order, request.POST)
    if form.is_valid():
        values = {**form.cleaned_data, "time": at(form.cleaned_data["time"])}
        with shown_on(form):
            done = services.activate_set(actor=actor, sscc=sscc, **values)
        if not form.errors:
            messages.success(request, _said(done))
            return redirect("issuing:set_unit", org=actor.organisation.slug, sscc=sscc)
    return _unit_page(request, actor, found, form)


def _said(done: SetActivation) -> str:
    if done.repeated:
        return _("This was active already; nothing has changed.")
    counts = {"items": f"{done.items:,}", "cases": f"{done.cases:,}"}
    if done.pallets:
        said = _("Active: %(items)s items in %(cases)s cases on %(pallets)s pallets.")
        return said % (counts | {"pallets": f"{done.pallets:,}"})
    return _("Active: %(items)s items in %(cases)s cases.") % counts


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("issuing:set", org=actor.organisation.slug, number=number)


def _page(
    request: HttpRequest, actor: Actor, plan: SetPlan, form: ActivateForm | None = None
) -> HttpResponse:
    open_units = plan.cancelled_at is None and (
        plan.active_cases < plan.cases or plan.active_pallets < plan.pallets
    )
    shown_form = form
    if open_units and form is None and not plan.in_background and actor.may(Right.EVENTS_CAPTURE):
        shown_form = ActivateForm(plan.order)
    kind: UnitKind = "pallet" if plan.pallets else "case"
    total = plan.pallets or plan.cases
    page = Paginator(range(total), _PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1
    rows = selectors.set_units(plan, kind=kind, first=first, count=_PAGE)
    own_labels = selectors.overlapping(plan.order, plan.first, plan.end)
    untouched = not plan.active_units and all(row.kind == "set" for row in own_labels)
    context = _progress(actor, plan) | {
        "order": plan.order,
        "rows": rows,
        "page": page,
        "form": shown_form,
        "withdrawn": len(selectors.withdrawn_within(plan.order, plan.first, plan.end)),
        "may_cancel": untouched and plan.cancelled_at is None and actor.may(Right.CODES_ORDER),
        "may_download": plan.cancelled_at is None and actor.may(Right.CODES_DOWNLOAD),
        "package_href": navigation.href("printhouse:new", actor),
        "print_href": navigation.href("printing:new", actor),
        "may_print": actor.may(Right.LABELS_PRINT),
    }
    return render(request, "issuing/set.html", context, status=422 if form else 200)


def _unit_page(
    request: HttpRequest, actor: Actor, found: SetUnit, form: ActivateForm | None = None
) -> HttpResponse:
    shown_form = form
    if not found.active and form is None and actor.may(Right.EVENTS_CAPTURE):
        shown_form = ActivateForm(found.plan.order)
    gtin, org = found.plan.order.product.gtin, actor.organisation.slug
    items = selectors.items_of(found) if found.kind == "case" else []
    page = Paginator(items, _ITEMS).get_page(request.GET.get("page"))
    first, end = found.span
    gone = len(selectors.withdrawn_within(found.plan.order, first, end))
    context = {
        "piece": found,
        "plan": found.plan,
        "order": found.plan.order,
        "pallet": selectors.pallet_of_case(found),
        "page": page,
        "items": [(one, item_address(org, gtin, one.serial)) for one in page],
        "cases": selectors.set_units(
            found.plan, kind="case", first=found.cases.start, count=len(found.cases)
        )
        if found.kind == "pallet"
        else [],
        "count": end - first - gone,
        "withdrawn": gone,
        "form": shown_form,
        "history_href": navigation.href("trace:unit", actor, sscc=found.sscc),
        "may_see_sets": actor.may(Right.CODES_VIEW),
        "organisation": actor.organisation,
    }
    return render(request, "issuing/set_unit.html", context, status=422 if form else 200)
