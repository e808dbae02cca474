"""Drills: what was scored, the one that runs, when the next ones come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.recalls import drills
from suyuan.recalls.drills import selectors
from suyuan.recalls.drills.scoring import MOST
from suyuan.recalls.models import Drill, DrillAnswer, DrillTask
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.drawing.charts import Bar, bars
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.recalls.drill_forms import (
    SAMPLE_NAMES,
    AnnounceForm,
    CountForm,
    EndForm,
    PlacesForm,
    PlanForm,
)
from suyuan.web.recalls.findings import WORDS
from suyuan.web.recalls.picture import Names, with_query
from suyuan.web.recalls.start_lines import starts_of
from suyuan.web.tenancy.forms import refuse

_PAGE: Final = 20
_CHARTED: Final = 12
_PLAN_FIELDS: Final = (
    *("active", "sample", "every_days", "from_hour", "to_hour", "weekends", "target_minutes"),
)
QUESTIONS: Final = {
    DrillTask.SCOPE: gettext_lazy("How many items would a recall affect?"),
    DrillTask.PLACES: gettext_lazy("Where are they now?"),
    DrillTask.BALANCE: gettext_lazy("Of how many affected lots do the quantities not add up?"),
}
PARTS: Final = {
    "time": gettext_lazy("Time needed"),
    "answers": gettext_lazy("Answers"),
    "proven": gettext_lazy("Proven share"),
    "balance": gettext_lazy("Quantities that add up"),
    "records": gettext_lazy("Whole records"),
}


class TaskLine(NamedTuple):
    """A task with its form or its answer."""

    task: str
    question: object
    form: CountForm | PlacesForm | None
    answer: DrillAnswer | None
    given: str
    true: str
    minutes: int


def _tone(score: int) -> str:
    return "good" if score >= 80 else "warn" if score >= 60 else "bad"


def _chart(rows: list[Drill]) -> SafeString | None:
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return None
    return bars(
        [
            Bar(
                f"{timezone.localtime(row.announced_at):%Y-%m-%d} {row.number}",
                row.score or 0,
                f"{row.score}",
                _tone(row.score or 0),
            )
            for row in scored
        ],
        title=_("Scores of the latest drills, of 100"),
        name="scores",
    )


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the drills."""
    return _index(request, actor, AnnounceForm(), _plan_form(actor))


def _plan_form(actor: Actor) -> PlanForm:
    plan = selectors.plan_of(actor.organisation_id)
    return PlanForm(initial={name: getattr(plan, name) for name in _PLAN_FIELDS} if plan else None)


