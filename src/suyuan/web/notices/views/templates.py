"""An organisation's own words for notices, and the ways that short messages take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.recalls.models import Notice, RecallCase, RecipientKind
from suyuan.recalls.notices.announcing import announcement_of
from suyuan.recalls.notices.doors import WEBHOOK_CHANNELS, doors_of, mail_is_set, set_door
from suyuan.recalls.notices.facts import Facts, contact_of
from suyuan.recalls.notices.templates import (
    LANGUAGES,
    NAMES,
    Words,
    check_words,
    current_template,
    fill,
    save_template,
    versions_of,
)
from suyuan.recalls.selectors import list_cases
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.notices import words
from suyuan.web.notices.forms import DoorForm, TemplateForm
from suyuan.web.notices.lines import name_of
from suyuan.web.tenancy.forms import refuse


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List templates and ways."""
    return _index(request, actor, None, "")


def _index(
    request: HttpRequest, actor: Actor, faulty: DoorForm | None, secret: str
) -> HttpResponse:
    doors = doors_of(actor.organisation_id)
    rows = [
        (
            name,
            words.TEMPLATES[name],
            [
                (language, words.LANGUAGES[language], version_of(actor, name, language))
                for language in LANGUAGES
            ],
        )
        for name in NAMES
    ]
    context = {
        "rows": rows,
        "doors": [
            (
                words.CHANNELS[channel],
                doors.get(channel),
                _door_form(channel, doors.get(channel), faulty),
            )
            for channel in WEBHOOK_CHANNELS
        ],
        "secret": secret,
        "mail_is_set": mail_is_set(),
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    status = 422 if faulty is not None else 200
    return render(request, "notices/templates.html", context, status=status)


def version_of(actor: Actor, name: str, language: str) -> int:
    """Return the version in use; 0 for the shipped words."""
    rows = versions_of(actor.organisation_id, name, language)
    return rows[0].version if rows and rows[0].body else 0


def _door_form(channel: str, door: Any, faulty: DoorForm | None) -> DoorForm:
    if faulty is not None and faulty.data.get("channel") == channel:
        form = faulty
    else:
        form = DoorForm(initial={"channel": channel, "url": door.url if door else ""})
    form.auto_id = f"id_{channel}_%s"
    return form


@require_http_methods(["POST"])
@back_office(Right.RECALL_ACT)
def door(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set or remove a channel's webhook; its secret is shown this once."""
    form = DoorForm(request.POST)
    if not form.is_valid():
        return _index(request, actor, form, "")
    try:
        _made, secret = set_door(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        form.add_error("url", sentence(error))
        return _index(request, actor, form, "")
    if not secret:
        messages.success(request, _("The messages are taken as a file now."))
        return redirect("notices:templates", org=actor.organisation.slug)
    return _index(request, actor, None, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.RECALL_ACT)
def edit(request: HttpRequest, actor: Actor, name: str, language: str) -> HttpResponse:
    """Change a template; look at it with the data of a real case first."""
    if name not in NAMES or language not in LANGUAGES:
        raise Http404
    current = current_template(actor.organisation_id, name, language)
    form = TemplateForm(request.POST or None, initial=current.words._asdict())
    shown: Words | None = None
    if form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("subject", "body")}
        try:
            if "look" in request.POST:
                shown = _look(actor, name, language, Words(**given))
            else:
                save_template(actor=actor, name=name, language=language, **given)
                messages.success(request, _("Saved: the next notices are written so."))
                return redirect("notices:templates", org=actor.organisation.slug)
        except SuyuanError as error:
            refuse(form, error)
    elif not request.POST:
        shown = _look(actor, name, language, current.words)
    sample = _sample(actor, name)
    context = {
        "form": form,
        "name": words.TEMPLATES[name],
        "language": words.LANGUAGES[language],
        "current": current,
        "shown": shown,
        "sample": sample,
        "sample_name": name_of(sample) if sample else "",
        "versions": versions_of(actor.organisation_id, name, language),
        "placeholders": list(words.PLACEHOLDERS.items()),
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "notices/template.html", context, status=status)


def _sample(actor: Actor, name: str) -> Notice | None:
    """Return a notice of the latest case that such a template is for."""
    case: RecallCase | None = list_cases(actor.organisation_id).first()
    if case is None:
        return None
    kind = RecipientKind.PARTNER if name.startswith("partner") else RecipientKind.BUYER
    rows = Notice.objects.filter(organisation_id=actor.organisation_id, case_id=case.id, kind=kind)
    found = rows.order_by("number").first()
    if found is not None:
        found.case = case
    return found


def _look(actor: Actor, name: str, language: str, given: Words) -> Words | None:
    """Return the filled template; None where no notice is there to fill it with."""
    if given.body:
        check_words(name, Words(" ".join(given.subject.split()), given.body))
    sample = _sample(actor, name)
    if sample is None:
        return None
    text = given if given.body else current_template(actor.organisation_id, name, language).words
    sample.language = language
    facts = Facts(sample.case, announcement_of(sample.case))
    try:
        return fill(text, facts.of(sample, contact_of(sample)))
    except Invalid:
        return None
