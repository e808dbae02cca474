"""Stored queries: the list, one of them with what it finds, a new one, and its end."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.masterdata.selectors import list_locations, list_products
from suyuan.subscriptions import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.subscriptions import pages
from suyuan.web.subscriptions.forms import QueryForm

_MOST: Final = 500  # places and products that a form offers


@require_safe
@back_office(Right.EVENTS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the organisation's stored queries."""
    counted = selectors.subscriptions(actor).order_by().values_list("query_name")
    used = dict(counted.annotate(count=Count("id")))
    rows = [(row, used.get(row.name, 0)) for row in selectors.named_queries(actor)]
    context = {
        "rows": rows,
        "may_edit": actor.may(Right.SUBSCRIPTIONS_EDIT),
        "organisation": actor.organisation,
    }
    return render(request, "subscriptions/queries.html", context)


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Show a query, what it finds now, and who subscribes to it."""
    row = selectors.named_query(actor, name)
    context = pages.query_context(request, actor, row)
    return render(request, "subscriptions/query.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.SUBSCRIPTIONS_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Store a query."""
    language = get_language() or ""
    form = QueryForm(
        [
            (one.identifier, f"{one.name(language)} · {one.code}")
            for one in list_locations(actor.organisation_id)[:_MOST]
        ],
        [
            (one.identity.digital_link(), f"{one.name(language)} · {one.gtin}")
            for one in list_products(actor.organisation_id)[:_MOST]
        ],
        request.POST or None,
    )
    if form.is_valid():
        with shown_on(form, {"query": "more"}):
            row = services.define_query(
                actor=actor, name=form.cleaned_data["name"], query=form.query()
            )
        if not form.errors:
            messages.success(request, _("The query is stored. See what it finds now."))
            return redirect("subscriptions:query", org=actor.organisation.slug, name=row.name)
    context = {"form": form, "organisation": actor.organisation}
    return render(
        request, "subscriptions/new_query.html", context, status=422 if form.errors else 200
    )


@require_POST
@back_office(Right.SUBSCRIPTIONS_EDIT)
def drop(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Remove a query with its subscriptions."""
    services.drop_query(actor=actor, name=name)
    messages.success(request, _("The query is removed; its subscriptions have ended."))
    return redirect("subscriptions:queries", org=actor.organisation.slug)
