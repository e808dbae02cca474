"""Suppliers' scorecards: all of them by one measure, one of them with the lots behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from suyuan.core.intervals import Rate
from suyuan.masterdata import selectors as masterdata
from suyuan.monitoring.suppliers.lots import SupplierLot, lots_of
from suyuan.monitoring.suppliers.scorecards import Measure, Scorecards, scorecards
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.monitoring.suppliers.forms import Period, read_period
from suyuan.web.monitoring.suppliers.words import MEASURES, drawing, measure_of, rate_line
from suyuan.web.quality.goods import names_of
from suyuan.web.quality.links import goods_link, recall_link, recall_of
from suyuan.web.shell.navigation import href

_PAGE: Final = 50
# What lies behind a measure: which lots it counts as cases.
_BEHIND: Final[Mapping[Measure, Callable[[SupplierLot], bool]]] = {
    Measure.COMPLAINTS: lambda lot: bool(lot.complaints),
    Measure.COMPLAINTS_PER_LOT: lambda lot: bool(lot.complaints),
    Measure.FAILED: lambda lot: lot.failed > 0,
    Measure.RECALLS: lambda lot: bool(lot.recalls),
    Measure.MISSING: lambda lot: bool(lot.unseen),
}


def _cards(actor: Actor, period: Period) -> Scorecards:
    return scorecards(
        organisation_id=actor.organisation_id,
        since=period.since,
        until=period.until,
        late_after=period.late_after,
    )


@require_safe
@back_office(Right.QUALITY_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show all suppliers by one measure."""
    form, period = read_period(request.GET.dict())
    cards = _cards(actor, period)
    if request.GET.get("form") == "csv":
        return _cards_csv(cards)
    measure = measure_of(request.GET.get("measure", ""))
    language = get_language() or ""
    query = urlencode({**period.query, "measure": measure.value})
    links = [
        (
            card.party.name(language),
            f"{href('monitoring:supplier', actor, code=card.party.code)}?{query}#lots",
        )
        for card in cards.rows
    ]
    context = {
        "filters": form,
        "period": period,
        "measure": measure,
        "words": MEASURES[measure],
        "tabs": [
            (f"?{urlencode({**period.query, 'measure': one.value})}", words.name, one is measure)
            for one, words in MEASURES.items()
        ],
        "chart": drawing(measure, cards, links),
        "rows": [
            (card, name, link, rate_line(measure, card))
            for card, (name, link) in zip(cards.rows, links, strict=True)
        ],
        "cut": cards.cut,
        "csv_query": urlencode({**period.query, "form": "csv"}),
        "organisation": actor.organisation,
        "materials_href": href("masterdata:materials", actor),
    }
    return render(request, "monitoring/suppliers.html", context)


def _cards_csv(cards: Scorecards) -> HttpResponseBase:
    header = ["supplier", "name_zh", "name_en", "lots", "items"]
    for measure in Measure:
        header += [f"{measure.value}{end}" for end in ("", "_low", "_high", "_cases", "_of")]
    rows = (
        [
            *(card.party.code, card.party.name_zh, card.party.name_en, card.lots, card.items),
            *(cell for measure in Measure for cell in _cells(card.rates[measure])),
        ]
        for card in cards.rows
    )
    return csv_response("suppliers.csv", header, rows)


def _cells(rate: Rate) -> list[object]:
    ends = (rate.value, rate.low, rate.high) if rate.known else ()
    written = [f"{end:.6g}" for end in ends] or ["", "", ""]
    return [*written, rate.cases, f"{rate.of:.0f}"]


class LotRow(NamedTuple):
    """A material lot with its name and where it leads."""

    lot: SupplierLot
    material: str
    href: str
    complaints: list[tuple[str, str]]
    recalls: list[tuple[str, str]]
    reports_href: str
    recall_href: str


@require_safe
@back_office(Right.QUALITY_VIEW)
def supplier(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Show one supplier's rates, and the lots behind them."""
    party = masterdata.get_party(actor.organisation_id, code)
    form, period = read_period(request.GET.dict())
    found = lots_of(
        organisation_id=actor.organisation_id,
        since=period.since,
        until=period.until,
        supplier=party.code,
    )
    if request.GET.get("form") == "csv":
        return _lots_csv(party.code, found.rows)
    cards = _cards(actor, period)
    card = next((one for one in cards.rows if one.party.code == party.code), None)
    measure = request.GET.get("measure", "")
    behind = _BEHIND.get(measure_of(measure)) if measure and "all" not in request.GET else None
    shown = [lot for lot in found.rows if behind is None or behind(lot)]
    page = Paginator(shown, _PAGE).get_page(request.GET.get("page"))
    here = {**period.query, "measure": measure}
    days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    start = f"supply?{urlencode({'supplier': party.code, **days})}"
    context = {
        "party": party,
        "name": party.name(get_language() or ""),
        "filters": form,
        "period": period,
        "card": card,
        "lines": [rate_line(one, card) for one in MEASURES] if card else [],
        "measure": MEASURES[measure_of(measure)] if behind else None,
        "total": len(found.rows),
        "all_query": urlencode({**here, "all": "1"}),
        "page": page,
        "rows": _rows(actor, list(page.object_list)),
        "csv_query": urlencode({**period.query, "form": "csv"}),
        "recall_href": recall_of(actor, [start]) if found.rows else "",
        "partner_href": href("partners:partner", actor, code=party.code)
        if card and card.data.documents
        else "",
        "organisation": actor.organisation,
    }
    return render(request, "monitoring/supplier.html", context)


def _rows(actor: Actor, lots: Sequence[SupplierLot]) -> list[LotRow]:
    names = names_of(actor.organisation_id, {lot.identity.primary for lot in lots})
    reports = href("quality:reports", actor)

    def leading(name: str, numbers: frozenset[str]) -> list[tuple[str, str]]:
        return [(one, href(name, actor, number=one)) for one in sorted(numbers)]

    may_recall = actor.may(Right.RECALL_VIEW)
    return [
        LotRow(
            lot=lot,
            material=names.get(lot.identity.primary, lot.material),
            href=goods_link(actor, lot.identity),
            complaints=leading("quality:complaint", lot.complaints),
            recalls=leading("recalls:case", lot.recalls) if may_recall else [],
            reports_href=f"{reports}?{_about(lot)}",
            recall_href=recall_link(actor, lot.identity),
        )
        for lot in lots
    ]


def _about(lot: SupplierLot) -> str:
    return urlencode({"gtin": lot.identity.primary, "lot": lot.identity.secondary})


def _lots_csv(code: str, lots: Sequence[SupplierLot]) -> HttpResponseBase:
    header = (
        *("supplier", "material", "lot", "gtin", "came_on", "product_lots", "items"),
        *("complaints", "reports", "failed_reports", "recalls", "missing_scans"),
    )
    rows = (
        (
            *(code, lot.material, lot.identity.secondary, lot.identity.primary),
            *(lot.came_on.isoformat(), len(lot.products), lot.items),
            *(" ".join(sorted(lot.complaints)), lot.inspected, lot.failed),
            *(" ".join(sorted(lot.recalls)), " ".join(lot.unseen)),
        )
        for lot in lots
    )
    return csv_response("supplier-lots.csv", header, rows)
