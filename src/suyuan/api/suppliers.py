"""Suppliers' scorecards, and what complaints have in common, over the API."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.core.intervals import Rate
from suyuan.kernel.errors import Invalid
from suyuan.masterdata import selectors as masterdata
from suyuan.monitoring.suppliers.lots import SupplierLot, lots_of
from suyuan.monitoring.suppliers.scorecards import Scorecard, scorecards
from suyuan.quality import selectors as quality
from suyuan.quality.factors import MOST_COMPLAINTS, Factor, common_factors
from suyuan.tenancy.rights import Right

router = Router()

_MOST_HOURS = 2_160
_MOST_LOTS = 1_000


class RateOut(Schema):
    """A rate with its 95 % interval; all three are null where nothing is known."""

    value: float | None
    low: float | None
    high: float | None
    cases: int
    of: float


class ScorecardOut(Schema):
    """A supplier's rates by measure, and how each lies to that of all suppliers together."""

    supplier: str
    name_zh: str
    name_en: str
    lots: int
    items: int
    rates: dict[str, RateOut]
    standings: dict[str, str]


class ScorecardsOut(Schema):
    """All suppliers of a period; `cut`: the earliest lots are left out."""

    suppliers: list[ScorecardOut]
    together: dict[str, RateOut]
    cut: bool


class PeriodQuery(Schema):
    """Lots received, and events delivered, from `since` to `until`, both included."""

    since: date
    until: date
    late_after_hours: Annotated[int, Field(ge=1, le=_MOST_HOURS)] = 24


class LotsQuery(Schema):
    """Lots received from `since` to `until`, both included."""

    since: date
    until: date


class SupplierLotOut(Schema):
    """A material lot and what came of it."""

    material: str
    gtin: str
    lot: str
    came_on: date
    product_lots: int
    items: int
    complaints: list[str]
    reports: int
    failed_reports: int
    recalls: list[str]
    missing_scans: list[str]


class SupplierLotsOut(Schema):
    """The latest thousand lots of a supplier in a period."""

    lots: list[SupplierLotOut]
    total: int


class FactorOut(Schema):
    """What some goods complained of share, and how much oftener than usual."""

    kind: str
    value: str
    lift: RateOut
    made_with: int
    made: int
    stands_out: bool
    complaints: list[str]
    starts: list[str]


class CommonOut(Schema):
    """What complaints have in common."""

    complaints: int
    used: int
    unreadable: int
    outside: int
    made: int
    since: date
    until: date
    compared: int
    factors: list[FactorOut]
    cut: bool


class CommonQuery(Schema):
    """Which complaints, and when what they are compared with was made."""

    gtin: Annotated[str, Field(max_length=14)] = ""
    lot: Annotated[str, Field(max_length=20)] = ""
    text: Annotated[str, Field(max_length=200)] = ""
    reported_since: date | None = None
    reported_until: date | None = None
    made_since: date | None = None
    made_until: date | None = None


def _rate(rate: Rate) -> dict[str, object]:
    ends = {"value": rate.value, "low": rate.low, "high": rate.high}
    shown = {name: end if rate.known and math.isfinite(end) else None for name, end in ends.items()}
    return {**shown, "cases": rate.cases, "of": rate.of}


def _card(card: Scorecard) -> dict[str, object]:
    return {
        "supplier": card.party.code,
        "name_zh": card.party.name_zh,
        "name_en": card.party.name_en,
        "lots": card.lots,
        "items": card.items,
        "rates": {measure.value: _rate(rate) for measure, rate in card.rates.items()},
        "standings": {measure.value: one.value for measure, one in card.standings.items()},
    }


def _lot(lot: SupplierLot) -> dict[str, object]:
    return {
        "material": lot.material,
        "gtin": lot.identity.primary,
        "lot": lot.identity.secondary,
        "came_on": lot.came_on,
        "product_lots": len(lot.products),
        "items": lot.items,
        "complaints": sorted(lot.complaints),
        "reports": lot.inspected,
        "failed_reports": lot.failed,
        "recalls": sorted(lot.recalls),
        "missing_scans": list(lot.unseen),
    }


def _factor(factor: Factor) -> dict[str, object]:
    return {
        "kind": factor.kind.value,
        "value": factor.value,
        "lift": _rate(factor.lift),
        "made_with": factor.whole_cases,
        "made": factor.whole,
        "stands_out": factor.stands_out,
        "complaints": list(factor.numbers),
        "starts": list(factor.starts),
    }


def _check(since: date | None, until: date | None, place: str) -> None:
    if since is not None and until is not None and until < since:
        raise Invalid("dates_reversed", place=place)


@router.get("/suppliers/scorecards", response=ScorecardsOut)
@requires(Right.QUALITY_VIEW)
def supplier_scorecards(request: ApiRequest, query: Query[PeriodQuery]) -> dict[str, object]:
    """Return how suppliers do, each rate with its interval."""
    _check(query.since, query.until, "until")
    found = scorecards(
        organisation_id=request.actor.organisation_id,
        since=query.since,
        until=query.until,
        late_after=timedelta(hours=query.late_after_hours),
    )
    return {
        "suppliers": [_card(card) for card in found.rows],
        "together": {measure.value: _rate(rate) for measure, rate in found.together.items()},
        "cut": found.cut,
    }


@router.get("/suppliers/{code}/lots", response=SupplierLotsOut)
@requires(Right.QUALITY_VIEW)
def supplier_lots(request: ApiRequest, code: str, query: Query[LotsQuery]) -> dict[str, object]:
    """Return the lots behind a supplier's rates, the latest first."""
    _check(query.since, query.until, "until")
    party = masterdata.get_party(request.actor.organisation_id, code)
    found = lots_of(
        organisation_id=request.actor.organisation_id,
        since=query.since,
        until=query.until,
        supplier=party.code,
    )
    return {"lots": [_lot(lot) for lot in found.rows[:_MOST_LOTS]], "total": len(found.rows)}


@router.get("/complaints-in-common", response=CommonOut)
@requires(Right.QUALITY_VIEW)
def complaints_in_common(request: ApiRequest, query: Query[CommonQuery]) -> dict[str, object]:
    """Return what complaints have in common, against all items made in the period."""
    _check(query.made_since, query.made_until, "made_until")
    here = request.actor.organisation_id
    rows = quality.complaints_reported(
        here,
        since=query.reported_since,
        until=query.reported_until,
        text=query.text,
        gtin=query.gtin and query.gtin.zfill(14),
        lot=query.lot,
    )
    found = common_factors(
        organisation_id=here,
        complaints=list(rows[: MOST_COMPLAINTS + 1]),
        since=query.made_since,
        until=query.made_until,
        gtin=query.gtin and query.gtin.zfill(14),
    )
    names = ("complaints", "used", "unreadable", "outside", "made", "since", "until", "compared")
    return {
        **{name: getattr(found, name) for name in names},
        "factors": [_factor(one) for one in found.factors],
        "cut": found.cut,
    }
