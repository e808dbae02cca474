"""The top-level resources: what there is to ask for, and the events of each of them.

Owns: the table of collections; the root's list; giving page tokens back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from suyuan.api.epcis.gate import READERS, SENDERS, json_response, resource
from suyuan.api.epcis.negotiation import require_json, wanted
from suyuan.api.epcis.paging import end_token, page_headers, paging
from suyuan.api.epcis.views.events import answer_query, asked
from suyuan.capture.documents import translator
from suyuan.capture.queries.top_level import TopLevel, is_known, names, query_of
from suyuan.core.epcis.query import QueryError
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.kernel.errors import NotFound
from suyuan.partners.selectors import view_of
from suyuan.tenancy.actor import Actor


class ResourceNotFound(NotFound):
    """Nothing of that name is in any event that the asker may see."""

    code = "resource_not_found"


class TokenNotFound(NotFound):
    """No page of the asker's gave that token, or it has expired."""

    code = "page_token_not_found"


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: the word in its address, the part that names a member, what it lists."""

    word: str
    part: str
    what: TopLevel


COLLECTIONS: Final = (
    Collection("eventTypes", "event_type", TopLevel.TYPES),
    Collection("epcs", "epc", TopLevel.EPCS),
    Collection("bizSteps", "biz_step", TopLevel.STEPS),
    Collection("bizLocations", "biz_location", TopLevel.LOCATIONS),
    Collection("readPoints", "read_point", TopLevel.READ_POINTS),
    Collection("dispositions", "disposition", TopLevel.DISPOSITIONS),
)
_RESOURCES: Final = ("capture", "events", *(one.word for one in COLLECTIONS), "queries")
_IDENTIFIERS: Final = frozenset({TopLevel.EPCS, TopLevel.READ_POINTS, TopLevel.LOCATIONS})


def collection(members: list[str], **headers: str) -> HttpResponse:
    """Answer with a collection of names."""
    value = {"@context": CONTEXT, "type": "Collection", "member": members}
    return json_response(value, headers=headers)


def _root(request: HttpRequest, _actor: Actor) -> HttpResponse:
    require_json(request)
    return collection(list(_RESOURCES))


def _end_token(_request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    if not end_token(actor, token):
        raise TokenNotFound(given=token[:80])
    return HttpResponse(status=204)


def _listing(which: Collection) -> Any:
    def view(request: HttpRequest, actor: Actor) -> HttpResponse:
        require_json(request)
        page = paging(request, actor)
        found = names(
            actor.organisation_id,
            which.what,
            view=view_of(actor),
            after=page.after,
            limit=page.limit,
        )
        told, form = found.names, wanted(request).epcs
        headers = page_headers(request, actor, found.next)
        if which.what in _IDENTIFIERS:
            writer = translator(actor.organisation_id, form)
            told = writer.event({"epcList": told})["epcList"]
            headers["GS1-EPC-Format"] = form.value
        return collection(told, **headers)

    return resource(GET=(READERS, view))


def _member(which: Collection) -> Any:
    def view(request: HttpRequest, actor: Actor, **parts: str) -> HttpResponse:
        require_json(request)
        _require_known(actor, which, _name(parts[which.part]))
        return collection(["events"])

    return resource(GET=(READERS, view))


def _events(which: Collection) -> Any:
    def view(request: HttpRequest, actor: Actor, **parts: str) -> HttpResponse:
        name = _name(parts[which.part])
        _require_known(actor, which, name)
        return answer_query(request, actor, asked(request, {which.what.value: name}))

    return resource(GET=(READERS, view))


def _name(text: str) -> str:
    """Return a name as it was sent: servers on the way make one slash of two."""
    for scheme in ("https:/", "http:/"):
        if text.startswith(scheme) and not text.startswith(f"{scheme}/"):
            return text.replace(scheme, f"{scheme}/", 1)
    return text


def _require_known(actor: Actor, which: Collection, name: str) -> None:
    """Raise `ResourceNotFound` unless the asker may know of it."""
    try:
        query_of(which.what, name)
        if is_known(actor.organisation_id, which.what, name, view_of(actor)):
            return
    except QueryError:
        pass
    raise ResourceNotFound(given=name[:80])


def _addresses(which: Collection) -> list[URLPattern]:
    member = f"{which.word}/<path:{which.part}>"
    one = which.word.removesuffix("s")
    return [
        path(which.word, _listing(which), name=which.word),
        path(f"{member}/events", _events(which), name=f"{one}_events"),
        path(member, _member(which), name=one),
    ]


root: Any = resource(GET=((*READERS, *SENDERS), _root))
next_page_token: Any = resource(DELETE=(READERS, _end_token))
urlpatterns: list[URLPattern] = [
    path("", root, name="root"),
    path("nextPageToken/<str:token>", next_page_token, name="next_page_token"),
    *(address for which in COLLECTIONS for address in _addresses(which)),
]
