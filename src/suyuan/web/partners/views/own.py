"""A partner's own deliveries, and what is shared with it."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from suyuan.capture.errors import EventNotFound, JobNotFound
from suyuan.capture.models import CaptureJob
from suyuan.capture.queries.visible import visible
from suyuan.capture.selectors import event_documents
from suyuan.capture.view import EventView
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.partners.deliveries import delivered_seqs, get_delivery, in_sandbox
from suyuan.partners.deliveries import deliveries as deliveries_of
from suyuan.partners.models import Partner
from suyuan.partners.selectors import view_of
from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office
from suyuan.web.messages import message
from suyuan.web.partners.desk import EVERYBODY, Desk
from suyuan.web.partners.numbers import opened
from suyuan.web.partners.seen import seen, seen_lines

_PAGE = 50
_LISTED = 200  # events of a delivery


def _where(request: HttpRequest, desk: Desk) -> tuple[Partner | None, bool]:
    """Return the partner whose deliveries are asked for, and whether it is the sandbox's twin."""
    tried = request.GET.get("in") == "sandbox"
    return (desk.twin if tried else desk.partner), tried


@require_safe
@back_office(*EVERYBODY)
def deliveries(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List what a partner has delivered; the brand's own people have all capture jobs."""
    desk = Desk(actor)
    if actor.holder is None:
        return redirect("trace:jobs", org=actor.organisation.slug)
    partner, tried = _where(request, desk)
    rows = CaptureJob.objects.none() if partner is None else deliveries_of(partner)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"organisation": actor.organisation, "page": page, "tried": tried}
    return render(request, "partners/deliveries.html", context)


@require_safe
@back_office(*EVERYBODY)
def delivery(request: HttpRequest, actor: Actor, job_id: int) -> HttpResponse:
    """Show what became of one document."""
    if actor.holder is None:
        return redirect("trace:job", org=actor.organisation.slug, job_id=job_id)
    desk = Desk(actor)
    partner, tried = _where(request, desk)
    if partner is None:
        raise JobNotFound(given=str(job_id)[:80])
    job = get_delivery(partner, job_id)
    there = in_sandbox(actor, partner) if tried else actor
    lines = seen_lines(there, _view(there), delivered_seqs(job, _LISTED))
    faults = [(one, message(one["code"], one["data"])) for one in job.faults]
    context = {
        "organisation": actor.organisation,
        "job": job,
        "job_text": str(job.id),
        "tried": tried,
        "faults": faults,
        "lines": lines,
        "hidden": job.told_stored - len(lines),
    }
    return render(request, "partners/delivery.html", context)


@require_safe
@back_office(*EVERYBODY)
def shared(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the events that a partner sees: its own, and those shared with it."""
    if actor.holder is None:
        return redirect("trace:events", org=actor.organisation.slug)
    before = opened(request.GET.get("before", ""))
    page = seen(actor, _view(actor), before=before, limit=_PAGE)
    context = {"organisation": actor.organisation, "page": page, "later": bool(before)}
    return render(request, "partners/shared.html", context)


@require_safe
@back_office(*EVERYBODY)
def document(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Give one event that a partner sees; any other looks like none."""
    del request
    if actor.holder is None:
        return redirect("trace:events", org=actor.organisation.slug)
    here, seq = actor.organisation_id, opened(number)
    if not visible(here, _view(actor), [seq]):
        raise EventNotFound(given=number[:80])
    (found,) = event_documents(here, [seq])
    value = {"@context": found.context or CONTEXT, **found.event}
    body = json.dumps(value, ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/ld+json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="event.json"'
    return response


def _view(actor: Actor) -> EventView:
    """Return what an actor sees; whoever sees everything has other pages for it."""
    return view_of(actor) or EventView(None)
