"""What a frozen scope says beside its counts: findings, balances, movements.

Owns: `Details`, made from a scope, written to JSON and read back. Texts instead of keys: a case
is read by people, years later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from suyuan.capture.identities import identities_of
from suyuan.lineage.history import identifier_text
from suyuan.lineage.values import Balance, Finding, Movement, Scope
from suyuan.recalls.transactions import order_number, waybill_number

MOST_FINDINGS: Final = 1_000
MOST_MOVEMENTS: Final = 20_000
_FEW: Final = 20  # lots of one finding


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A gap or a contradiction in the records."""

    code: str
    seqs: tuple[int, ...]
    units: int
    step: str
    place: str
    since: str  # ISO 8601, "" if open
    until: str
    lots: tuple[str, ...]
    amount: str
    times: int


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """Whether the quantities of a lot add up."""

    lot: str
    uom: str
    made: str
    numbered: int
    affected: dict[str, int]
    not_affected: int
    unnumbered: str
    used: str
    destroyed: str
    left: str
    balanced: bool


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A quantity of an affected lot that was moved without serials."""

    lot: str
    amount: str
    whereabouts: str
    place: str
    unit: str
    waybill: str
    order_number: str
    time: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Details:
    """All of it; what is beyond the bounds is counted."""

    findings: tuple[FindingLine, ...] = ()
    balances: tuple[BalanceLine, ...] = ()
    movements: tuple[MovementLine, ...] = ()
    more_findings: int = 0
    more_movements: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Details:
        """Read what `to_json` wrote; an empty mapping has nothing."""
        return cls(
            findings=tuple(
                FindingLine(**{**one, "seqs": tuple(one["seqs"]), "lots": tuple(one["lots"])})
                for one in data.get("findings", ())
            ),
            balances=tuple(BalanceLine(**one) for one in data.get("balances", ())),
            movements=tuple(MovementLine(**one) for one in data.get("movements", ())),
            more_findings=data.get("more_findings", 0),
            more_movements=data.get("more_movements", 0),
        )


def details_of(organisation_id: int, scope: Scope) -> Details:
    """Write down the findings, balances and movements of a scope."""
    findings = scope.findings[:MOST_FINDINGS]
    movements = list(islice(scope.movements, MOST_MOVEMENTS))
    keys = {key for one in findings for key in one.lots[:_FEW]} | {one.lot for one in movements}
    texts = {
        key: identifier_text(identity)
        for key, identity in identities_of(organisation_id, keys).items()
    }
    return Details(
        findings=tuple(_finding(one, texts) for one in findings),
        balances=tuple(_balance(one) for one in scope.balances),
        movements=tuple(_movement(one, texts) for one in movements),
        more_findings=_more(scope.findings, MOST_FINDINGS),
        more_movements=_more(scope.movements, MOST_MOVEMENTS),
    )


def _more(rows: Sequence[object], limit: int) -> int:
    return max(0, len(rows) - limit)


def _finding(one: Finding, texts: Mapping[int, str]) -> FindingLine:
    return FindingLine(
        code=one.code.value,
        seqs=tuple(one.seqs),
        units=len(one.units),
        step=one.step,
        place=one.place,
        since=_time(one.since),
        until=_time(one.until),
        lots=tuple(texts[key] for key in one.lots[:_FEW] if key in texts),
        amount=one.amount,
        times=one.times,
    )


def _balance(one: Balance) -> BalanceLine:
    return BalanceLine(
        lot=identifier_text(one.identity),
        uom=one.uom,
        made=one.made,
        numbered=one.numbered,
        affected={grade.value: count for grade, count in one.affected.items()},
        not_affected=one.not_affected,
        unnumbered=one.unnumbered,
        used=one.used,
        destroyed=one.destroyed,
        left=one.left,
        balanced=one.balanced,
    )


def _movement(one: Movement, texts: Mapping[int, str]) -> MovementLine:
    return MovementLine(
        lot=texts.get(one.lot, ""),
        amount=one.amount,
        whereabouts=one.whereabouts.value,
        place=one.location,
        unit="" if one.unit is None else identifier_text(one.unit),
        waybill=waybill_number(one.transactions),
        order_number=order_number(one.transactions),
        time=_time(one.time),
        certainty=one.certainty.value,
    )


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
