"""The first hour: a token, a document, what is there already, and where to go on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.partners import services
from suyuan.partners.deliveries import delivered, deliveries
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.partners import samples
from suyuan.web.partners.code import PROGRAMS, program, source
from suyuan.web.partners.desk import EVERYBODY, Desk
from suyuan.web.partners.forms import DocumentForm, TokenForm
from suyuan.web.partners.page import token_rows
from suyuan.web.tenancy.forms import refuse

_LATEST = 5


def _page(request: HttpRequest, desk: Desk, form: TokenForm, **more: object) -> HttpResponse:
    partner, twin = desk.partner, desk.twin
    tokens = token_rows(partner, twin) if partner else []
    real, tried = delivered(partner), delivered(twin)
    shown = program(request.GET.get("program", ""))
    context = {
        "organisation": desk.actor.organisation,
        "brand": desk.actor.organisation.name(desk.language),
        "desk": desk,
        "form": form,
        "document_form": DocumentForm(),
        "samples": samples.SAMPLES.items(),
        "tokens": [row for row in tokens if row.state == "active"],
        "real": real,
        "tried": tried,
        "latest": deliveries(partner)[:_LATEST] if partner else [],
        "programs": PROGRAMS,
        "program": shown,
        "source": source(shown, desk.address),
        "may_see": desk.actor.may(Right.EVENTS_SHARED) or desk.actor.may(Right.EVENTS_VIEW),
        "steps": _steps(
            desk,
            token=bool(tokens),
            tried=tried.events,
            real=real.events,
            used=any(row.token.last_used_at and not row.sandbox for row in tokens),
        ),
        **more,
    }
    response = render(request, "partners/start.html", context, status=422 if form.errors else 200)
    if more.get("secret"):
        response["Cache-Control"] = "no-store"
    return response


def _steps(
    desk: Desk, *, token: bool, tried: int, real: int, used: bool
) -> list[tuple[str, str, bool]]:
    """Return (anchor, label, done) of what a partner does in its first hour."""
    if desk.partner is None:
        return []
    return [
        ("try", _("Check a document and try it in the sandbox"), bool(tried or real)),
        ("token", _("Get a token for your system"), token),
        ("program", _("Send from your system"), used),
    ]


@require_safe
@back_office(*EVERYBODY)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show where to begin, and how far one is."""
    return _page(request, Desk(actor), TokenForm())


@require_POST
@back_office(*EVERYBODY)
def issue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a token for one's own partner; it is shown this once."""
    desk = Desk(actor)
    form = TokenForm(request.POST)
    if desk.partner is None:
        return redirect("partners:start", org=actor.organisation.slug)
    if form.is_valid():
        try:
            token, secret = services.issue_partner_token(
                actor=actor,
                code=desk.partner.code,
                name=form.cleaned_data["name"],
                expires_at=form.expires_at(),
                sandbox=request.POST.get("where") != "real",
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            fresh = Desk(actor)
            where = token.organisation_id != actor.organisation_id
            return _page(request, fresh, TokenForm(), secret=secret, issued=token, in_sandbox=where)
    return _page(request, desk, form)


@require_POST
@back_office(*EVERYBODY)
def revoke(request: HttpRequest, actor: Actor, token_id: int) -> HttpResponse:
    """End one of one's own partner's tokens."""
    desk = Desk(actor)
    if desk.partner is None:  # the brand's own people have their tokens in the settings
        return redirect("partners:start", org=actor.organisation.slug)
    token = services.revoke_partner_token(actor=actor, code=desk.partner.code, token_id=token_id)
    messages.success(request, _("Token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("partners:start", org=actor.organisation.slug)
