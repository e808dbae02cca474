"""One code in, its page out: the start of tracing, and the resolver of any identifier."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.capture.browse import EventFilter, event_page
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.trace.finding import address_of_meaning, clean
from suyuan.web.trace.lines import lines_of
from suyuan.web.trace.names import Names
from suyuan.web.trace.reading import unknown

_LATEST = 8


@require_safe
@back_office(Right.TRACE_VIEW)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a code; lead to its page when one is given."""
    text = clean(request.GET.get("q", ""))
    if text:
        return _lead(request, actor, text)
    context: dict[str, object] = {"organisation": actor.organisation}
    if actor.may(Right.EVENTS_VIEW):
        latest = event_page(actor.organisation_id, wanted=EventFilter(), limit=_LATEST)
        context["latest"] = lines_of(actor, latest.rows, Names(actor))
    return render(request, "trace/home.html", context)


@require_safe
@back_office(Right.TRACE_VIEW)
def resolve(request: HttpRequest, actor: Actor, *, identifier: str) -> HttpResponse:
    """Lead from any identifier to its page."""
    return _lead(request, actor, clean(identifier))


def _lead(request: HttpRequest, actor: Actor, text: str) -> HttpResponse:
    address = address_of_meaning(actor, text) if text else None
    if address is None:
        return unknown(request, actor, text)
    return HttpResponseRedirect(address)
