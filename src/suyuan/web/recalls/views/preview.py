"""What a recall would affect: the answer first, then where, why, how sure, and the lists.

Owns: the preview's page and its lists. Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from suyuan.capture.identities import identities_of, identity_of
from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import SuyuanError
from suyuan.lineage.values import Certainty, Scope
from suyuan.quality.targets import resolve_spoken
from suyuan.recalls import previews
from suyuan.recalls.previews import Preview
from suyuan.recalls.summary import summarise
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.findings import (
    balance_lines,
    finding_lines,
    grades,
    link_lines,
    movement_lines,
)
from suyuan.web.recalls.forms import OpenForm
from suyuan.web.recalls.picture import Names, picture, with_query
from suyuan.web.recalls.start_lines import Found, StartLine, lines_of_starts
from suyuan.web.recalls.tables import lots_of_scope, parcel_of_scope

_PAGE: Final = 50
_MOST_SHOWN: Final = 200  # movements


def preview_page(
    request: HttpRequest, actor: Actor, starts: Sequence[str], form: OpenForm
) -> HttpResponse:
    """Show what follows from `starts`. Raises `Invalid` as `recalls.starts.read_starts`."""
    seen = previews.look(actor=actor, starts=starts)
    scope, names = seen.scope, Names(actor.organisation_id)
    given = [start.text for start in seen.starts]
    items = _address(actor, "recalls:preview_items")
    summary = summarise(scope)
    page = Paginator(scope.shipments, _PAGE).get_page(request.GET.get("page"))
    lots = Paginator(sorted(scope.lots, key=lambda node: node.depth), _PAGE)
    lots_page = lots.get_page(request.GET.get("lots"))
    balances = {one.lot: one for one in scope.balances}
    listed = [balances[node.key] for node in lots_page.object_list if node.key in balances]
    context = {
        "starts": _editable(actor, seen, names),
        "given": given,
        "change_href": _new(actor, start=given, edit="1"),
        "add_href": _new(actor, start=given, add="1"),
        "why_href": _address(actor, "recalls:preview_why"),
        "took_ms": seen.took_ms,
        "at_seq": scope.at_seq,
        "picture": picture(summary, names, lambda **query: with_query(items, start=given, **query)),
        "items_href": with_query(items, start=given),
        "grades": _grades(scope, items, given),
        "findings": finding_lines(actor, scope.findings, names),
        "balances": balance_lines(actor, listed, names),
        "unbalanced": sum(not one.balanced for one in scope.balances),
        "movements": movement_lines(actor, scope.movements[:_MOST_SHOWN], names),
        "more_movements": max(0, len(scope.movements) - _MOST_SHOWN),
        "lots": lots_of_scope(actor, lots_page.object_list, names),
        "lots_page": lots_page,
        "page": page,
        "parcels": [
            parcel_of_scope(actor, one, names, bool(summary.certainty)) for one in page.object_list
        ],
        "form": form,
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/preview.html", context, status=status)


def _address(actor: Actor, name: str) -> str:
    return reverse(name, kwargs={"org": actor.organisation.slug})


def _new(actor: Actor, **query: str | list[str]) -> str:
    return with_query(_address(actor, "recalls:new"), **query)


def _grades(scope: Scope, items: str, given: list[str]) -> list[tuple[str, int, str, str]]:
    counts = {grade.value: len(scope.certainty.get(grade, ())) for grade in Certainty}
    return [
        (word, count, share, with_query(items, start=given, certainty=word))
        for word, count, share in grades(counts)
    ]


def _editable(
    actor: Actor, seen: Preview, names: Names
) -> list[tuple[StartLine, str, str, list[tuple[Found, str]]]]:
    """Return the starts, each with where it is left out, changed, or taken apart."""
    every = [start.text for start in seen.starts]
    rows = []
    for start, line in zip(seen.starts, lines_of_starts(actor, seen.starts, names), strict=True):
        rest = [text for text in every if text != start.text]
        change = ""
        if start.said is not None:
            change = _new(actor, kind=start.said.kind, change=start.text, start=every)
        # A lot among those found can be left out while the start names nothing but lots that
        # are all shown: then the rest of them stand for it.
        whole = not line.more and len(line.found) == len(start.meant) > 1
        found = [
            (one, _new(actor, start=[*rest, *(o.text for o in line.found if o.text != one.text)]))
            if whole
            else (one, "")
            for one in line.found
        ]
        rows.append((line, _new(actor, start=rest) if rest else "", change, found))
    return rows


@require_safe
@back_office(Right.RECALL_VIEW)
def preview_items(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the items that a recall would affect, those of one state, place or grade if asked."""
    starts = request.GET.getlist("start")
    seen = previews.look(actor=actor, starts=starts)
    every = _chosen(request, seen.scope).to_array()
    page = Paginator(every, _PAGE).get_page(request.GET.get("page"))
    keys = every[max(0, page.start_index() - 1) : page.end_index()].tolist()
    known = identities_of(actor.organisation_id, keys)
    rows = [known[key] for key in keys if key in known]
    why = _address(actor, "recalls:preview_why")
    context = {
        "rows": [
            (
                row,
                journey_link(actor, row.digital_link()),
                with_query(why, start=starts, unit=row.digital_link()),
            )
            for row in rows
        ],
        "page": page,
        "whereabouts": request.GET.get("whereabouts", ""),
        "certainty": request.GET.get("certainty", ""),
        "place": Names(actor.organisation_id).place(request.GET["place"])
        if "place" in request.GET
        else "",
        "back_href": _new(actor, start=starts),
        "organisation": actor.organisation,
    }
    return render(request, "recalls/preview_items.html", context)


