"""Inspection reports: list, one, new, shown or hidden, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.quality import selectors, services
from suyuan.quality.models import InspectionReport
from suyuan.quality.single_items import ranges_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.quality.forms import (
    ReasonForm,
    ReportFilter,
    ReportForm,
    kind_name,
    refuse_within,
)
from suyuan.web.quality.goods import names_of
from suyuan.web.quality.links import goods_link, recall_of_report
from suyuan.web.tenancy.forms import refuse

_PAGE = 50
_RANGES = 20


@require_safe
@back_office(Right.QUALITY_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the reports."""
    filters = ReportFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.list_reports(
        actor.organisation_id,
        text=wanted.get("q", ""),
        **{name: wanted.get(name, "") for name in ("kind", "result", "shown", "gtin", "lot")},
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    names = names_of(actor.organisation_id, [row.gtin for row in page])
    context = {
        "page": page,
        "rows": [(row, names.get(row.gtin, ""), kind_name(row.target_kind)) for row in page],
        "filters": filters,
        "counts": selectors.report_counts(actor.organisation_id),
        "may_edit": actor.may(Right.QUALITY_EDIT),
        "organisation": actor.organisation,
    }
    return render(request, "quality/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.QUALITY_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a report; a lot's page may have filled in what it is about."""
    given = {name: request.GET.get(name, "") for name in ("target_kind", "gtin", "lot", "items")}
    form = ReportForm(request.POST or None, request.FILES or None, initial=given)
    if form.is_valid():
        values = {**form.cleaned_data}
        upload, more = values.pop("file"), values.pop("more")
        items = values.pop("items").splitlines()
        try:
            report = services.add_report(
                actor=actor,
                data=upload.read(),
                more=[one.read() for one in more],
                items=items,
                **values,
            )
        except SuyuanError as error:
            refuse_within(form, error)
        else:
            messages.success(request, _("Report %(number)s is kept.") % {"number": report.number})
            return redirect("quality:report", org=actor.organisation.slug, number=report.number)
    context = {"form": form, "organisation": actor.organisation}
    status = 422 if form.errors else 200
    return render(request, "quality/report_new.html", context, status=status)


def _page(
    request: HttpRequest, actor: Actor, report: InspectionReport, form: ReasonForm
) -> HttpResponse:
    items = report.item_keys
    context = {
        "report": report,
        "files": selectors.files_of(report),
        "ranges": ranges_of(actor.organisation_id, items, most=_RANGES),
        "more_ranges": max(0, len(items.runs()) - _RANGES),
        "recall_href": recall_of_report(actor, report),
        "name": names_of(actor.organisation_id, [report.gtin]).get(report.gtin, ""),
        "kind": kind_name(report.target_kind),
        "goods_href": goods_link(actor, report.identity),
        "form": form,
        "may_edit": actor.may(Right.QUALITY_EDIT),
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "quality/report.html", context, status=status)


@require_safe
@back_office(Right.QUALITY_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a report."""
    report = selectors.get_report(actor.organisation_id, number)
    return _page(request, actor, report, ReasonForm())


@require_POST
@back_office(Right.QUALITY_EDIT)
def show(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a report to consumers, or hide it."""
    if request.POST.get("shown") == "yes":
        services.publish_report(actor=actor, number=number)
        messages.success(request, _("Consumers now see this report."))
    else:
        services.unpublish_report(actor=actor, number=number)
        messages.success(request, _("Consumers no longer see this report."))
    return redirect("quality:report", org=actor.organisation.slug, number=number)


@require_POST
@back_office(Right.QUALITY_EDIT)
def revoke(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Withdraw a report."""
    report = selectors.get_report(actor.organisation_id, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, report, form)
    try:
        services.revoke_report(actor=actor, number=number, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, report, form)
    messages.success(request, _("The report is withdrawn; its file is no longer public."))
    return redirect("quality:report", org=actor.organisation.slug, number=number)
