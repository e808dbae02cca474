"""Preview and apply imports.

An import is two acts. `preview_import` reads the file, says what each row would do, and keeps both
under a digest. `apply_import` reads the file again against the rows as they are then, locked, and
goes through only if it would do exactly what was previewed: all rows or none, in one transaction.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction

from suyuan.exchange import selectors
from suyuan.exchange.columns import SHEETS, Sheet
from suyuan.exchange.errors import ImportHasErrors, PreviewOutdated
from suyuan.exchange.models import ImportRun
from suyuan.exchange.outcomes import Act, Outcome
from suyuan.exchange.reading import preview
from suyuan.exchange.sheets import Values
from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict, Invalid
from suyuan.kernel.spreadsheets import read_table
from suyuan.masterdata import services as masterdata
from suyuan.masterdata.rules import clean
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Write = Callable[..., Any]

_WRITES: Final[Mapping[str, tuple[Write, Write]]] = MappingProxyType(
    {
        "products": (masterdata.create_products, masterdata.update_products),
        "materials": (masterdata.create_materials, masterdata.update_materials),
        "parties": (masterdata.create_parties, masterdata.update_parties),
        "locations": (masterdata.create_locations, masterdata.update_locations),
        "lots": (masterdata.create_lots, masterdata.update_lots),
        "material_lots": (masterdata.create_material_lots, masterdata.update_material_lots),
    }
)


def sheet_of(kind: str) -> Sheet:
    """Return the sheet of a kind.

    Raises:
        Invalid: `import_kind_unknown`.
    """
    sheet = SHEETS.get(kind)
    if sheet is None:
        raise Invalid("import_kind_unknown", place="kind", given=kind[:40])
    return sheet


def preview_import(*, actor: Actor, kind: str, file_name: str, body: bytes) -> ImportRun:
    """Read a file and keep it with what it would do; nothing else is written.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: the whole file is refused; a refused row is an outcome of the run.
    """
    actor.require(Right.MASTERDATA_EDIT)
    sheet = sheet_of(kind)
    judged, _ = preview(actor.organisation_id, sheet, read_table(body))
    with transaction.atomic():
        return ImportRun.objects.create(
            organisation=actor.organisation,
            reference=secrets.token_hex(8),
            kind=kind,
            file_name=_safe_name(file_name),
            body=zlib.compress(body, 1),
            preview=judged.packed(),
            digest=judged.digest,
            creates=judged.counts[Act.CREATE],
            updates=judged.counts[Act.UPDATE],
            unchanged=judged.counts[Act.UNCHANGED],
            faults=judged.counts[Act.ERROR],
            created_by=actor.name,
            created_at=clock.now(),
        )


def _safe_name(name: str) -> str:
    try:
        return clean(name, "file")[:200]
    except Invalid:
        return "—"


def apply_import(*, actor: Actor, reference: str) -> ImportRun:
    """Do what was previewed, or nothing; a second call returns the finished run.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such import in the organisation.
        ImportHasErrors: rows were refused.
        PreviewOutdated: it would now do something else.
    """
    actor.require(Right.MASTERDATA_EDIT)
    with transaction.atomic():
        run = selectors.get_import(actor.organisation_id, reference, lock=True)
        if run.applied_at is not None:
            return run
        if run.faults:
            raise ImportHasErrors(faults=run.faults)
        sheet = sheet_of(run.kind)
        table = read_table(zlib.decompress(bytes(run.body)))
        judged, to_write = preview(actor.organisation_id, sheet, table, lock=True)
        if judged.digest != run.digest:
            raise PreviewOutdated(reference=reference)
        _write(actor, sheet, judged.outcomes, to_write)
        run.applied_at = clock.now()
        run.body = b""
        run.save(update_fields=["applied_at", "body"])
        actor.audit(
            f"{run.kind}.import",
            kind="import",
            object_id=reference,
            changes={
                "file": run.file_name,
                "creates": run.creates,
                "updates": run.updates,
                "unchanged": run.unchanged,
            },
        )
    return run


def _write(
    actor: Actor, sheet: Sheet, outcomes: Sequence[Outcome], to_write: Mapping[int, Values]
) -> None:
    """Write the rows; whatever a service refuses now ends the whole import."""
    create, update = _WRITES[sheet.kind]
    creates = [
        (*row.key, *_own_number(sheet, to_write[row.row]), _fields(sheet, to_write[row.row]))
        for row in outcomes
        if row.act is Act.CREATE
    ]
    updates = [(*row.key, to_write[row.row]) for row in outcomes if row.act is Act.UPDATE]
    try:
        # Updates first: one may give up a number that a creation takes.
        if updates:
            update(actor=actor, rows=updates)
        if creates:
            create(actor=actor, rows=creates)
    except Conflict as error:
        # The preview passed the row: someone was faster, in another transaction.
        raise PreviewOutdated(
            place=_place_of(error, outcomes, to_write), reason=error.code, **error.data
        ) from error


def _own_number(sheet: Sheet, values: Values) -> tuple[str, ...]:
    """Return the number that a creation is given beside its key: a material's GTIN."""
    return (values.get("gtin", ""),) if sheet.kind == "materials" else ()


def _fields(sheet: Sheet, values: Values) -> Values:
    """Leave out the keys, and what is empty, so that a creation uses its defaults."""
    apart = {"gtin", *(column.name for column in sheet.keys)}
    return {
        name: value
        for name, value in values.items()
        if name not in apart and value not in (None, "")
    }


def _place_of(error: Conflict, outcomes: Sequence[Outcome], to_write: Mapping[int, Values]) -> str:
    """Return the row that the error speaks of, where only one can be meant; else its own place."""
    said = {str(value) for value in error.data.values()}
    rows = [
        row.row
        for row in outcomes
        if said & {*row.key, *(to_write[row.row].get(name, "") for name in ("gtin", "gln"))}
    ]
    return f"row {rows[0]}" if len(rows) == 1 else error.place
