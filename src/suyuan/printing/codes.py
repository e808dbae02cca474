"""Read the codes that somebody scanned or pasted: which labels of an order they name.

Owns: from texts to positions and units of one order, and what is said of a text that names none.
Invariant: every text is judged; what cannot be read is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyroaring import BitMap

from suyuan.core.codespace import normalise
from suyuan.core.identifiers import Identity, Scheme
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder, Packing, SetPlan
from suyuan.issuing.numbers import series_number, sscc
from suyuan.kernel.errors import Invalid
from suyuan.lineage.selectors import identities_in_text
from suyuan.printing.errors import LabelsRefused
from suyuan.printing.values import LISTED_LIMIT

TEXT_LIMIT: Final = 20_000
_RANGE_SIGNS: Final = ("..", "…")
_LONGEST: Final = 2_048

type PlanRow = SetPlan | Packing


@dataclass(slots=True)
class Named:
    """What texts name.

    Attributes:
        items: positions within the order.
        units: of each plan, by its prefix and first number: the plan and its units.
        refused: texts that name no label of the order, with the reason's code.
    """

    items: BitMap = field(default_factory=BitMap)
    units: dict[tuple[str, int], tuple[PlanRow, BitMap]] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)


def split(text: str) -> list[str]:
    """Return the codes of a text area: one on each line; blank lines are left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_codes(order: CodeOrder, texts: Sequence[str]) -> Named:
    """Return which labels of an order texts name.

    A text is a code as a scanner gives it, a bare serial, an SSCC, or two serials with `..`
    between them for all codes from one to the other.

    Raises:
        Invalid: `codes_required`, `codes_at_once`.
    """
    if not texts:
        raise Invalid("codes_required", place="codes")
    if len(texts) > TEXT_LIMIT:
        raise Invalid("codes_at_once", place="codes", limit=TEXT_LIMIT)
    reader = _Reader(order)
    named = Named()
    for text in texts:
        reader.read(text.strip(), named)
    return named


def only_named(order: CodeOrder, texts: Sequence[str]) -> Named:
    """Return what texts name, all of them.

    Raises:
        LabelsRefused: some name no label of the order.
        Invalid: as `read_codes`; `too_many_stretches` for a list that is too scattered.
    """
    named = read_codes(order, texts)
    if named.refused:
        raise LabelsRefused(named.refused)
    stretches = sum(1 for _ in positions.runs(named.items))
    if stretches > LISTED_LIMIT:
        raise Invalid("too_many_stretches", place="codes", limit=LISTED_LIMIT, given=stretches)
    return named


def _refusal(text: str, reason: str) -> dict[str, str]:
    # A lone surrogate could not be sent back.
    return {"given": text[:80].encode("utf-8", "replace").decode(), "reason": reason}


class _Reader:
    """Reads codes of one order; what it looks up, it looks up once."""

    def __init__(self, order: CodeOrder) -> None:
        self._order = order
        self._gtin = order.product.gtin
        self._space = issuing.space_of(order)
        self._found_plans: list[PlanRow] | None = None

    def read(self, text: str, named: Named) -> None:
        """Add what a text names."""
        sign = next((sign for sign in _RANGE_SIGNS if sign in text), "")
        if sign and "/" not in text:
            self._read_range(text, sign, named)
            return
        reason = self._add(text, named)
        if reason:
            named.refused.append(_refusal(text, reason))

    def _read_range(self, text: str, sign: str, named: Named) -> None:
        low, _, high = text.partition(sign)
        ends = [self._position(part.strip()) for part in (low, high)]
        wrong = next((end for end in ends if isinstance(end, str)), "")
        if wrong or not isinstance(ends[0], int) or not isinstance(ends[1], int):
            named.refused.append(_refusal(text, wrong))
            return
        named.items.add_range(min(ends[0], ends[1]), max(ends[0], ends[1]) + 1)

    def _add(self, text: str, named: Named) -> str:
        """Add what one code names; return why it names nothing."""
        for identity in self._meanings(text):
            if identity.scheme is Scheme.SSCC:
                return self._add_unit(identity.primary, named)
        position = self._position(text)
        if isinstance(position, str):
            return position
        named.items.add(position)
        return ""

    def _meanings(self, text: str) -> Iterator[Identity]:
        if text and len(text) <= _LONGEST and "\0" not in text:
            yield from identities_in_text(text, [self._gtin])

    def _position(self, text: str) -> int | str:
        """Return the position of an item's code, or why it has none."""
        reason = "code_unreadable"
        for identity in self._meanings(text):
            if identity.scheme is not Scheme.SGTIN:
                continue
            if identity.primary != self._gtin:
                return "code_of_other_product"
            index = self._space.index(normalise(identity.secondary))
            if index is not None and self._order.start <= index < self._order.end:
                return index - self._order.start
            reason = self._elsewhere(identity.secondary)
        return reason

    def _elsewhere(self, serial: str) -> str:
        other = issuing.issued_order(
            organisation_id=self._order.organisation_id,
            gtin=self._gtin,
            serial=normalise(serial),
        )
        return "code_of_other_order" if other is not None else "code_never_issued"

    def _plans(self) -> Iterable[PlanRow]:
        if self._found_plans is None:
            packings: list[PlanRow] = [*issuing.packings(self._order)]
            self._found_plans = [*issuing.set_plans(self._order), *packings]
        return self._found_plans

    def _add_unit(self, text: str, named: Named) -> str:
        for row in self._plans():
            number = series_number(row.prefix, text)
            if number is None:
                continue
            at = number - row.first_number
            if 0 <= at < row.cases + row.pallets and sscc(row.prefix, number) == text:
                key = (row.prefix, row.first_number)
                named.units.setdefault(key, (row, BitMap()))[1].add(at)
                return ""
        return "unit_of_other_order"
