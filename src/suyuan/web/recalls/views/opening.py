"""A new recall: what is bad, what follows from it, and then the decision."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.capture.identities import identities_of
from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import SuyuanError
from suyuan.lineage.starts import Goods
from suyuan.lineage.values import Scope
from suyuan.recalls import services
from suyuan.recalls.summary import summarise
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.forms import OpenForm, StartsForm
from suyuan.web.recalls.picture import Names, picture, with_query
from suyuan.web.recalls.tables import lots_of_scope, parcel_of_scope, starts_of
from suyuan.web.tenancy.forms import refuse

_PAGE = 50


def _starts(given: Sequence[str]) -> list[str]:
    """Return the codes: one on each line, or one in each parameter."""
    lines = (line.strip() for text in given for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


@require_safe
@back_office(Right.RECALL_VIEW)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask what is bad; once known, show what a recall would affect. Changes nothing."""
    starts = _starts(request.GET.getlist("start"))
    form = StartsForm({"start": "\n".join(starts)} if starts else None)
    if starts and "edit" not in request.GET and form.is_valid():
        try:
            return _preview(request, actor, starts, OpenForm(initial=_fresh()))
        except SuyuanError as error:
            form.add_error("start", _faulty(error, starts))
    context = {"form": form, "organisation": actor.organisation}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/new.html", context, status=status)


def _fresh() -> dict[str, str]:
    return {"request_key": secrets.token_urlsafe(16)}


def _faulty(error: SuyuanError, starts: Sequence[str]) -> str:
    """Return the sentence, with the code at fault where the place names one."""
    position = error.place.rpartition("/")[2]
    if position.isdigit() and int(position) < len(starts):
        return f"{starts[int(position)][:80]}: {sentence(error)}"
    return sentence(error)


def _preview(
    request: HttpRequest, actor: Actor, starts: Sequence[str], form: OpenForm
) -> HttpResponse:
    began = time.perf_counter()
    scope = services.preview_scope(actor=actor, starts=starts)
    took_ms = round((time.perf_counter() - began) * 1000)
    names = Names(actor.organisation_id)
    here = {"org": actor.organisation.slug}
    items = reverse("recalls:preview_items", kwargs=here)
    given = list(starts)
    summary = summarise(scope)
    graded = bool(summary.certainty)
    page = Paginator(scope.shipments, _PAGE).get_page(request.GET.get("page"))
    goods = [start.key for start in scope.starts if isinstance(start, Goods)]
    identities = identities_of(actor.organisation_id, goods)
    texts = [identity.digital_link() for identity in identities.values()]
    context = {
        "starts": starts_of(actor, texts, names),
        "given": given,
        "change_href": with_query(reverse("recalls:new", kwargs=here), start=given, edit="1"),
        "took_ms": took_ms,
        "picture": picture(summary, names, lambda **query: with_query(items, start=given, **query)),
        "items_href": with_query(items, start=given),
        "lots": lots_of_scope(actor, scope.lots, names),
        "page": page,
        "parcels": [parcel_of_scope(actor, one, names, graded) for one in page.object_list],
        "form": form,
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/preview.html", context, status=status)


@require_POST
@back_office(Right.RECALL_ACT)
def open_case(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open the case; the same form sent twice opens one."""
    starts = _starts(request.POST.getlist("start"))
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _preview(request, actor, starts, form)
    try:
        case = services.open_recall(actor=actor, starts=starts, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        if error.code == "scope_changed":
            form.add_error("expected_items", _("Look at the numbers below and type it again."))
        return _preview(request, actor, starts, form)
    messages.success(
        request,
        _("Recall %(number)s is open: %(count)s items are held.")
        % {"number": case.number, "count": f"{case.item_count:,}"},
    )
    return redirect("recalls:case", org=actor.organisation.slug, number=case.number)


@require_safe
@back_office(Right.RECALL_VIEW)
def preview_items(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the items that a recall would affect, those of one state or place where asked."""
    starts = _starts(request.GET.getlist("start"))
    scope = services.preview_scope(actor=actor, starts=starts)
    every = _chosen(request, scope).to_array()
    page = Paginator(every, _PAGE).get_page(request.GET.get("page"))
    keys = every[max(0, page.start_index() - 1) : page.end_index()].tolist()
    known = identities_of(actor.organisation_id, keys)
    rows = [known[key] for key in keys if key in known]
    context = {
        "rows": [(row, journey_link(actor, row.digital_link())) for row in rows],
        "page": page,
        "whereabouts": request.GET.get("whereabouts", ""),
        "place": Names(actor.organisation_id).place(request.GET["place"])
        if "place" in request.GET
        else "",
        "back_href": with_query(
            reverse("recalls:new", kwargs={"org": actor.organisation.slug}), start=starts
        ),
        "organisation": actor.organisation,
    }
    return render(request, "recalls/preview_items.html", context)


def _chosen(request: HttpRequest, scope: Scope) -> KeySet:
    whereabouts = request.GET.get("whereabouts", "")
    if not whereabouts and "place" not in request.GET:
        return scope.items
    found = KeySet()
    for place in scope.places:
        if whereabouts and place.whereabouts.value != whereabouts:
            continue
        if "place" in request.GET and place.location != request.GET["place"]:
            continue
        found |= place.items
    return found
