"""Subscriptions: the list, one of them, its messages, and what people do with them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.capture.documents import FORMATS, Wanted
from suyuan.core.epcis.forms import EpcFormat
from suyuan.subscriptions import selectors, services
from suyuan.subscriptions.models import Subscription
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.subscriptions import pages
from suyuan.web.subscriptions.forms import DeliveryFilter, SubscriptionForm

_PAGE: Final = 50
_PLACES: Final = {
    "signatureToken": "signature_token",
    "schedule": "own",
    "initialRecordTime": "initial_record_time",
}


@require_safe
@back_office(Right.EVENTS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the subscriptions, partners' too."""
    return render(request, "subscriptions/index.html", pages.list_context(actor))


@require_safe
@back_office(Right.EVENTS_VIEW)
def detail(request: HttpRequest, actor: Actor, subscription_id: int) -> HttpResponse:
    """Show a subscription and its messages."""
    row = selectors.get_subscription(actor.organisation_id, subscription_id)
    filters = DeliveryFilter(request.GET)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    page = Paginator(selectors.deliveries(row, state), _PAGE).get_page(request.GET.get("page"))
    context = pages.one_context(actor, row) | {
        "filters": filters,
        "page": page,
        "lines": pages.message_rows(list(page)),
    }
    return render(request, "subscriptions/one.html", context)


@require_safe
@back_office(Right.EVENTS_VIEW)
def message(request: HttpRequest, actor: Actor, subscription_id: int, number: int) -> HttpResponse:
    """Show a message: what is in it, and what came of sending it."""
    row = selectors.get_subscription(actor.organisation_id, subscription_id)
    context = pages.message_context(actor, row, number)
    return render(request, "subscriptions/message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.SUBSCRIPTIONS_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a subscription."""
    initial = {
        "query_name": request.GET.get("query", ""),
        "signature_token": secrets.token_hex(24),
    }
    names = selectors.named_queries(actor).values_list("name", flat=True)
    form = SubscriptionForm(names, request.POST or None, initial=initial)
    if form.is_valid():
        with shown_on(form, _PLACES):
            row = _subscribe(actor, form)
        if not form.errors:
            messages.success(request, _("The subscription is made. Send a test to try it."))
            return _back(actor, row.id)
    context = {"form": form, "organisation": actor.organisation}
    return render(request, "subscriptions/new.html", context, status=422 if form.errors else 200)


def _subscribe(actor: Actor, form: SubscriptionForm) -> Subscription:
    told: dict[str, Any] = form.cleaned_data
    schedule = form.schedule()
    media, version = FORMATS[told["format"]]
    return services.subscribe(
        actor=actor,
        query_name=told["query_name"],
        dest=told["dest"],
        signature_token=told["signature_token"],
        stream=schedule is None,
        schedule=schedule,
        report_if_empty=told["report_if_empty"] and schedule is not None,
        initial_record_time=told["initial_record_time"],
        how=Wanted(media, version, EpcFormat(told["epcs"]), web_uris=False),
    )


@require_POST
@back_office(Right.SUBSCRIPTIONS_EDIT)
def replay_all(request: HttpRequest, actor: Actor, subscription_id: int) -> HttpResponse:
    """Try everything again that was given up."""
    count = services.replay_all(actor=actor, subscription_id=subscription_id)
    said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
    messages.success(request, said % {"n": count})
    return _back(actor, subscription_id)


def _back(actor: Actor, subscription_id: int) -> HttpResponse:
    return redirect(
        "subscriptions:one", org=actor.organisation.slug, subscription_id=subscription_id
    )


def _act(
    verb: Callable[..., object], said: Promise, back: Callable[[Actor, int], HttpResponse] = _back
) -> Callable[..., HttpResponseBase]:
    """Return a view that does `verb` to the subscription, or the message, of its address."""

    @require_POST
    @back_office(Right.SUBSCRIPTIONS_EDIT)
    def view(
        request: HttpRequest, actor: Actor, subscription_id: int, **which: int
    ) -> HttpResponse:
        verb(actor=actor, subscription_id=subscription_id, **which)
        messages.success(request, str(said))
        return back(actor, subscription_id)

    return view


def _to_list(actor: Actor, _subscription_id: int) -> HttpResponse:
    return redirect("subscriptions:index", org=actor.organisation.slug)


pause = _act(services.pause, lazy("Paused. What is new waits until you resume."))
resume = _act(services.resume, lazy("Resumed. It goes on where it stopped."))
test = _act(services.send_test, lazy("An empty message is on its way; see below what comes of it."))
end = _act(services.end, lazy("The subscription has ended."), _to_list)
replay = _act(services.replay, lazy("The message is sent again."))
dismiss = _act(services.dismiss, lazy("The message is removed. Its events stay where they are."))
