"""What complaints have in common, and the sisters of the item that one is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from suyuan.capture.identities import identities_of
from suyuan.kernel.errors import NotFound
from suyuan.quality import selectors
from suyuan.quality.factors import MOST_COMPLAINTS, common_factors
from suyuan.quality.models import Complaint
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.quality.forms import CommonFilter
from suyuan.web.quality.goods import names_of
from suyuan.web.quality.kinship import kin_of
from suyuan.web.quality.likeness import FactorLine, factor_lines, lift_drawing
from suyuan.web.quality.links import journey_link, recall_of

_PAGE: Final = 50
_DAYS: Final = timedelta(days=180)
_MOST_NUMBERS: Final = 100


def _filters(request: HttpRequest, actor: Actor) -> CommonFilter:
    """Return the filters; the complaints of half a year where nothing is said."""
    given = request.GET.copy()
    if not given:
        given["begin"] = (timezone.localdate() - _DAYS).isoformat()
    gtins = selectors.gtins_complained_of(actor.organisation_id)
    names = names_of(actor.organisation_id, gtins)
    return CommonFilter(given, products=[(gtin, names.get(gtin, gtin)) for gtin in gtins])


def _complaints(actor: Actor, wanted: Mapping[str, Any]) -> QuerySet[Complaint]:
    return selectors.complaints_reported(
        actor.organisation_id,
        since=wanted.get("begin"),
        until=wanted.get("end"),
        text=wanted.get("q", ""),
        gtin=wanted.get("gtin", ""),
        lot=wanted.get("lot", ""),
    )


@require_safe
@back_office(Right.QUALITY_VIEW)
def common(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Compare the goods complained of with all that was made, factor by factor."""
    filters = _filters(request, actor)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = list(_complaints(actor, wanted)[: MOST_COMPLAINTS + 1])
    found = common_factors(
        organisation_id=actor.organisation_id,
        complaints=rows,
        since=wanted.get("made_since"),
        until=wanted.get("made_until"),
        gtin=wanted.get("gtin", ""),
    )
    lines = factor_lines(actor, found)
    if request.GET.get("form") == "csv":
        return _csv(lines)
    query = request.GET.copy()
    query["form"] = "csv"
    numbers = [("number", one.number) for one in rows]
    everything = f"complaints?{urlencode(numbers)}"
    context = {
        "filters": filters,
        "common": found,
        "lines": lines,
        "chart": lift_drawing(lines),
        "standing": [line for line in lines if line.factor.stands_out],
        "csv_query": query.urlencode(),
        "recall_href": recall_of(actor, [everything]) if 0 < len(rows) <= _MOST_NUMBERS else "",
        "organisation": actor.organisation,
    }
    return render(request, "quality/common.html", context)


def _csv(lines: list[FactorLine]) -> HttpResponse:
    header = (
        *("kind", "value", "name", "detail", "complained", "of", "made_with", "made"),
        *("lift", "low", "high", "stands_out", "complaints"),
    )
    rows = (
        (
            line.factor.kind.value,
            line.factor.value,
            line.name,
            line.detail,
            line.factor.lift.cases,
            line.factor.lift.of,
            line.factor.whole_cases,
            line.factor.whole,
            *(f"{one:.4f}" for one in (line.factor.lift.value, line.factor.lift.low)),
            f"{line.factor.lift.high:.4f}",
            int(line.factor.stands_out),
            " ".join(line.factor.numbers),
        )
        for line in lines
    )
    return csv_response("complaints-in-common.csv", header, rows)  # type: ignore[return-value]


@require_safe
@back_office(Right.QUALITY_VIEW)
def sisters(request: HttpRequest, actor: Actor, number: str, word: str) -> HttpResponse:
    """List the items that share a lot, a case or an hour with the one complained of."""
    complaint = selectors.get_complaint(actor.organisation_id, number)
    kin = next((one for one in kin_of(actor, complaint) if one.word == word), None)
    if kin is None:
        raise NotFound(kind="complaint")
    every = kin.items.to_array()
    page = Paginator(every, _PAGE).get_page(request.GET.get("page"))
    keys = every[max(0, page.start_index() - 1) : page.end_index()].tolist()
    known = identities_of(actor.organisation_id, keys)
    found = [(key, known[key]) for key in keys if key in known]
    context = {
        "complaint": complaint,
        "kin": kin,
        "page": page,
        "rows": [
            (one, journey_link(actor, one.digital_link()), kin.complaints.get(key, []))
            for key, one in found
        ],
        "organisation": actor.organisation,
    }
    return render(request, "quality/sisters.html", context)
