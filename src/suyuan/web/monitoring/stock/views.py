"""Stock by place and product; the lots and items of a cell; both to take along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.lineage.standing import Stock
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.selectors import list_products
from suyuan.monitoring.stock import Cell, items_of, lots_of, stock_now
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.csv_export import csv_response
from suyuan.web.drawing.charts import Bar, bars
from suyuan.web.gate import back_office
from suyuan.web.monitoring.stock.forms import CellForm, StockFilter
from suyuan.web.monitoring.stock.tables import (
    Names,
    cell_href,
    item_lines,
    table_of,
)
from suyuan.web.trace.addresses import lot_address

_PAGE: Final = 50
_MOST_PRODUCTS: Final = 500
_PIECE: Final = 2_000  # items of which texts are made together
_TONES: Final = {
    Whereabouts.IN_HOUSE: ("good", "building-warehouse"),
    Whereabouts.IN_TRANSIT: ("info", "truck"),
    Whereabouts.RETURNED: ("warn", "truck-return"),
}


def _asked(request: HttpRequest, actor: Actor) -> tuple[StockFilter, Stock, Names]:
    """Return the filter, the stock that it leaves, and the names in it."""
    rows = list_products(actor.organisation_id)[:_MOST_PRODUCTS]
    language = get_language() or ""
    filters = StockFilter(request.GET, products=[(row.gtin, row.name(language)) for row in rows])
    gtin, states = filters.wanted()
    stock = stock_now(actor.organisation_id, gtin=gtin, states=states)
    return filters, stock, Names(actor.organisation_id, {line.gtin for line in stock.lines})


@require_safe
@back_office(Right.TRACE_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show how much of which product is where."""
    filters, stock, names = _asked(request, actor)
    gtin, _states = filters.wanted()
    table = table_of(actor, stock.lines, names, gtin=gtin)
    page = Paginator(table.rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": actor.organisation,
        "filters": filters,
        "stock": stock,
        "behind": stock.last_seq - stock.at_seq,
        "table": table,
        "page": page,
        "stats": _stats(actor, stock, gtin),
        "picture": _by_product(actor, stock, names),
        "query": request.GET.urlencode(),
        "filtered": any(request.GET.values()),
    }
    return render(request, "monitoring/stock.html", context)


def _stats(actor: Actor, stock: Stock, gtin: str) -> list[dict[str, object]]:
    """Return the sum of each state, and what a recall holds."""
    sums: dict[Whereabouts, int] = {}
    for line in stock.lines:
        sums[line.whereabouts] = sums.get(line.whereabouts, 0) + line.items
    found: list[dict[str, object]] = []
    for where, items in sums.items():
        tone, icon = _TONES.get(where, ("none", ""))
        href = cell_href("monitoring:stock_cell", actor, Cell(gtin, where))
        label = vocabulary.status(where.value).label
        found.append({"label": label, "value": items, "tone": tone, "icon": icon, "href": href})
    if held := sum(line.recalled for line in stock.lines):
        href = cell_href("monitoring:stock_cell", actor, Cell(gtin, recalled=True))
        label = _("Held by a recall")
        icon = "alert-triangle"
        found.append({"label": label, "value": held, "tone": "bad", "icon": icon, "href": href})
    return found


def _by_product(actor: Actor, stock: Stock, names: Names) -> object:
    sums: dict[str, int] = {}
    for line in stock.lines:
        sums[line.gtin] = sums.get(line.gtin, 0) + line.items
    ranked = sorted(sums, key=lambda gtin: -sums[gtin])[:8]
    rows = [
        Bar(
            names.product(gtin),
            sums[gtin],
            shown=f"{sums[gtin]:,}",
            href=cell_href("monitoring:stock_cell", actor, Cell(gtin)),
        )
        for gtin in ranked
    ]
    return bars(rows, title=_("Items on hand by product"), name="products") if rows else None


@require_safe
@back_office(Right.TRACE_VIEW)
def as_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Send the stock as a CSV file: a line for each place, state and product."""
    _filters, stock, names = _asked(request, actor)
    header = (
        *(_("Place"), _("Place's identifier"), _("Where it is now"), _("Product"), _("GTIN")),
        *(_("Items"), _("Held by a recall"), _("As of event")),
    )
    lines = (
        (
            names.place(line.location),
            line.location,
            str(vocabulary.status(line.whereabouts.value).label),
            names.product(line.gtin),
            line.gtin,
            line.items,
            line.recalled,
            stock.at_seq,
        )
        for line in stock.lines
    )
    return csv_response(f"stock-{actor.organisation.slug}.csv", header, lines)


def _cell(request: HttpRequest) -> Cell:
    cell = CellForm(request.GET).cell()
    if cell is None:
        raise NotFound(kind="stock")
    return cell


@require_safe
@back_office(Right.TRACE_VIEW)
def cell(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the lots and the items of a cell."""
    wanted = _cell(request)
    items = items_of(actor.organisation_id, wanted)
    keys = items.to_array()
    page = Paginator(keys, _PAGE).get_page(request.GET.get("page"))
    shown = keys[max(0, page.start_index() - 1) : page.end_index()]
    today = timezone.localtime(clock.now()).date()
    lots = lots_of(actor.organisation_id, wanted.gtin, items) if wanted.gtin else None
    slug = actor.organisation.slug
    names = Names(actor.organisation_id, [wanted.gtin])
    context = {
        "organisation": actor.organisation,
        "cell": wanted,
        "product": names.product(wanted.gtin) if wanted.gtin else "",
        "place": names.place(wanted.place) if wanted.place is not None else "",
        "lots": lots,
        "lot_rows": [
            {
                "lot": lot,
                "href": lot_address(slug, wanted.gtin, lot.code),
                "age": (today - lot.produced_on).days,
                "left": (lot.expires_on - today).days if lot.expires_on else None,
            }
            for lot in (lots.lots if lots else ())
        ],
        "page": page,
        "rows": item_lines(actor, shown),
        "query": request.GET.urlencode(),
    }
    return render(request, "monitoring/stock_cell.html", context)


@require_safe
@back_office(Right.TRACE_VIEW)
def cell_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Send the items of a cell as a CSV file, piece by piece."""
    wanted = _cell(request)
    keys = items_of(actor.organisation_id, wanted).to_array()

    def lines() -> Iterator[tuple[str, str, str]]:
        for at in range(0, keys.size, _PIECE):
            for one in item_lines(actor, keys[at : at + _PIECE]):
                yield one.gtin, one.serial, one.identifier

    header = (_("GTIN"), _("Serial number"), _("Identifier"))
    return csv_response(f"stock-items-{actor.organisation.slug}.csv", header, lines())
