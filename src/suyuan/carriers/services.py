"""Bind, replace and release carriers.

Each act is done once, however often it is asked for: binding what is bound, and releasing what was
released, changes nothing. What ends keeps its row, with who ended it and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, connection, transaction

from suyuan.carriers.errors import BindingsRefused, CarrierUnknown, RowFault
from suyuan.carriers.judging import NOTE, Binding, Judged, Wanted, judge, judge_bindings
from suyuan.carriers.models import Carrier, CarrierKind, Reason
from suyuan.carriers.units import Unit
from suyuan.carriers.values import kind_of, normal
from suyuan.kernel import clock
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_ROWS: Final = 10_000
# The time comes last: each database wants it in a form of its own.
_COLUMNS: Final = (
    *("organisation_id", "id", "kind", "value", "key", "unit", "note", "bound_by"),
    *("ended_by", "reason", "end_note", "replaces_id", "bound_at"),
)
_AUDITED: Final = 200  # characters of a value in the audit trail's name of it


@dataclass(frozen=True, slots=True)
class BindOutcome:
    """What became of a bulk: the new bindings, and how many were there already."""

    bound: list[Carrier]
    unchanged: int


def bind(
    *, actor: Actor, kind: str | CarrierKind, value: str, unit: str, note: str = ""
) -> Carrier:
    """Let a carrier lead to a unit; the same again returns what is there.

    Args:
        actor: Who acts.
        kind: A `CarrierKind`.
        value: What stands on the carrier, in any form that `carriers.values` reads.
        unit: The item or logistic unit: any form of its identity, its bare serial, or another
            carrier of it.
        note: For colleagues; up to 500 characters.

    Raises:
        Forbidden: without `carriers.bind`.
        Invalid: `carrier_kind`, `required`, `tag_malformed`, `chip_malformed`, `too_long`,
            `text_control_character`, `unit_unknown`, `carrier_own_code`.
        CarrierTaken: the value leads to another unit.
        CarrierIsUnit: the value is another unit's own identity.
    """
    try:
        outcome = bind_all(actor=actor, rows=[Wanted(kind, value, unit, note)])
    except BindingsRefused as refused:
        raise refused.rows[0].error from refused
    return outcome.bound[0] if outcome.bound else _live_carrier(actor, kind, value)


def bind_all(*, actor: Actor, rows: Sequence[Wanted]) -> BindOutcome:
    """Bind many carriers: all of them, or none.

    Raises:
        Forbidden: without `carriers.bind`.
        Invalid: `too_many_rows`.
        BindingsRefused: with every row's fault.
    """
    actor.require(Right.CARRIERS_BIND)
    if len(rows) > MOST_ROWS:
        raise Invalid("too_many_rows", most=MOST_ROWS)
    try:
        return _bind_all(actor, rows)
    except IntegrityError:
        # Someone else bound one of them at the same moment: now it shows who.
        return _bind_all(actor, rows)


def replace(
    *,
    actor: Actor,
    kind: str | CarrierKind,
    value: str,
    new_value: str,
    reason: str | Reason,
    note: str = "",
    new_kind: str | CarrierKind = "",
) -> Carrier:
    """End a carrier and let another one lead to its unit; return the new one.

    Raises:
        Forbidden: without `carriers.bind`.
        CarrierUnknown: nothing is bound to the value.
        Invalid: as `bind`, and `reason`, `carrier_same`.
        CarrierTaken, CarrierIsUnit: as `bind`, of the new value.
    """
    actor.require(Right.CARRIERS_BIND)
    old = _end(kind, value, reason, note)
    kind_after = kind_of(new_kind) if new_kind else old.kind
    value_after = normal(kind_after, new_value)
    if (kind_after, value_after) == (old.kind, old.value):
        raise Invalid("carrier_same", place="new_value")
    try:
        return _replace(actor, old, kind_after, value_after)
    except IntegrityError:
        # Someone else bound the new value at the same moment: now it shows to what.
        return _replace(actor, old, kind_after, value_after)


def release(
    *, actor: Actor, kind: str | CarrierKind, value: str, reason: str | Reason, note: str = ""
) -> Carrier:
    """End a carrier: its value leads nowhere any more, and may be bound anew.

    Returns:
        The ended row; one that had ended before is returned as it is.

    Raises:
        Forbidden: without `carriers.bind`.
        CarrierUnknown: nothing was ever bound to the value.
        Invalid: `reason`, `carrier_kind` or what is wrong with the value.
    """
    actor.require(Right.CARRIERS_BIND)
    end = _end(kind, value, reason, note)
    with transaction.atomic():
        row = _row(actor, end)
        if not row.is_live:
            return row
        if not _finish(actor, row, end):
            row.refresh_from_db()  # another request was faster, and said why
            return row
        actor.audit(
            "carriers.release",
            kind="carrier",
            object_id=_name(row.kind, row.value),
            changes={"unit": [row.unit, None], **_told(end)},
        )
    return row


@dataclass(frozen=True, slots=True)
class _End:
    """Which carrier ends, and why."""

    kind: CarrierKind
    value: str
    reason: Reason
    note: str


def _end(kind: str, value: str, reason: str, note: str) -> _End:
    read = kind_of(kind)
    text = normal(read, value)
    try:
        why = Reason(reason)
    except ValueError as error:
        raise Invalid("reason", place="reason", given=str(reason)[:40]) from error
    said = NOTE.check(note, "note")
    if why is Reason.OTHER and not said:
        raise Invalid("required", place="note")
    return _End(read, text, why, said)


def _bind_all(actor: Actor, rows: Sequence[Wanted]) -> BindOutcome:
    with transaction.atomic():
        judged = judge(actor.organisation, rows)
        if judged.refused:
            raise BindingsRefused([RowFault(row, error) for row, error in judged.refused])
        bound = _insert(actor, judged)
    return BindOutcome(bound, len(rows) - len(bound))


def _insert(actor: Actor, judged: Judged, replaces: Carrier | None = None) -> list[Carrier]:
    now = clock.now()
    carriers = [
        Carrier(
            organisation=actor.organisation,
            kind=one.kind,
            value=one.value,
            key=one.unit.key,
            unit=one.unit.text,
            note=one.note,
            bound_at=now,
            bound_by=actor.name,
            replaces_id=replaces.id if replaces else None,
        )
        for one in judged.fresh
    ]
    when = connection.ops.adapt_datetimefield_value(now)
    insert_rows(
        Carrier._meta.db_table,
        _COLUMNS,
        ((*(getattr(one, name) for name in _COLUMNS[:-1]), when) for one in carriers),
    )
    if replaces is None and carriers:
        _audit_bound(actor, carriers)
    return carriers


def _audit_bound(actor: Actor, carriers: Sequence[Carrier]) -> None:
    """Record one binding by its name, and many by their number and two of their names.

    The rows themselves say who bound each of them, and are never deleted.
    """
    first, last = carriers[0], carriers[-1]
    changes: dict[str, object] = {"unit": [None, first.unit]}
    if first is not last:
        names = [_name(first.kind, first.value), _name(last.kind, last.value)]
        changes = {"count": [None, len(carriers)], "first_and_last": [None, names]}
    actor.audit(
        "carriers.bind" if first is last else "carriers.bind_many",
        kind="carrier",
        object_id=_name(first.kind, first.value),
        changes=changes,
    )


@transaction.atomic
def _replace(actor: Actor, end: _End, kind: CarrierKind, value: str) -> Carrier:
    row = _row(actor, end)
    if not row.is_live:
        return _replacement(row, kind, value)
    unit = Unit(row.identity, row.key)
    judged = judge_bindings(actor.organisation, [Binding(0, kind, value, unit, end.note)])
    if judged.refused:
        raise judged.refused[0][1]
    if not _finish(actor, row, end):
        row.refresh_from_db()
        return _replacement(row, kind, value)
    if judged.known and (known := judged.known[0].carrier) is not None:
        new = known  # the spare was bound beforehand
        Carrier.objects.filter(organisation_id=row.organisation_id, id=new.id).update(
            replaces_id=row.id
        )
        new.replaces_id = row.id
    else:
        (new,) = _insert(actor, judged, replaces=row)
    actor.audit(
        "carriers.replace",
        kind="carrier",
        object_id=_name(new.kind, new.value),
        changes={
            "value": [_name(row.kind, row.value), _name(new.kind, new.value)],
            "unit": [row.unit, row.unit],
            **_told(end),
        },
    )
    return new


def _replacement(row: Carrier, kind: CarrierKind, value: str) -> Carrier:
    """Return what replaced an ended carrier, if that is what is asked for."""
    found = Carrier.objects.filter(
        organisation_id=row.organisation_id,
        replaces_id=row.id,
        kind=kind,
        value=value,
        ended_at=None,
    ).first()
    if found is None:
        raise CarrierUnknown(kind=row.kind)
    return found


def _row(actor: Actor, end: _End) -> Carrier:
    """Return the live row of a value, else the one that ended last."""
    rows = Carrier.objects.filter(
        organisation_id=actor.organisation_id, kind=end.kind, value=end.value
    )
    found = rows.filter(ended_at=None).first() or rows.order_by("-ended_at", "-id").first()
    if found is None:
        raise CarrierUnknown(kind=end.kind.value)
    return found


def _finish(actor: Actor, row: Carrier, end: _End) -> bool:
    """End a live row; False when it is not live any more."""
    row.ended_at, row.ended_by = clock.now(), actor.name
    row.reason, row.end_note = end.reason, end.note
    return bool(
        Carrier.objects.filter(
            organisation_id=row.organisation_id, id=row.id, ended_at=None
        ).update(ended_at=row.ended_at, ended_by=row.ended_by, reason=end.reason, end_note=end.note)
    )


def _live_carrier(actor: Actor, kind: str, value: str) -> Carrier:
    read = kind_of(kind)
    return Carrier.objects.get(
        organisation_id=actor.organisation_id, kind=read, value=normal(read, value), ended_at=None
    )


def _name(kind: str, value: str) -> str:
    return f"{kind}:{value[:_AUDITED]}"


def _told(end: _End) -> dict[str, object]:
    told: dict[str, object] = {"reason": [None, end.reason.value]}
    if end.note:
        told["note"] = [None, end.note]
    return told
