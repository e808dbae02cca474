"""Products and materials over the API."""

from __future__ import annotations

from typing import Any

from ninja import Router, Status

from suyuan.api.gate import ApiRequest, requires
from suyuan.api.masterdata.schemas import (
    Limit,
    MaterialChange,
    MaterialIn,
    MaterialOut,
    Offset,
    Page,
    ProductChange,
    ProductIn,
    ProductOut,
    page,
    shown,
)
from suyuan.masterdata import selectors, services
from suyuan.tenancy.rights import Right

router = Router()


@router.get("/products", response=Page[ProductOut])
@requires(Right.MASTERDATA_VIEW)
def products(
    request: ApiRequest,
    text: str = "",
    category: str = "",
    granularity: str = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """List products."""
    rows = selectors.list_products(
        request.actor.organisation_id, text=text, category=category, granularity=granularity
    )
    return page("products", rows, limit, offset)


@router.post("/products", response={201: ProductOut})
@requires(Right.MASTERDATA_EDIT)
def create_product(request: ApiRequest, data: ProductIn) -> Status[dict[str, Any]]:
    """Store a product."""
    row = services.create_product(actor=request.actor, **data.given())
    return Status(201, shown("products", row))


@router.get("/products/{gtin}", response=ProductOut)
@requires(Right.MASTERDATA_VIEW)
def product(request: ApiRequest, gtin: str) -> dict[str, Any]:
    """Show a product."""
    return shown("products", selectors.get_product(request.actor.organisation_id, gtin))


@router.patch("/products/{gtin}", response=ProductOut)
@requires(Right.MASTERDATA_EDIT)
def update_product(request: ApiRequest, gtin: str, data: ProductChange) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_product(actor=request.actor, gtin=gtin, **data.given())
    return shown("products", selectors.get_product(request.actor.organisation_id, gtin))


@router.get("/materials", response=Page[MaterialOut])
@requires(Right.MASTERDATA_VIEW)
def materials(
    request: ApiRequest, text: str = "", supplier: str = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """List materials."""
    rows = selectors.list_materials(request.actor.organisation_id, text=text, supplier=supplier)
    return page("materials", rows, limit, offset)


@router.post("/materials", response={201: MaterialOut})
@requires(Right.MASTERDATA_EDIT)
def create_material(request: ApiRequest, data: MaterialIn) -> Status[dict[str, Any]]:
    """Store a material."""
    row = services.create_material(actor=request.actor, **data.given())
    return Status(
        201, shown("materials", selectors.get_material(request.actor.organisation_id, row.code))
    )


@router.get("/materials/{code}", response=MaterialOut)
@requires(Right.MASTERDATA_VIEW)
def material(request: ApiRequest, code: str) -> dict[str, Any]:
    """Show a material."""
    return shown("materials", selectors.get_material(request.actor.organisation_id, code))


@router.patch("/materials/{code}", response=MaterialOut)
@requires(Right.MASTERDATA_EDIT)
def update_material(request: ApiRequest, code: str, data: MaterialChange) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_material(actor=request.actor, code=code, **data.given())
    return shown("materials", selectors.get_material(request.actor.organisation_id, code))
