"""Lots of products and of materials over the API.

A product's lot is opened by issuing, which also captures its production.
"""

from __future__ import annotations

from typing import Any

from ninja import Router, Status

from suyuan.api.gate import ApiRequest, requires
from suyuan.api.masterdata.schemas import (
    Limit,
    LotChange,
    LotOut,
    MaterialLotChange,
    MaterialLotIn,
    MaterialLotOut,
    Offset,
    Page,
    page,
    shown,
)
from suyuan.masterdata import selectors, services
from suyuan.tenancy.rights import Right

router = Router()


@router.get("/lots", response=Page[LotOut])
@requires(Right.MASTERDATA_VIEW)
def lots(
    request: ApiRequest, text: str = "", gtin: str = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """List lots."""
    rows = selectors.list_lots(request.actor.organisation_id, text=text, gtin=gtin)
    return page("lots", rows, limit, offset)


@router.get("/lots/{gtin}/{path:code}", response=LotOut)
@requires(Right.MASTERDATA_VIEW)
def lot(request: ApiRequest, gtin: str, code: str) -> dict[str, Any]:
    """Show a lot."""
    return shown("lots", selectors.get_lot(request.actor.organisation_id, gtin, code))


@router.patch("/lots/{gtin}/{path:code}", response=LotOut)
@requires(Right.MASTERDATA_EDIT)
def update_lot(request: ApiRequest, gtin: str, code: str, data: LotChange) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_lot(actor=request.actor, gtin=gtin, code=code, **data.given())
    return shown("lots", selectors.get_lot(request.actor.organisation_id, gtin, code))


@router.get("/material-lots", response=Page[MaterialLotOut])
@requires(Right.MASTERDATA_VIEW)
def material_lots(
    request: ApiRequest,
    text: str = "",
    material: str = "",
    supplier: str = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """List material lots."""
    rows = selectors.list_material_lots(
        request.actor.organisation_id, text=text, material=material, supplier=supplier
    )
    return page("material_lots", rows, limit, offset)


@router.post("/material-lots", response={201: MaterialLotOut})
@requires(Right.MASTERDATA_EDIT)
def create_material_lot(request: ApiRequest, data: MaterialLotIn) -> Status[dict[str, Any]]:
    """Store a material lot."""
    row = services.create_material_lot(actor=request.actor, **data.given())
    return Status(
        201,
        shown(
            "material_lots",
            selectors.get_material_lot(request.actor.organisation_id, data.material, row.code),
        ),
    )


@router.get("/material-lots/{material}/{path:code}", response=MaterialLotOut)
@requires(Right.MASTERDATA_VIEW)
def material_lot(request: ApiRequest, material: str, code: str) -> dict[str, Any]:
    """Show a material lot."""
    return shown(
        "material_lots", selectors.get_material_lot(request.actor.organisation_id, material, code)
    )


@router.patch("/material-lots/{material}/{path:code}", response=MaterialLotOut)
@requires(Right.MASTERDATA_EDIT)
def update_material_lot(
    request: ApiRequest, material: str, code: str, data: MaterialLotChange
) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_material_lot(actor=request.actor, material=material, code=code, **data.given())
    return shown(
        "material_lots", selectors.get_material_lot(request.actor.organisation_id, material, code)
    )
