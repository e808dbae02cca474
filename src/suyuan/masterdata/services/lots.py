"""Create and change lots of products and of materials."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Unpack

from django.db import transaction

from suyuan.kernel.errors import Invalid
from suyuan.masterdata import selectors
from suyuan.masterdata.errors import CodeTaken
from suyuan.masterdata.fields import LOT, LOT_CODE, MATERIAL_LOT, checked, complete
from suyuan.masterdata.models import Lot, MaterialLot
from suyuan.masterdata.services.rows import (
    change,
    created,
    insert,
    location_id,
    party_id,
    require_lot_right,
)
from suyuan.masterdata.values import LotFields, MaterialLotFields
from suyuan.tenancy.actor import Actor


def create_lot(*, actor: Actor, gtin: str, code: str, **fields: Unpack[LotFields]) -> Lot:
    """Store a product's lot; without `expires_on` the product's shelf life gives it.

    Raises:
        Forbidden: see the package.
        NotFound: no such product in the organisation.
        Invalid: a malformed field, `location_unknown`, `expires_before_production`.
        CodeTaken: the product has such a lot.
    """
    require_lot_right(actor)
    code = LOT_CODE.check(code, "code")
    values = complete(LOT, fields)
    with transaction.atomic():
        product = selectors.get_product(actor.organisation_id, gtin)
        if values["expires_on"] is None and product.shelf_life_days is not None:
            values["expires_on"] = values["produced_on"] + timedelta(days=product.shelf_life_days)
        row = Lot(
            organisation=actor.organisation,
            product_id=product.id,
            code=code,
            **_lot_columns(actor, values),
        )
        _require_order(row)
        insert(row, CodeTaken(place="code", given=code))
        actor.audit(
            "lot.create",
            kind="lot",
            object_id=f"{product.gtin}/{code}",
            changes=created({"code": code, **values}),
        )
    row.product = product
    return row


def update_lot(*, actor: Actor, gtin: str, code: str, **fields: Unpack[LotFields]) -> Lot:
    """Change the given fields of a product's lot.

    Raises:
        Forbidden: see the package.
        NotFound: no such lot in the organisation.
        Invalid: a malformed field, `location_unknown`, `expires_before_production`.
    """
    require_lot_right(actor)
    values = checked(LOT, fields)
    with transaction.atomic():
        row = selectors.get_lot(actor.organisation_id, gtin, code, lock=True)
        changes = change(row, _lot_columns(actor, values), CodeTaken(place="code", given=code))
        _require_order(row)
        if changes:
            object_id = f"{row.product.gtin}/{code}"
            actor.audit("lot.update", kind="lot", object_id=object_id, changes=changes)
    return row


def create_material_lot(
    *, actor: Actor, material: str, code: str, **fields: Unpack[MaterialLotFields]
) -> MaterialLot:
    """Store a material's lot; without `supplier` the material's own supplier is taken.

    Args:
        actor: Who acts.
        material: The material's code.
        code: The lot's code.
        **fields: The rest.

    Raises:
        Forbidden: see the package.
        NotFound: no such material in the organisation.
        Invalid: a malformed field, `party_unknown`, `expires_before_production`.
        CodeTaken: the material has such a lot.
    """
    require_lot_right(actor)
    code = LOT_CODE.check(code, "code")
    values = complete(MATERIAL_LOT, fields)
    with transaction.atomic():
        owner = selectors.get_material(actor.organisation_id, material)
        columns = _material_lot_columns(actor, values)
        if "supplier" not in fields:
            columns["supplier_id"] = owner.supplier_id
        row = MaterialLot(
            organisation=actor.organisation, material_id=owner.id, code=code, **columns
        )
        _require_order(row)
        insert(row, CodeTaken(place="code", given=code))
        actor.audit(
            "material_lot.create",
            kind="material_lot",
            object_id=f"{owner.code}/{code}",
            changes=created({"code": code, **values}),
        )
    row.material = owner
    return row


def update_material_lot(
    *, actor: Actor, material: str, code: str, **fields: Unpack[MaterialLotFields]
) -> MaterialLot:
    """Change the given fields of a material's lot.

    Raises:
        Forbidden: see the package.
        NotFound: no such lot in the organisation.
        Invalid: a malformed field, `party_unknown`, `expires_before_production`.
    """
    require_lot_right(actor)
    values = checked(MATERIAL_LOT, fields)
    with transaction.atomic():
        row = selectors.get_material_lot(actor.organisation_id, material, code, lock=True)
        columns = _material_lot_columns(actor, values)
        changes = change(row, columns, CodeTaken(place="code", given=code))
        _require_order(row)
        if changes:
            object_id = f"{material}/{code}"
            actor.audit(
                "material_lot.update", kind="material_lot", object_id=object_id, changes=changes
            )
    return row


def _require_order(row: Lot | MaterialLot) -> None:
    if row.produced_on and row.expires_on and row.expires_on < row.produced_on:
        raise Invalid(
            "expires_before_production",
            place="expires_on",
            produced_on=row.produced_on.isoformat(),
            expires_on=row.expires_on.isoformat(),
        )


def _lot_columns(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    if "location" in columns:
        columns["location_id"] = location_id(actor, columns.pop("location"), "location")
    return columns


def _material_lot_columns(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    if "supplier" in columns:
        columns["supplier_id"] = party_id(actor, columns.pop("supplier"), "supplier")
    return columns
