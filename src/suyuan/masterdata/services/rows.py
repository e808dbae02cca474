"""How rows are written: found and locked, inserted or refused, changed where they differ.

Owns: the way from a unique violation to a `Conflict`; the shape of audited changes.

Each service writes any number of rows, and one row is the case of one: an import of thousands goes
through the same checks as a form, with one query for each 500 rows where a form has one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import batched
from operator import attrgetter
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet

from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict, Invalid, NotFound
from suyuan.masterdata.errors import CodeTaken, GlnTaken
from suyuan.masterdata.models import Location, Party, Record
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Changes = dict[str, object]
type Key = tuple[str, ...]

_BATCH: Final = 500  # rows in one statement


def plain(value: object) -> object:
    """Return a value that JSON can hold."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def created(values: Mapping[str, object]) -> Changes:
    """Describe a creation: each filled field, from nothing."""
    return {name: [None, plain(value)] for name, value in values.items() if value not in (None, "")}


def code_taken(row: Any) -> Conflict:
    """Return the refusal of a row whose code another one has."""
    return CodeTaken(place="code", given=row.code)


def insert(rows: Sequence[Record], taken: Callable[[Any], Conflict] = code_taken) -> None:
    """Insert rows of one kind inside the caller's transaction.

    Raises:
        Conflict: `taken` of the first row that a unique constraint refuses; `GlnTaken` when that
            is a GLN's.
    """
    now = clock.now()
    for row in rows:
        row.created_at = row.changed_at = now
    if len(rows) > 1:
        try:
            with transaction.atomic():
                type(rows[0])._default_manager.bulk_create(rows, batch_size=_BATCH)
        except IntegrityError:
            pass  # which row it was shows when they are inserted one by one
        else:
            return
    for row in rows:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise _conflict(error, row, taken) from error


def find[R: Model](
    rows: QuerySet[R], kind: str, paths: Key, keys: Sequence[Key], *, lock: bool = True
) -> list[R]:
    """Return the rows with `keys`, in that order, locked until the transaction ends.

    Args:
        rows: The organisation's, with what `paths` follow.
        kind: For the refusal.
        paths: The fields of a key, such as `product.gtin` and `code`.
        keys: Their texts.
        lock: Whether to lock them.

    Raises:
        NotFound: one of them is not there.
    """
    key_of = [attrgetter(path) for path in paths]
    found: dict[Key, R] = {}
    # In one order for everybody, so that two imports wait for, and never block, each other.
    for batch in batched(sorted(set(keys)), _BATCH):
        wanted = Q()
        for place, path in enumerate(paths):
            name = path.replace(".", "__")
            wanted &= Q(**{f"{name}__in": {key[place] for key in batch}})
        batch_rows = rows.filter(wanted).order_by("id")
        for row in batch_rows.select_for_update(of=("self",)) if lock else batch_rows:
            found[tuple(get(row) for get in key_of)] = row
    if any(key not in found for key in keys):
        raise NotFound(kind=kind)
    return [found[key] for key in keys]


def change(row: Record, values: Mapping[str, Any]) -> Changes:
    """Set the fields of `row` that differ, and return them with before and after."""
    changes: Changes = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [plain(before), plain(value)]
            setattr(row, name, value)
    return changes


def save(
    changed: Iterable[tuple[Record, Collection[str]]],
    taken: Callable[[Any], Conflict] = code_taken,
) -> None:
    """Write the named fields of each row; a row without any is left alone.

    Raises:
        Conflict: as `insert`.
    """
    now = clock.now()
    with transaction.atomic():
        for row, names in changed:
            if names:
                row.changed_at = now
                try:
                    row.save(update_fields={*names, "changed_at"})
                except IntegrityError as error:
                    raise _conflict(error, row, taken) from error


def _conflict(error: IntegrityError, row: Record, taken: Callable[[Any], Conflict]) -> Conflict:
    # PostgreSQL names the constraint, SQLite the columns; both have the word.
    gln = getattr(row, "gln", "")
    if gln and "gln" in str(error).split("DETAIL")[0]:
        return GlnTaken(place="gln", gln=gln)
    return taken(row)


def require_lot_right(actor: Actor) -> None:
    """Let those open lots who edit masterdata, or who see it and capture events."""
    if not (actor.may(Right.EVENTS_CAPTURE) and actor.may(Right.MASTERDATA_VIEW)):
        actor.require(Right.MASTERDATA_EDIT)


def relate_party(actor: Actor, values: Sequence[dict[str, Any]], name: str) -> None:
    """Put the id of the party that field `name` names in its place: `supplier` → `supplier_id`.

    Raises:
        Invalid: `party_unknown`.
    """
    _relate(actor, Party, "party_unknown", values, name)


def relate_location(actor: Actor, values: Sequence[dict[str, Any]], name: str) -> None:
    """Put the id of the location that field `name` names in its place.

    Raises:
        Invalid: `location_unknown`.
    """
    _relate(actor, Location, "location_unknown", values, name)


def _relate(
    actor: Actor,
    model: type[Party | Location],
    refusal: str,
    values: Sequence[dict[str, Any]],
    name: str,
) -> None:
    codes = sorted({row[name] for row in values if row.get(name)})
    ids: dict[str, int | None] = {"": None}
    for batch in batched(codes, _BATCH):
        rows = model._default_manager.filter(organisation_id=actor.organisation_id, code__in=batch)
        ids.update(rows.values_list("code", "id"))
    for row in values:
        if name in row:
            code = row.pop(name)
            if code not in ids:
                raise Invalid(refusal, place=name, given=code)
            row[f"{name}_id"] = ids[code]
