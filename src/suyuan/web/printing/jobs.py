"""Printing jobs: the list, one with its progress, and what can be asked of it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel.errors import Conflict
from suyuan.printing import selectors, services
from suyuan.printing.models import PrintJob
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.printing.forms import JobFilter, ResumeForm
from suyuan.web.printing.pages import job_context, progress_context
from suyuan.web.printing.refusals import shown_on
from suyuan.web.printing.words import source_of, state_of, target_of

_PAGE: Final = 50
_TYPES: Final = {
    "pdf": "application/pdf",
    "zpl": "application/octet-stream",
    "tspl": "application/octet-stream",
    "csv": "text/csv; charset=utf-8",
}


@require_safe
@back_office(Right.LABELS_PRINT)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the jobs."""
    filters = JobFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.jobs(
        actor.organisation_id,
        text=wanted.get("q", ""),
        state=wanted.get("state", ""),
        printer=wanted.get("printer", ""),
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(job) for job in page],
        "filters": filters,
        "filtered": any(wanted.values()),
        "has_printers": selectors.printers(actor.organisation_id).exists(),
        "organisation": actor.organisation,
    }
    return render(request, "printing/jobs.html", context)


def _row(job: PrintJob) -> dict[str, object]:
    return {
        "job": job,
        "state": state_of(job),
        "source": source_of(job),
        "target": target_of(job),
        "percent": job.done * 100 // job.total,
    }


@require_safe
@back_office(Right.LABELS_PRINT)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a job."""
    job = selectors.get_job(actor.organisation_id, number)
    return render(request, "printing/job.html", job_context(actor, job))


@require_safe
@back_office(Right.LABELS_PRINT)
def progress(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show the part of a job's page that changes while it is printed."""
    job = selectors.get_job(actor.organisation_id, number)
    context = progress_context(actor, job)
    answer = render(request, "printing/_progress.html", context)
    if not context["moving"] or context["stalled"]:
        answer["HX-Refresh"] = "true"  # the rest of the page has changed as well
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@back_office(Right.LABELS_PRINT)
def pause(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Stop a job where it is."""
    return _steered(request, actor, number, cancel=False)


@require_POST
@back_office(Right.LABELS_PRINT)
def cancel(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Give a job up."""
    return _steered(request, actor, number, cancel=True)


def _steered(request: HttpRequest, actor: Actor, number: str, *, cancel: bool) -> HttpResponse:
    act = services.cancel_job if cancel else services.pause_job
    try:
        job = act(actor=actor, number=number)
    except Conflict as error:
        messages.error(request, sentence(error))
    else:
        if job.wish:
            messages.info(request, _("The job stops after the labels that are in hand."))
    return to_job(actor, number)


@require_POST
@back_office(Right.LABELS_PRINT)
def resume(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Let a job go on."""
    form = ResumeForm(request.POST, auto_id="resume_%s")
    if form.is_valid():
        with shown_on(form):
            services.resume_job(actor=actor, number=number, came_out=form.cleaned_data["came_out"])
        if not form.errors:
            return to_job(actor, number)
    job = selectors.get_job(actor.organisation_id, number)
    context = job_context(actor, job, resuming=form)
    return render(request, "printing/job.html", context, status=422)


@require_safe
@back_office(Right.LABELS_PRINT)
def download(
    request: HttpRequest, actor: Actor, number: str, part: int
) -> FileResponse | HttpResponse:
    """Send a finished file."""
    file = services.download_file(actor=actor, number=number, part=part)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        file.path.open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=_TYPES[file.form],
        headers=headers,
    )


def to_job(actor: Actor, number: str) -> HttpResponse:
    """Lead to a job's page."""
    return redirect("printing:job", org=actor.organisation.slug, number=number)
