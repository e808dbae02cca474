"""Capture jobs: what was handed in, what was stored, what was refused and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.capture import browse, selectors
from suyuan.capture.errors import JobNotFound
from suyuan.capture.models import CaptureJob
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.messages import message

_LARGEST = (1 << 63) - 1


@require_safe
@back_office(Right.EVENTS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List capture jobs, the latest first."""
    given = request.GET.get("before", "")[:19]
    before = int(given) if given.isascii() and given.isdigit() else 0
    refused = bool(request.GET.get("refused"))
    page = browse.job_page(
        actor.organisation_id, refused=refused, before=before if before <= _LARGEST else 0
    )
    query = request.GET.copy()
    query["before"] = str(page.following)
    context = {
        "organisation": actor.organisation,
        "jobs": page.jobs,
        "refused": refused,
        "next_href": f"?{query.urlencode()}" if page.following else "",
        "started": bool(before),
    }
    return render(request, "trace/jobs.html", context)


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail(request: HttpRequest, actor: Actor, *, job_id: int) -> HttpResponse:
    """Show one job with its faults."""
    job = _job(actor, job_id)
    context = {
        "organisation": actor.organisation,
        "job": job,
        "job_text": str(job.id),
        "faults": [(fault, _told(fault)) for fault in job.faults],
    }
    return render(request, "trace/job.html", context)


@require_safe
@back_office(Right.EVENTS_VIEW)
def faults(request: HttpRequest, actor: Actor, *, job_id: int) -> HttpResponseBase:
    """Give a job's faults as a table."""
    job = _job(actor, job_id)
    rows = ([fault["place"], fault["code"], _told(fault)] for fault in job.faults)
    return csv_response(f"faults-{job.id}.csv", ["place", "code", "sentence"], rows)


def _job(actor: Actor, job_id: int) -> CaptureJob:
    if job_id > _LARGEST:
        raise JobNotFound
    return selectors.capture_job(actor.organisation_id, job_id)


def _told(fault: dict[str, object]) -> str:
    data = fault.get("data")
    return message(str(fault["code"]), data if isinstance(data, dict) else {})
