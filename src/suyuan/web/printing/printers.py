"""Printers: the list, one to change, a new one, a try."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.printing import selectors, services
from suyuan.printing.models import Printer
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import message
from suyuan.web.printing.forms import PrinterForm
from suyuan.web.printing.refusals import shown_on
from suyuan.web.printing.words import KINDS, state_of

_LATEST = 10


@require_safe
@back_office(Right.LABELS_PRINT)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the printers."""
    rows = [
        {"printer": printer, "kind": KINDS[printer.kind]}
        for printer in selectors.printers(actor.organisation_id)
    ]
    context = {
        "rows": rows,
        "may_edit": actor.may(Right.LABELS_DESIGN),
        "organisation": actor.organisation,
    }
    return render(request, "printing/printers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_DESIGN)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set up a printer."""
    form = PrinterForm(actor.organisation_id, request.POST or None)
    if form.is_valid():
        with shown_on(form):
            printer = services.add_printer(actor=actor, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("Printer %(name)s is set up.") % {"name": printer.name})
            return _to(actor, printer.code)
    context = {"form": form, "organisation": actor.organisation}
    status = 422 if form.errors else 200
    return render(request, "printing/printer_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_PRINT)
def detail(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show a printer, and change it."""
    printer = selectors.get_printer(actor.organisation_id, code)
    form = None
    if request.method == "POST":
        form = PrinterForm(actor.organisation_id, request.POST, known=True)
        if form.is_valid():
            with shown_on(form):
                services.change_printer(actor=actor, code=code, **form.cleaned_data)
            if not form.errors:
                messages.success(request, _("The printer is changed."))
                return _to(actor, code)
    elif actor.may(Right.LABELS_DESIGN):
        form = PrinterForm(actor.organisation_id, initial=_values(printer), known=True)
    latest = selectors.jobs(actor.organisation_id, printer=printer.code)[:_LATEST]
    context = {
        "printer": printer,
        "kind": KINDS[printer.kind],
        "form": form,
        "jobs": [{"job": job, "state": state_of(job)} for job in latest],
        "organisation": actor.organisation,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "printing/printer.html", context, status=status)


def _values(printer: Printer) -> dict[str, object]:
    names = ("name", "kind", "host", "port", "dpi", "reports", "rfid", "active")
    values = {name: getattr(printer, name) for name in names}
    return values | {"location_code": printer.location.code if printer.location else ""}


@require_POST
@back_office(Right.LABELS_PRINT)
def attempt(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Connect to a printer, and say how it went."""
    trial = services.try_printer(actor=actor, code=code)
    if trial.fault:
        messages.error(request, message(trial.fault, dict(trial.data)))
    elif trial.status is None:
        messages.success(request, _("The printer takes connections. It was not asked anything."))
    elif trial.status.waiting:
        said = ngettext(
            "The printer answers; %(count)s label is waiting in it.",
            "The printer answers; %(count)s labels are waiting in it.",
            trial.status.waiting,
        )
        messages.success(request, said % {"count": trial.status.waiting})
    else:
        messages.success(request, _("The printer answers and is ready."))
    return _to(actor, code)


def _to(actor: Actor, code: str) -> HttpResponse:
    return redirect("printing:printer", org=actor.organisation.slug, code=code)
