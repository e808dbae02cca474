"""What is known to be bad: first what kind of thing, then which, then what follows.

Owns: the choice of a kind, its form, and the address that carries all starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls.starts import read_start
from suyuan.recalls.starts.texts import Said, read_said
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.recalls.decision import fresh_decision
from suyuan.web.recalls.forms import StartsForm
from suyuan.web.recalls.picture import Names, with_query
from suyuan.web.recalls.start_forms import START_FORMS, StartForm
from suyuan.web.recalls.start_lines import starts_of
from suyuan.web.recalls.views.preview import preview_page

CODES: Final = "codes"
_GIVEN: Final = "given"  # the form was sent


class Choice(NamedTuple):
    """A kind of thing that may be known to be bad."""

    kind: str
    icon: str
    title: str | Promise
    text: str | Promise


CHOICES: Final = (
    Choice(
        CODES,
        "barcode",
        _("I have a code"),
        _("A lot, a material lot, an item, a case or a pallet: typed, scanned or pasted."),
    ),
    Choice(
        "supply",
        "truck-loading",
        _("A supplier's deliveries are bad"),
        _("Every lot that came from a supplier in some days, of one material or of all."),
    ),
    Choice(
        "made",
        "building-factory-2",
        _("Something went wrong in production"),
        _("Every lot of a line, a team, a shift or a product, made in some days."),
    ),
    Choice(
        "stayed",
        "building-warehouse",
        _("A place was not fit for goods"),
        _("Whatever was in a warehouse, on a dock or in a shop at the time: flood, pests, heat."),
    ),
    Choice(
        "handled",
        "tool",
        _("A station or a step was at fault"),
        _("Whatever was worked on at places at the time, in every step or in some."),
    ),
    Choice(
        "measured",
        "temperature",
        _("Sensors show a limit passed"),
        _("Readings above or below a limit: the goods they name, or all that was there."),
    ),
    Choice(
        "complaints",
        "message-report",
        _("People complained"),
        _("The goods of some complaints, or their whole lots."),
    ),
    Choice(
        "events",
        "timeline-event",
        _("Certain scans are at fault"),
        _("Whatever some events were about, by their IDs."),
    ),
)


def given_starts(given: Sequence[str]) -> list[str]:
    """Return the starts: one on each line, or one in each parameter."""
    lines = (line.strip() for text in given for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


@require_safe
@back_office(Right.RECALL_VIEW)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask what is bad; once known, show what a recall would affect. Changes nothing."""
    starts = given_starts(request.GET.getlist("start"))
    kind = request.GET.get("kind", "")
    if kind in START_FORMS:
        return _of_kind(request, actor, kind, starts)
    if starts and "edit" not in request.GET and "add" not in request.GET:
        form = StartsForm({"start": "\n".join(starts)})
        if not form.is_valid():
            return _codes(request, actor, form, starts)
        try:
            return preview_page(request, actor, starts, fresh_decision())
        except SuyuanError as error:
            form.add_error("start", faulty(error, starts))
            return _codes(request, actor, form, starts)
    if kind == CODES or "edit" in request.GET:
        codes = StartsForm(initial={"start": "\n".join(starts)})
        return _codes(request, actor, codes, starts)
    return _choices(request, actor, starts)


def faulty(error: SuyuanError, starts: Sequence[str]) -> str:
    """Return the sentence, with the start at fault where the place names one."""
    parts = error.place.split("/")
    if len(parts) > 2 and parts[1] == "starts" and parts[2].isdigit():
        position = int(parts[2])
        if position < len(starts):
            return f"{starts[position][:80]}: {sentence(error)}"
    return sentence(error)


def _here(actor: Actor, **query: str | list[str]) -> str:
    path = reverse("recalls:new", kwargs={"org": actor.organisation.slug})
    return with_query(path, **query) if query else path


def _choices(request: HttpRequest, actor: Actor, starts: list[str]) -> HttpResponse:
    rows = [(one, _here(actor, kind=one.kind, start=starts)) for one in CHOICES[1:]]
    context = {
        "form": StartsForm(),
        "choices": rows,
        "given": starts,
        "starts": starts_of(actor, starts, Names(actor.organisation_id)),
        "preview_href": _here(actor, start=starts) if starts else "",
        "organisation": actor.organisation,
    }
    return render(request, "recalls/new.html", context)


def _codes(
    request: HttpRequest, actor: Actor, form: StartsForm, starts: Sequence[str]
) -> HttpResponse:
    context = {
        "form": form,
        "choice": CHOICES[0],
        "other_href": _here(actor, add="1", start=list(starts)),
        "organisation": actor.organisation,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/new_kind.html", context, status=status)


def _of_kind(request: HttpRequest, actor: Actor, kind: str, starts: list[str]) -> HttpResponse:
    changed = request.GET.get("change", "")
    if _GIVEN in request.GET:
        form = START_FORMS[kind](actor.organisation_id, request.GET)
        if form.is_valid() and (text := _read(actor, form)):
            rest = [one for one in starts if one != changed]
            return redirect(_here(actor, start=list(dict.fromkeys([*rest, text]))))
    else:
        said = _said(changed)
        initial = START_FORMS[kind].initial_of(said) if said and said.kind == kind else None
        form = START_FORMS[kind](actor.organisation_id, initial=initial)
    context = {
        "form": form,
        "choice": next(one for one in CHOICES if one.kind == kind),
        "given": starts,
        "changed": changed,
        "other_href": _here(actor, add="1", start=starts),
        "organisation": actor.organisation,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "recalls/new_kind.html", context, status=status)


def _said(text: str) -> Said | None:
    try:
        return read_said(text) if text else None
    except SuyuanError:
        return None


def _read(actor: Actor, form: StartForm) -> str:
    """Return the canonical text of what a form says, "" with the fault in the form."""
    try:
        return read_start(actor.organisation_id, form.said().text).text
    except SuyuanError as error:
        parts = error.place.strip("/").split("/")
        name = next((part for part in parts if part in form.fields), None)
        form.add_error(name, sentence(error))
        return ""
