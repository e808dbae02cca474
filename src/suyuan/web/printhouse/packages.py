"""Packages: list, new, one, and what becomes of it."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import Conflict, Invalid
from suyuan.printhouse import selectors, services, tasks
from suyuan.printhouse.models import Package, PackageState
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.messages import sentence
from suyuan.web.printhouse.forms import (
    CloseForm,
    PackageFilter,
    PackageForm,
    ReasonForm,
    ReturnForm,
)

_PAGE = 50
_ROLLS = 50
_OPEN = frozenset({PackageState.PREPARED, PackageState.SENT, PackageState.RETURNED})
_OUT = frozenset({PackageState.SENT, PackageState.RETURNED})


@require_safe
@back_office(Right.CODES_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the packages."""
    filters = PackageFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.packages(
        actor.organisation_id, text=wanted.get("q", ""), state=wanted.get("state", "")
    )
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "filtered": any(wanted.values()),
        "may_make": actor.may(Right.CODES_DOWNLOAD),
        "organisation": actor.organisation,
    }
    return render(request, "printhouse/packages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CODES_DOWNLOAD)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a package; a password of its own is in the answer, and nowhere else."""
    of_set = request.GET.get("set", "")
    initial = {
        "source": f"set:{of_set}" if of_set else request.GET.get("order", ""),
        "request_key": secrets.token_hex(16),
    }
    form = PackageForm(actor.organisation_id, request.POST or None, initial=initial)
    if form.is_valid():
        with shown_on(form, {"order_number": "source", "agreed_password": "password"}):
            made = services.make_package(actor=actor, wanted=form.wanted())
        if not form.errors:
            if not made.password:
                return _to(actor, made.package.number)
            context = {"made": made, "organisation": actor.organisation}
            answer = render(request, "printhouse/made.html", context, status=201)
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "organisation": actor.organisation}
    return render(request, "printhouse/new.html", context, status=422 if form.errors else 200)


@require_safe
@back_office(Right.CODES_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a package, its rolls and what came back."""
    package = selectors.get_package(actor.organisation_id, number)
    page = Paginator(range(package.rolls), _ROLLS).get_page(request.GET.get("page"))
    closed = package.closed_at is not None
    may_void = actor.may(Right.LABELS_PRINT)
    context = _state_context(actor, package) | {
        "page": page,
        "rolls": selectors.rolls(package, first=page.start_index() - 1, count=_ROLLS),
        "returns": selectors.returns(package),
        "upload": ReturnForm() if may_void and package.state in _OPEN else None,
        "close": CloseForm() if may_void and package.state in _OUT else None,
        "reason": ReasonForm(),
        "may_cancel": actor.may(Right.CODES_DOWNLOAD)
        and not closed
        and package.state != PackageState.RETURNED,
        "may_withdraw": may_void and package.state in _OUT,
    }
    return render(request, "printhouse/package.html", context)


@require_safe
@back_office(Right.CODES_VIEW)
def state(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show how far a package is, for a page that asks again."""
    package = selectors.get_package(actor.organisation_id, number)
    answer = render(request, "printhouse/_state.html", _state_context(actor, package))
    if package.state != PackageState.PREPARING:
        answer["HX-Refresh"] = "true"  # now there are buttons on the page that were not
    return answer


def _state_context(actor: Actor, package: Package) -> dict[str, object]:
    may_take = actor.may(Right.CODES_DOWNLOAD)
    return {
        "package": package,
        "order": package.order,
        "preparing": package.state == PackageState.PREPARING,
        "may_take": may_take,
        "can_take": may_take and package.state in _OPEN,
        "can_send": may_take and package.state == PackageState.PREPARED,
        "organisation": actor.organisation,
    }


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def file(request: HttpRequest, actor: Actor, number: str) -> StreamingHttpResponse | HttpResponse:
    """Send a package's file, piece by piece."""
    headers = {
        "Content-Disposition": f'attachment; filename="{number}.zip"',
        "Cache-Control": "no-store",
    }
    if request.method == "HEAD":
        package = selectors.get_package(actor.organisation_id, number)
        return HttpResponse(
            content_type="application/zip", headers=headers | {"Content-Length": package.bytes}
        )
    package, pieces = services.take_package(actor=actor, number=number)
    answer = StreamingHttpResponse(
        # A piece is valid until the next is asked for, and a server may keep several.
        (bytes(piece) for piece in pieces),
        content_type="application/zip",
        headers=headers,
    )
    answer["Content-Length"] = str(package.bytes)
    return answer


@require_POST
@back_office(Right.CODES_DOWNLOAD)
def sum_up(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Begin once more to sum a package up, where its worker was lost."""
    tasks.begin(selectors.get_package(actor.organisation_id, number))
    return _to(actor, number)


@require_POST
@back_office(Right.CODES_DOWNLOAD)
def send(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Note that the package went out."""
    services.mark_sent(actor=actor, number=number)
    messages.success(request, _("Noted: the package is with the print house."))
    return _to(actor, number)


@require_POST
@back_office(Right.CODES_DOWNLOAD)
def cancel(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Cancel the package."""
    selectors.get_package(actor.organisation_id, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the package is cancelled."))
        return _to(actor, number)
    try:
        services.cancel_package(actor=actor, number=number, why=form.cleaned_data["reason"])
        messages.success(request, _("The package is cancelled."))
    except (Conflict, Invalid) as error:
        messages.error(request, sentence(error))
    return _to(actor, number)


@require_POST
@back_office(Right.LABELS_PRINT)
def close(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Call the package reconciled."""
    form = CloseForm(request.POST)
    withdraw = form.is_valid() and form.cleaned_data["withdraw_missing"]
    reason = _("Not returned by the print house") if withdraw else ""
    try:
        services.close_package(actor=actor, number=number, withdraw_missing=reason)
        messages.success(request, _("The package is reconciled."))
    except Conflict as error:
        messages.error(request, sentence(error))
    return _to(actor, number)


@require_POST
@back_office(Right.LABELS_PRINT)
def withdraw_roll(request: HttpRequest, actor: Actor, number: str, roll: int) -> HttpResponse:
    """Withdraw the codes of a roll."""
    selectors.get_package(actor.organisation_id, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what happened to the roll."))
        return _to(actor, number)
    try:
        count = services.withdraw_roll(
            actor=actor, number=number, roll=roll, reason=form.cleaned_data["reason"]
        )
        said = ngettext("%(count)s code is withdrawn.", "%(count)s codes are withdrawn.", count)
        messages.success(request, said % {"count": f"{count:,}"})
    except (Conflict, Invalid) as error:
        messages.error(request, sentence(error))
    return _to(actor, number)


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("printhouse:package", org=actor.organisation.slug, number=number)
