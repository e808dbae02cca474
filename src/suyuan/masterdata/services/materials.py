"""Create and change materials."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction

from suyuan.masterdata import selectors
from suyuan.masterdata.errors import CodeTaken, GtinTaken
from suyuan.masterdata.fields import CODE, MATERIAL, checked, complete
from suyuan.masterdata.models import Material
from suyuan.masterdata.services import gtins
from suyuan.masterdata.services.rows import change, created, insert, party_id
from suyuan.masterdata.values import MaterialFields
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def create_material(
    *, actor: Actor, code: str, gtin: str = "", **fields: Unpack[MaterialFields]
) -> Material:
    """Store a material; without a GTIN it gets a restricted-circulation number.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field, `party_unknown` for an unknown supplier.
        GtinTaken: a product or a material of the organisation has the number.
        CodeTaken: another material has the code.
    """
    actor.require(Right.MASTERDATA_EDIT)
    code = CODE.check(code, "code")
    values = complete(MATERIAL, fields)
    with transaction.atomic():
        number = gtins.number_for(actor.organisation, gtin)
        if gtins.is_taken(actor.organisation_id, number):
            raise GtinTaken(place="gtin", gtin=number)
        row = Material(
            organisation=actor.organisation, gtin=number, code=code, **_columns(actor, values)
        )
        insert(row, CodeTaken(place="code", given=code))
        actor.audit(
            "material.create",
            kind="material",
            object_id=code,
            changes=created({"gtin": number, "code": code, **values}),
        )
    return row


def update_material(*, actor: Actor, code: str, **fields: Unpack[MaterialFields]) -> Material:
    """Change the given fields; code and GTIN never change.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such material in the organisation.
        Invalid: a malformed field.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = checked(MATERIAL, fields)
    with transaction.atomic():
        row = selectors.get_material(actor.organisation_id, code, lock=True)
        changes = change(row, _columns(actor, values), CodeTaken(place="code", given=code))
        if changes:
            actor.audit("material.update", kind="material", object_id=code, changes=changes)
    return row


def _columns(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    if "supplier" in columns:
        columns["supplier_id"] = party_id(actor, columns.pop("supplier"), "supplier")
    return columns