def _index(
    request: HttpRequest, actor: Actor, announce: AnnounceForm, plan: PlanForm
) -> HttpResponse:
    rows = selectors.list_drills(actor.organisation_id)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    answers = selectors.answers_of_many(actor.organisation_id, listed)
    context = {
        "page": page,
        "rows": [_row(row, answers[row.id]) for row in listed],
        "chart": _chart(list(rows[:_CHARTED])),
        "running": selectors.running_drill(actor.organisation_id),
        "announce": announce,
        "plan_form": plan,
        "plan": selectors.plan_of(actor.organisation_id),
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    status = 422 if announce.errors or plan.errors else 200
    return render(request, "recalls/drills.html", context, status=status)


def _row(drill: Drill, answers: Mapping[DrillTask, DrillAnswer]) -> tuple[Drill, str, int, object]:
    minutes = round(selectors.minutes_taken(drill, answers, clock.now()))
    tone = _tone(drill.score) if drill.score is not None else ""
    return drill, tone, minutes, SAMPLE_NAMES.get(drill.sample)  # type: ignore[call-overload]


@require_POST
@back_office(Right.RECALL_ACT)
def announce(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a drill now."""
    form = AnnounceForm(request.POST)
    if not form.is_valid():
        return _index(request, actor, form, _plan_form(actor))
    try:
        drill = drills.announce_drill(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _index(request, actor, form, _plan_form(actor))
    return redirect("recalls:drill", org=actor.organisation.slug, number=drill.number)


@require_POST
@back_office(Right.RECALL_ACT)
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plan the drills to come."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _index(request, actor, AnnounceForm(), form)
    try:
        drills.set_plan(actor=actor, **form.cleaned_data)
    except SuyuanError as error:
        refuse(form, error)
        return _index(request, actor, AnnounceForm(), form)
    messages.success(request, _("The plan of drills is kept."))
    return redirect("recalls:drills", org=actor.organisation.slug)


@require_safe
@back_office(Right.RECALL_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a drill: the clock and the tasks, or how it went."""
    return _page(request, actor, selectors.get_drill(actor.organisation_id, number))


def _page(
    request: HttpRequest, actor: Actor, drill: Drill, *, task: str = "", faults: str = ""
) -> HttpResponse:
    names = Names(actor.organisation_id)
    answers, truth, now = selectors.answers_of(drill), selectors.truth_of(drill), clock.now()
    minutes = selectors.minutes_taken(drill, answers, now)
    here = reverse("recalls:new", kwargs={"org": actor.organisation.slug})
    context = {
        "drill": drill,
        "sample": SAMPLE_NAMES.get(drill.sample),  # type: ignore[call-overload]
        "starts": starts_of(actor, [drill.start], names),
        "begins": [] if drill.begins == [drill.start] else starts_of(actor, drill.begins, names),
        "tasks": [_task(one, drill, answers.get(one), truth, names, request) for one in DrillTask],
        "fault_task": task,
        "faults": faults,
        "minutes": round(minutes),
        "late": minutes > drill.target_minutes,
        "done": len(answers),
        "summary": Summary.from_json(drill.summary),
        "proven": 100 * truth.proven,
        "truth": truth,
        "parts": [
            (PARTS[part], drill.parts.get(part, 0), most)
            for part, most in MOST.items()
            if drill.parts
        ],
        "tone": _tone(drill.score) if drill.score is not None else "",
        "findings": [
            (WORDS[code].title, times)
            for code in WORDS
            if (times := drill.findings.get(code.value))
        ],
        "preview_href": with_query(here, start=list(drill.begins)),
        "end": EndForm(),
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }
    return render(request, "recalls/drill.html", context, status=422 if faults else 200)


def _task(
    task: DrillTask,
    drill: Drill,
    answer: DrillAnswer | None,
    truth: selectors.Truth,
    names: Names,
    request: HttpRequest,
) -> TaskLine:
    form: CountForm | PlacesForm | None = None
    if answer is None and drill.is_running:
        given = request.POST if request.POST.get("task") == task.value else None
        form = PlacesForm(names, given) if task is DrillTask.PLACES else CountForm(given)
    true = {
        DrillTask.SCOPE: f"{truth.items:,}",
        DrillTask.PLACES: _places(truth.places, names),
        DrillTask.BALANCE: f"{truth.unbalanced:,}",
    }
    return TaskLine(
        task.value,
        QUESTIONS[task],
        form,
        answer,
        _given(answer, names),
        true[task],
        _after(drill.announced_at, answer),
    )


def _after(begun: datetime, answer: DrillAnswer | None) -> int:
    return round((answer.answered_at - begun).total_seconds() / 60) if answer else 0


def _given(answer: DrillAnswer | None, names: Names) -> str:
    if answer is None:
        return ""
    given: dict[str, Any] = answer.given
    if "count" in given:
        return f"{given['count']:,}"
    return _places(given.get("places", ()), names)


def _places(places: Any, names: Names) -> str:
    return "、".join(
        names.place(one) if one in names.locations else str(vocabulary.status(one).label)
        for one in places
    )


@require_POST
@back_office(Right.RECALL_ACT)
def answer(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Answer a task, or let the product answer it."""
    drill = selectors.get_drill(actor.organisation_id, number)
    task, by_engine = request.POST.get("task", ""), "engine" in request.POST
    given: dict[str, Any] = {}
    if not by_engine:
        places = task == DrillTask.PLACES
        form = (
            PlacesForm(Names(actor.organisation_id), request.POST)
            if places
            else CountForm(request.POST)
        )
        if not form.is_valid():
            return _page(request, actor, drill, task=task, faults=_("Enter your answer."))
        given = form.cleaned_data
    try:
        drills.answer_task(actor=actor, number=number, task=task, by_engine=by_engine, **given)
    except SuyuanError as error:
        return _page(request, actor, drill, task=task, faults=sentence(error))
    return redirect("recalls:drill", org=actor.organisation.slug, number=number)


@require_POST
@back_office(Right.RECALL_ACT)
def end(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """End a drill: score it, or give it up."""
    drill = selectors.get_drill(actor.organisation_id, number)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, drill, faults=_("The note is too long."))
    close = drills.abandon_drill if "abandon" in request.POST else drills.finish_drill
    try:
        close(actor=actor, number=number, note=form.cleaned_data["note"])
    except SuyuanError as error:
        return _page(request, actor, drill, faults=sentence(error))
    messages.success(request, _("The drill has ended."))
    return redirect("recalls:drill", org=actor.organisation.slug, number=number)
