"""The affected items of a case: a paged list, and files."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from suyuan.core.keyset import KeySet
from suyuan.recalls import selectors
from suyuan.recalls.models import RecallCase
from suyuan.recalls.rows import affected_keys, affected_rows
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.recalls.case_page import frame
from suyuan.web.recalls.picture import Names
from suyuan.web.recalls.tables import item_line
from suyuan.web.recalls.workbook import workbook_response

_PAGE = 50


def _wanted(request: HttpRequest, case: RecallCase) -> KeySet:
    """Return the items that the query string asks for."""
    place = request.GET.get("place") if "place" in request.GET else None
    found = affected_keys(
        case,
        whereabouts=request.GET.get("whereabouts", ""),
        place=place,
        certainty=request.GET.get("certainty", ""),
    )
    if "outcome" in request.GET:
        position = request.GET.get("count", "")
        found &= selectors.outcome_items(
            case, request.GET["outcome"], int(position) if _is_number(position) else 0
        )
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """List the items, those of one state or place where the address says so."""
    case = selectors.get_case(actor.organisation_id, number)
    keys = _wanted(request, case).to_array()
    page = Paginator(keys, _PAGE).get_page(request.GET.get("page"))
    names = Names(actor.organisation_id)
    shown = KeySet.from_array(keys[max(0, page.start_index() - 1) : page.end_index()])
    rows = [item_line(actor, row, names) for row in affected_rows(case, items=shown)]
    context = {
        **frame(request, actor, case),
        "page": page,
        "rows": rows,
        "certainty": request.GET.get("certainty", ""),
        "outcome": request.GET.get("outcome", ""),
        "graded": any(row.certainty for row in rows),
        "whereabouts": request.GET.get("whereabouts", ""),
        "place": names.place(request.GET["place"]) if "place" in request.GET else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "recalls/items.html", context)


def _header() -> list[str]:
    return [
        _("Item"),
        _("Lot code"),
        _("Lot"),
        _("Where it is now"),
        _("Place"),
        _("Place's identifier"),
        _("Logistic unit"),
        _("Waybill"),
        _("Order number"),
        pgettext("scope", "Certainty"),
    ]


def _table(actor: Actor, case: RecallCase, items: KeySet) -> Iterator[list[str]]:
    names = Names(actor.organisation_id)
    for row in affected_rows(case, items=items):
        line = item_line(actor, row, names)
        yield [
            row.item,
            line.lot,
            row.lot,
            str(vocabulary.status(row.whereabouts).label) if row.whereabouts else "",
            line.place,
            row.place,
            line.container,
            row.waybill,
            row.order_number,
            row.certainty,
        ]


@require_safe
@back_office(Right.RECALL_VIEW)
def as_csv(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the items as a CSV file, row by row."""
    case = selectors.get_case(actor.organisation_id, number)
    items = _wanted(request, case)
    return csv_response(f"{case.number}.csv", _header(), _table(actor, case, items))


@require_safe
@back_office(Right.RECALL_VIEW)
def as_workbook(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the items as a workbook."""
    case = selectors.get_case(actor.organisation_id, number)
    items = _wanted(request, case)
    return workbook_response(
        f"{case.number}.xlsx", case.number, _header(), _table(actor, case, items), rows=len(items)
    )
