"""A new printing job: what it would print is shown before anything is claimed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.core.labels.design import TextElement
from suyuan.core.labels.fields import LABEL_VALUES, job_values, read_template
from suyuan.core.labels.svg import svg
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import SuyuanError
from suyuan.labels.selectors import pictures_of
from suyuan.printing import selectors, services
from suyuan.printing.services.creating import Preview
from suyuan.printing.values import label_font
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.labels.words import FIELD_NAMES
from suyuan.web.messages import message
from suyuan.web.printing.forms import OrderChoice, PrintForm
from suyuan.web.printing.jobs import to_job
from suyuan.web.printing.refusals import refused_codes, shown_on, told
from suyuan.web.printing.words import claimed, target_of

_ASKED: Final = ("template", "what", "first", "count", "to")


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as a page shows it, or why there is none."""

    fault: str = ""
    refused: tuple[dict[str, str], ...] = ()
    preview: Preview | None = None
    drawing: SafeString | str = ""
    taken: tuple[str, ...] = ()
    target: str = ""
    on_sheets: bool = False
    empty: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.LABELS_PRINT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Print labels: choose the order, then the label, the range and where to; look; print."""
    number = request.POST.get("order") or request.GET.get("order", "")
    if not number:
        chooser = OrderChoice(actor.organisation_id)
        context = {"chooser": chooser, "organisation": actor.organisation}
        return render(request, "printing/choose_order.html", context)
    order = issuing.get_order(actor.organisation_id, number)
    form = PrintForm(order, request.POST or None, initial=_initial(request))
    if form.is_valid():
        with shown_on(form, {"printer": "to", "form": "to", "tier": "what"}):
            job = services.create_job(
                actor=actor,
                order_number=order.number,
                template=form.cleaned_data["template"],
                wanted=form.wanted(),
                output=form.output(),
                note=form.cleaned_data["note"],
                again=form.cleaned_data["again"],
                request_key=form.cleaned_data["request_key"],
            )
        if not form.errors:
            said = ngettext(
                "Job %(number)s prints %(count)s label.",
                "Job %(number)s prints %(count)s labels.",
                job.total,
            )
            messages.success(request, said % {"number": job.number, "count": f"{job.total:,}"})
            return to_job(actor, job.number)
    context = {
        "form": form,
        "order": order,
        "free": sum(end - first for first, end in issuing.unallotted_ranges(order)),
        "shown": _shown(request, actor, order),
        "organisation": actor.organisation,
        "may_design": actor.may(Right.LABELS_DESIGN),
    }
    status = 422 if form.errors else 200
    return render(request, "printing/new.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, str]:
    """Return what the form begins with: what was asked to be shown, or links here gave."""
    given = {name: request.GET[name] for name in PrintForm.base_fields if request.GET.get(name)}
    return given | {"request_key": secrets.token_hex(16)}


@require_safe
@back_office(Right.LABELS_PRINT)
def preview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what a job would print: the first label, how many, how many sheets, whose they are."""
    order = issuing.get_order(actor.organisation_id, request.GET.get("order", ""))
    context = {"shown": _shown(request, actor, order), "organisation": actor.organisation}
    answer = render(request, "printing/_preview.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(request: HttpRequest, actor: Actor, order: CodeOrder) -> Shown:
    data = (request.POST or request.GET).copy()
    form = PrintForm(order)
    if not form.has_templates:
        return Shown(fault=_("There is no label to print yet."))
    # Before anybody has chosen, the first of each list is what would be printed.
    for name in ("template", "what", "to"):
        if not data.get(name):
            data[name] = _first_choice(form.fields[name])
    form = PrintForm(order, data)
    if not form.is_valid():
        faults = [str(fault) for found in form.errors.values() for fault in found]
        return Shown(fault=" ".join(faults))
    try:
        found = services.preview_job(
            actor=actor,
            order_number=order.number,
            template=form.cleaned_data["template"],
            wanted=form.wanted(),
            output=form.output(),
            note=form.cleaned_data["note"],
        )
    except SuyuanError as error:
        return Shown(fault=told(error), refused=tuple(refused_codes(error)))
    return Shown(
        preview=found,
        drawing=_drawing(found),
        taken=tuple(message("already_printed", claimed(one.data)) for one in found.taken),
        target=target_of(found.job),
        on_sheets=selectors.on_sheets(found.job),
        empty=_left_empty(found),
    )


def _left_empty(found: Preview) -> str:
    """Name what the label has a place for and neither order nor product says, e.g. a lot."""
    asked: set[str] = set()
    for element in found.job.template.design.elements:
        if isinstance(element, TextElement):
            asked |= read_template(element.text).names
    said = {
        **job_values(found.job_data),
        "lot": LABEL_VALUES["lot"](found.first_label, found.job_data),
    }
    lacking = [
        FIELD_NAMES[name] for name in FIELD_NAMES if name in asked and not said.get(name, "-")
    ]
    return _(", ").join(map(str, lacking))


def _first_choice(field: Any) -> str:
    """Return the first choice of a field, or of its first group."""
    value, label = next(iter(field.choices))
    return str(label[0][0] if isinstance(label, list | tuple) else value)


def _drawing(found: Preview) -> SafeString:
    template = found.job.template
    drawn = svg(
        template.design,
        label=found.first_label,
        job=found.job_data,
        pictures=pictures_of(template),
        font=label_font(),
        title=_("The first label"),
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by us; its texts are escaped
