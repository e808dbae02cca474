"""Create and change parties and locations.

The code of a row without GLN is part of its identifier in events, so codes never change; a GLN
given later makes a new identifier, and `selectors.locations_by_identifier` answers for both.
"""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction

from suyuan.kernel.errors import Invalid
from suyuan.masterdata import selectors
from suyuan.masterdata.errors import CodeTaken
from suyuan.masterdata.fields import CODE, LOCATION, PARTY, checked, complete
from suyuan.masterdata.models import Location, Party
from suyuan.masterdata.services.rows import change, created, insert, party_id
from suyuan.masterdata.values import LocationFields, PartyFields
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def create_party(*, actor: Actor, code: str, **fields: Unpack[PartyFields]) -> Party:
    """Store a party.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field.
        CodeTaken, GlnTaken: another party has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    code = CODE.check(code, "code")
    values = complete(PARTY, fields)
    with transaction.atomic():
        row = Party(organisation=actor.organisation, code=code, **values)
        insert(row, CodeTaken(place="code", given=code))
        changes = created({"code": code, **values})
        actor.audit("party.create", kind="party", object_id=code, changes=changes)
    return row


def update_party(*, actor: Actor, code: str, **fields: Unpack[PartyFields]) -> Party:
    """Change the given fields.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such party in the organisation.
        Invalid: a malformed field.
        GlnTaken: another party has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = checked(PARTY, fields)
    with transaction.atomic():
        row = selectors.get_party(actor.organisation_id, code, lock=True)
        changes = change(row, values, CodeTaken(place="code", given=code))
        if changes:
            actor.audit("party.update", kind="party", object_id=code, changes=changes)
    return row


def create_location(*, actor: Actor, code: str, **fields: Unpack[LocationFields]) -> Location:
    """Store a location.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field, `party_unknown`, `half_a_position`.
        CodeTaken, GlnTaken: another location has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    code = CODE.check(code, "code")
    values = complete(LOCATION, fields)
    with transaction.atomic():
        row = Location(organisation=actor.organisation, code=code, **_columns(actor, values))
        _require_whole_position(row)
        insert(row, CodeTaken(place="code", given=code))
        changes = created({"code": code, **values})
        actor.audit("location.create", kind="location", object_id=code, changes=changes)
    return row


def update_location(*, actor: Actor, code: str, **fields: Unpack[LocationFields]) -> Location:
    """Change the given fields.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such location in the organisation.
        Invalid: a malformed field, `party_unknown`, `half_a_position`.
        GlnTaken: another location has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = checked(LOCATION, fields)
    with transaction.atomic():
        row = selectors.get_location(actor.organisation_id, code, lock=True)
        changes = change(row, _columns(actor, values), CodeTaken(place="code", given=code))
        _require_whole_position(row)
        if changes:
            actor.audit("location.update", kind="location", object_id=code, changes=changes)
    return row


def _require_whole_position(row: Location) -> None:
    if (row.latitude is None) != (row.longitude is None):
        raise Invalid("half_a_position", place="latitude" if row.latitude is None else "longitude")


def _columns(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    columns = dict(values)
    if "party" in columns:
        columns["party_id"] = party_id(actor, columns.pop("party"), "party")
    return columns
