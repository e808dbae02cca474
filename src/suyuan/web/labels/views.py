"""The list of templates, a new one from a start, and what is done with a whole template."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.core.labels.decoding import builtins
from suyuan.kernel.errors import NotFound
from suyuan.labels import selectors, services
from suyuan.labels.starts import LANGUAGES, STARTS, Language
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.labels import words
from suyuan.web.labels.forms import NAME_LENGTH, CopyForm, NewForm, TemplateFilter

_PAGE = 24
_VERSIONS = 20


@require_safe
@back_office(Right.LABELS_DESIGN)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the templates, each with its picture."""
    filters = TemplateFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.templates(
        actor.organisation_id,
        text=wanted.get("q", ""),
        archived=bool(wanted.get("archived")),
    )
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "filtered": any(wanted.values()),
        "organisation": actor.organisation,
    }
    return render(request, "labels/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_DESIGN)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a template from one of the starts."""
    form = NewForm(request.POST or None)
    if form.is_valid():
        start = STARTS[form.cleaned_data["start"]]
        design = start.draw(form.cleaned_data["language"])
        template = services.create_template(
            actor=actor,
            name=str(words.START_NAMES[form.cleaned_data["start"]]),
            design=builtins(design),
            sheet=builtins(start.paper),
        )
        return _to(actor, template.number)
    language = _label_language(request)
    context = {
        "starts": [
            {"code": code, "name": words.START_NAMES[code], "note": words.START_NOTES[code]}
            for code in STARTS
        ],
        "language": language,
        "languages": [(code, words.LABEL_LANGUAGES[code]) for code in LANGUAGES],
        "organisation": actor.organisation,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "labels/new.html", context, status=status)


def _label_language(request: HttpRequest) -> Language:
    """Return the language of the labels to choose from: as asked, or as the page's."""
    for language in LANGUAGES:
        if request.GET.get("language") == language:
            return language
    return "en" if (get_language() or "").startswith("en") else "zh"


@require_safe
@back_office(Right.LABELS_DESIGN)
def history(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a template's versions with their pictures."""
    latest = selectors.get_template(actor.organisation_id, number)
    rows = selectors.versions(latest.template)
    context = {
        "latest": latest,
        "page": Paginator(rows, _VERSIONS).get_page(request.GET.get("page")),
        "organisation": actor.organisation,
    }
    return render(request, "labels/history.html", context)


@require_POST
@back_office(Right.LABELS_DESIGN)
def restore(request: HttpRequest, actor: Actor, number: str, version: int) -> HttpResponse:
    """Make an old version the newest again."""
    base = request.POST.get("base", "")
    latest = selectors.get_template(actor.organisation_id, number)
    known = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else latest.version
    restored = services.restore_version(actor=actor, number=number, version=version, base=known)
    said = _("Version %(old)s is back, as version %(new)s.")
    messages.success(request, said % {"old": version, "new": restored.version})
    return _to(actor, number)


@require_POST
@back_office(Right.LABELS_DESIGN)
def duplicate(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Begin a new template as this one is, or as one of its versions was."""
    form = CopyForm(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {}
    version = wanted.get("version")
    source = selectors.get_template(actor.organisation_id, number, version)
    name = wanted.get("name") or copy_name(source.template.name)
    copy = services.duplicate_template(actor=actor, number=number, name=name, version=version)
    messages.success(request, _("This is the copy. The original stays as it is."))
    return _to(actor, copy.number)


@require_POST
@back_office(Right.LABELS_DESIGN)
def archive(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Put a template away."""
    services.archive_template(actor=actor, number=number)
    messages.success(request, _("Template %(number)s is put away.") % {"number": number})
    return redirect("labels:index", org=actor.organisation.slug)


@require_POST
@back_office(Right.LABELS_DESIGN)
def reopen(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take a template out again."""
    services.reopen_template(actor=actor, number=number)
    messages.success(request, _("Template %(number)s is back in the list.") % {"number": number})
    return _to(actor, number)


def copy_name(original: str) -> str:
    """Return what a copy is called until somebody thinks of something better."""
    return (_("%(name)s (copy)") % {"name": original})[-NAME_LENGTH:]


def start_named(code: str, language: str) -> tuple[str, Language]:
    """Return a start's code and language, as given in an address.

    Raises:
        NotFound: there is no such start.
    """
    for known in LANGUAGES:
        if code in STARTS and language == known:
            return code, known
    raise NotFound(kind="label_start")


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("labels:designer", org=actor.organisation.slug, number=number)
