"""Sets: which case and which pallet knows which items, and their labels in order.

Owns: the arithmetic from a plan's row to its units and items, and back from an SSCC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from django.db.models import QuerySet
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing.models import CodeOrder, SetPlan
from suyuan.issuing.numbers import series_number, sscc, unit_links
from suyuan.issuing.positions import Range
from suyuan.issuing.selectors.codes import EPC_BASE, serials
from suyuan.issuing.selectors.withdrawals import withdrawn_within
from suyuan.issuing.values import SET_UNIT_LIMIT
from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing

type UnitKind = Literal["pallet", "case"]

_NUMBER: Final = re.compile(r"SET-[0-9]{4}-[0-9]{4,8}")
_SSCC_LENGTH: Final = 18
_ITEMS_AT_ONCE: Final = 65_536


@dataclass(frozen=True, slots=True)
class SetUnit:
    """A case or a pallet of a plan."""

    plan: SetPlan
    kind: UnitKind
    index: int  # within its kind, from 0
    sscc: str  # 18 digits
    active: bool

    @property
    def number(self) -> int:
        """Its place in `SetPlan.active_units`."""
        return self.index + (self.plan.cases if self.kind == "pallet" else 0)

    @property
    def cases(self) -> range:
        """The cases it is or holds, by index."""
        if self.kind == "case":
            return range(self.index, self.index + 1)
        return cases_of_pallet(self.plan, self.index)

    @property
    def span(self) -> Range:
        """The positions of its items within the order."""
        return span_of_cases(self.plan, self.cases)


class SetItem(NamedTuple):
    """An item that a case knows."""

    position: int
    serial: str
    case: str  # SSCC
    withdrawn: bool


class SetLabel(NamedTuple):
    """One label of sets: a pallet's, a case's or an item's."""

    kind: Literal["pallet", "case", "item"]
    text: str  # SSCC of 18 digits, or the serial
    link: str
    position: int  # within the order; of a unit, that of its first item
    case: str  # SSCC of the case, empty for a pallet
    pallet: str  # SSCC of the pallet, empty without one


def get_set(organisation_id: int, number: str) -> SetPlan:
    """Return sets with their order and product.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    plan = None
    if _NUMBER.fullmatch(number):
        plan = sets(organisation_id).filter(number=number).first()
    if plan is None:
        raise NotFound(kind="set_plan")
    return plan


def sets(organisation_id: int, *, text: str = "", order_id: int | None = None) -> QuerySet[SetPlan]:
    """Return plans of sets, the newest first, with orders and products."""
    rows = SetPlan.objects.filter(organisation_id=organisation_id)
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    rows = rows.filter(
        containing(
            text,
            "number",
            "order__number",
            "order__product__gtin",
            "order__product__name_zh",
            "order__product__name_en",
        )
    )
    return rows.select_related("order__product", "order__lot").order_by("-created_at", "-id")


def set_plans(order: CodeOrder) -> list[SetPlan]:
    """Return the sets of an order that were not cancelled, in its order."""
    rows = SetPlan.objects.filter(
        organisation_id=order.organisation_id, order_id=order.id, cancelled_at=None
    )
    return list(rows.order_by("first"))


def set_of_unit(organisation_id: int, text: str) -> SetUnit | None:
    """Return the case or pallet of sets that an SSCC of 18 digits names, None if it is none."""
    if len(text) != _SSCC_LENGTH or not (text.isascii() and text.isdigit()):
        return None
    rows = SetPlan.objects.filter(organisation_id=organisation_id, cancelled_at=None)
    for prefix in rows.values_list("prefix", flat=True).distinct().order_by("prefix"):
        number = series_number(prefix, text)
        if number is None:
            continue
        plan = (
            rows.filter(
                prefix=prefix, first_number__lte=number, first_number__gt=number - SET_UNIT_LIMIT
            )
            .select_related("order__product", "order__lot")
            .order_by("-first_number")
            .first()
        )
        if plan is not None and number < plan.first_number + plan.units:
            unit = unit_of(plan, number - plan.first_number)
            return unit if unit.sscc == text else None  # a wrong check digit names nothing
    return None


def get_unit(organisation_id: int, text: str) -> SetUnit:
    """Return the case or pallet of sets that an SSCC names.

    Raises:
        NotFound: no unit of this organisation's sets.
    """
    unit = set_of_unit(organisation_id, text)
    if unit is None:
        raise NotFound(kind="set_unit")
    return unit


def unit_of(plan: SetPlan, number: int, active: BitMap | None = None) -> SetUnit:
    """Return the unit with a number: cases from 0, then pallets."""
    lit = positions.read(plan.active_units) if active is None else active
    text = sscc(plan.prefix, plan.first_number + number)
    if number < plan.cases:
        return SetUnit(plan, "case", number, text, number in lit)
    return SetUnit(plan, "pallet", number - plan.cases, text, number in lit)


def set_units(plan: SetPlan, *, kind: UnitKind, first: int = 0, count: int = 50) -> list[SetUnit]:
    """Return some cases or pallets of a plan, by index from `first`."""
    total, base = (plan.cases, 0) if kind == "case" else (plan.pallets, plan.cases)
    active = positions.read(plan.active_units)
    return [unit_of(plan, base + at, active) for at in range(first, min(first + count, total))]


def cases_of_pallet(plan: SetPlan, index: int) -> range:
    """Return the cases on a pallet, by index."""
    return range(index * plan.per_pallet, min((index + 1) * plan.per_pallet, plan.cases))


def pallet_of_case(unit: SetUnit) -> str:
    """Return the SSCC of the pallet that a case belongs on, empty without one."""
    plan = unit.plan
    if unit.kind != "case" or not plan.pallets:
        return ""
    return sscc(plan.prefix, plan.first_number + plan.cases + unit.index // plan.per_pallet)


def span_of_cases(plan: SetPlan, cases: range) -> Range:
    """Return the positions of consecutive cases' items within the order."""
    first = plan.first + cases.start * plan.per_case
    return first, min(plan.first + cases.stop * plan.per_case, plan.end)


