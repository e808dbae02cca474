"""What is in readers' fields now, and what they told: pages and the parts asked for again."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from suyuan.core.epcis import DocumentError
from suyuan.docks import selectors, services
from suyuan.kernel.errors import Forbidden, SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.docks import pages
from suyuan.web.docks.forms import StayFilter, TryForm
from suyuan.web.docks.refusals import told
from suyuan.web.gate import back_office

_PAGE: Final = 50


@require_safe
@back_office(Right.EVENTS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the readers."""
    return render(request, "docks/readers.html", pages.list_context(actor))


@require_safe
@back_office(Right.EVENTS_VIEW)
def index_part(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return the list's living part."""
    return _part(request, "docks/_readers.html", pages.list_context(actor))


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show a reader."""
    return render(request, "docks/reader.html", pages.reader_context(request, actor, code))


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail_part(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Return the living part of a reader's page."""
    reader = selectors.get_reader(actor.organisation_id, code)
    return _part(request, "docks/_live.html", pages.live_context(actor, reader))


def _part(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Answer 204, which leaves the page and the reader's place in it alone, if it shows this."""
    if request.GET.get("shown") == context["shown"]:
        return HttpResponse(status=204)
    return render(request, template, context)


@require_safe
@back_office(Right.EVENTS_VIEW)
def stays(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """List the tags that were in a reader's field."""
    reader = selectors.get_reader(actor.organisation_id, code)
    filters = StayFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.presences(reader)
    if wanted.get("q"):
        rows = rows.filter(epc__startswith=wanted["q"].strip().upper())
    if wanted.get("outcome"):
        rows = rows.filter(outcome=wanted["outcome"])
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "reader": reader,
        "filters": filters,
        "page": page,
        "rows": pages.stay_rows(actor, list(page)),
        "organisation": actor.organisation,
    }
    return render(request, "docks/stays.html", context)


@require_POST
@back_office(Right.EVENTS_CAPTURE)
def attempt(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Take a report that somebody pasted."""
    form = TryForm(request.POST)
    if form.is_valid():
        report = form.cleaned_data["report"].encode()
        try:
            batch = services.take_reads(actor=actor, reader_code=code, report=report)
        except Forbidden:
            raise
        except (SuyuanError, DocumentError) as error:
            form.add_error("report", told(error))
        else:
            messages.success(request, pages.summary(batch))
            return redirect("docks:reader", org=actor.organisation.slug, code=code)
    context = pages.reader_context(request, actor, code, form)
    return render(request, "docks/reader.html", context, status=422)
