"""Sets, claims of codes for labels, and withdrawn codes over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from suyuan.api.faults import refusals_of_capture
from suyuan.api.gate import ApiRequest, requires
from suyuan.issuing import selectors, services
from suyuan.issuing.models import SetPlan, Withdrawal
from suyuan.issuing.services.set_activation import SetActivation
from suyuan.issuing.values import SLICE_ITEMS
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_BLOCK = 4_096

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class PlanIn(Schema):
    """Sets to plan; without a count, the first free part of the order whole."""

    per_case: int
    per_pallet: int = 0
    count: int | None = None
    request_key: Word = ""


class PlanOut(Schema):
    """Planned sets; positions count from 0 within the order."""

    number: str
    order: str
    gtin: str
    first: int
    count: int
    per_case: int
    per_pallet: int
    cases: int
    pallets: int
    active_cases: int
    active_pallets: int
    cancelled_at: datetime | None
    created_at: datetime
    created_by: str


class PlanPage(Schema):
    """A page of sets, newest first; `next_offset` is null on the last."""

    sets: list[PlanOut]
    next_offset: int | None


class PlanQuery(Schema):
    """Which sets to list."""

    text: Word = ""
    offset: int = Field(0, ge=0, le=2**31)


class FillIn(Schema):
    """With what a case, a pallet or all sets are filled."""

    lot: Word = ""
    location: Word
    time: AwareDatetime


class ActivatedOut(Schema):
    """What became active; all 0 if it was before, or if the background does it."""

    number: str
    in_background: bool
    items: int
    cases: int
    pallets: int


class SetUnitOut(Schema):
    """A case or pallet of sets, with the serials that it knows, withdrawn ones left out."""

    sscc: str
    kind: str
    sets: str
    gtin: str
    active: bool
    cases: list[str]
    serials: list[str]


class AllotmentOut(Schema):
    """A claim of codes for labels; `copy` 1 are the first labels, 0 planned sets."""

    first: int
    count: int
    kind: str
    reference: str
    labels: int
    again: str
    created_at: datetime
    created_by: str


class WithdrawIn(Schema):
    """Codes of the order to withdraw, by position from 0."""

    positions: list[int] = Field(min_length=1, max_length=100_000)
    reason: Word
    reference: Word = ""


class WithdrawalOut(Schema):
    """Withdrawn codes."""

    count: int
    first: int
    last: int
    reason: str
    reference: str
    created_at: datetime
    created_by: str


def _plan(plan: SetPlan) -> dict[str, Any]:
    names = PlanOut.model_fields.keys() - {"order", "gtin"}
    return {
        "order": plan.order.number,
        "gtin": plan.order.product.gtin,
        **{name: getattr(plan, name) for name in names},
    }


def _activated(done: SetActivation) -> dict[str, Any]:
    return {
        "number": done.plan.number,
        "in_background": done.plan.in_background,
        "items": done.items,
        "cases": done.cases,
        "pallets": done.pallets,
    }


def _withdrawal(row: Withdrawal) -> dict[str, Any]:
    return {name: getattr(row, name) for name in WithdrawalOut.model_fields}


@router.get("/sets", response=PlanPage)
@requires(Right.CODES_VIEW)
def set_plans(request: ApiRequest, query: Query[PlanQuery]) -> dict[str, Any]:
    """List sets, 200 at a time."""
    rows = selectors.sets(request.actor.organisation_id, text=query.text)
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "sets": [_plan(plan) for plan in found[:_PAGE]],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.post("/code-orders/{number}/sets", response={201: PlanOut})
@requires(Right.CODES_ORDER)
def plan_sets(request: ApiRequest, number: str, plan: PlanIn) -> Status[dict[str, Any]]:
    """Number the cases and pallets of an order's codes before anything is packed."""
    made = services.plan_sets(actor=request.actor, order_number=number, **plan.model_dump())
    return Status(201, _plan(selectors.get_set(request.actor.organisation_id, made.number)))


@router.get("/sets/{number}", response=PlanOut)
@requires(Right.CODES_VIEW)
def set_plan(request: ApiRequest, number: str) -> dict[str, Any]:
    """Show sets."""
    return _plan(selectors.get_set(request.actor.organisation_id, number))


