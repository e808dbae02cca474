"""Complaints: list, one, new; notes, answers, the end; erasing who complained."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.quality import selectors, services
from suyuan.quality.models import Complaint, NoteKind
from suyuan.quality.reporters import Reporter, reporter_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.quality.forms import (
    STATUS_NAMES,
    ComplaintFilter,
    ComplaintForm,
    WordsForm,
    channel_name,
    refuse_within,
)
from suyuan.web.quality.goods import goods_of, names_of
from suyuan.web.tenancy.forms import refuse

_PAGE = 50
_ACTS = {
    NoteKind.NOTE.value: (services.add_note, gettext_lazy("The note is kept.")),
    NoteKind.ANSWER.value: (services.answer_complaint, gettext_lazy("The answer is recorded.")),
    NoteKind.CLOSE.value: (services.close_complaint, gettext_lazy("The complaint is closed.")),
}


@require_safe
@back_office(Right.QUALITY_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the complaints."""
    filters = ComplaintFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.list_complaints(
        actor.organisation_id,
        text=wanted.get("q", ""),
        **{name: wanted.get(name, "") for name in ("status", "channel", "gtin", "lot")},
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    names = names_of(actor.organisation_id, [row.gtin for row in page])
    counts = selectors.complaint_counts(actor.organisation_id)
    context = {
        "page": page,
        "rows": [(row, names.get(row.gtin, ""), channel_name(row.channel)) for row in page],
        "filters": filters,
        "tabs": [(status.value, name, counts[status]) for status, name in STATUS_NAMES.items()],
        "status": wanted.get("status", ""),
        "total": sum(counts.values()),
        "common_query": urlencode(
            {name: wanted[name] for name in ("q", "gtin", "lot") if wanted.get(name)}
        ),
        "may_edit": actor.may(Right.QUALITY_EDIT),
        "organisation": actor.organisation,
    }
    return render(request, "quality/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.QUALITY_EDIT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write down a complaint; another page may have filled in the code."""
    given = {"target": request.GET.get("target", "")}
    form = ComplaintForm(request.POST or None, request.FILES or None, initial=given)
    if form.is_valid():
        values = {**form.cleaned_data}
        reporter = Reporter(values.pop("reporter_name"), values.pop("reporter_contact"))
        uploads = [one.read() for one in values.pop("pictures")]
        try:
            complaint = services.file_complaint(
                actor=actor, reporter=reporter, uploads=uploads, **values
            )
        except SuyuanError as error:
            refuse_within(form, error)
        else:
            messages.success(
                request, _("Complaint %(number)s is kept.") % {"number": complaint.number}
            )
            return _to(actor, complaint.number)
    context = {"form": form, "organisation": actor.organisation}
    status = 422 if form.errors else 200
    return render(request, "quality/complaint_new.html", context, status=status)


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("quality:complaint", org=actor.organisation.slug, number=number)


def _page(
    request: HttpRequest, actor: Actor, complaint: Complaint, form: WordsForm
) -> HttpResponse:
    may_edit = actor.may(Right.QUALITY_EDIT)
    context = {
        "complaint": complaint,
        "channel": channel_name(complaint.channel),
        "goods": goods_of(actor, complaint),
        "pictures": selectors.pictures_of(complaint),
        "notes": selectors.notes_of(complaint),
        # Opened for those who answer; others see only that somebody is known.
        "reporter": reporter_of(complaint) if may_edit else None,
        "may_edit": may_edit,
        "form": form,
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    response = render(request, "quality/complaint.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@back_office(Right.QUALITY_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a complaint, its goods and what was written beside it."""
    complaint = selectors.get_complaint(actor.organisation_id, number)
    return _page(request, actor, complaint, WordsForm())


@require_POST
@back_office(Right.QUALITY_EDIT)
def write(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Keep a note, an answer, or the end."""
    complaint = selectors.get_complaint(actor.organisation_id, number)
    form = WordsForm(request.POST)
    act = _ACTS.get(request.POST.get("kind", ""))
    if act is None:
        raise Invalid(place="kind")
    if not form.is_valid():
        return _page(request, actor, complaint, form)
    service, said = act
    try:
        service(actor=actor, number=number, text=form.cleaned_data["text"])
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, complaint, form)
    messages.success(request, str(said))
    return _to(actor, number)


@require_POST
@back_office(Right.QUALITY_EDIT)
def erase(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Forget who complained."""
    services.erase_reporter(actor=actor, number=number)
    messages.success(request, _("Name, contact and pictures are erased."))
    return _to(actor, number)
