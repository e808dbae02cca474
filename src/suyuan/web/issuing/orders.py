"""Code orders: list, new, one; commissioning and packing from the order's page."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.issuing import selectors, services
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.positions import of_ranges
from suyuan.masterdata import selectors as masterdata
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.issuing.forms import CommissionForm, OrderFilter, OrderForm, PackForm, at
from suyuan.web.issuing.pages import order_context
from suyuan.web.issuing.set_forms import WithdrawForm

_PAGE = 50
_LOTS = 200


@require_safe
@back_office(Right.CODES_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the orders."""
    filters = OrderFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.orders(
        actor.organisation_id,
        text=wanted.get("q", ""),
        status=wanted.get("status", ""),
        gtin=wanted.get("gtin", ""),
    )
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "filtered": any(wanted.values()),
        "totals": selectors.totals(actor.organisation_id),
        "may_order": actor.may(Right.CODES_ORDER),
        "organisation": actor.organisation,
    }
    return render(request, "issuing/orders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CODES_ORDER)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Order codes."""
    # Made with the form, so that sending it twice orders once.
    initial = {"gtin": request.GET.get("gtin", ""), "lot_code": request.GET.get("lot", "")}
    initial["request_key"] = secrets.token_hex(16)
    form = OrderForm(actor.organisation_id, request.POST or None, initial=initial)
    if form.is_valid():
        with shown_on(form):
            order = services.order_codes(actor=actor, **form.cleaned_data)
        if not form.errors:
            said = ngettext(
                "%(count)s code is issued as order %(number)s.",
                "%(count)s codes are issued as order %(number)s.",
                order.count,
            )
            messages.success(request, said % {"count": f"{order.count:,}", "number": order.number})
            return _to(actor, order.number)
    context = {
        "form": form,
        "lots": masterdata.list_lots(actor.organisation_id)[:_LOTS],
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "issuing/order_new.html", context, status=status)


@require_safe
@back_office(Right.CODES_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show what was issued, and what became of it."""
    return _page(request, actor, selectors.get_order(actor.organisation_id, number))


@require_POST
@back_office(Right.EVENTS_CAPTURE)
def commission_order(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Commission codes of the order."""
    order = selectors.get_order(actor.organisation_id, number)
    form = CommissionForm(order, (0, order.count), request.POST)
    if form.is_valid():
        values = {**form.cleaned_data}
        values["first"] -= 1
        values["time"] = at(values["time"])
        with shown_on(form):
            done = services.commission(actor=actor, order_number=number, **values)
        if not form.errors:
            said = ngettext("%(count)s code is active.", "%(count)s codes are active.", done.count)
            messages.success(request, said % {"count": f"{done.count:,}"})
            return _to(actor, number)
    return _page(request, actor, order, commissioning=form)


@require_POST
@back_office(Right.EVENTS_CAPTURE)
def pack(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Pack the order's active codes by plan."""
    order = selectors.get_order(actor.organisation_id, number)
    form = PackForm(order, request.POST)
    if form.is_valid():
        values = {**form.cleaned_data}
        values["per_pallet"] = values["per_pallet"] or 0
        values["time"] = at(values["time"])
        with shown_on(form):
            done = services.pack_order(actor=actor, order_number=number, **values)
        if not form.errors:
            said = _("%(items)s items are packed: %(cases)s cases, %(pallets)s pallets.")
            sizes = {"items": done.items, "cases": len(done.cases), "pallets": len(done.pallets)}
            shown = {name: f"{size:,}" for name, size in sizes.items()}
            messages.success(request, said % shown)
            return _to(actor, number)
    return _page(request, actor, order, packing=form)


@require_POST
@back_office(Right.LABELS_PRINT)
def withdraw(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Withdraw codes of the order that will never be on goods."""
    order = selectors.get_order(actor.organisation_id, number)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        first = form.cleaned_data["first"] - 1
        with shown_on(form, {"positions": "first"}):
            # No longer than the order: a range beyond it is refused, not made.
            end = min(first + form.cleaned_data["count"], order.count + 1)
            done = services.withdraw_codes(
                actor=actor,
                order_number=number,
                positions=of_ranges([(first, end)]),
                reason=form.cleaned_data["reason"],
            )
        if not form.errors:
            said = ngettext(
                "%(count)s code is withdrawn.", "%(count)s codes are withdrawn.", done.count
            )
            messages.success(request, said % {"count": f"{done.count:,}"})
            return _to(actor, number)
    return _page(request, actor, order, withdrawing=form)


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("issuing:order", org=actor.organisation.slug, number=number)


def _page(
    request: HttpRequest,
    actor: Actor,
    order: CodeOrder,
    *,
    commissioning: CommissionForm | None = None,
    packing: PackForm | None = None,
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    context = order_context(
        actor, order, commissioning=commissioning, packing=packing, withdrawing=withdrawing
    )
    status = 422 if commissioning or packing or withdrawing else 200
    return render(request, "issuing/order.html", context, status=status)
