"""Imports and exports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.exchange import selectors, services
from suyuan.exchange.columns import SHEETS
from suyuan.exchange.models import ImportRun
from suyuan.exchange.outcomes import Fault, Outcome
from suyuan.kernel.errors import Conflict, Invalid, NotFound, SuyuanError
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.masterdata import words
from suyuan.web.masterdata.forms import UploadForm
from suyuan.web.masterdata.screens import SCREENS
from suyuan.web.messages import message, sentence

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PER_PAGE = 50


def _known(kind: str) -> str:
    if kind not in SCREENS:
        raise NotFound(kind="import")
    return kind


def _place(actor: Actor, kind: str) -> dict[str, Any]:
    """Return what every page of a kind's exchange shows."""
    return {
        "kind": kind,
        "plural": words.PLURALS[kind],
        "list_href": reverse(f"masterdata:{kind}", kwargs={"org": actor.organisation.slug}),
    }


@back_office(Right.MASTERDATA_EDIT)
def upload(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """Show the form for a file, or preview the file."""
    _known(kind)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if (file.size or 0) > MOST_BYTES:
                raise Invalid("file_too_large", place="file", limit_mb=MOST_BYTES // 2**20)
            run = services.preview_import(
                actor=actor, kind=kind, file_name=file.name or "", body=file.read()
            )
        except SuyuanError as error:
            form.add_error("file", located(error.place, sentence(error)))
        else:
            return redirect(
                "masterdata:import", org=actor.organisation.slug, reference=run.reference
            )
    context = _place(actor, kind) | {
        "form": form,
        "runs": selectors.list_imports(actor.organisation_id, kind=kind)[:10],
    }
    return render(
        request, "masterdata/import_new.html", context, status=422 if form.errors else 200
    )


def located(place: str, text: str) -> str:
    """Put the place of a fault before its sentence."""
    return f"{place}: {text}" if place else text


def fault_sentence(fault: Fault) -> str:
    """Return what a row's fault says in the reader's language."""
    return message(fault.code, fault.data)


def _shown(kind: str, outcome: Outcome) -> dict[str, Any]:
    label, tone = words.ACTS[outcome.act.value]
    fault = outcome.fault
    return {
        "row": outcome.row,
        "key": " / ".join(outcome.key),
        "label": label,
        "tone": tone,
        "changes": [
            (words.FIELDS[name], words.value(kind, name, before), words.value(kind, name, after))
            for name in (column.name for column in SHEETS[kind].values)
            if name in outcome.changes
            for before, after in (outcome.changes[name],)
        ],
        "fault": located(str(words.FIELDS.get(fault.place, fault.place)), fault_sentence(fault))
        if fault
        else "",
    }


@back_office(Right.MASTERDATA_EDIT)
def run(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show what an import would do, or did; refused rows first."""
    found = selectors.get_import(actor.organisation_id, reference)
    preview = selectors.preview_of(found)
    outcomes = sorted(preview.outcomes, key=lambda outcome: outcome.fault is None)
    page = Paginator(outcomes, _PER_PAGE).get_page(request.GET.get("page"))
    context = _place(actor, found.kind) | {
        "run": found,
        "page": page,
        "rows": [_shown(found.kind, outcome) for outcome in page],
        "applicable": _applicable(found),
    }
    return render(request, "masterdata/import.html", context)


def _applicable(found: ImportRun) -> bool:
    return not found.applied_at and not found.faults and bool(found.creates + found.updates)


@require_POST
@back_office(Right.MASTERDATA_EDIT)
def apply(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Do what was previewed."""
    try:
        services.apply_import(actor=actor, reference=reference)
        messages.success(request, gettext("All rows are imported."))
    except (Conflict, Invalid) as error:
        messages.error(request, located(error.place, sentence(error)))
    return redirect("masterdata:import", org=actor.organisation.slug, reference=reference)


@require_GET
@back_office(Right.MASTERDATA_EDIT)
def faults(request: HttpRequest, actor: Actor, reference: str) -> HttpResponseBase:
    """Hand out the refused rows with their reasons."""
    found = selectors.get_import(actor.organisation_id, reference)
    lines = selectors.fault_csv(found, language=get_language() or "", sentence=fault_sentence)
    return _download(StreamingHttpResponse(lines), f"{found.kind}-faults.csv", "text/csv")


@require_GET
@back_office(Right.MASTERDATA_VIEW)
def export(request: HttpRequest, actor: Actor, kind: str, form: str) -> HttpResponseBase:
    """Hand out all rows of a kind, as CSV or XLSX."""
    _known(kind)
    language, here = get_language() or "", actor.organisation_id
    if form == "xlsx":
        body = selectors.export_xlsx(here, kind, language=language)
        return _download(HttpResponse(body), f"{kind}.xlsx", _XLSX)
    lines = selectors.export_csv(here, kind, language=language)
    return _download(StreamingHttpResponse(lines), f"{kind}.csv", "text/csv")


@require_GET
@back_office(Right.MASTERDATA_VIEW)
def template(request: HttpRequest, actor: Actor, kind: str) -> HttpResponseBase:
    """Hand out an empty sheet with the headings."""
    lines = selectors.template_csv(_known(kind), language=get_language() or "")
    return _download(StreamingHttpResponse(lines), f"{kind}-template.csv", "text/csv")


def _download[R: HttpResponseBase](response: R, name: str, content_type: str) -> R:
    charset = "; charset=utf-8" if content_type.startswith("text/") else ""
    response["Content-Type"] = f"{content_type}{charset}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
