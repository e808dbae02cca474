"""The event browser, and one event: what was captured, as people read it and as it came."""

from __future__ import annotations

import json

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.capture import browse, selectors
from suyuan.capture.identities import find_key, identities_of
from suyuan.core.epcis.vocabulary import CONTEXT, EventType
from suyuan.core.identifiers import IdentifierError, parse_epc
from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.trace.account import account
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.finding import clean, key_of_text
from suyuan.web.trace.forms import EventFilterForm
from suyuan.web.trace.lines import goods_name, lines_of
from suyuan.web.trace.names import Names

_PAGE = 50
_MOST_RAW = 500  # EPCs shown in the raw document; more are downloaded


@require_safe
@back_office(Right.EVENTS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List events, the newest first."""
    names = Names(actor)
    form = EventFilterForm(request.GET, names=names)
    wanted, nothing = _wanted(actor, form, names)
    page = browse.EventPage([])
    if wanted is not None:
        before = request.GET.get("before", "")
        page = browse.event_page(actor.organisation_id, wanted=wanted, before=before)
    query = request.GET.copy()
    if page.following:
        query["before"] = page.following
    context = {
        "organisation": actor.organisation,
        "filters": form,
        "lines": lines_of(actor, page.rows, names),
        "page": page,
        "nothing": nothing,
        "next_href": f"?{query.urlencode()}" if page.following else "",
        "first_href": _without(request, "before") if "before" in request.GET else "",
        "filtered": any(value for name, value in request.GET.items() if name != "before"),
        "job": wanted.job if wanted else None,
    }
    return render(request, "trace/events.html", context, status=200 if form.is_valid() else 422)


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return f"?{query.urlencode()}"


def _wanted(
    actor: Actor, form: EventFilterForm, names: Names
) -> tuple[browse.EventFilter | None, str]:
    """Return what is asked for; None, and the text, when the text names nothing."""
    if not form.is_valid():
        return None, ""
    values, here = form.cleaned_data, actor.organisation_id
    text = clean(values["q"])
    key = key_of_text(actor, text) if text else None
    if text and key is None:
        return None, text
    found = browse.EventFilter(
        type=EventType[values["type"]] if values["type"] else None,
        step=values["step"],
        disposition=values["disposition"],
        places=_place_keys(here, names.location_texts(values["place"]))
        if values["place"]
        else None,
        since=values["since"],
        until=values["until"],
        key=key,
        job=selectors.capture_job(here, values["job"]) if values["job"] else None,
    )
    return found, ""


def _place_keys(organisation_id: int, texts: list[str]) -> tuple[int, ...]:
    keys = []
    for text in texts:
        try:
            keys.append(find_key(organisation_id, parse_epc(text)))
        except IdentifierError:
            continue
    return tuple(key for key in keys if key is not None)


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail(request: HttpRequest, actor: Actor, *, seq: int) -> HttpResponse:
    """Show one event."""
    here = actor.organisation_id
    event = browse.event_detail(here, seq)
    names = Names(actor)
    raw = ""
    if event.row.units <= _MOST_RAW:
        raw = json.dumps(_document(here, seq), ensure_ascii=False, indent=2)
    context = {
        "organisation": actor.organisation,
        "event": event.row,
        "account": account(actor, event, names),
        "lists": [
            _listed(request, actor, name, keys, names)
            for name, keys in (("units", event.epcs), ("outputs", event.outputs))
            if keys
        ],
        "job": selectors.capture_job(here, event.row.job),
        "raw": raw,
    }
    return render(request, "trace/event.html", context)


def _listed(
    request: HttpRequest, actor: Actor, name: str, keys: KeySet, names: Names
) -> dict[str, object]:
    """Return one page of a list of units."""
    page: Page[int] = Paginator(keys.to_array(), _PAGE).get_page(request.GET.get(name))
    wanted = [int(key) for key in page.object_list]
    known = identities_of(actor.organisation_id, wanted)
    found = [known[key] for key in wanted if key in known]
    names.learn(one.primary for one in found if one.scheme in {"sgtin", "gtin", "lgtin"})
    rows = [(goods_name(one, names), address_of(names.org, one) or "") for one in found]
    return {"name": name, "page": page, "rows": rows, "count": len(keys)}


@require_safe
@back_office(Right.EVENTS_VIEW)
def document(request: HttpRequest, actor: Actor, *, seq: int) -> HttpResponse:
    """Give one event as it was captured, whole."""
    browse.event_detail(actor.organisation_id, seq)
    body = json.dumps(_document(actor.organisation_id, seq), ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/ld+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{seq}.json"'
    return response


def _document(organisation_id: int, seq: int) -> dict[str, object]:
    found = selectors.event_documents(organisation_id, [seq])
    if not found:
        raise NotFound(kind="event")
    return {"@context": found[0].context or CONTEXT, **found[0].event}
