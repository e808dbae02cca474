"""Readers: a new one, and one to change."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suyuan.docks import services
from suyuan.docks.models import Reader
from suyuan.docks.selectors import get_reader
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.docks.forms import ReaderForm
from suyuan.web.docks.words import PURPOSES
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on

_SAME = ("name", "purpose", "window_seconds", "least_reads", "least_rssi", "active")


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.READERS_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set up a reader."""
    form = ReaderForm(actor.organisation_id, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            reader = services.add_reader(actor=actor, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("Reader %(name)s is set up.") % {"name": reader.name})
            return redirect("docks:reader", org=actor.organisation.slug, code=reader.code)
    return _form_page(request, actor, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.READERS_EDIT)
def edit(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Change a reader."""
    reader = get_reader(actor.organisation_id, code)
    initial = {name: getattr(reader, name) for name in _SAME} | {
        "location_code": reader.location.code,
        "inner_antennas": ", ".join(map(str, reader.inner_antennas)),
    }
    form = ReaderForm(actor.organisation_id, request.POST or None, initial=initial, known=True)
    if form.is_valid():
        with shown_on(form):
            services.change_reader(actor=actor, code=code, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("The reader is changed."))
            return redirect("docks:reader", org=actor.organisation.slug, code=code)
    return _form_page(request, actor, form, reader)


def _form_page(
    request: HttpRequest, actor: Actor, form: ReaderForm, reader: Reader | None
) -> HttpResponse:
    context = {
        "form": form,
        "reader": reader,
        "purposes": PURPOSES.values(),
        "organisation": actor.organisation,
    }
    return render(request, "docks/form.html", context, status=422 if form.errors else 200)
