"""Capture and its jobs.

Owns: the mapping of the standard's resources to capture's services and selectors.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from suyuan.api.epcis.documents import header_document, job_document, job_xml
from suyuan.api.epcis.gate import SENDERS, json_response, resource
from suyuan.api.epcis.negotiation import XML_TYPE, body_media, require_json, wanted
from suyuan.api.epcis.paging import page_headers, paging
from suyuan.api.epcis.problems import limits
from suyuan.capture import selectors, services
from suyuan.capture.errors import JobNotFound
from suyuan.capture.headers import header_of_job
from suyuan.capture.models import CaptureJob
from suyuan.capture.queries import Position
from suyuan.kernel.errors import Invalid
from suyuan.partners.delivery import check_delivery
from suyuan.partners.selectors import partner_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def _capture(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a document: 202 and the job's address once its events are on disk."""
    outcome = services.capture_document(
        actor=actor,
        body=request.body,
        source="http",
        proceed=_proceeds(request),
        media=body_media(request),
        hash_ids=_wants_hash_ids(request),
        check=check_delivery,
    )
    location = reverse("epcis:job", kwargs={"job_id": str(outcome.job_id)})
    return HttpResponse(status=202, headers={"Location": location})


def _wants_hash_ids(request: HttpRequest) -> bool:
    """Read `Suyuan-Event-ID`: `hash` names events without an ID by their hash."""
    given = request.headers.get("Suyuan-Event-ID", "").lower()
    if given not in {"", "hash"}:
        raise Invalid("event_id_kind", place="header:Suyuan-Event-ID", given=given[:80])
    return given == "hash"


def _proceeds(request: HttpRequest) -> bool:
    """Read `GS1-Capture-Error-Behaviour`; the standard's default is to roll back."""
    behaviour = request.headers.get("GS1-Capture-Error-Behaviour", "rollback").lower()
    if behaviour not in {"rollback", "proceed"}:
        raise Invalid(
            "error_behaviour",
            place="header:GS1-Capture-Error-Behaviour",
            given=behaviour[:80],
        )
    return behaviour == "proceed"


def _jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List jobs, the latest first; a partner sees its own."""
    page = paging(request, actor)
    if not _may_look(actor, Right.EVENTS_VIEW):
        return json_response([])
    jobs = selectors.capture_jobs(
        actor.organisation_id,
        limit=page.limit + 1,
        holder=actor.holder,
        before=page.after.seq if page.after else None,
    )
    following = Position(0, jobs[page.limit - 1].id, 0) if len(jobs) > page.limit else None
    listed = [job_document(job) for job in jobs[: page.limit]]
    return json_response(listed, headers=page_headers(request, actor, following))


def _may_look(actor: Actor, *rights: Right) -> bool:
    """Tell whether an actor may see jobs: one's own rights, or a partner that has not ended."""
    if actor.holder is None:
        return not actor.rights.isdisjoint(rights)
    return partner_of(actor) is not None


def _job(request: HttpRequest, actor: Actor, job_id: str) -> HttpResponse:
    found = _access_job(actor, job_id)
    if wanted(request).media == "xml":
        return HttpResponse(job_xml(found), content_type=f"{XML_TYPE}; charset=utf-8")
    return json_response(job_document(found))


def _job_header(request: HttpRequest, actor: Actor, job_id: str) -> HttpResponse:
    """Tell what a job's document said in its header."""
    require_json(request)
    job = _access_job(actor, job_id)
    header = header_of_job(actor.organisation_id, job.id, holder=actor.holder)
    return json_response(header_document(job, header))


def _access_job(actor: Actor, job_id: str) -> CaptureJob:
    """Return a job that an actor may see; any other looks like none."""
    known = job_id.isascii() and job_id.isdigit() and len(job_id) < 20
    if not known or not _may_look(actor, Right.EVENTS_CAPTURE, Right.EVENTS_VIEW):
        raise JobNotFound(given=job_id[:80])
    return selectors.capture_job(actor.organisation_id, int(job_id), holder=actor.holder)


capture: Any = resource(
    GET=((Right.EVENTS_VIEW, Right.EVENTS_DELIVER), _jobs), POST=(SENDERS, _capture)
)
job: Any = resource(GET=(SENDERS, _job))
job_header: Any = resource(GET=(SENDERS, _job_header))


def _discovery() -> dict[str, str]:
    """Return what OPTIONS tells of capture."""
    return {**limits(), "GS1-Capture-Error-Behaviour": "all"}


capture.discovery = _discovery
