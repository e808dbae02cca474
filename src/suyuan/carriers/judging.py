"""Whether bindings may be made: every rule, over one row or thousands.

Owns: the rules, and the order in which they are tried.

A value that is bound to another unit is refused by that unit's name, whatever the kind of either
carrier: a scanned text must never lead to two things. Nor may a value be the identity of another
unit of ours, or it would lead away from that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from suyuan.carriers.errors import CarrierIsUnit, CarrierTaken
from suyuan.carriers.models import Carrier, CarrierKind
from suyuan.carriers.units import Unit, named_units, read_units
from suyuan.carriers.values import kind_of, normal
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.masterdata.rules import Text
from suyuan.tenancy.models import Organisation

NOTE: Final = Text(500)
_CHUNK: Final = 500
_TAGS: Final = frozenset({CarrierKind.RFID, CarrierKind.NFC})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One binding as it is asked for. `row` is how its caller counts it."""

    kind: str
    value: str
    unit: str
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding that may be made, or is there already (`carrier`)."""

    row: int
    kind: CarrierKind
    value: str
    unit: Unit
    note: str = ""
    carrier: Carrier | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What may be bound, what is bound already, and what is refused by row."""

    fresh: list[Binding]
    known: list[Binding]
    refused: list[tuple[int, SuyuanError]]


@dataclass(frozen=True, slots=True)
class _Read:
    row: int
    kind: CarrierKind
    value: str
    unit: str
    note: str


def judge(organisation: Organisation, rows: Sequence[Wanted]) -> Judged:
    """Return what of `rows` may be bound. Call it inside the transaction that will write."""
    read: list[_Read] = []
    refused: list[tuple[int, SuyuanError]] = []
    for row in rows:
        try:
            read.append(_read(row))
        except SuyuanError as error:
            refused.append((row.row, error))
    units = read_units(organisation, {row.unit for row in read})
    bindings: list[Binding] = []
    for one in read:
        unit = units.get(one.unit)
        if unit is None:
            given = one.unit.strip()[:80]
            refused.append((one.row, Invalid("unit_unknown", place="unit", given=given)))
        else:
            bindings.append(Binding(one.row, one.kind, one.value, unit, one.note))
    judged = judge_bindings(organisation, bindings)
    refused += judged.refused
    refused.sort(key=lambda row: row[0])
    return Judged(judged.fresh, judged.known, refused)


def judge_bindings(organisation: Organisation, bindings: Sequence[Binding]) -> Judged:
    """Return what may be bound of rows whose units are known."""
    named = named_units(organisation, {one.value for one in bindings})
    live = _live(organisation.pk, (one.value for one in bindings))
    judged = Judged([], [], [])
    met: dict[str, Binding] = {}
    for one in bindings:
        try:
            _check_name(one, named.get(one.value))
            carrier = _bound(one, live.get(one.value, ()))
            earlier = _once(met, one)
        except SuyuanError as error:
            judged.refused.append((one.row, error))
            continue
        if carrier is not None:
            judged.known.append(Binding(one.row, one.kind, one.value, one.unit, one.note, carrier))
        elif earlier is None or earlier.kind is not one.kind:
            judged.fresh.append(one)
    return judged


def _read(row: Wanted) -> _Read:
    kind = kind_of(row.kind)
    value = normal(kind, row.value)
    if not row.unit.strip():
        raise Invalid("required", place="unit")
    return _Read(row.row, kind, value, row.unit, NOTE.check(row.note, "note"))


def _live(organisation_id: int, values: Iterable[str]) -> dict[str, list[Carrier]]:
    """Return the live carriers of values, of every kind."""
    wanted = sorted(set(values))
    found: dict[str, list[Carrier]] = {}
    for at in range(0, len(wanted), _CHUNK):
        for row in Carrier.objects.filter(
            organisation_id=organisation_id, ended_at=None, value__in=wanted[at : at + _CHUNK]
        ):
            found.setdefault(row.value, []).append(row)
    return found


def _check_name(one: Binding, named: Unit | None) -> None:
    """Refuse a value that is a unit's own identity.

    An EPC may be its own unit's: that a tag bears it is what the binding says.
    """
    if named is None:
        return
    if named.identity != one.unit.identity:
        raise CarrierIsUnit(place="value", value=one.value, unit=named.text)
    if one.kind not in _TAGS:
        raise Invalid("carrier_own_code", place="value", unit=named.text)


def _bound(one: Binding, live: Sequence[Carrier]) -> Carrier | None:
    """Return the carrier that says the same already."""
    for carrier in live:
        if carrier.key != one.unit.key:
            raise CarrierTaken(place="value", value=one.value, unit=carrier.unit, kind=carrier.kind)
    return next((carrier for carrier in live if carrier.kind == one.kind), None)


def _once(met: dict[str, Binding], one: Binding) -> Binding | None:
    """Return the earlier row with the same value; refuse one that names another unit."""
    earlier = met.setdefault(one.value, one)
    if earlier is one:
        return None
    if earlier.unit.key != one.unit.key:
        raise Invalid("carrier_twice", place="value", first=earlier.row, value=one.value)
    return earlier
