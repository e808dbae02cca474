"""Stored queries, their events, and subscriptions to them.

Owns: the standard's JSON for these, and nothing of their rules (subscriptions).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from suyuan.api.epcis.gate import READERS, json_response, resource
from suyuan.api.epcis.negotiation import MediaType, body_media, require_json, wanted
from suyuan.api.epcis.paging import CONTROLS, page_headers, paging
from suyuan.api.epcis.views.events import answer_page, query_page
from suyuan.capture.documents import FORMATS, Wanted, timestamp
from suyuan.capture.queries import Position
from suyuan.core.epcis.decoding import decode
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.query import read_query
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel.errors import Invalid
from suyuan.subscriptions import selectors, services
from suyuan.subscriptions.controls import NAMES as CONTROL_NAMES
from suyuan.subscriptions.controls import read_controls
from suyuan.subscriptions.errors import SubscriptionControls
from suyuan.subscriptions.models import NamedQuery, Subscription
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_FORMAT: Final = "suyuan:format"


def _members(request: HttpRequest) -> dict[str, Any]:
    """Return the members of a JSON body."""
    if body_media(request) != "json":
        raise MediaType(given="application/xml")
    found = decode(request.body)
    if not isinstance(found, dict):
        raise Invalid("body_object")
    return found


def _text(members: dict[str, Any], name: str, *, required: bool = True) -> str:
    given = members.pop(name, None)
    if given is None and not required:
        return ""
    if not isinstance(given, str):
        raise Invalid("required" if given is None else "control_value", place=name)
    return given


def _paged[Row: (NamedQuery, Subscription)](
    request: HttpRequest, actor: Actor, rows: QuerySet[Row]
) -> tuple[list[Row], dict[str, str]]:
    """Return a page of rows in the order of their making, and the headers to the next."""
    page = paging(request, actor)
    after = page.after.seq if page.after else 0
    found = list(rows.filter(id__gt=after).order_by("id")[: page.limit + 1])
    more = len(found) > page.limit
    found = found[: page.limit]
    following = Position(0, found[-1].id, 0) if more else None
    return found, page_headers(request, actor, following)


# ── Queries ──────────────────────────────────────────────────────────────────────────────────


def _told_query(row: NamedQuery) -> dict[str, Any]:
    return {"name": row.name, "query": row.query}


def _list_queries(request: HttpRequest, actor: Actor) -> HttpResponse:
    require_json(request)
    rows, headers = _paged(request, actor, selectors.named_queries(actor))
    return json_response([_told_query(row) for row in rows], headers=headers)


def _define(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Store a query: 201 and its address."""
    members = _members(request)
    name, query = _text(members, "name"), members.pop("query", None)
    if not isinstance(query, dict):
        raise Invalid("required" if query is None else "control_value", place="query")
    if members:
        raise Invalid("control_unknown", place=min(members)[:40], given=min(members)[:40])
    row = services.define_query(actor=actor, name=name, query=query)
    location = reverse("epcis:query", kwargs={"name": row.name})
    return json_response(_told_query(row), status=201, headers={"Location": location})


def _query(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    require_json(request)
    return json_response(_told_query(selectors.named_query(actor, name)))


def _drop(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Remove a query and end its subscriptions; connected clients are let go."""
    services.drop_query(actor=actor, name=name)
    return HttpResponse(status=204)


def _query_events(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Run a query now; a client that upgrades is served by `streams` instead."""
    row = selectors.named_query(actor, name)
    for given in sorted(set(request.GET) - CONTROLS):
        if given in CONTROL_NAMES:
            raise SubscriptionControls("upgrade_needed", place=f"query:{given}")
        raise Invalid("query_parameter", place=f"query:{given[:80]}", given=given[:80])
    page = query_page(request, actor, read_query(row.query.items()))
    return answer_page(request, actor, page, name=row.name)


# ── Subscriptions ────────────────────────────────────────────────────────────────────────────


def _told(row: Subscription) -> dict[str, Any]:
    """Tell a subscription; its signature token is never told."""
    told: dict[str, Any] = {
        "subscriptionID": row.name,
        "queryName": row.query_name,
        "dest": row.dest,
        "createdAt": timestamp(row.created_at),
        "initialRecordTime": timestamp(row.initial_record_time),
        "minRecordTime": timestamp(_looked_at(row)),
        "epcFormat": row.epc_format,
        "reportIfEmpty": row.report_if_empty,
        "suyuan:state": row.state,
    }
    if row.last_notified_at is not None:
        told["lastNotifiedAt"] = timestamp(row.last_notified_at)
    if row.stream:
        return {**told, "stream": True}
    return {**told, "schedule": row.schedule}


def _looked_at(row: Subscription) -> datetime:
    """Return since when nothing has been told.

    A stream looks whenever anything is captured, which is not for its partner to know.
    """
    last = row.last_notified_at if row.stream else row.last_run_at
    return last or row.initial_record_time


def _list_subscriptions(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    require_json(request)
    query = selectors.named_query(actor, name)
    rows, headers = _paged(request, actor, selectors.subscriptions(actor, query.name))
    return json_response([_told(row) for row in rows], headers=headers)


def _subscribe(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Begin a subscription: 201 and its address."""
    selectors.named_query(actor, name)  # of somebody else's nothing is said, whatever the body
    members = _members(request)
    how = _how(request, members)
    dest = _text(members, "dest")
    token = _text(members, "signatureToken", required=False)
    controls = read_controls(members.items())
    row = services.subscribe(
        actor=actor,
        query_name=name,
        dest=dest,
        signature_token=token,
        stream=controls.stream,
        schedule=controls.schedule,
        report_if_empty=controls.report_if_empty,
        initial_record_time=controls.initial_record_time,
        how=how,
    )
    location = reverse("epcis:subscription", kwargs={"name": name, "identifier": row.name})
    return json_response(_told(row), status=201, headers={"Location": location})


def _how(request: HttpRequest, members: dict[str, Any]) -> Wanted:
    """Return how the receiver is told: by the request's headers, and a member of our own."""
    given = members.pop(_FORMAT, "json")
    if not isinstance(given, str) or given not in FORMATS:
        raise SubscriptionControls("control_value", place=_FORMAT, given=str(given)[:40])
    media, version = FORMATS[given]
    how = replace(wanted(request), version=version)
    if version is XmlVersion.V1_2 and "GS1-EPC-Format" not in request.headers:
        how = replace(how, epcs=EpcFormat.URN)  # EPCIS 1.2 knows no Digital Links
    return replace(how, media=media)


def _subscription(request: HttpRequest, actor: Actor, name: str, identifier: str) -> HttpResponse:
    require_json(request)
    return json_response(_told(selectors.subscription(actor, identifier, name)))


def _unsubscribe(request: HttpRequest, actor: Actor, name: str, identifier: str) -> HttpResponse:
    services.unsubscribe(actor=actor, name=identifier, query_name=name)
    return HttpResponse(status=204)


# A partner has queries and subscriptions of its own; the services look after whose is whose.
_EDITORS: Final = (Right.SUBSCRIPTIONS_EDIT, Right.EVENTS_SHARED)

queries: Any = resource(GET=(READERS, _list_queries), POST=(_EDITORS, _define))
query: Any = resource(GET=(READERS, _query), DELETE=(_EDITORS, _drop))
query_events: Any = resource(GET=(READERS, _query_events))
subscriptions: Any = resource(GET=(READERS, _list_subscriptions), POST=(_EDITORS, _subscribe))
subscription: Any = resource(GET=(READERS, _subscription), DELETE=(_EDITORS, _unsubscribe))
