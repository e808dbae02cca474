"""The audit trail: look, narrow, take it along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from suyuan.tenancy import selectors
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.tenancy.forms import AuditForm

_PAGE = 50


def _form(request: HttpRequest, actor: Actor) -> AuditForm:
    actions, kinds = selectors.audit_vocabulary(actor.organisation_id)
    return AuditForm(request.GET, actions=actions, kinds=kinds)


def _shown(value: object) -> str:
    """Write a value of a change; what was not there is a dash."""
    if value is None or value == "":
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """Return (field, before, after); a change that is no pair is what came after."""
    rows = []
    for field, change in entry.changes.items():
        before, after = change if isinstance(change, list) and len(change) == 2 else (None, change)
        rows.append((field, _shown(before), _shown(after)))
    return rows


@back_office(Right.AUDIT_VIEW)
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who changed what, newest first."""
    form = _form(request, actor)
    entries = selectors.audit_entries(actor.organisation_id, form.wanted())
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "actor": actor,
        "form": form,
        "page": page,
        "rows": [(entry, _changes(entry)) for entry in page],
        "query": query.urlencode(),
        "filtered": any(query.values()),
        "tab": "audit",
    }
    return render(request, "tenancy/audit.html", context)


def _rows(actor: Actor, form: AuditForm) -> Iterator[Sequence[object]]:
    entries = selectors.audit_entries(actor.organisation_id, form.wanted())
    for entry in entries.iterator(chunk_size=1000):
        yield (
            timezone.localtime(entry.at).isoformat(timespec="seconds"),
            entry.actor,
            entry.action,
            entry.object_kind,
            entry.object_id,
            json.dumps(entry.changes, ensure_ascii=False),
        )


@back_office(Right.AUDIT_VIEW)
def audit_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Give the same entries as a CSV file."""
    header = (_("Time"), _("Who"), _("Act"), _("Kind of object"), _("Object"), _("Changes"))
    name = f"audit-{actor.organisation.slug}.csv"
    return csv_response(name, header, _rows(actor, _form(request, actor)))
