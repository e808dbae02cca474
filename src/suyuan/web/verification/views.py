"""Consumers' scans: look, narrow, take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.masterdata.models import Product
from suyuan.masterdata.regions import REGIONS
from suyuan.masterdata.selectors import list_products
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import selectors
from suyuan.verification.models import Scan
from suyuan.verification.values import Verdict
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.verification.forms import ScanFilter

_PAGE = 50
_MOST_PRODUCTS = 500


def _products(actor: Actor) -> dict[str, Product]:
    rows = list_products(actor.organisation_id, own=True)[:_MOST_PRODUCTS]
    return {product.gtin: product for product in rows}


def _filter(request: HttpRequest, products: dict[str, Product]) -> ScanFilter:
    language = get_language() or ""
    named = [(gtin, product.name(language)) for gtin, product in products.items()]
    return ScanFilter(request.GET, products=named)


def _region(code: str) -> str:
    area = REGIONS.get(code)
    return area.name(get_language() or "") if area else ""


@back_office(Right.SCANS_VIEW)
def scans(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show scans, the latest first, and how many had each verdict in the period."""
    products = _products(actor)
    form = _filter(request, products)
    wanted = form.wanted()
    rows = selectors.list_scans(actor.organisation_id, **wanted)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    period = {name: wanted[name] for name in ("since", "until", "gtin")}
    counted = selectors.verdict_counts(actor.organisation_id, **period)
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "actor": actor,
        "form": form,
        "page": page,
        "rows": [(scan, products.get(scan.gtin), _region(scan.region)) for scan in page],
        "counts": [(word.value, counted[word.value]) for word in Verdict if word.value in counted],
        "query": query.urlencode(),
        "filtered": any(query.values()),
        "begin": wanted["since"],
        "language": get_language() or "",
    }
    return render(request, "verification/scans.html", context)


def _lines(actor: Actor, form: ScanFilter) -> Iterator[Sequence[object]]:
    rows = selectors.list_scans(actor.organisation_id, **form.wanted())
    for scan in rows.iterator(chunk_size=2000):
        yield _line(scan)


def _line(scan: Scan) -> Sequence[object]:
    at = timezone.localtime(scan.at).isoformat(timespec="seconds")
    return (at, scan.verdict, scan.gtin, scan.code, _region(scan.region), scan.language)


@back_office(Right.SCANS_VIEW)
def scans_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Give the same scans as a CSV file."""
    header = (
        _("Time"),
        _("Verdict"),
        _("GTIN"),
        _("Serial or batch"),
        _("Region"),
        _("Language"),
    )
    form = _filter(request, _products(actor))
    return csv_response(f"scans-{actor.organisation.slug}.csv", header, _lines(actor, form))
