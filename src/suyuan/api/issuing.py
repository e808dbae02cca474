"""Code orders, numbering keys, batches and numbers of logistic units over the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from suyuan.api.faults import refusals_of_capture
from suyuan.api.gate import ApiRequest, requires
from suyuan.issuing import selectors, services
from suyuan.issuing.models import Activation, CodeOrder
from suyuan.issuing.values import MaterialUse
from suyuan.masterdata.selectors import get_product
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_ENDINGS = {"inner": "inner.csv"}
_TYPES = {"csv": "text/csv", "txt": "text/plain", "links": "text/plain", "inner": "text/csv"}

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class OrderIn(Schema):
    """Codes to issue; a repeated `request_key` gives the first order again."""

    gtin: Word
    count: int
    lot: Word = ""
    note: str = Field("", max_length=2000)
    request_key: Word = ""


class OrderOut(Schema):
    """A code order."""

    number: str
    gtin: str
    lot: str | None
    count: int
    commissioned: int
    packed: int
    status: str
    key_version: int
    note: str
    created_at: datetime
    created_by: str


class OrderQuery(Schema):
    """Which orders to list."""

    text: Word = ""
    gtin: Word = ""
    status: Word = ""
    offset: int = Field(0, ge=0, le=2**31)


class OrderPage(Schema):
    """A page of orders, newest first; `next_offset` is null on the last."""

    orders: list[OrderOut]
    next_offset: int | None


class CommissionIn(Schema):
    """Which codes of an order are on goods now; `first` counts from 0."""

    lot: Word = ""
    location: Word
    time: AwareDatetime
    disposition: Word = "active"
    first: int = 0
    count: int | None = None


class ActivationOut(Schema):
    """A commissioned part of an order, and the numbers of its events."""

    order: str
    first: int
    count: int
    lot: str
    location: str
    time: datetime
    first_seq: int
    last_seq: int


class PackIn(Schema):
    """How to pack an order's active codes; `per_pallet` 0 makes no pallets."""

    per_case: int
    per_pallet: int = 0
    location: Word
    time: AwareDatetime
    count: int | None = None


class PackedOut(Schema):
    """The new cases and pallets, as events name them."""

    items: int
    cases: list[str]
    pallets: list[str]


class KeyOut(Schema):
    """A numbering key of a product, and what was issued under it."""

    version: int
    created_at: datetime
    retired_at: datetime | None
    orders: int
    issued: int


class UseIn(Schema):
    """A material lot that went into a batch."""

    material_gtin: Word
    lot: Word
    quantity: Decimal | None = None
    uom: Word = ""


class BatchIn(Schema):
    """A batch to open."""

    gtin: Word
    lot: Word
    produced_on: date
    expires_on: date | None = None
    line: Word = ""
    team: Word = ""
    location: Word = ""
    inputs: list[UseIn] = Field(default=[], max_length=500)
    quantity: Decimal | None = None
    uom: Word = ""
    time: AwareDatetime | None = None


class BatchOut(Schema):
    """A batch that was opened."""

    gtin: str
    lot: str
    identity: str
    produced_on: date
    expires_on: date | None


def _order(order: CodeOrder) -> dict[str, Any]:
    return {
        "number": order.number,
        "gtin": order.product.gtin,
        "lot": order.lot.code if order.lot else None,
        "count": order.count,
        "commissioned": order.commissioned_count,
        "packed": order.packed_count,
        "status": order.status,
        "key_version": order.key_version,
        "note": order.note,
        "created_at": order.created_at,
        "created_by": order.created_by,
    }


def _activation(number: str, done: Activation) -> dict[str, Any]:
    names = ("first", "count", "time", "first_seq", "last_seq")
    return {
        "order": number,
        "lot": done.lot.code,
        "location": done.location.code,
        **{name: getattr(done, name) for name in names},
    }


@router.get("/code-orders", response=OrderPage)
@requires(Right.CODES_VIEW)
def code_orders(request: ApiRequest, query: Query[OrderQuery]) -> dict[str, Any]:
    """List code orders, 200 at a time."""
    rows = selectors.orders(
        request.actor.organisation_id, text=query.text, gtin=query.gtin, status=query.status
    )
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "orders": [_order(order) for order in found[:_PAGE]],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.post("/code-orders", response={201: OrderOut})
@requires(Right.CODES_ORDER)
def order_codes(request: ApiRequest, order: OrderIn) -> Status[dict[str, Any]]:
    """Issue codes."""
    made = services.order_codes(
        actor=request.actor,
        gtin=order.gtin,
        count=order.count,
        lot_code=order.lot,
        note=order.note,
        request_key=order.request_key,
    )
    return Status(201, _order(selectors.get_order(request.actor.organisation_id, made.number)))


