"""Profiles: list, new, one, new keys, revocation."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.core.nfc.layout import SealAt
from suyuan.kernel.errors import NotFound, SuyuanError
from suyuan.nfc import personalisation, selectors, services
from suyuan.nfc.models import KeyProfile, ProfileVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url
from suyuan.web.nfc.forms import ProfileForm, RangeForm, RenameForm, VersionForm, values_of
from suyuan.web.nfc.tabs import tabs
from suyuan.web.nfc.words import (
    KEY_NAMES,
    LINKS,
    MAC_INPUTS,
    MIRRORS,
    MODES,
    SEALS_AT,
    SOURCES,
    STEPS,
)
from suyuan.web.tenancy.forms import refuse


@require_safe
@back_office(Right.CARRIERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the profiles."""
    counted = selectors.chips_by_profile(actor.organisation_id)
    rows = [
        {
            "profile": newest.profile,
            "chips": counted.get(newest.profile_id, 0),
            "version": newest,
            "mode": newest.layout["mode"].upper(),
            "sealed": newest.layout["seal"] != SealAt.NONE,
        }
        for newest in selectors.newest_versions(actor.organisation_id)
    ]
    context = {
        "rows": rows,
        "tabs": tabs(actor),
        "may_keys": actor.may(Right.CARRIERS_KEYS),
        "organisation": actor.organisation,
    }
    return render(request, "nfc/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_KEYS)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a profile."""
    form = ProfileForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            profile = services.create_profile(
                actor=actor,
                name=given["name"],
                settings=form.settings(),
                link_to=given["link_to"],
                test=given["test"],
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The profile is made; its keys are sealed."))
            return _to(actor, profile.public_id)
    return _form_page(request, actor, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_KEYS)
def keys(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Give a profile new keys."""
    profile = selectors.get_profile(actor.organisation_id, public_id)
    newest = selectors.get_version(actor.organisation_id, public_id, profile.version)
    form = VersionForm(request.POST or None, initial=values_of(newest))
    if form.is_valid():
        try:
            version = services.new_version(
                actor=actor, public_id=public_id, settings=form.settings()
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            said = _("Chips are written with version %(version)s of the keys from now on.")
            messages.success(request, said % {"version": version.version})
            return _to(actor, public_id)
    return _form_page(request, actor, form, profile)


def _form_page(
    request: HttpRequest, actor: Actor, form: VersionForm, profile: KeyProfile | None
) -> HttpResponse:
    context = {"form": form, "profile": profile, "organisation": actor.organisation}
    status = 422 if form.errors else 200
    return render(request, "nfc/profile_form.html", context, status=status)


@require_safe
@back_office(Right.CARRIERS_VIEW)
def detail(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Show how a profile's chips write, its versions, and what an encoder needs."""
    return _page(request, actor, selectors.get_profile(actor.organisation_id, public_id))


@require_POST
@back_office(Right.CARRIERS_KEYS)
def rename(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Call it otherwise."""
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            services.rename_profile(actor=actor, public_id=public_id, **form.cleaned_data)
        except NotFound:
            raise
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The profile is renamed."))
            return _to(actor, public_id)
    profile = selectors.get_profile(actor.organisation_id, public_id)
    return _page(request, actor, profile, renaming=form)


@require_POST
@back_office(Right.CARRIERS_KEYS)
def revoke(request: HttpRequest, actor: Actor, public_id: str, version: int) -> HttpResponse:
    """Let nothing under a version's keys be genuine any more."""
    services.revoke_version(actor=actor, public_id=public_id, version=version)
    said = _("The keys of version %(version)s are revoked.")
    messages.success(request, said % {"version": version})
    return _to(actor, public_id)


def _page(
    request: HttpRequest, actor: Actor, profile: KeyProfile, *, renaming: Form | None = None
) -> HttpResponse:
    versions = selectors.versions_of(profile)
    counted = selectors.chips_by_version(profile)
    newest = versions[0]
    live = newest.revoked_at is None
    may_encode = actor.may(Right.CODES_DOWNLOAD) and live
    context = {
        "profile": profile,
        "newest": newest,
        "live": live,
        "versions": [(row, counted.get(row.version, 0), SOURCES[row.source]) for row in versions],
        "facts": _facts(profile, newest),
        "checks": [(KEY_NAMES[name], newest.slots[name], check) for name, check in _checks(newest)],
        "chips": sum(counted.values()),
        "tap_address": personalisation.tap_address(public_url(), profile),
        "sample": personalisation.sample(newest, base=public_url()),
        "steps": [STEPS[step["step"]] for step in personalisation.steps(newest)],
        "ranges": RangeForm(actor.organisation_id) if may_encode else None,
        "renaming": renaming or RenameForm(initial={"name": profile.name}),
        "may_keys": actor.may(Right.CARRIERS_KEYS),
        "may_bind": actor.may(Right.CARRIERS_BIND) and live,
        "organisation": actor.organisation,
    }
    return render(request, "nfc/profile.html", context, status=422 if renaming else 200)


def _checks(version: ProfileVersion) -> list[tuple[str, str]]:
    return [(name, version.checks[name]) for name in KEY_NAMES if name in version.checks]


def _facts(profile: KeyProfile, version: ProfileVersion) -> list[tuple[object, object]]:
    layout = version.layout
    rows: list[tuple[object, object]] = [
        (_("Where the link leads"), LINKS[profile.link_to]),
        (_("Encryption of the chip"), MODES[layout["mode"]]),
        (_("UID and counter"), MIRRORS[layout["mirror"]]),
        (_("What the signature covers"), MAC_INPUTS[layout["mac_input"]]),
        (_("State of the seal"), SEALS_AT[layout["seal"]]),
    ]
    if layout["file_bytes"]:
        size = _("%(size)s characters") % {"size": layout["file_bytes"]}
        rows.append((_("Encrypted file data"), size))
    diversified = _("Each chip has keys of its own (AN10922)")
    same = _("All chips have the same keys")
    rows.append((_("Keys of the chips"), diversified if version.system else same))
    if version.system:
        rows.append((_("System identifier"), version.system))
    return rows


def _to(actor: Actor, public_id: str) -> HttpResponse:
    return redirect("nfc:profile", org=actor.organisation.slug, public_id=public_id)
