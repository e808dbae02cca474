"""How a row is written: insert or refuse, change what differs, audit before and after.

Owns: the way from a unique violation to a `Conflict`; the shape of audited changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict, Invalid, NotFound
from suyuan.masterdata import selectors
from suyuan.masterdata.errors import GlnTaken
from suyuan.masterdata.models import Record
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Changes = dict[str, object]


def plain(value: object) -> object:
    """Return a value that JSON can hold."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def created(values: Mapping[str, object]) -> Changes:
    """Describe a creation: each filled field, from nothing."""
    return {name: [None, plain(value)] for name, value in values.items() if value not in (None, "")}


def insert(row: Record, taken: Conflict) -> None:
    """Insert `row` inside the caller's transaction.

    Raises:
        Conflict: `taken`, when a unique constraint refuses it; `GlnTaken` when that is a GLN's.
    """
    row.created_at = row.changed_at = clock.now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _conflict(error, row, taken) from error


def change(row: Record, values: Mapping[str, Any], taken: Conflict) -> Changes:
    """Write the fields of `row` that differ, and return them with before and after.

    Nothing is written, and nothing returned, when all are as they were.
    """
    changes: Changes = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [plain(before), plain(value)]
            setattr(row, name, value)
    if not changes:
        return {}
    row.changed_at = clock.now()
    try:
        with transaction.atomic():
            row.save(update_fields={*changes, "changed_at"})
    except IntegrityError as error:
        raise _conflict(error, row, taken) from error
    return changes


def _conflict(error: IntegrityError, row: Record, taken: Conflict) -> Conflict:
    # PostgreSQL names the constraint, SQLite the columns; both have the word.
    gln = getattr(row, "gln", "")
    return (
        GlnTaken(place="gln", gln=gln) if gln and "gln" in str(error).split("DETAIL")[0] else taken
    )


def require_lot_right(actor: Actor) -> None:
    """Let those open lots who edit masterdata, or who see it and capture events."""
    if not (actor.may(Right.EVENTS_CAPTURE) and actor.may(Right.MASTERDATA_VIEW)):
        actor.require(Right.MASTERDATA_EDIT)


def party_id(actor: Actor, code: str, place: str) -> int | None:
    """Return the id of the party that a relation names; None for no code.

    Raises:
        Invalid: `party_unknown`.
    """
    if not code:
        return None
    try:
        return selectors.get_party(actor.organisation_id, code).id
    except NotFound as error:
        raise Invalid("party_unknown", place=place, given=code) from error


def location_id(actor: Actor, code: str, place: str) -> int | None:
    """Return the id of the location that a relation names; None for no code.

    Raises:
        Invalid: `location_unknown`.
    """
    if not code:
        return None
    try:
        return selectors.get_location(actor.organisation_id, code).id
    except NotFound as error:
        raise Invalid("location_unknown", place=place, given=code) from error
