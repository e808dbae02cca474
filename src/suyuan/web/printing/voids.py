"""Void labels, and printing them again, from a job's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from suyuan.printing import selectors, services
from suyuan.printing.models import After
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.printing.forms import ReprintForm, VoidForm
from suyuan.web.printing.jobs import to_job
from suyuan.web.printing.pages import job_context
from suyuan.web.printing.refusals import shown_on
from suyuan.web.printing.words import REASONS


@require_POST
@back_office(Right.LABELS_PRINT)
def void(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Make labels void."""
    job = selectors.get_job(actor.organisation_id, number)
    form = VoidForm(request.POST, auto_id="void_%s")
    if form.is_valid():
        given, named = form.cleaned_data, form.named()
        note = given["note"]
        if given["after"] == After.WITHDRAW and not note:
            note = str(REASONS[given["reason"]])  # what a reader of the item's page is told
        with shown_on(form, {"count": "last", "positions": "codes"}):
            done = services.void_labels(
                actor=actor,
                order_number=job.order.number,
                texts=named.codes,
                first=named.first,
                count=named.count,
                reason=given["reason"],
                note=note,
                after=given["after"],
                request_key=given["request_key"],
            )
        if not form.errors:
            said = ngettext("%(count)s label is void.", "%(count)s labels are void.", done.count)
            messages.success(request, said % {"count": f"{done.count:,}"})
            return to_job(actor, number)
    context = job_context(actor, job, voiding=form)
    return render(request, "printing/job.html", context, status=422)


@require_POST
@back_office(Right.LABELS_PRINT)
def reprint(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Print the void labels of a job again."""
    job = selectors.get_job(actor.organisation_id, number)
    form = ReprintForm(actor.organisation_id, request.POST, auto_id="reprint_%s")
    if form.is_valid():
        with shown_on(form, {"printer": "to", "form": "to"}):
            made = services.reprint_void(
                actor=actor,
                number=number,
                output=form.output(),
                request_key=form.cleaned_data["request_key"],
            )
        if not form.errors:
            said = ngettext(
                "Job %(number)s prints %(count)s label.",
                "Job %(number)s prints %(count)s labels.",
                made.total,
            )
            messages.success(request, said % {"number": made.number, "count": f"{made.total:,}"})
            return to_job(actor, made.number)
    context = job_context(actor, job, reprinting=form)
    return render(request, "printing/job.html", context, status=422)
