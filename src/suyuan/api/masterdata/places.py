"""Parties and locations over the API."""

from __future__ import annotations

from typing import Any

from ninja import Router, Status

from suyuan.api.gate import ApiRequest, requires
from suyuan.api.masterdata.schemas import (
    Limit,
    LocationChange,
    LocationIn,
    LocationOut,
    Offset,
    Page,
    PartyChange,
    PartyIn,
    PartyOut,
    page,
    shown,
)
from suyuan.masterdata import selectors, services
from suyuan.tenancy.rights import Right

router = Router()


@router.get("/parties", response=Page[PartyOut])
@requires(Right.MASTERDATA_VIEW)
def parties(
    request: ApiRequest, text: str = "", kind: str = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """List parties."""
    rows = selectors.list_parties(request.actor.organisation_id, text=text, kind=kind)
    return page("parties", rows, limit, offset)


@router.post("/parties", response={201: PartyOut})
@requires(Right.MASTERDATA_EDIT)
def create_party(request: ApiRequest, data: PartyIn) -> Status[dict[str, Any]]:
    """Store a party."""
    row = services.create_party(actor=request.actor, **data.given())
    return Status(201, shown("parties", row))


@router.get("/parties/{code}", response=PartyOut)
@requires(Right.MASTERDATA_VIEW)
def party(request: ApiRequest, code: str) -> dict[str, Any]:
    """Show a party."""
    return shown("parties", selectors.get_party(request.actor.organisation_id, code))


@router.patch("/parties/{code}", response=PartyOut)
@requires(Right.MASTERDATA_EDIT)
def update_party(request: ApiRequest, code: str, data: PartyChange) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_party(actor=request.actor, code=code, **data.given())
    return shown("parties", selectors.get_party(request.actor.organisation_id, code))


@router.get("/locations", response=Page[LocationOut])
@requires(Right.MASTERDATA_VIEW)
def locations(
    request: ApiRequest,
    text: str = "",
    kind: str = "",
    party: str = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """List locations."""
    rows = selectors.list_locations(
        request.actor.organisation_id, text=text, kind=kind, party=party
    )
    return page("locations", rows, limit, offset)


@router.post("/locations", response={201: LocationOut})
@requires(Right.MASTERDATA_EDIT)
def create_location(request: ApiRequest, data: LocationIn) -> Status[dict[str, Any]]:
    """Store a location."""
    row = services.create_location(actor=request.actor, **data.given())
    return Status(
        201, shown("locations", selectors.get_location(request.actor.organisation_id, row.code))
    )


@router.get("/locations/{code}", response=LocationOut)
@requires(Right.MASTERDATA_VIEW)
def location(request: ApiRequest, code: str) -> dict[str, Any]:
    """Show a location."""
    return shown("locations", selectors.get_location(request.actor.organisation_id, code))


@router.patch("/locations/{code}", response=LocationOut)
@requires(Right.MASTERDATA_EDIT)
def update_location(request: ApiRequest, code: str, data: LocationChange) -> dict[str, Any]:
    """Change the fields that are sent."""
    services.update_location(actor=request.actor, code=code, **data.given())
    return shown("locations", selectors.get_location(request.actor.organisation_id, code))
