"""Create and change materials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django.db import transaction

from suyuan.masterdata.fields import CODE, MATERIAL, checked, complete
from suyuan.masterdata.models import Material
from suyuan.masterdata.services import gtins
from suyuan.masterdata.services.rows import change, created, find, insert, relate_party, save
from suyuan.masterdata.values import MaterialFields
from suyuan.tenancy.actor import Actor, Entry
from suyuan.tenancy.rights import Right


def create_material(
    *, actor: Actor, code: str, gtin: str = "", **fields: Unpack[MaterialFields]
) -> Material:
    """Store a material; see `create_materials`."""
    return create_materials(actor=actor, rows=[(code, gtin, fields)])[0]


def create_materials(
    *, actor: Actor, rows: Sequence[tuple[str, str, MaterialFields]]
) -> list[Material]:
    """Store materials: all or none; one without a GTIN gets a restricted-circulation number.

    Args:
        actor: Who acts.
        rows: The code, the GTIN or an empty text, and the fields of each.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field, `party_unknown` for an unknown supplier.
        GtinTaken: a product or a material of the organisation has the number.
        CodeTaken: another material has the code.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [
        {"code": CODE.check(code, "code"), **complete(MATERIAL, fields)} for code, _, fields in rows
    ]
    with transaction.atomic():
        numbers = gtins.numbers_for(actor.organisation, [gtin for _, gtin, _ in rows])
        gtins.require_free(actor.organisation_id, numbers)
        for row, number in zip(values, numbers, strict=True):
            row["gtin"] = number
        entries = [Entry(row["code"], created(row)) for row in values]
        relate_party(actor, values, "supplier")
        materials = [Material(organisation=actor.organisation, **given) for given in values]
        insert(materials)
        actor.audit_all("material.create", "material", entries)
    return materials


def update_material(*, actor: Actor, code: str, **fields: Unpack[MaterialFields]) -> Material:
    """Change the given fields; see `update_materials`."""
    return update_materials(actor=actor, rows=[(code, fields)])[0]


def update_materials(*, actor: Actor, rows: Sequence[tuple[str, MaterialFields]]) -> list[Material]:
    """Change the given fields of materials: all or none; code and GTIN never change.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such material in the organisation.
        Invalid: a malformed field, `party_unknown` for an unknown supplier.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [checked(MATERIAL, fields) for _, fields in rows]
    with transaction.atomic():
        own = Material.objects.filter(organisation_id=actor.organisation_id)
        materials = find(own, "material", ("code",), [(code,) for code, _ in rows])
        relate_party(actor, values, "supplier")
        changes = [change(row, given) for row, given in zip(materials, values, strict=True)]
        save(zip(materials, changes, strict=True))
        actor.audit_all(
            "material.update",
            "material",
            (Entry(row.code, made) for row, made in zip(materials, changes, strict=True) if made),
        )
    return materials
