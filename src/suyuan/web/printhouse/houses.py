"""Print houses, and the passwords agreed with them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel.errors import Invalid
from suyuan.printhouse import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.printhouse.forms import AgreeForm


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the parties that print, and whether a password is agreed with each."""
    return _page(request, actor)


@require_POST
@back_office(Right.CODES_DOWNLOAD)
def agree(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Agree on a password, and show it this once."""
    form = AgreeForm(request.POST, auto_id=f"{code}_%s")
    if form.is_valid():
        try:
            password = services.agree_password(actor=actor, party_code=code, **form.cleaned_data)
        except Invalid as error:
            form.add_error("password", sentence(error))
        else:
            return _page(request, actor, code=code, password=password)
    return _page(request, actor, code=code, form=form)


@require_POST
@back_office(Right.CODES_DOWNLOAD)
def tell(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Show the password agreed with a print house."""
    password = services.tell_password(actor=actor, party_code=code)
    return _page(request, actor, code=code, password=password)


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    code: str = "",
    password: str = "",
    form: AgreeForm | None = None,
) -> HttpResponse:
    parties = selectors.print_houses(actor.organisation_id)
    agreed = selectors.agreed_with(actor.organisation_id, [party.id for party in parties])
    rows = [
        {
            "party": party,
            "agreed": agreed.get(party.id),
            "form": form
            if form is not None and party.code == code
            else AgreeForm(auto_id=f"{party.code}_%s"),
            "password": password if party.code == code else "",
        }
        for party in parties
    ]
    context = {
        "rows": rows,
        "may_edit": actor.may(Right.MASTERDATA_EDIT),
        "organisation": actor.organisation,
    }
    answer = render(
        request, "printhouse/houses.html", context, status=422 if form is not None else 200
    )
    answer["Cache-Control"] = "no-store"
    return answer
