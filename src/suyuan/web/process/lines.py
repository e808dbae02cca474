"""The units of a step recorded by hand: pasted lines, and whole code orders.

Owns: the check that serials of own products were issued, which joins process and issuing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from suyuan.core.identifiers import Identity, Scheme
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.numbering import code_spaces_by_gtin
from suyuan.process.units import Line, LineFault, read_lines

_FAULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was asked for: units as events name them, or the faults that stand against it."""

    units: list[str] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    more_faults: int = 0


def gather(*, organisation_id: int, text: str, order_number: str, level: str) -> Gathered:
    """Return the units of the lines and of the order, each once; any fault refuses all.

    Raises:
        NotFound: no such order in the organisation.
    """
    lines, faults = read_lines(text.splitlines())
    faults += _never_issued(organisation_id, lines)
    if faults:
        faults.sort(key=lambda fault: fault.line)
        return Gathered(faults=faults[:_FAULTS_SHOWN], more_faults=len(faults[_FAULTS_SHOWN:]))
    units = dict.fromkeys(line.unit.digital_link() for line in lines)
    if order_number:
        order = selectors.get_order(organisation_id, order_number)
        units |= dict.fromkeys(_of_order(order, level))
    return Gathered(units=list(units))


def _of_order(order: CodeOrder, level: str) -> list[str]:
    if level == "items":
        return selectors.commissioned_items(order)
    if level == "cases":
        return [unit for plan in selectors.packings(order) for unit in selectors.case_units(plan)]
    return selectors.outer_units(order)


def _never_issued(organisation_id: int, lines: list[Line]) -> list[LineFault]:
    """Return a fault for each serial of an own product that no order has issued."""
    by_gtin: dict[str, list[Line]] = {}
    for line in lines:
        if line.unit.scheme is Scheme.SGTIN:
            by_gtin.setdefault(line.unit.primary, []).append(line)
    faults: list[LineFault] = []
    for gtin in code_spaces_by_gtin(organisation_id, by_gtin):
        mask = selectors.issued_mask(
            organisation_id=organisation_id,
            gtin=gtin,
            serials=[line.unit.secondary for line in by_gtin[gtin]],
        )
        faults += (
            LineFault(line.number, _shown(line.unit), "serial_never_issued")
            for line, issued in zip(by_gtin[gtin], mask.tolist(), strict=True)
            if not issued
        )
    return faults


def _shown(unit: Identity) -> str:
    return unit.digital_link()[:80]
