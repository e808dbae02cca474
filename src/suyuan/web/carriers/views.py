"""Carriers: list, one, bind, upload, replace, release; unlock a hidden code."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.capture.identities import find_key
from suyuan.carriers import selectors, services
from suyuan.carriers.errors import CarrierUnknown
from suyuan.carriers.models import Carrier
from suyuan.carriers.tables import read_bindings
from suyuan.carriers.values import kind_of
from suyuan.core.identifiers import Scheme
from suyuan.kernel.errors import Invalid, NotFound, SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import reveals
from suyuan.web.carriers.forms import (
    BindForm,
    CarrierFilter,
    EndForm,
    ReplaceForm,
    UnlockForm,
    UploadForm,
)
from suyuan.web.carriers.lines import address, lines_of
from suyuan.web.carriers.sheets import RowFaults, take_in
from suyuan.web.carriers.words import KINDS
from suyuan.web.gate import back_office
from suyuan.web.tenancy.forms import refuse
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.reading import goods_identity

_PAGE = 50
_RECENT = 8
_LIVE = {"live": True, "ended": False}


@require_safe
@back_office(Right.CARRIERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the carriers."""
    filters = CarrierFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    live = _LIVE.get(wanted.get("state", ""))
    rows = selectors.list_carriers(
        actor.organisation_id,
        text=wanted.get("q", ""),
        kind=wanted.get("kind", ""),
        live=live,
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    counts = selectors.counts(actor.organisation_id, live=live)
    context = {
        "page": page,
        "lines": lines_of(actor, page),
        "filters": filters,
        "filtered": any(wanted.values()),
        "tabs": [(KINDS[kind], kind, number) for kind, number in counts.items()],
        "total": sum(counts.values()),
        "kind": wanted.get("kind", ""),
        "may_bind": actor.may(Right.CARRIERS_BIND),
        "organisation": actor.organisation,
    }
    return render(request, "carriers/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_BIND)
def bind(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bind a carrier to a unit, one after the other."""
    given = {name: request.GET.get(name, "") for name in ("unit", "kind")}
    form = BindForm(request.POST or None, initial=given)
    if request.POST and _half_scanned(form):
        # The scanner's Enter sent the form after the first field, where no script moved on.
        form = BindForm(initial={name: request.POST.get(name, "") for name in form.fields})
    elif form.is_valid():
        try:
            carrier = services.bind(actor=actor, **form.values())
        except SuyuanError as error:
            refuse(form, error)
        else:
            _said_bound(request, actor, carrier)
            query = f"?kind={form.cleaned_data['kind']}" if form.cleaned_data["kind"] else ""
            return redirect(f"{request.path}{query}")
    mine = selectors.list_carriers(actor.organisation_id, live=True).filter(bound_by=actor.name)
    context = {
        "form": _focused(form),
        "recent": lines_of(actor, mine[:_RECENT]),
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "carriers/bind.html", context, status=status)


def _half_scanned(form: BindForm) -> bool:
    """Tell whether only one of the two scans was sent."""
    sent = [form.data.get(name, "").strip() for name in ("unit", "value")]
    return bool(sent[0]) != bool(sent[1])


def _focused(form: BindForm) -> BindForm:
    """Put the cursor where the next scan goes: the field in fault, else the first empty one."""
    names = ("unit", "value")
    faulty = [name for name in names if name in form.errors]
    empty = [name for name in names if not form[name].value()]
    target = next(iter(faulty or empty), "value")
    form.fields[target].widget.attrs["autofocus"] = True
    return form


def _said_bound(request: HttpRequest, actor: Actor, carrier: Carrier) -> None:
    (line,) = lines_of(actor, [carrier])
    said = _("%(value)s leads to %(name)s %(code)s.")
    values = {"value": carrier.value, "name": line.unit_name, "code": line.unit_code}
    messages.success(request, said % values)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_BIND)
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bind what a file says: all of it, or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None)
    done = take_in(form, lambda body: services.bind_all(actor=actor, rows=read_bindings(body)))
    if not isinstance(done, RowFaults):
        said = ngettext(
            "%(count)s carrier is bound; %(unchanged)s were bound already.",
            "%(count)s carriers are bound; %(unchanged)s were bound already.",
            len(done.bound),
        )
        sizes = {"count": len(done.bound), "unchanged": done.unchanged}
        messages.success(request, said % {name: f"{n:,}" for name, n in sizes.items()})
        return redirect("carriers:index", org=actor.organisation.slug)
    context = {"form": form, "faults": done, "organisation": actor.organisation}
    status = 422 if form.errors or done.count else 200
    return render(request, "carriers/upload.html", context, status=status)


@require_safe
@back_office(Right.CARRIERS_VIEW)
def one(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what a value leads to, and what it led to before."""
    return _page(request, actor, _named(actor, request.GET))


@require_POST
@back_office(Right.CARRIERS_BIND)
def replace(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let another carrier take its place."""
    rows = _named(actor, request.POST)
    form = ReplaceForm(request.POST)
    if form.is_valid():
        try:
            new = services.replace(
                actor=actor, kind=rows[0].kind, value=rows[0].value, **form.cleaned_data
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            _said_bound(request, actor, new)
            return redirect(address(actor, "carriers:one", new))
    return _page(request, actor, rows, replacing=form)


@require_POST
@back_office(Right.CARRIERS_BIND)
def release(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End it without another."""
    rows = _named(actor, request.POST)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            ended = services.release(
                actor=actor, kind=rows[0].kind, value=rows[0].value, **form.cleaned_data
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(value)s is released.") % {"value": ended.value})
            return redirect(address(actor, "carriers:one", ended))
    return _page(request, actor, rows, releasing=form)


def _named(actor: Actor, given: object) -> list[Carrier]:
    """Return the rows of the value that a query or a form names; what cannot be one is unknown."""
    get = given.get  # type: ignore[attr-defined]  # a QueryDict
    try:
        kind = kind_of(get("kind", ""))
        return selectors.history_of_value(actor.organisation_id, kind, get("value", ""))
    except Invalid as error:
        raise CarrierUnknown from error


def _page(
    request: HttpRequest,
    actor: Actor,
    rows: list[Carrier],
    *,
    replacing: ReplaceForm | None = None,
    releasing: EndForm | None = None,
) -> HttpResponse:
    lines = lines_of(actor, rows)
    now = lines[0] if lines[0].carrier.is_live else None
    context = {
        "now": now,
        "last": lines[0],
        "earlier": lines[1:] if now else lines,
        "replacing": replacing
        or ReplaceForm(initial={"new_kind": rows[0].kind}, auto_id="replace_%s"),
        "releasing": releasing or EndForm(auto_id="release_%s"),
        "may_bind": actor.may(Right.CARRIERS_BIND),
        "organisation": actor.organisation,
    }
    status = 422 if replacing or releasing else 200
    return render(request, "carriers/one.html", context, status=status)


@require_POST
@back_office(Right.QUALITY_EDIT)
def unlock(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give an item's hidden code five tries again."""
    form = UnlockForm(request.POST)
    serial, gtin = request.POST.get("serial", ""), request.POST.get("gtin", "")
    identity = goods_identity(Scheme.SGTIN, gtin, serial)
    key = find_key(actor.organisation_id, identity) if identity else None
    if identity is None or key is None:
        raise NotFound(kind="item")
    if form.is_valid():
        reveals.unlock_code(
            actor=actor,
            key=key,
            unit=identity.digital_link(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("The hidden code can be entered again, five times."))
    else:
        messages.error(request, _("Say why the consumer is believed."))
    return redirect(f"{address_of(actor.organisation.slug, identity)}#carriers")
