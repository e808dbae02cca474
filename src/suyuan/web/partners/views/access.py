"""The tokens of a partner and the people who speak for it, as the brand gives them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from suyuan.kernel.errors import SuyuanError
from suyuan.partners import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import InvitationUnknown
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.partners.forms import PersonForm, TokenForm
from suyuan.web.partners.page import partner_page
from suyuan.web.tenancy.forms import refuse
from suyuan.web.tenancy.letters import invitation_link, send_invitation


@require_POST
@back_office(Right.PARTNERS_EDIT)
def issue(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Make a token; it is shown this once."""
    partner = selectors.get_partner(actor.organisation_id, code)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token, secret = services.issue_partner_token(
                actor=actor,
                code=code,
                name=form.cleaned_data["name"],
                expires_at=form.expires_at(),
                sandbox=request.POST.get("where") == "sandbox",
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            return partner_page(request, actor, partner, secret=secret, issued=token)
    return partner_page(request, actor, partner, token_form=form)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def revoke(request: HttpRequest, actor: Actor, code: str, token_id: int) -> HttpResponse:
    """End a token."""
    token = services.revoke_partner_token(actor=actor, code=code, token_id=token_id)
    messages.success(request, _("Token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("partners:partner", org=actor.organisation.slug, code=code)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def invite(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Invite somebody; the link is mailed, and shown this once."""
    partner = selectors.get_partner(actor.organisation_id, code)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            invitation, token = services.invite_person(
                actor=actor, code=code, email=form.cleaned_data["email"]
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            language = get_language() or "zh-hans"
            sent = send_invitation(
                actor=actor, invitation=invitation, token=token, language=language
            )
            return partner_page(
                request,
                actor,
                partner,
                link=invitation_link(token),
                invited=invitation,
                sent=sent,
            )
    return partner_page(request, actor, partner, person_form=form)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def withdraw(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """End an invitation."""
    email = request.POST.get("email", "")
    try:
        services.withdraw_invitation(actor=actor, code=code, email=email)
    except InvitationUnknown as error:  # withdrawn or accepted meanwhile
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("partners:partner", org=actor.organisation.slug, code=code)


@require_POST
@back_office(Right.PARTNERS_EDIT)
def remove(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Let somebody go."""
    email = request.POST.get("email", "")
    services.remove_person(actor=actor, code=code, email=email)
    messages.success(request, _("%(person)s no longer speaks for it.") % {"person": email})
    return redirect("partners:partner", org=actor.organisation.slug, code=code)
