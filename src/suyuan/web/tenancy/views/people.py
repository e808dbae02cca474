"""Members, invitations, and what each role may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import InvitationUnknown
from suyuan.tenancy.rights import Right, Role
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.rights import RIGHT_SENTENCES, ROLE_NAMES, role_name
from suyuan.web.tenancy.forms import InvitationForm, RemovalForm, RoleForm, refuse
from suyuan.web.tenancy.letters import invitation_link, send_invitation


def _page(request: HttpRequest, actor: Actor, form: InvitationForm, **more: object) -> HttpResponse:
    context = {
        "actor": actor,
        "members": [
            (membership, RoleForm(initial={"role": membership.role}, auto_id=f"%s-{membership.id}"))
            for membership in selectors.members(actor.organisation_id)
        ],
        "invitations": [
            (invitation, role_name(invitation.role))
            for invitation in selectors.open_invitations(actor.organisation_id)
        ],
        "form": form,
        "tab": "people",
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "tenancy/people.html", context, status=status)


@back_office(Right.PEOPLE_MANAGE)
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show members and open invitations."""
    return _page(request, actor, InvitationForm())


@require_POST
@back_office(Right.PEOPLE_MANAGE)
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Invite a person; the link is mailed, and shown this once."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form)
    try:
        invitation, token = services.invite(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, form)
    sent = send_invitation(
        actor=actor, invitation=invitation, token=token, language=get_language() or "zh-hans"
    )
    response = _page(
        request, actor, InvitationForm(), link=invitation_link(token), invited=invitation, sent=sent
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@back_office(Right.PEOPLE_MANAGE)
def withdraw(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Withdraw an invitation."""
    try:
        services.withdraw_invitation(actor=actor, email=request.POST.get("email", ""))
    except InvitationUnknown as error:  # withdrawn or accepted meanwhile
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("tenancy:people", org=actor.organisation.slug)


@require_POST
@back_office(Right.PEOPLE_MANAGE)
def change_role(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Invalid("role_unknown", place="role")
    try:
        membership = services.change_role(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(
            request,
            _("%(person)s is now: %(role)s.")
            % {"person": membership.user, "role": role_name(membership.role)},
        )
    return redirect("tenancy:people", org=actor.organisation.slug)


@require_http_methods(["GET", "POST"])
@back_office(Right.PEOPLE_MANAGE)
def remove(request: HttpRequest, actor: Actor, email: str) -> HttpResponse:
    """Ask, then let a member go."""
    membership = selectors.member(actor.organisation_id, email)
    form = RemovalForm(request.POST or None, initial={"email": email})
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_member(
                actor=actor, email=email, revoke_tokens=form.cleaned_data["revoke_tokens"]
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("%(person)s is no member any more.") % {"person": membership.user}
            )
            return redirect("tenancy:people", org=actor.organisation.slug)
    context = {"actor": actor, "membership": membership, "form": form, "tab": "people"}
    status = 422 if form.errors else 200
    return render(request, "tenancy/remove.html", context, status=status)


@require_http_methods(["GET", "POST"])
@back_office(Right.PEOPLE_MANAGE)
def rights(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show, and save, the table of roles and rights."""
    problem = ""
    table = selectors.grants_table(actor.organisation_id)
    if request.method == "POST":
        ticked = request.POST.getlist("grant")
        table = {
            role: frozenset(right for right in Right if f"{role.value}:{right.value}" in ticked)
            for role in Role
        }
        try:
            services.set_grants_table(actor=actor, table=table)
        except SuyuanError as error:
            problem = sentence(error)
        else:
            messages.success(request, _("Rights saved."))
            return redirect("tenancy:roles", org=actor.organisation.slug)
    context = {
        "actor": actor,
        "roles": [(role, ROLE_NAMES[role]) for role in Role],
        "rows": [
            (
                right,
                RIGHT_SENTENCES[right],
                [
                    {
                        "value": f"{role.value}:{right.value}",
                        "role": ROLE_NAMES[role],
                        "held": right in table[role],
                        "fixed": role is Role.OWNER and right is Right.PEOPLE_MANAGE,
                    }
                    for role in Role
                ],
            )
            for right in Right
        ],
        "problem": problem,
        "tab": "rights",
    }
    return render(request, "tenancy/rights.html", context, status=422 if problem else 200)
