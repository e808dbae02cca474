"""Events: by query, by ID, and one alone sent in.

Owns: the mapping of query strings and headers to queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from suyuan.api.epcis.answers import events_response
from suyuan.api.epcis.gate import READERS, SENDERS, json_response, resource
from suyuan.api.epcis.negotiation import MediaType, body_media, wanted
from suyuan.api.epcis.paging import CONTROLS, page_headers, paging
from suyuan.api.epcis.problems import problem
from suyuan.capture import selectors, services
from suyuan.capture.documents import QUERY_NAME, event_document
from suyuan.capture.errors import EventNotFound
from suyuan.capture.queries import QueryPage, run_query, visible
from suyuan.core.epcis.decoding import decode
from suyuan.core.epcis.query import EventQuery, read_query
from suyuan.partners.delivery import check_delivery
from suyuan.partners.selectors import view_of
from suyuan.tenancy.actor import Actor


def asked(request: HttpRequest, fixed: Mapping[str, str] | None = None) -> EventQuery:
    """Return the query that a request's parameters are.

    Args:
        request: with `GS1-Extensions`, which tells what prefixes of extension fields mean.
        fixed: parameters that the address gives.

    Raises:
        QueryError: with every fault.
    """
    pairs: list[tuple[str, object]] = [(name, [value]) for name, value in (fixed or {}).items()]
    for name, values in request.GET.lists():
        if name not in CONTROLS:
            pairs += ((name, value) for value in values)
    return read_query(pairs, prefixes=extensions(request))


def extensions(request: HttpRequest) -> dict[str, str]:
    """Read `GS1-Extensions`: `prefix=namespace`, separated by commas."""
    parts = (one.partition("=") for one in request.headers.get("GS1-Extensions", "").split(","))
    return {name.strip(): meaning.strip() for name, equals, meaning in parts if equals}


def answer_query(request: HttpRequest, actor: Actor, query: EventQuery) -> HttpResponse:
    """Answer with one page of a query's events."""
    return answer_page(request, actor, query_page(request, actor, query))


def query_page(request: HttpRequest, actor: Actor, query: EventQuery) -> QueryPage:
    """Return the page of a query's events that a request asks for."""
    page = paging(request, actor)
    return run_query(
        actor.organisation_id, query, view=view_of(actor), after=page.after, limit=page.limit
    )


def answer_page(
    request: HttpRequest, actor: Actor, page: QueryPage, *, name: str = QUERY_NAME
) -> HttpResponse:
    """Answer with a page of events; `name` is the stored query's, if one was run."""
    headers = page_headers(request, actor, page.next)
    return events_response(
        request, actor.organisation_id, page.documents, query=name, headers=headers
    )


def _events(request: HttpRequest, actor: Actor) -> HttpResponse:
    return answer_query(request, actor, asked(request))


def _add_event(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take one event: 201, its address, and the event with its ID."""
    if body_media(request) != "json":
        raise MediaType(given="XML has no document of one event; send it to /capture")
    outcome = services.capture_events(
        actor=actor, events=[decode(request.body)], source="http", check=check_delivery
    )
    # What somebody else told before is new for a partner, who must not learn of it.
    number = outcome.claimed[0] if outcome.claimed else outcome.first_seq
    if not number:
        return problem(409, "event_exists")
    document = selectors.event_documents(actor.organisation_id, [number])[0]
    location = reverse("epcis:event", kwargs={"event_id": document.event["eventID"]})
    form = wanted(request).epcs
    told = event_document(actor.organisation_id, document, form)
    return json_response(told, 201, {"Location": location, "GS1-EPC-Format": form.value})


def _event(request: HttpRequest, actor: Actor, event_id: str) -> HttpResponse:
    """Return the events of an ID: one, or several where one declares another's error."""
    documents = selectors.events_by_id(actor.organisation_id, event_id)
    view = view_of(actor)
    if view is not None:
        seen = set(visible(actor.organisation_id, view, [one.seq for one in documents]))
        documents = [one for one in documents if one.seq in seen]
        if not documents:
            raise EventNotFound(given=event_id[:80])
    return events_response(request, actor.organisation_id, documents)


events: Any = resource(GET=(READERS, _events), POST=(SENDERS, _add_event))
event: Any = resource(GET=(READERS, _event))