def items_of_unit(organisation_id: int, text: str) -> list[SetItem]:
    """Return the items that a case or pallet knows, in label order, withdrawn ones marked.

    Raises:
        NotFound: no unit of this organisation's sets.
    """
    return items_of(get_unit(organisation_id, text))


def items_of(unit: SetUnit) -> list[SetItem]:
    """Return the items that a case or pallet knows, in label order, withdrawn ones marked."""
    plan, (first, end) = unit.plan, unit.span
    gone = withdrawn_within(plan.order, first, end)
    texts = serials(plan.order, first=first, count=end - first)
    cases = [sscc(plan.prefix, plan.first_number + case) for case in unit.cases]
    return [
        SetItem(
            first + at,
            serial,
            cases[at // plan.per_case],
            first + at in gone,
        )
        for at, serial in enumerate(texts)
    ]


def unit_at(plan: SetPlan, position: int) -> SetUnit:
    """Return the case that knows the item at a position of the order within the plan."""
    return unit_of(plan, (position - plan.first) // plan.per_case)


def active_set_ranges(order: CodeOrder) -> list[Range]:
    """Return the positions in cases of sets that were activated as cases."""
    found: list[Range] = []
    for plan in set_plans(order):
        for first, end in positions.runs(active_cases(plan)):
            found.append(span_of_cases(plan, range(first, end)))
    return found


def active_cases(plan: SetPlan) -> BitMap:
    """Return the cases that were activated, by index."""
    return positions.read(plan.active_units) & positions.of_ranges([(0, plan.cases)])


def active_outer_units(plan: SetPlan) -> list[str]:
    """Return active pallets, and active cases that are on no active pallet, as events name them."""
    active = positions.read(plan.active_units)
    base = plan.first_number
    outer: list[str] = []
    held = BitMap()
    for index in range(plan.pallets):
        if plan.cases + index in active:
            outer += unit_links(plan.prefix, base + plan.cases + index, 1)
            on = cases_of_pallet(plan, index)
            held.add_range(on.start, on.stop)
    for first, end in positions.runs(active_cases(plan) - held):
        outer += unit_links(plan.prefix, base + first, end - first)
    return outer


def stream_sets(plan: SetPlan, *, base: str = EPC_BASE) -> Iterator[SetLabel]:
    """Yield the labels of sets in the order of packing: a pallet, its cases, each with its items.

    Withdrawn items get no label, nor does a case without any other. One block of serials is in
    memory at a time, however large the plan.
    """
    stem = f"{base.rstrip('/')}/00/"
    items = _stream_items(plan, base)
    held = next(items, None)
    pallet, told = "", -1
    for case in range(plan.cases):
        first, end = span_of_cases(plan, range(case, case + 1))
        if held is None or held[0] >= end:
            continue
        on = case // plan.per_pallet if plan.pallets else -1
        if on != told:
            pallet, told = sscc(plan.prefix, plan.first_number + plan.cases + on), on
            yield SetLabel("pallet", pallet, stem + pallet, first, "", pallet)
        text = sscc(plan.prefix, plan.first_number + case)
        yield SetLabel("case", text, stem + text, first, text, pallet)
        while held is not None and held[0] < end:
            position, serial, link = held
            yield SetLabel("item", serial, link, position, text, pallet)
            held = next(items, None)


def _stream_items(plan: SetPlan, base: str) -> Iterator[tuple[int, str, str]]:
    """Yield (position, serial, link) of items that are not withdrawn."""
    stem = f"{base.rstrip('/')}/01/{plan.order.product.gtin}/21/"
    for at in range(plan.first, plan.end, _ITEMS_AT_ONCE):
        end = min(at + _ITEMS_AT_ONCE, plan.end)
        gone = withdrawn_within(plan.order, at, end)
        for position, serial in enumerate(serials(plan.order, first=at, count=end - at), at):
            if position not in gone:
                yield position, serial, stem + serial
