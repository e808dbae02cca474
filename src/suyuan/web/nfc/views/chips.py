"""Chips: list, one; what an encoder reports; a link tried step by step."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.nfc import selectors, services
from suyuan.nfc.services import Attempt
from suyuan.nfc.tables import read_report
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import selectors as verification
from suyuan.web.carriers.sheets import RowFaults, take_in
from suyuan.web.gate import back_office
from suyuan.web.nfc.forms import ChipFilter, ReportForm, TryForm
from suyuan.web.nfc.lines import SealBadge, lines_of
from suyuan.web.nfc.tabs import tabs
from suyuan.web.nfc.words import SEAL_STATES, TRIES
from suyuan.web.tenancy.forms import refuse

_PAGE = 50
_SCANS = 20
_ATTEMPTS_SHOWN = 5


@require_safe
@back_office(Right.CARRIERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the chips."""
    filters = ChipFilter(actor.organisation_id, request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.list_chips(
        actor.organisation_id,
        text=wanted.get("q", ""),
        public_id=wanted.get("profile", ""),
        state=wanted.get("state", ""),
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines_of(actor, list(page)),
        "filters": filters,
        "filtered": any(wanted.values()),
        "counts": selectors.chip_counts(actor.organisation_id),
        "profiles": selectors.list_profiles(actor.organisation_id),
        "tabs": tabs(actor),
        "may_keys": actor.may(Right.CARRIERS_KEYS),
        "organisation": actor.organisation,
    }
    return render(request, "nfc/chips.html", context)


@require_safe
@back_office(Right.CARRIERS_VIEW)
def detail(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    """Show a chip: what it leads to, its taps, its seal."""
    chip = selectors.get_chip(actor.organisation_id, uid)
    (line,) = lines_of(actor, [chip])
    found = selectors.unit_of_uid(actor.organisation_id, chip.uid)
    scans = []
    if found is not None and actor.may(Right.SCANS_VIEW):
        scans = list(verification.scans_of(actor.organisation_id, found[0])[:_SCANS])
    context = {
        "line": line,
        "chip": chip,
        "scans": scans,
        "may_see_scans": actor.may(Right.SCANS_VIEW),
        "may_bind": actor.may(Right.CARRIERS_BIND),
        "organisation": actor.organisation,
    }
    return render(request, "nfc/chip.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_BIND)
def report(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Take in an encoder's report: all of it, or nothing."""
    profile = selectors.get_profile(actor.organisation_id, public_id)
    form = ReportForm(request.POST or None, request.FILES or None)
    done = take_in(
        form,
        lambda body: services.import_chips(
            actor=actor, public_id=public_id, rows=read_report(body)
        ),
    )
    if not isinstance(done, RowFaults):
        said = ngettext(
            "%(registered)s chip registered, %(bound)s bound to items; %(unchanged)s rows said"
            " nothing new.",
            "%(registered)s chips registered, %(bound)s bound to items; %(unchanged)s rows said"
            " nothing new.",
            done.registered,
        )
        sizes = {name: f"{getattr(done, name):,}" for name in done.__slots__}
        messages.success(request, said % sizes)
        return redirect("nfc:chips", org=actor.organisation.slug)
    context = {
        "form": form,
        "faults": done,
        "profile": profile,
        "organisation": actor.organisation,
    }
    status = 422 if form.errors or done.count else 200
    return render(request, "nfc/report.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_KEYS)
def test(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Try a link: each step, and where it fails. Nothing is used up."""
    form = TryForm(request.POST or None)
    attempts: list[Attempt] = []
    if form.is_valid():
        try:
            attempts = services.try_link(actor=actor, link=form.cleaned_data["link"])
        except SuyuanError as error:
            refuse(form, error)
    best = attempts[0] if attempts else None
    context = {
        "form": form,
        "best": best,
        "says": TRIES.get(best.code, best.code) if best else "",
        "file_text": _printable(best.reading.file) if best and best.reading else "",
        "seal": _seal(best),
        "line": _bound(actor, best),
        "others": [(one, TRIES.get(one.code, one.code)) for one in attempts[1:_ATTEMPTS_SHOWN]],
        "tabs": tabs(actor),
        "organisation": actor.organisation,
    }
    return render(request, "nfc/test.html", context, status=422 if form.errors else 200)


def _seal(attempt: Attempt | None) -> SealBadge | None:
    seal = attempt.reading.seal if attempt is not None and attempt.reading is not None else None
    return None if seal is None else SealBadge(*SEAL_STATES[seal])


def _bound(actor: Actor, attempt: Attempt | None) -> object:
    """Return what the chip leads to, where its message is genuine."""
    if attempt is None or attempt.reading is None or not attempt.reading.genuine:
        return None
    rows = selectors.list_chips(actor.organisation_id, text=attempt.uid)
    known = [chip for chip in rows[:1] if chip.uid == attempt.uid]
    if known:
        return lines_of(actor, known)[0]
    found = selectors.unit_of_uid(actor.organisation_id, attempt.uid)
    return {"unit_code": found[1].secondary or found[1].primary} if found else None


def _printable(data: bytes) -> str:
    text = data.decode("latin-1")
    return text if text.isprintable() else data.hex(" ").upper()
