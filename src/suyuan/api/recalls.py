"""Recall scopes and cases over the API."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from django.http import StreamingHttpResponse
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.lineage.values import Scope, Shipment
from suyuan.recalls import selectors, services
from suyuan.recalls.models import RecallCase, ScopeGroup
from suyuan.recalls.rows import affected_keys, affected_rows
from suyuan.recalls.summary import summarise
from suyuan.recalls.transactions import order_number, waybill_number
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_NDJSON = "application/x-ndjson"

type Starts = Annotated[list[Annotated[str, Field(max_length=2048)]], Field(min_length=1)]
type Page = Annotated[int, Field(ge=1, le=100_000)]


class PlaceOut(Schema):
    """Affected items at one place, in one state; `certainty` is empty while all are proven."""

    whereabouts: str
    location: str
    items: int
    certainty: str


class SummaryOut(Schema):
    """The counts of a scope."""

    items: int
    lots: int
    parcels: int
    whereabouts: dict[str, int]
    places: list[PlaceOut]
    certainty: dict[str, int]


class LotOut(Schema):
    """An affected lot; `depth` grows from the start towards products."""

    identity: str
    depth: int
    items: int


class ParcelOut(Schema):
    """Affected items in one parcel or consignment."""

    unit: str
    waybill: str
    order_number: str
    whereabouts: str
    destination: str
    time: datetime | None
    items: int


class ScopeIn(Schema):
    """What is known to be bad: lots, items or logistic units, in any text form."""

    starts: Starts


class ScopeOut(Schema):
    """What a recall would affect; `parcels` has the first 200."""

    summary: SummaryOut
    lots: list[LotOut]
    parcels: list[ParcelOut]
    at_seq: int
    took_ms: int


class CaseIn(Schema):
    """A recall to open; `expected_items` refuses it when another number is affected."""

    title: str
    reason: str
    starts: Starts
    hold: bool = True
    expected_items: Annotated[int, Field(ge=0)] | None = None


class CaseOut(Schema):
    """A recall case with its frozen counts."""

    number: str
    title: str
    reason: str
    status: str
    starts: list[str]
    hold: bool
    frozen_at: datetime
    at_seq: int
    item_count: int
    took_ms: int
    closed_at: datetime | None
    closing_note: str
    summary: SummaryOut


class CasePage(Schema):
    """Recall cases, the latest first, 200 a page."""

    items: list[CaseOut]
    total: int


class ParcelPage(Schema):
    """Parcels of a case, the latest first, 200 a page."""

    items: list[ParcelOut]
    total: int


class CloseIn(Schema):
    """How a recall ended."""

    note: str


class CaseQuery(Schema):
    """Which cases."""

    status: str = ""
    text: Annotated[str, Field(max_length=200)] = ""
    page: Page = 1


class ItemQuery(Schema):
    """Which items: in one state, at one place."""

    whereabouts: str = ""
    place: str | None = None


class ParcelQuery(Schema):
    """Which parcels."""

    whereabouts: str = ""
    text: Annotated[str, Field(max_length=200)] = ""
    page: Page = 1


def _slice(page: int) -> slice:
    return slice((page - 1) * _PAGE, page * _PAGE)


def _case(case: RecallCase) -> dict[str, object]:
    return {name: getattr(case, name) for name in CaseOut.model_fields}


def _shipment(one: Shipment) -> dict[str, object]:
    return {
        "unit": one.unit.digital_link() if one.unit else "",
        "waybill": waybill_number(one.transactions),
        "order_number": order_number(one.transactions),
        "whereabouts": one.whereabouts.value,
        "destination": one.destination,
        "time": one.time,
        "items": len(one.items),
    }


def _parcel(row: ScopeGroup) -> dict[str, object]:
    return {
        "unit": row.unit,
        "waybill": row.waybill,
        "order_number": row.order_number,
        "whereabouts": row.whereabouts,
        "destination": row.place,
        "time": row.time,
        "items": row.item_count,
    }


def _scope(scope: Scope, began: float) -> dict[str, object]:
    return {
        "summary": summarise(scope).to_json(),
        "lots": [
            {"identity": node.identity.digital_link(), "depth": node.depth, "items": node.items}
            for node in scope.lots
        ],
        "parcels": [_shipment(one) for one in scope.shipments[:_PAGE]],
        "at_seq": scope.at_seq,
        "took_ms": round((time.perf_counter() - began) * 1000),
    }


@router.post("/recalls/scope", response=ScopeOut)
@requires(Right.RECALL_VIEW)
def recall_scope(request: ApiRequest, body: ScopeIn) -> dict[str, object]:
    """Tell what a recall would affect, and where it is; changes nothing."""
    began = time.perf_counter()
    return _scope(services.preview_scope(actor=request.actor, starts=body.starts), began)


@router.get("/recalls", response=CasePage)
@requires(Right.RECALL_VIEW)
def recall_cases(request: ApiRequest, query: Query[CaseQuery]) -> dict[str, object]:
    """List recall cases."""
    rows = selectors.list_cases(request.actor.organisation_id, status=query.status, text=query.text)
    return {"items": [_case(case) for case in rows[_slice(query.page)]], "total": rows.count()}


@router.post("/recalls", response={201: CaseOut})
@requires(Right.RECALL_ACT)
def open_recall(
    request: ApiRequest,
    body: CaseIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=80)] = "",
) -> Status[dict[str, object]]:
    """Freeze a scope as a case and hold the goods.

    The same `Idempotency-Key` again returns the same case.
    """
    case = services.open_recall(actor=request.actor, request_key=idempotency_key, **body.dict())
    return Status(201, _case(case))


@router.get("/recalls/{number}", response=CaseOut)
@requires(Right.RECALL_VIEW)
def recall_case(request: ApiRequest, number: str) -> dict[str, object]:
    """Return a recall case."""
    return _case(selectors.get_case(request.actor.organisation_id, number))


@router.get("/recalls/{number}/parcels", response=ParcelPage)
@requires(Right.RECALL_VIEW)
def recall_parcels(
    request: ApiRequest, number: str, query: Query[ParcelQuery]
) -> dict[str, object]:
    """List the parcels and consignments of a case."""
    found = selectors.get_case(request.actor.organisation_id, number)
    rows = selectors.shipments_of(found, whereabouts=query.whereabouts, text=query.text)
    return {"items": [_parcel(row) for row in rows[_slice(query.page)]], "total": rows.count()}


@router.get("/recalls/{number}/items")
@requires(Right.RECALL_VIEW)
def recall_items(
    request: ApiRequest, number: str, query: Query[ItemQuery]
) -> StreamingHttpResponse:
    """Stream the affected items: one JSON object on each line."""
    found = selectors.get_case(request.actor.organisation_id, number)
    keys = affected_keys(found, whereabouts=query.whereabouts, place=query.place)

    def lines() -> Iterator[str]:
        for row in affected_rows(found, items=keys):
            yield json.dumps(row._asdict(), ensure_ascii=False) + "\n"

    return StreamingHttpResponse(lines(), content_type=_NDJSON)


@router.post("/recalls/{number}/close", response=CaseOut)
@requires(Right.RECALL_ACT)
def close_recall(request: ApiRequest, number: str, body: CloseIn) -> dict[str, object]:
    """Close a case."""
    return _case(services.close_recall(actor=request.actor, number=number, note=body.note))
