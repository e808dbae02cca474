"""Create and change parties and locations.

The code of a row without GLN is part of its identifier in events, so codes never change; a GLN
given later makes a new identifier, and `selectors.locations_by_identifier` answers for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django.db import transaction

from suyuan.kernel.errors import Invalid
from suyuan.masterdata.fields import CODE, LOCATION, PARTY, checked, complete
from suyuan.masterdata.models import Location, Party
from suyuan.masterdata.services.rows import change, created, find, insert, relate_party, save
from suyuan.masterdata.values import LocationFields, PartyFields
from suyuan.tenancy.actor import Actor, Entry
from suyuan.tenancy.rights import Right


def create_party(*, actor: Actor, code: str, **fields: Unpack[PartyFields]) -> Party:
    """Store a party; see `create_parties`."""
    return create_parties(actor=actor, rows=[(code, fields)])[0]


def create_parties(*, actor: Actor, rows: Sequence[tuple[str, PartyFields]]) -> list[Party]:
    """Store parties: all or none.

    Args:
        actor: Who acts.
        rows: The code and the fields of each.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field.
        CodeTaken, GlnTaken: another party has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [
        {"code": CODE.check(code, "code"), **complete(PARTY, fields)} for code, fields in rows
    ]
    with transaction.atomic():
        parties = [Party(organisation=actor.organisation, **given) for given in values]
        insert(parties)
        actor.audit_all(
            "party.create", "party", (Entry(row["code"], created(row)) for row in values)
        )
    return parties


def update_party(*, actor: Actor, code: str, **fields: Unpack[PartyFields]) -> Party:
    """Change the given fields; see `update_parties`."""
    return update_parties(actor=actor, rows=[(code, fields)])[0]


def update_parties(*, actor: Actor, rows: Sequence[tuple[str, PartyFields]]) -> list[Party]:
    """Change the given fields of parties: all or none.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such party in the organisation.
        Invalid: a malformed field.
        GlnTaken: another party has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [checked(PARTY, fields) for _, fields in rows]
    with transaction.atomic():
        own = Party.objects.filter(organisation_id=actor.organisation_id)
        parties = find(
            own.select_related("organisation"), "party", ("code",), [(code,) for code, _ in rows]
        )
        changes = [change(row, given) for row, given in zip(parties, values, strict=True)]
        save(zip(parties, changes, strict=True))
        actor.audit_all(
            "party.update",
            "party",
            (Entry(row.code, made) for row, made in zip(parties, changes, strict=True) if made),
        )
    return parties


def create_location(*, actor: Actor, code: str, **fields: Unpack[LocationFields]) -> Location:
    """Store a location; see `create_locations`."""
    return create_locations(actor=actor, rows=[(code, fields)])[0]


def create_locations(*, actor: Actor, rows: Sequence[tuple[str, LocationFields]]) -> list[Location]:
    """Store locations: all or none.

    Args:
        actor: Who acts.
        rows: The code and the fields of each.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed field, `party_unknown`, `half_a_position`.
        CodeTaken, GlnTaken: another location has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [
        {"code": CODE.check(code, "code"), **complete(LOCATION, fields)} for code, fields in rows
    ]
    with transaction.atomic():
        entries = [Entry(row["code"], created(row)) for row in values]
        relate_party(actor, values, "party")
        locations = [Location(organisation=actor.organisation, **given) for given in values]
        for row in locations:
            _require_whole_position(row)
        insert(locations)
        actor.audit_all("location.create", "location", entries)
    return locations


def update_location(*, actor: Actor, code: str, **fields: Unpack[LocationFields]) -> Location:
    """Change the given fields; see `update_locations`."""
    return update_locations(actor=actor, rows=[(code, fields)])[0]


def update_locations(*, actor: Actor, rows: Sequence[tuple[str, LocationFields]]) -> list[Location]:
    """Change the given fields of locations: all or none.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such location in the organisation.
        Invalid: a malformed field, `party_unknown`, `half_a_position`.
        GlnTaken: another location has it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [checked(LOCATION, fields) for _, fields in rows]
    with transaction.atomic():
        own = Location.objects.filter(organisation_id=actor.organisation_id)
        locations = find(
            own.select_related("organisation"),
            "location",
            ("code",),
            [(code,) for code, _ in rows],
        )
        relate_party(actor, values, "party")
        changes = [change(row, given) for row, given in zip(locations, values, strict=True)]
        for row in locations:
            _require_whole_position(row)
        save(zip(locations, changes, strict=True))
        actor.audit_all(
            "location.update",
            "location",
            (Entry(row.code, made) for row, made in zip(locations, changes, strict=True) if made),
        )
    return locations


def _require_whole_position(row: Location) -> None:
    if (row.latitude is None) != (row.longitude is None):
        raise Invalid("half_a_position", place="latitude" if row.latitude is None else "longitude")
