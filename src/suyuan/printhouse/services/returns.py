"""Preview a returned list, and apply it: spoiled codes are withdrawn, used ones recorded.

Owns: `ReturnList` rows.
Invariant: a list changes nothing until it is applied, and is applied whole, once, to the package as
it was when previewed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Final

from django.db import transaction

from suyuan.issuing import positions
from suyuan.issuing.counters import hold
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import read_table
from suyuan.masterdata.rules import Text, clean
from suyuan.printhouse import selectors
from suyuan.printhouse.errors import ReturnEmpty, ReturnOutdated
from suyuan.printhouse.models import Package, PackageState, ReturnList
from suyuan.printhouse.returned import lines
from suyuan.printhouse.returned.matching import Matched, match
from suyuan.printhouse.services.states import held, ready, withdraw
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

LINES_LIMIT: Final = 500_000
_REASON: Final = Text(200, required=True)
_ALLOWED: Final = frozenset({PackageState.PREPARED, PackageState.SENT, PackageState.RETURNED})


def preview_return(
    *,
    actor: Actor,
    number: str,
    file_name: str,
    body: bytes,
    default: lines.Status | None = None,
) -> ReturnList:
    """Read a returned list and keep what it would do; nothing else is written.

    Args:
        actor: Who acts.
        number: The package.
        file_name: As uploaded.
        body: CSV or XLSX.
        default: What a line without a status means; None refuses it.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such package in the organisation.
        PackageStateWrong: it is not ready, or closed.
        Invalid: the whole file is refused; see `kernel.spreadsheets` and `returned.lines`.
    """
    actor.require(Right.LABELS_PRINT)
    table = read_table(body, most_rows=LINES_LIMIT)
    # Seconds for a long list: nothing is held meanwhile, and `apply_return` looks again.
    package = ready(selectors.get_package(actor.organisation_id, number), _ALLOWED)
    found = match(package, lines.read(table, default=default))
    with transaction.atomic():
        hold(package.order)
        earlier = selectors.returns(package)
        row = _row(actor, package, found, earlier)
        row.file_name = _safe_name(file_name)
        row.sha256 = hashlib.sha256(body).hexdigest()
        row.save(force_insert=True)
    return row


def _row(actor: Actor, package: Package, found: Matched, earlier: list[ReturnList]) -> ReturnList:
    used = len(found.used) + found.used_unnamed
    spoiled = len(found.spoiled) + found.spoiled_unnamed
    return ReturnList(
        organisation=actor.organisation,
        package=package,
        package_id=package.id,
        ordinal=max((row.ordinal for row in earlier), default=0) + 1,
        lines=found.lines,
        used=positions.write(found.used),
        spoiled=positions.write(found.spoiled),
        used_unnamed=found.used_unnamed,
        spoiled_unnamed=found.spoiled_unnamed,
        counted_rolls=found.counted_rolls,
        used_count=used,
        spoiled_count=spoiled,
        missing_count=package.missing_count - used - spoiled,
        fault_count=found.faults.total(),
        findings=zlib.compress(json.dumps(found.findings, ensure_ascii=False).encode()),
        based_on=sum(row.applied_at is not None for row in earlier),
        created_at=clock.now(),
        created_by=actor.name,
    )


def _safe_name(name: str) -> str:
    try:
        return clean(name, "file")[:200]
    except Invalid:
        return "—"


def apply_return(*, actor: Actor, number: str, ordinal: int, reason: str) -> ReturnList:
    """Do what a list's preview says; a second call returns the applied list.

    Args:
        actor: Who acts.
        number: The package.
        ordinal: Of the list.
        reason: Why spoiled codes are withdrawn, for whoever meets one.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such package or list.
        PackageStateWrong: the package is closed.
        ReturnEmpty: the list says nothing of the package's codes.
        ReturnOutdated: another list was applied since.
        AlreadyActive: a spoiled code became active since.
    """
    actor.require(Right.LABELS_PRINT)
    why = _REASON.check(reason, "reason")
    with transaction.atomic():
        package = held(actor, number, _ALLOWED | {PackageState.RECONCILED})
        row = selectors.get_return(package, ordinal)
        if row.applied_at is not None:
            return row
        held(actor, number, _ALLOWED)
        if not row.used_count and not row.spoiled_count:
            raise ReturnEmpty(number=package.number)
        done = sum(one.applied_at is not None for one in selectors.returns(package))
        if done != row.based_on:
            raise ReturnOutdated(number=package.number, ordinal=ordinal)
        withdrawn = withdraw(actor, package, positions.read(row.spoiled), why)
        _keep(actor, package, row, withdrawn)
    return row


def _keep(actor: Actor, package: Package, row: ReturnList, withdrawn: int) -> None:
    before = package.state
    now = clock.now()
    package.used = positions.write(positions.read(package.used) | positions.read(row.used))
    package.spoiled = positions.write(positions.read(package.spoiled) | positions.read(row.spoiled))
    package.used_count += row.used_count
    package.spoiled_count += row.spoiled_count
    package.state, package.returned_at = PackageState.RETURNED, now
    package.save()
    row.applied_at, row.applied_by = now, actor.name
    row.missing_count = package.missing_count
    row.save()
    actor.audit(
        "package.apply_return",
        kind="package",
        object_id=package.number,
        changes={
            "state": [before, package.state],
            "list": [None, row.ordinal],
            "used": [None, row.used_count],
            "spoiled": [None, row.spoiled_count],
            "withdrawn": [None, withdrawn],
            "missing": [None, package.missing_count],
            "faults": [None, row.fault_count],
        },
    )
