"""Whether the quantities of an affected class of goods add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.events import Amount, Log, Told
from tests.reference.journeys import whereabouts
from tests.reference.links import GRADES, lots_of
from tests.reference.scope import Scope


@dataclass(frozen=True, slots=True)
class Balance:
    """What was told of one class in one unit of measure; None where nothing was.

    Attributes:
        made: what came to be, or came in.
        numbered: items of the lot. affected: of these, by grade. not_affected: the others.
        unnumbered: made without a serial. left: neither used nor destroyed.
    """

    made: Fraction | None
    numbered: int
    affected: tuple[int, ...]
    not_affected: int
    unnumbered: Fraction | None
    used: Fraction | None
    destroyed: Fraction | None
    left: Fraction | None
    balanced: bool
    findings: frozenset[str]


def balances(log: Log, found: Scope) -> dict[tuple[str, str], Balance]:
    """Return, by class and unit of measure, whether what was told adds up."""
    answer = {}
    for lot in found.lots:
        items = frozenset(item for item in log.items if lot in lots_of(log, item))
        units = {a.uom for one in log.live for a in one.all_amounts if a.goods == lot}
        if items:
            units.add("")
        for uom in units:
            answer[lot, uom] = _balance(log, found, lot, uom, items if uom == "" else frozenset())
    return answer


def _balance(log: Log, found: Scope, lot: str, uom: str, items: frozenset[str]) -> Balance:
    made = _made(log, lot, uom)
    if made is None and items and not _declared(log, lot):
        made = Fraction(len(items))
    used = _sum(log, lot, uom, "used")
    destroyed = _sum(log, lot, uom, "destroyed")
    spent = (used or 0) + (destroyed or 0)
    bad = set()
    unnumbered = left = None
    if made is not None and spent > made:
        bad.add("more_used_than_came")
    if made is not None and items:
        unnumbered = made - len(items)
        if unnumbered < 0:
            bad.add("more_out_than_made")
            unnumbered = None
    elif made is not None:
        left = made - spent
    by_grade = [sum(found.items.get(item) == grade for item in items) for grade in GRADES]
    return Balance(
        made=made,
        numbered=len(items),
        affected=tuple(by_grade),
        not_affected=len(items) - sum(by_grade),
        unnumbered=unnumbered,
        used=used,
        destroyed=destroyed,
        left=left,
        balanced=not bad,
        findings=frozenset(bad),
    )


def _told(log: Log, lot: str, kind: str) -> Iterator[tuple[Told, Amount]]:
    for one in log.live:
        amounts = {
            "made": one.output_amounts,
            "added": one.amounts if one.action == "ADD" and one.type == "ObjectEvent" else (),
            "received": one.amounts if _receives(one) else (),
            "used": one.input_amounts,
            "destroyed": one.amounts if _destroys(one) else (),
        }[kind]
        for amount in amounts:
            if amount.goods == lot and amount.number is not None:
                yield one, amount


def _receives(one: Told) -> bool:
    return one.type == "ObjectEvent" and one.step == "receiving" and one.action != "ADD"


def _destroys(one: Told) -> bool:
    return one.type == "ObjectEvent" and whereabouts(one) == "destroyed"


def _sum(log: Log, lot: str, uom: str, kind: str) -> Fraction | None:
    numbers = [amount.number or 0 for _, amount in _told(log, lot, kind) if amount.uom == uom]
    return Fraction(sum(numbers)) if numbers else None


def _declared(log: Log, lot: str) -> bool:
    return any(True for kind in ("made", "added", "received") for _ in _told(log, lot, kind))


def _made(log: Log, lot: str, uom: str) -> Fraction | None:
    """Return what came to be: by the first kind of record that there is in any unit of measure."""
    for kind in ("made", "added"):
        if any(True for _ in _told(log, lot, kind)):
            return _sum(log, lot, uom, kind)
    received = list(_told(log, lot, "received"))
    if not received:
        return None
    place = received[0][0].location or received[0][0].read_point
    at_place = [
        amount.number or 0
        for one, amount in received
        if amount.uom == uom and (one.location or one.read_point) == place
    ]
    return Fraction(sum(at_place)) if at_place else None
