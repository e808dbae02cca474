"""Capture, its jobs, and events.

Owns: the mapping of the standard's resources to capture's services and selectors.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from suyuan.api.epcis.answers import events_response
from suyuan.api.epcis.documents import job_document
from suyuan.api.epcis.gate import SENDERS, json_response, problem, resource
from suyuan.api.epcis.negotiation import MediaType, body_media
from suyuan.capture import selectors, services
from suyuan.capture.errors import JobNotFound
from suyuan.core.epcis.read import decode
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

DEFAULT_PAGE: Final = 30
MOST_PER_PAGE: Final = 1_000


def _capture(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a document: 202 and the job's address once its events are on disk."""
    outcome = services.capture_document(
        actor=actor,
        body=request.body,
        source="http",
        proceed=_proceeds(request),
        media=body_media(request),
        hash_ids=_wants_hash_ids(request),
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
    """List the latest jobs."""
    jobs = selectors.capture_jobs(actor.organisation_id, limit=_per_page(request))
    return json_response([job_document(job) for job in jobs])


def _job(request: HttpRequest, actor: Actor, job_id: str) -> HttpResponse:
    if not (job_id.isascii() and job_id.isdigit() and len(job_id) < 20):
        raise JobNotFound(given=job_id[:80])
    return json_response(job_document(selectors.capture_job(actor.organisation_id, int(job_id))))


def _add_event(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take one event: 201 and its address."""
    if body_media(request) != "json":
        raise MediaType(given="XML has no document of one event; send it to /capture")
    outcome = services.capture_events(actor=actor, events=[decode(request.body)], source="http")
    if not outcome.stored:
        return problem(409, "event_exists")
    document = selectors.event_documents(actor.organisation_id, [outcome.first_seq])[0]
    location = reverse("epcis:event", kwargs={"event_id": document.event["eventID"]})
    return HttpResponse(status=201, headers={"Location": location})


def _events(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List events in the order of their capture, page by page."""
    unknown = set(request.GET) - {"perPage", "nextPageToken", "MATCH_anyEPC"}
    if unknown:
        name = min(unknown)
        raise Invalid("query_parameter", place=f"query:{name[:80]}", given=name[:80])
    page = selectors.events_after(
        actor.organisation_id,
        after=_token(request),
        limit=_per_page(request),
        epc=request.GET.get("MATCH_anyEPC", ""),
    )
    headers = {}
    if page.more:
        query = request.GET.copy()
        query["nextPageToken"] = str(page.seqs[-1])
        query["perPage"] = str(_per_page(request))
        headers["Link"] = (
            f'<{settings.ENVIRONMENT.public_url}{request.path}?{query.urlencode()}>; rel="next"'
        )
    documents = selectors.event_documents(actor.organisation_id, page.seqs)
    return events_response(request, actor.organisation_id, documents, headers=headers)


def _token(request: HttpRequest) -> int:
    text = request.GET.get("nextPageToken", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("page_token", place="query:nextPageToken", given=text[:80])
    return int(text)


def _per_page(request: HttpRequest) -> int:
    text = request.GET.get("perPage", str(DEFAULT_PAGE))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_PER_PAGE):
        raise Invalid("per_page", place="query:perPage", given=text[:80], most=MOST_PER_PAGE)
    return int(text)


def _event(request: HttpRequest, actor: Actor, event_id: str) -> HttpResponse:
    """Return the events of an ID: one, or several where one declares another's error."""
    documents = selectors.events_by_id(actor.organisation_id, event_id)
    return events_response(request, actor.organisation_id, documents)


_ALL: Final = (Right.EVENTS_VIEW,)

capture: Any = resource(GET=(_ALL, _jobs), POST=(SENDERS, _capture))
job: Any = resource(GET=((Right.EVENTS_CAPTURE,), _job))
events: Any = resource(GET=(_ALL, _events), POST=(SENDERS, _add_event))
event: Any = resource(GET=(_ALL, _event))
