"""The designer: a template as it is being changed, its preview, and saving it.

It works by plain forms; with a script the label is drawn with the mouse, and the same form sends
the design as JSON.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suyuan.core.labels.decoding import encode
from suyuan.core.labels.design import write_design
from suyuan.kernel.errors import Invalid
from suyuan.labels import selectors, services
from suyuan.labels.documents import read_documents
from suyuan.labels.errors import TemplateChangedMeanwhile
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.labels import drafts, example
from suyuan.web.labels.drawing import preview
from suyuan.web.labels.pages import chosen_example, designer_page
from suyuan.web.labels.views import copy_name


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_DESIGN)
def designer(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a template to be changed; save it, or act on the plain form's rows."""
    current = selectors.get_template(actor.organisation_id, number)
    if request.method != "POST":
        return designer_page(request, actor, current, drafts.of_version(current))
    act = request.POST.get("act", "save")
    if act not in {"save", "save_copy"}:
        draft = drafts.acted(request.POST, act)
        return designer_page(request, actor, current, draft, changed=True)
    draft = drafts.sent(request.POST, current)
    if draft.is_valid:
        try:
            if act == "save_copy":
                return _save_copy(request, actor, draft)
            return _save(request, actor, number, draft)
        except TemplateChangedMeanwhile:
            return _conflict(request, actor, number, draft)
        except Invalid as error:
            draft.refuse(error)
    return designer_page(request, actor, current, draft, changed=True, status=422)


def _save(request: HttpRequest, actor: Actor, number: str, draft: drafts.Draft) -> HttpResponse:
    design, sheet = draft.documents()
    head = draft.head.cleaned_data
    saved = services.save_template(
        actor=actor,
        number=number,
        base=draft.base,
        name=head["name"],
        design=design,
        sheet=sheet,
        note=head["note"],
    )
    if saved.version != draft.base:
        messages.success(request, _("Saved as version %(version)s.") % {"version": saved.version})
    else:
        messages.success(request, _("The label was saved already as it is."))
    address = reverse("labels:designer", kwargs={"org": actor.organisation.slug, "number": number})
    query = urlencode({"example": chosen_example(request)})
    return redirect(f"{address}?{query}")


def _save_copy(request: HttpRequest, actor: Actor, draft: drafts.Draft) -> HttpResponse:
    """Store what met somebody else's newer version as a template of its own."""
    design, sheet = draft.documents()
    name = copy_name(draft.head.cleaned_data["name"])
    made = services.create_template(actor=actor, name=name, design=design, sheet=sheet)
    messages.success(request, _("Yours is now a label of its own."))
    return redirect("labels:designer", org=actor.organisation.slug, number=made.number)


def _conflict(request: HttpRequest, actor: Actor, number: str, draft: drafts.Draft) -> HttpResponse:
    """Show what somebody else has saved beside what was to be saved here."""
    theirs = selectors.get_template(actor.organisation_id, number)
    design, sheet = draft.documents()
    mine, paper = read_documents(design, sheet)
    key = example.usual(actor)
    context = {
        "theirs": theirs,
        "their_preview": preview(actor, theirs.design, theirs.sheet, key),
        "my_preview": preview(actor, mine, paper, key),
        "head": draft.head.cleaned_data,
        "base": draft.base,
        "design_json": write_design(mine).decode(),
        "sheet_json": encode(paper).decode(),
        "organisation": actor.organisation,
    }
    return render(request, "labels/conflict.html", context, status=409)
