"""A person's own pages: their organisations, invitations, profile."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy import selectors, services
from suyuan.tenancy.errors import InvitationUnknown
from suyuan.tenancy.models import User
from suyuan.web.gate import signed_in
from suyuan.web.rights import role_name
from suyuan.web.tenancy.accounts import remember_language
from suyuan.web.tenancy.forms import NewOrganisationForm, ProfileForm, refuse


@signed_in
def start(request: HttpRequest, user: User) -> HttpResponse:
    """Go to the only organisation, or let the person choose; or say how to get one."""
    organisations = selectors.organisations_of(user)
    if len(organisations) == 1:
        return redirect(f"/app/{organisations[0].slug}/")
    return render(request, "tenancy/start.html", {"organisations": organisations})


@require_http_methods(["GET", "POST"])
@signed_in
def new_organisation(request: HttpRequest, user: User) -> HttpResponse:
    """Create an organisation, of which the person becomes the owner."""
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = services.create_organisation(owner=user, **form.cleaned_data)
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Your organisation is ready."))
            return redirect(f"/app/{organisation.slug}/")
    status = 422 if form.errors else 200
    return render(request, "tenancy/new_organisation.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def invitation(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """Show an invitation, and accept it."""
    if request.method == "POST":
        membership = services.accept_invitation(user=user, token=token)
        messages.success(request, _("Welcome."))
        return redirect(f"/app/{membership.organisation.slug}/")
    found = selectors.invitation_for(user=user, token=token)
    if found is None:
        raise InvitationUnknown
    name = found.organisation.name(get_language() or "")
    context = {"organisation": name, "role": role_name(found.role)}
    return render(request, "tenancy/invitation.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: HttpRequest, user: User) -> HttpResponse:
    """Show and save a person's name and language."""
    language = user.language or request.LANGUAGE_CODE
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": language})
    if request.method == "POST" and form.is_valid():
        services.update_profile(user=user, **form.cleaned_data)
        chosen = form.cleaned_data["language"]
        with override(chosen):
            messages.success(request, _("Saved."))
        response = redirect("profile")
        remember_language(response, chosen)
        return response
    status = 422 if form.errors else 200
    return render(request, "tenancy/profile.html", {"form": form, "user": user}, status=status)
