"""Record by hand what happened to goods: choose the step, name the units, send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.kernel.errors import NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.issuing.forms import at
from suyuan.web.messages import message
from suyuan.web.process.forms import StepForm
from suyuan.web.process.lines import Gathered, gather
from suyuan.web.process.steps import STEPS, Step, run

_FIELDS = {
    "parent": "parent",
    "children": "units",
    "units": "units",
    "destination_region": "region",
    "transactions": "waybill",
    "location": "location",
    "code_order": "order",
}


@require_safe
@back_office(Right.EVENTS_CAPTURE)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin with the first step."""
    return redirect("process:collect", org=actor.organisation.slug, step=next(iter(STEPS)))


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.EVENTS_CAPTURE)
def collect(request: HttpRequest, actor: Actor, step: str) -> HttpResponse:
    """Record one step."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise NotFound(kind="step")
    initial = {name: request.GET[name] for name in ("order", "units") if name in request.GET}
    form = StepForm(chosen, actor.organisation_id, request.POST or None, initial=initial)
    found = Gathered()
    if form.is_valid():
        found = _record(request, actor, chosen, form)
        if not form.errors and not found.faults:
            return redirect("process:collect", org=actor.organisation.slug, step=step)
    context = {
        "form": form,
        "step": chosen,
        "steps": STEPS.values(),
        "faults": [(f.line, f.text, message(f.code, f.data)) for f in found.faults],
        "more_faults": found.more_faults,
        "organisation": actor.organisation,
    }
    status = 422 if form.errors or found.faults else 200
    return render(request, "process/collect.html", context, status=status)


def _record(request: HttpRequest, actor: Actor, step: Step, form: StepForm) -> Gathered:
    """Record the step; what is refused stands in the form, or in the lines' faults."""
    values = form.cleaned_data
    found = Gathered()
    with shown_on(form, _FIELDS):
        found = gather(
            organisation_id=actor.organisation_id,
            text=values["units"],
            order_number=values["order"],
            level=values["level"],
        )
        if found.faults:
            return found
        if not found.units and (step.units or not (values.get("parent") or values.get("waybill"))):
            form.add_error("units", message("units_missing", {}))
            return found
        outcome = run(step, actor=actor, units=found.units, time=at(values["time"]), values=values)
        count = len(found.units) or 1  # a case emptied or a parcel by its waybill is one
        said = (
            ngettext(
                "%(step)s is recorded for %(count)s unit.",
                "%(step)s is recorded for %(count)s units.",
                count,
            )
            if outcome.stored
            else _("%(step)s was recorded before; nothing has changed.")
        )
        messages.success(request, said % {"step": step.label, "count": f"{count:,}"})
    return found