@router.get("/code-orders/{number}", response=OrderOut)
@requires(Right.CODES_VIEW)
def code_order(request: ApiRequest, number: str) -> dict[str, Any]:
    """Show a code order."""
    return _order(selectors.get_order(request.actor.organisation_id, number))


@router.get("/code-orders/{number}/codes")
@requires(Right.CODES_DOWNLOAD)
def download_codes(
    request: ApiRequest, number: str, form: Literal["csv", "txt", "links", "inner"] = "csv"
) -> StreamingHttpResponse:
    """Stream an order's codes, one a line; `inner` is a table that has the hidden codes too."""
    blocks = services.download_codes(
        actor=request.actor,
        order_number=number,
        form=form,
        base_url=settings.ENVIRONMENT.public_url,
    )
    return StreamingHttpResponse(
        blocks,
        content_type=f"{_TYPES[form]}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{number}.{_ENDINGS.get(form, form)}"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/code-orders/{number}/commission", response=ActivationOut)
@requires(Right.EVENTS_CAPTURE)
def commission_codes(request: ApiRequest, number: str, part: CommissionIn) -> dict[str, Any]:
    """Commission codes of an order; the same call again gives the same answer."""
    with refusals_of_capture():
        done = services.commission(
            actor=request.actor,
            order_number=number,
            lot_code=part.lot,
            time=part.time,
            location_code=part.location,
            disposition=part.disposition,
            first=part.first,
            count=part.count,
        )
    return _activation(number, done)


@router.post("/code-orders/{number}/pack", response=PackedOut)
@requires(Right.EVENTS_CAPTURE)
def pack_codes(request: ApiRequest, number: str, plan: PackIn) -> dict[str, Any]:
    """Pack an order's active codes into newly numbered cases and pallets."""
    with refusals_of_capture():
        done = services.pack_order(
            actor=request.actor,
            order_number=number,
            per_case=plan.per_case,
            per_pallet=plan.per_pallet,
            location_code=plan.location,
            time=plan.time,
            count=plan.count,
        )
    return {"items": done.items, "cases": done.cases, "pallets": done.pallets}


@router.get("/products/{gtin}/keys", response=list[KeyOut])
@requires(Right.CODES_VIEW)
def numbering_keys(request: ApiRequest, gtin: str) -> list[dict[str, Any]]:
    """List a product's numbering keys (never the keys themselves), newest first."""
    product = get_product(request.actor.organisation_id, gtin)
    versions = selectors.key_versions(request.actor.organisation_id, product.id)
    return [version._asdict() for version in versions]


@router.post("/products/{gtin}/keys", response={201: list[KeyOut]})
@requires(Right.CODES_ROTATE_KEY)
def rotate_key(request: ApiRequest, gtin: str) -> Status[list[dict[str, Any]]]:
    """Number later orders under a new key; codes issued before stay genuine."""
    services.rotate_key(actor=request.actor, gtin=gtin)
    return Status(201, numbering_keys(request, gtin))


@router.post("/batches", response={201: BatchOut})
@requires(Right.EVENTS_CAPTURE)
def open_batch(request: ApiRequest, batch: BatchIn) -> Status[dict[str, Any]]:
    """Open a batch with the material lots that went into it."""
    with refusals_of_capture():
        lot = services.open_lot(
            actor=request.actor,
            gtin=batch.gtin,
            code=batch.lot,
            produced_on=batch.produced_on,
            expires_on=batch.expires_on,
            line=batch.line,
            team=batch.team,
            location_code=batch.location,
            inputs=[
                MaterialUse(use.material_gtin, use.lot, use.quantity, use.uom)
                for use in batch.inputs
            ],
            quantity=batch.quantity,
            uom=batch.uom,
            time=batch.time,
        )
    return Status(
        201,
        {
            "gtin": lot.product.gtin,
            "lot": lot.code,
            "identity": lot.identity.digital_link(),
            "produced_on": lot.produced_on,
            "expires_on": lot.expires_on,
        },
    )


class UnitsIn(Schema):
    """How many logistic units to number."""

    count: int = 1


@router.post("/units", response={201: list[str]})
@requires(Right.EVENTS_CAPTURE)
def number_units(request: ApiRequest, units: UnitsIn) -> Status[list[str]]:
    """Give out SSCCs, 18 digits each; numbers are never given twice."""
    return Status(201, services.next_sscc(request.actor, units.count))
