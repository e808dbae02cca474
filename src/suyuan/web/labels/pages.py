"""What the designer's page shows.

Owns: the page's values, and what its script begins with.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.core.labels.decoding import builtins
from suyuan.core.labels.design import Design, Paper
from suyuan.kernel.errors import Invalid
from suyuan.labels import selectors
from suyuan.labels.documents import read_documents
from suyuan.labels.models import LabelTemplateVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.labels import drafts, example, words
from suyuan.web.labels.drawing import Preview, preview
from suyuan.web.labels.forms import ELEMENT_FORMS, PictureForm


def chosen_example(request: HttpRequest) -> str:
    """Return whose values the label shall be shown with; "" when nothing was chosen."""
    given: str = request.POST.get("example", "") or request.GET.get("example", "")
    return given[:60]


def designer_page(
    request: HttpRequest,
    actor: Actor,
    current: LabelTemplateVersion,
    draft: drafts.Draft,
    *,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show a template as it is being changed; `changed` says that it is not saved so."""
    choices = example.choices(actor, get_language() or "")
    key = chosen_example(request) or (choices[0][0] if choices else example.MADE_UP)
    panels = [form(prefix=f"panel-{kind}") for kind, form in ELEMENT_FORMS.items()]
    for panel in panels:
        panel.name_properties()
    logos = [(logo.digest, logo.name) for logo in selectors.logos(actor.organisation_id)]
    for form in [*draft.rows, *panels]:
        if isinstance(form, PictureForm):
            form.offer(logos)
    design, sheet = draft.shape() or (current.design, current.sheet)
    context = {
        "current": current,
        "draft": draft,
        "changed": changed,
        "may_print": actor.may(Right.LABELS_PRINT),
        "preview": _look(actor, draft, key),
        "examples": choices,
        "example": key,
        "fields": words.FIELD_NAMES.items(),
        "kinds": [
            {"code": kind, "name": name, "icon": words.KIND_ICONS[kind]}
            for kind, name in words.KIND_NAMES.items()
        ],
        "panels": panels,
        "designer_data": _script_data(actor, design, sheet, changed=changed),
        "organisation": actor.organisation,
    }
    return render(request, "labels/designer.html", context, status=status)


def _look(actor: Actor, draft: drafts.Draft, key: str) -> Preview:
    """Return the picture of a draft, where it is good already; else say what is not."""
    if not draft.is_valid:
        return Preview()
    try:
        design, sheet = read_documents(*draft.documents())
    except Invalid as error:
        draft.refuse(error)
        return Preview()
    return preview(actor, design, sheet, key)


def _script_data(actor: Actor, design: Design, sheet: Paper, *, changed: bool) -> dict[str, Any]:
    """Return what the designer's script begins with."""
    org = {"org": actor.organisation.slug}
    return {
        "design": builtins(design),
        "sheet": builtins(sheet),
        "changed": changed,
        "preview": reverse("labels:preview", kwargs=org),
        "logos": reverse("labels:logos", kwargs=org),
        "sprite": static("build/icons.svg"),
        "words": {
            "kinds": {kind: str(name) for kind, name in words.KIND_NAMES.items()},
            "symbologies": {kind: str(name) for kind, name in words.SYMBOLOGY_NAMES.items()},
            "contents": {kind: str(name) for kind, name in words.CONTENT_NAMES.items()},
            "new_text": _("New text"),
            "at": _("%(name)s, %(x)s mm from the left, %(y)s mm from the top, %(size)s mm"),
            "chosen": _("Chosen: %(name)s"),
            "moved": _("%(x)s mm from the left, %(y)s mm from the top"),
            "removed": _("Taken off: %(name)s"),
            "no_logo": _("Add a logo first."),
            "unsaved": _("Not saved yet"),
            "saved": _("Saved"),
            "offline": _("The preview cannot be reached. What you change is kept here."),
            "nothing": _("Nothing to mend: every code is large enough, nothing overlaps."),
        },
    }
