"""API tokens: create, show once, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import ApiToken
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.rights import RIGHT_SENTENCES
from suyuan.web.tenancy.forms import TokenForm, refuse


def _row(token: ApiToken) -> dict[str, object]:
    expired = token.expires_at is not None and token.expires_at <= clock.now()
    return {
        "token": token,
        "id": str(token.id),
        "state": "revoked" if token.revoked_at else "expired" if expired else "active",
        "scopes": [RIGHT_SENTENCES[right] for right in Right if right.value in token.scopes],
    }


@require_http_methods(["GET", "POST"])
@back_office(Right.TOKENS_MANAGE)
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the tokens; issue one, whose secret is shown this once."""
    form = TokenForm(request.POST or None, rights=actor.rights)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _issued, secret = services.issue_token(
                actor=actor,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(),
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            form = TokenForm(rights=actor.rights)
    context = {
        "actor": actor,
        "form": form,
        "secret": secret,
        "rows": [_row(token) for token in selectors.tokens(actor.organisation_id)],
        "tab": "tokens",
    }
    status = 422 if form.errors else 200
    response = render(request, "tenancy/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@back_office(Right.TOKENS_MANAGE)
def revoke(request: HttpRequest, actor: Actor, token_id: int) -> HttpResponse:
    """Revoke a token."""
    token = services.revoke_token(actor=actor, token_id=token_id)
    messages.success(request, _("Token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tenancy:tokens", org=actor.organisation.slug)
