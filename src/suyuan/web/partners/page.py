"""What stands on the page of one partner.

Owns: the page's context, which forms that come back with a fault share.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from suyuan.kernel import clock
from suyuan.partners import selectors
from suyuan.partners.deliveries import delivered, twin_of
from suyuan.partners.models import Partner
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import ApiToken
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.partners.forms import PersonForm, TokenForm


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token; `state` is active, expired or revoked."""

    token: ApiToken
    state: str
    sandbox: bool


def token_rows(partner: Partner, twin: Partner | None) -> list[TokenRow]:
    """Return a partner's tokens, those of the sandbox too, the newest first."""
    rows = [
        TokenRow(token, _state(token), one is twin)
        for one in (partner, twin)
        if one is not None
        for token in selectors.partner_tokens(one.organisation_id, one.id)
    ]
    return sorted(rows, key=lambda row: row.token.created_at, reverse=True)


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    ended = token.expires_at is not None and token.expires_at <= clock.now()
    return "expired" if ended else "active"


def partner_page(
    request: HttpRequest, actor: Actor, partner: Partner, **more: object
) -> HttpResponse:
    """Show one partner; `more` replaces parts of the context, such as a form that came back."""
    twin = twin_of(partner)
    here, language = actor.organisation_id, get_language() or ""
    context: dict[str, object] = {
        "organisation": actor.organisation,
        "partner": partner,
        "name": partner.name(language),
        "tab": "partner",
        "may_edit": actor.may(Right.PARTNERS_EDIT) and partner.active,
        "places": [one.name(language) for one in selectors.partner_places(here, partner)],
        "steps": [vocabulary.step(word).label for word in partner.delivery_steps],
        "tokens": token_rows(partner, twin),
        "people": selectors.partner_people(here, partner.id),
        "invitations": selectors.partner_invitations(here, partner.id),
        "rules": selectors.share_rules(here, partner.id, active=True).count(),
        "real": delivered(partner),
        "tried": delivered(twin),
        "token_form": TokenForm(),
        "person_form": PersonForm(),
        **more,
    }
    faulty = any(getattr(form, "errors", None) for form in more.values())
    response = render(request, "partners/partner.html", context, status=422 if faulty else 200)
    if more.get("secret") or more.get("link"):
        response["Cache-Control"] = "no-store"
    return response