@router.get("/sets/{number}/labels")
@requires(Right.CODES_DOWNLOAD)
def set_labels(request: ApiRequest, number: str) -> StreamingHttpResponse:
    """Stream the labels of sets as CSV: a pallet, its cases, each followed by its items."""
    lines = services.download_set_labels(
        actor=request.actor, number=number, base_url=settings.PUBLIC_URL
    )
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{number}.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/sets/{number}/cancel", response=PlanOut)
@requires(Right.CODES_ORDER)
def cancel_sets(request: ApiRequest, number: str) -> dict[str, Any]:
    """Cancel sets without labels of which nothing is active."""
    services.cancel_sets(actor=request.actor, number=number)
    return _plan(selectors.get_set(request.actor.organisation_id, number))


@router.post("/sets/{number}/activate", response=ActivatedOut)
@requires(Right.EVENTS_CAPTURE)
def activate_sets(request: ApiRequest, number: str, filled: FillIn) -> dict[str, Any]:
    """Activate all cases and pallets that are not active; the same call again changes nothing.

    Of more than 20,000 items the background does it: `in_background` is true while it works.
    """
    plan = selectors.get_set(request.actor.organisation_id, number)
    if plan.count > SLICE_ITEMS:
        begun = services.begin_activation(
            actor=request.actor,
            number=number,
            lot_code=filled.lot,
            location_code=filled.location,
            time=filled.time,
        )
        return _activated(SetActivation(begun))
    with refusals_of_capture():
        done = services.activate_sets(
            actor=request.actor,
            number=number,
            lot_code=filled.lot,
            location_code=filled.location,
            time=filled.time,
        )
    return _activated(done)


@router.get("/set-units/{sscc}", response=SetUnitOut)
@requires(Right.TRACE_VIEW)
def set_unit(request: ApiRequest, sscc: str) -> dict[str, Any]:
    """Show what a case or pallet of sets knows."""
    unit = selectors.get_unit(request.actor.organisation_id, sscc)
    cases = selectors.set_units(
        unit.plan, kind="case", first=unit.cases.start, count=len(unit.cases)
    )
    return {
        "sscc": unit.sscc,
        "kind": unit.kind,
        "sets": unit.plan.number,
        "gtin": unit.plan.order.product.gtin,
        "active": unit.active,
        "cases": [case.sscc for case in cases] if unit.kind == "pallet" else [],
        "serials": [item.serial for item in selectors.items_of(unit) if not item.withdrawn],
    }


@router.post("/set-units/{sscc}/activate", response=ActivatedOut)
@requires(Right.EVENTS_CAPTURE)
def activate_set(request: ApiRequest, sscc: str, filled: FillIn) -> dict[str, Any]:
    """Activate a case or pallet with its items; the same call again changes nothing."""
    with refusals_of_capture():
        done = services.activate_set(
            actor=request.actor,
            sscc=sscc,
            lot_code=filled.lot,
            location_code=filled.location,
            time=filled.time,
        )
    return _activated(done)


@router.get("/code-orders/{number}/allotments", response=list[AllotmentOut])
@requires(Right.CODES_VIEW)
def allotments(request: ApiRequest, number: str) -> list[dict[str, Any]]:
    """List what an order's codes were put on labels for."""
    order = selectors.get_order(request.actor.organisation_id, number)
    names = AllotmentOut.model_fields.keys() - {"labels"}
    return [
        {"labels": row.copy, **{name: getattr(row, name) for name in names}}
        for row in selectors.allotments(order)
    ]


@router.get("/code-orders/{number}/withdrawals", response=list[WithdrawalOut])
@requires(Right.CODES_VIEW)
def withdrawals(request: ApiRequest, number: str) -> list[dict[str, Any]]:
    """List what was withdrawn of an order, the latest first."""
    order = selectors.get_order(request.actor.organisation_id, number)
    return [_withdrawal(row) for row in selectors.withdrawals(order)]


@router.post("/code-orders/{number}/withdrawals", response={201: WithdrawalOut})
@requires(Right.LABELS_PRINT)
def withdraw_codes(request: ApiRequest, number: str, codes: WithdrawIn) -> Status[dict[str, Any]]:
    """Withdraw codes that will never be on goods; active ones are refused by name."""
    done = services.withdraw_codes(
        actor=request.actor,
        order_number=number,
        positions=codes.positions,
        reason=codes.reason,
        reference=codes.reference,
    )
    return Status(201, _withdrawal(done))
