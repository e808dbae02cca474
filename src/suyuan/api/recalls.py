"""Recall cases over the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from django.http import StreamingHttpResponse
from ninja import Header, Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.api.recall_scopes import ParcelOut, Starts, SummaryOut, texts_of
from suyuan.recalls import selectors, services
from suyuan.recalls.models import RecallCase, ScopeGroup
from suyuan.recalls.rows import affected_keys, affected_rows
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_NDJSON = "application/x-ndjson"

type Page = Annotated[int, Field(ge=1, le=100_000)]


class CaseIn(Schema):
    """A recall to propose; `expected_items` refuses it when another number is affected.

    `regime` sets deadlines: `food-1`, `food-2`, `food-3`, or `own` with hours and working days.
    """

    title: str
    reason: str
    starts: Starts
    hold: bool = True
    precaution: bool = False
    known_at: AwareDatetime | None = None
    regime: str = ""
    begin_hours: int | None = None
    end_days: int | None = None
    expected_items: Annotated[int, Field(ge=0)] | None = None


class CaseOut(Schema):
    """A recall case with its frozen counts."""

    number: str
    title: str
    reason: str
    status: str
    starts: list[str]
    hold: bool
    held_count: int
    version: int
    digest: str
    opened_at: datetime
    opened_by: str
    approved_at: datetime | None
    approved_by: str
    begin_by: datetime | None
    end_by: datetime | None
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
    """Freeze a scope as a case, which a second person approves.

    The same `Idempotency-Key` again returns the same case.
    """
    given = {**body.dict(), "starts": texts_of(body.starts)}
    case = services.open_recall(actor=request.actor, request_key=idempotency_key, **given)
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
