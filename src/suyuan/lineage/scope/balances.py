"""Whether the quantities of affected lots add up.

Owns: balances, and the findings of those that do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import STEP_NUMBERS, Action, EventType
from suyuan.core.identifiers import Identity
from suyuan.core.keyset import KeySet
from suyuan.lineage.fold import CODE_OF
from suyuan.lineage.history import Row
from suyuan.lineage.scope.amounts import Amount
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.grades import GRADES
from suyuan.lineage.scope.movements import code_of
from suyuan.lineage.values import Balance, FindingCode, Whereabouts

_RECEIVING: Final = STEP_NUMBERS["receiving"]
_DESTROYED: Final = CODE_OF[Whereabouts.DESTROYED]


def balances(
    organisation_id: int,
    born: Mapping[int, KeySet],
    lots: Sequence[int],
    graded: Sequence[KeySet],
    amounts: Sequence[Amount],
    findings: Findings,
) -> list[Balance]:
    """Return the balance of each lot, for each unit of measure that events name.

    Args:
        organisation_id: whose lots.
        born: lot → its items.
        lots: affected lots, in the order of the answer.
        graded: the items of the scope, for each grade.
        amounts: of these lots.
        findings: what does not add up is noted here.
    """
    names = identities_of(organisation_id, lots)
    by_lot: dict[int, list[Amount]] = {}
    for amount in amounts:
        by_lot.setdefault(amount.lot, []).append(amount)
    found: list[Balance] = []
    for lot in (lot for lot in lots if lot in names):
        items, told = born.get(lot, KeySet()), by_lot.get(lot, [])
        units = {one.uom for one in told if one.number is not None} | ({""} if items else set())
        for uom in sorted(units):
            sums = _Sums.of(told, uom, items if uom == "" else KeySet())
            _note(findings, lot, uom, sums, told)
            found.append(_balance(lot, names[lot], uom, sums, graded))
    return found


@dataclass(frozen=True, slots=True)
class _Sums:
    """What events tell of a lot in one unit of measure; None: nothing."""

    items: KeySet
    made: Decimal | None
    used: Decimal | None
    destroyed: Decimal | None

    @classmethod
    def of(cls, told: Sequence[Amount], uom: str, items: KeySet) -> _Sums:
        """Add up."""
        came = _came(told)
        made = _sum(came, uom)
        if not came and items:
            made = Decimal(len(items))
        used = [one for one in told if one.role is Role.INPUT_QUANTITY]
        destroyed = [one for one in told if _is_destroyed(one)]
        return cls(items, made, _sum(used, uom), _sum(destroyed, uom))

    @property
    def gone(self) -> Decimal:
        """What was used or destroyed."""
        return (self.used or Decimal(0)) + (self.destroyed or Decimal(0))

    @property
    def unnumbered(self) -> Decimal | None:
        """What was made without a serial; negative: more serials than goods."""
        return None if self.made is None or not self.items else self.made - len(self.items)

    @property
    def left(self) -> Decimal | None:
        """What is neither used nor destroyed, of what has no serials."""
        return None if self.made is None or self.items else self.made - self.gone

    @property
    def too_many(self) -> bool:
        """Whether more exists by serial than was made."""
        return self.unnumbered is not None and self.unnumbered < 0

    @property
    def too_much(self) -> bool:
        """Whether more was used than there was."""
        return self.made is not None and self.gone > self.made


def _note(findings: Findings, lot: int, uom: str, sums: _Sums, told: Sequence[Amount]) -> None:
    seqs = [one.row.seq for one in told if one.uom == uom]
    if sums.too_many:
        over = _text(-(sums.unnumbered or Decimal(0)), uom)
        code = FindingCode.MORE_OUT_THAN_MADE
        findings.note(code, seqs=seqs, units=sums.items, lots=(lot,), amount=over)
    if sums.too_much:
        over = _text(sums.gone - (sums.made or Decimal(0)), uom)
        findings.note(FindingCode.MORE_USED_THAN_CAME, seqs=seqs, lots=(lot,), amount=over)


def _balance(
    lot: int, identity: Identity, uom: str, sums: _Sums, graded: Sequence[KeySet]
) -> Balance:
    affected = {grade: len(sums.items & keys) for grade, keys in zip(GRADES, graded, strict=True)}
    return Balance(
        lot=lot,
        identity=identity,
        uom=uom,
        made=_plain(sums.made),
        numbered=len(sums.items),
        affected=affected,
        not_affected=len(sums.items) - sum(affected.values()),
        unnumbered="" if sums.too_many else _plain(sums.unnumbered),
        used=_plain(sums.used),
        destroyed=_plain(sums.destroyed),
        left=_plain(sums.left),
        balanced=not sums.too_many and not sums.too_much,
    )


def _came(told: Sequence[Amount]) -> list[Amount]:
    """Return what tells how much there was: the first kind of event that tells anything."""
    known = [one for one in told if one.number is not None]
    made = [one for one in known if one.role is Role.OUTPUT_QUANTITY]
    added = [one for one in known if _is_object(one) and one.row.action == Action.ADD]
    received = [
        one
        for one in known
        if _is_object(one) and one.row.action != Action.ADD and one.row.step == _RECEIVING
    ]
    # What comes to one house and goes on to the next is received twice.
    received = [one for one in received if _place(one.row) == _place(received[0].row)]
    return made or added or received


def _is_object(one: Amount) -> bool:
    return one.role is Role.QUANTITY and one.row.type == EventType.ObjectEvent


def _is_destroyed(one: Amount) -> bool:
    return _is_object(one) and code_of(one.row) == _DESTROYED


def _place(row: Row) -> int | None:
    return row.location if row.location is not None else row.read_point


def _sum(amounts: Sequence[Amount], uom: str) -> Decimal | None:
    numbers = [one.number for one in amounts if one.uom == uom and one.number is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def _plain(number: Decimal | None) -> str:
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(number: Decimal, uom: str) -> str:
    return f"{_plain(number)} {uom}".strip()