def _chosen(request: HttpRequest, scope: Scope) -> KeySet:
    whereabouts, certainty = (request.GET.get(n, "") for n in ("whereabouts", "certainty"))
    if not whereabouts and not certainty and "place" not in request.GET:
        return scope.items
    if certainty and not whereabouts and "place" not in request.GET:
        return next((k for g, k in scope.certainty.items() if g.value == certainty), KeySet())
    found = KeySet()
    for place in scope.places:
        if whereabouts and place.whereabouts.value != whereabouts:
            continue
        if "place" in request.GET and place.location != request.GET["place"]:
            continue
        if certainty and place.certainty.value != certainty:
            continue
        found |= place.items
    return found


@require_safe
@back_office(Right.RECALL_VIEW)
def preview_why(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the chain of events from a start to one unit."""
    starts = request.GET.getlist("start")
    unit = " ".join(request.GET.get("unit", "").split())
    key = resolve_spoken(organisation_id=actor.organisation_id, text=unit) if unit else None
    context: dict[str, object] = {
        "unit": unit,
        "given": starts,
        "back_href": _new(actor, start=starts),
        "organisation": actor.organisation,
        "fault": _("Nothing that has happened names this code.") if unit and key is None else "",
    }
    try:
        seen = previews.look(actor=actor, starts=starts)
        names = Names(actor.organisation_id)
        context["starts"] = lines_of_starts(actor, seen.starts, names)
        if key is not None:
            context |= _chain(actor, seen, key, names)
    except SuyuanError as error:
        context["fault"] = sentence(error)
    status = 422 if context["fault"] else 200
    return render(request, "recalls/preview_why.html", context, status=status)


def _chain(actor: Actor, seen: Preview, key: int, names: Names) -> dict[str, object]:
    identity = identity_of(actor.organisation_id, key)
    grade = next((g.value for g, keys in seen.scope.certainty.items() if key in keys), "")
    chain = previews.chain(actor=actor, seen=seen, key=key)
    goods = names.goods([identity.digital_link()])
    return {
        "identity": identity,
        "name": goods.get(identity.digital_link(), ""),
        "href": journey_link(actor, identity.digital_link()),
        "certainty": grade,
        "chain": link_lines(actor, chain, names),
        "asked": True,
    }
