"""Create and change lots of products and of materials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Unpack

from django.db import transaction

from suyuan.kernel.errors import Invalid
from suyuan.masterdata.fields import LOT, LOT_CODE, MATERIAL_LOT, checked, complete
from suyuan.masterdata.models import Lot, Material, MaterialLot, Product
from suyuan.masterdata.selectors import number_of
from suyuan.masterdata.services.rows import (
    change,
    created,
    find,
    insert,
    relate_location,
    relate_party,
    require_lot_right,
    save,
)
from suyuan.masterdata.values import LotFields, MaterialLotFields
from suyuan.tenancy.actor import Actor, Entry


def create_lot(*, actor: Actor, gtin: str, code: str, **fields: Unpack[LotFields]) -> Lot:
    """Store a product's lot; see `create_lots`."""
    return create_lots(actor=actor, rows=[(gtin, code, fields)])[0]


def create_lots(*, actor: Actor, rows: Sequence[tuple[str, str, LotFields]]) -> list[Lot]:
    """Store lots of products: all or none.

    Without `expires_on` the product's shelf life gives it.

    Args:
        actor: Who acts.
        rows: The product's GTIN, the lot's code, and the fields of each.

    Raises:
        Forbidden: see the package.
        NotFound: no such product in the organisation.
        Invalid: a malformed field, `location_unknown`, `expires_before_production`.
        CodeTaken: the product has such a lot.
    """
    require_lot_right(actor)
    values = [
        {"code": LOT_CODE.check(code, "code"), **complete(LOT, fields)} for _, code, fields in rows
    ]
    keys = [(number_of(gtin, "product"),) for gtin, _, _ in rows]
    with transaction.atomic():
        own = Product.objects.filter(organisation_id=actor.organisation_id)
        products = find(own, "product", ("gtin",), keys, lock=False)
        for given, product in zip(values, products, strict=True):
            if given["expires_on"] is None and product.shelf_life_days is not None:
                given["expires_on"] = given["produced_on"] + timedelta(days=product.shelf_life_days)
        entries = [
            Entry(f"{product.gtin}/{given['code']}", created(given))
            for given, product in zip(values, products, strict=True)
        ]
        relate_location(actor, values, "location")
        lots = [
            Lot(organisation=actor.organisation, product_id=product.id, **given)
            for given, product in zip(values, products, strict=True)
        ]
        _require_order(lots)
        insert(lots)
        actor.audit_all("lot.create", "lot", entries)
    for lot, product in zip(lots, products, strict=True):
        lot.product = product
    return lots


def update_lot(*, actor: Actor, gtin: str, code: str, **fields: Unpack[LotFields]) -> Lot:
    """Change the given fields of a product's lot; see `update_lots`."""
    return update_lots(actor=actor, rows=[(gtin, code, fields)])[0]


def update_lots(*, actor: Actor, rows: Sequence[tuple[str, str, LotFields]]) -> list[Lot]:
    """Change the given fields of lots of products: all or none.

    Raises:
        Forbidden: see the package.
        NotFound: no such lot in the organisation.
        Invalid: a malformed field, `location_unknown`, `expires_before_production`.
    """
    require_lot_right(actor)
    values = [checked(LOT, fields) for _, _, fields in rows]
    keys = [(number_of(gtin, "lot"), code) for gtin, code, _ in rows]
    with transaction.atomic():
        own = Lot.objects.filter(organisation_id=actor.organisation_id).select_related("product")
        lots = find(own, "lot", ("product.gtin", "code"), keys)
        relate_location(actor, values, "location")
        changes = [change(row, given) for row, given in zip(lots, values, strict=True)]
        _require_order(lots)
        save(zip(lots, changes, strict=True))
        actor.audit_all(
            "lot.update",
            "lot",
            (
                Entry(f"{row.product.gtin}/{row.code}", made)
                for row, made in zip(lots, changes, strict=True)
                if made
            ),
        )
    return lots


def create_material_lot(
    *, actor: Actor, material: str, code: str, **fields: Unpack[MaterialLotFields]
) -> MaterialLot:
    """Store a material's lot; see `create_material_lots`."""
    return create_material_lots(actor=actor, rows=[(material, code, fields)])[0]


def create_material_lots(
    *, actor: Actor, rows: Sequence[tuple[str, str, MaterialLotFields]]
) -> list[MaterialLot]:
    """Store lots of materials: all or none.

    Without `supplier` the material's own supplier is taken.

    Args:
        actor: Who acts.
        rows: The material's code, the lot's code, and the fields of each.

    Raises:
        Forbidden: see the package.
        NotFound: no such material in the organisation.
        Invalid: a malformed field, `party_unknown`, `expires_before_production`.
        CodeTaken: the material has such a lot.
    """
    require_lot_right(actor)
    values = [
        {"code": LOT_CODE.check(code, "code"), **complete(MATERIAL_LOT, fields)}
        for _, code, fields in rows
    ]
    with transaction.atomic():
        own = Material.objects.filter(organisation_id=actor.organisation_id)
        keys = [(material,) for material, _, _ in rows]
        materials = find(own, "material", ("code",), keys, lock=False)
        entries = [
            Entry(f"{material.code}/{given['code']}", created(given))
            for given, material in zip(values, materials, strict=True)
        ]
        relate_party(actor, values, "supplier")
        for given, material, (_, _, fields) in zip(values, materials, rows, strict=True):
            if "supplier" not in fields:
                given["supplier_id"] = material.supplier_id
        lots = [
            MaterialLot(organisation=actor.organisation, material_id=material.id, **given)
            for given, material in zip(values, materials, strict=True)
        ]
        _require_order(lots)
        insert(lots)
        actor.audit_all("material_lot.create", "material_lot", entries)
    for lot, material in zip(lots, materials, strict=True):
        lot.material = material
    return lots


def update_material_lot(
    *, actor: Actor, material: str, code: str, **fields: Unpack[MaterialLotFields]
) -> MaterialLot:
    """Change the given fields of a material's lot; see `update_material_lots`."""
    return update_material_lots(actor=actor, rows=[(material, code, fields)])[0]


def update_material_lots(
    *, actor: Actor, rows: Sequence[tuple[str, str, MaterialLotFields]]
) -> list[MaterialLot]:
    """Change the given fields of lots of materials: all or none.

    Raises:
        Forbidden: see the package.
        NotFound: no such lot in the organisation.
        Invalid: a malformed field, `party_unknown`, `expires_before_production`.
    """
    require_lot_right(actor)
    values = [checked(MATERIAL_LOT, fields) for _, _, fields in rows]
    keys = [(material, code) for material, code, _ in rows]
    with transaction.atomic():
        own = MaterialLot.objects.filter(organisation_id=actor.organisation_id)
        lots = find(own.select_related("material"), "material_lot", ("material.code", "code"), keys)
        relate_party(actor, values, "supplier")
        changes = [change(row, given) for row, given in zip(lots, values, strict=True)]
        _require_order(lots)
        save(zip(lots, changes, strict=True))
        actor.audit_all(
            "material_lot.update",
            "material_lot",
            (
                Entry(f"{row.material.code}/{row.code}", made)
                for row, made in zip(lots, changes, strict=True)
                if made
            ),
        )
    return lots


def _require_order(lots: Iterable[Lot | MaterialLot]) -> None:
    for lot in lots:
        if lot.produced_on and lot.expires_on and lot.expires_on < lot.produced_on:
            raise Invalid(
                "expires_before_production",
                place="expires_on",
                produced_on=lot.produced_on.isoformat(),
                expires_on=lot.expires_on.isoformat(),
            )
