"""What stands on a job's labels: from its row to its sequence, and to the values of each label.

Owns: the values that label designs are filled with.
Does not own: how they are set (core.labels), serials and SSCCs (issuing), tag numbers (rfid).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from suyuan.core.codespace import inner_codes, inner_link
from suyuan.core.labels.design import Design
from suyuan.core.labels.fields import JobData, LabelData
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder, Packing, SetPlan
from suyuan.issuing.numbers import sscc
from suyuan.masterdata import numbering
from suyuan.masterdata.models import Lot
from suyuan.printing import sequence
from suyuan.printing.models import PrintJob, Source, Tier
from suyuan.rfid import selectors as rfid

_INNER: Final = frozenset({"inner", "inner_link"})
_TEXTS_AT_ONCE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers of logistic units: the cases from `first_number`, then the pallets."""

    prefix: str
    first_number: int
    cases: int
    pallets: int


def plan_of(row: SetPlan | Packing) -> Plan:
    """Return how sets or a packing number their units."""
    return Plan(row.prefix, row.first_number, row.cases, row.pallets)


def plan_of_job(job: PrintJob) -> Plan | None:
    """Return the plan that numbers a job's units; None for a job without any."""
    row = job.set_plan or job.packing
    return None if row is None else plan_of(row)


def sequence_of(job: PrintJob) -> sequence.Sequence:
    """Return a job's labels in their order."""
    whole = whole_sequence(job)
    return sequence.Thinned(whole, positions.read(job.gone)) if job.gone else whole


def whole_sequence(job: PrintJob) -> sequence.Sequence:
    """Return a job's labels with those that withdrawn codes would have."""
    if job.source == Source.LISTED:
        return sequence.Listed(positions.read(job.items), positions.read(job.units))
    if job.source == Source.ORDER or job.tier == Tier.ITEMS:
        return sequence.Neighbours(False, job.first, job.count)
    plan = plan_of_job(job)
    assert plan is not None  # noqa: S101 - a job with units has a plan
    if job.tier == Tier.CASES:
        return sequence.Neighbours(True, 0, plan.cases)
    if job.tier == Tier.PALLETS:
        return sequence.Neighbours(True, plan.cases, plan.pallets)
    sizes = job.set_plan
    return sequence.SetRange(job.first, job.count, sizes.per_case, sizes.per_pallet)


def job_data(job: PrintJob) -> JobData:
    """Return the values that all labels of a job share."""
    order = job.order
    product, lot = order.product, lot_of(order)
    return JobData(
        product=product.name("zh-hans"),
        product_en=product.name("en"),
        brand=product.brand("zh-hans"),
        brand_en=product.brand("en"),
        gtin=product.gtin,
        net_content=product.net_content,
        origin=product.origin("zh-hans"),
        storage=product.storage("zh-hans"),
        organisation=job.organisation.name("zh-hans"),
        order=order.number,
        lot=lot.code if lot else "",
        produced=lot.produced_on.isoformat() if lot else "",
        expires=lot.expires_on.isoformat() if lot and lot.expires_on else "",
        note=job.note,
        count=job.total,
    )


def lot_of(order: CodeOrder) -> Lot | None:
    """Return the order's lot; without one, that of its active codes, if they are of one lot."""
    if order.lot is not None:
        own: Lot = order.lot
        return own
    lots = {row.lot_id: row.lot for row in issuing.activations(order)}
    return next(iter(lots.values())) if len(lots) == 1 else None


def shows_tags(design: Design) -> bool:
    """Tell whether a design shows what is on an item's tag."""
    return "epc" in design.contents or "epc" in design.placeholders


class Filler:
    """Makes the labels of a job, a stretch at a time."""

    def __init__(self, job: PrintJob) -> None:
        """Look up once what all labels need; `job` with order, product, template and plan."""
        self._order: CodeOrder = job.order
        self._sequence = sequence_of(job)
        self._plan = plan_of_job(job)
        self._base = str(settings.PUBLIC_URL).rstrip("/")
        self._copy = max(0, job.copy - 1)
        self._inner_key = self._key_of_inner_codes(job)
        self._with_tags = job.rfid or shows_tags(job.template.design)
        self.job = job_data(job)

    def _key_of_inner_codes(self, job: PrintJob) -> bytes:
        design = job.template.design
        wanted = bool(design.contents & _INNER) or "inner" in design.placeholders
        product = self._order.product
        if not (wanted and product.has_inner_codes):
            return b""
        return numbering.inner_key(
            self._order.organisation_id, product.gtin, self._order.key_version
        )

    def labels(self, start: int, end: int) -> Iterator[LabelData]:
        """Yield the labels at places `start` up to `end`."""
        place = start
        for run in self._sequence.runs(start, end):
            for first in range(run.first, run.first + run.size, _TEXTS_AT_ONCE):
                size = min(_TEXTS_AT_ONCE, run.first + run.size - first)
                make = self._units if run.unit else self._items
                yield from make(first, size, place)
                place += size

    def _items(self, first: int, count: int, place: int) -> Iterator[LabelData]:
        gtin, copy = self._order.product.gtin, self._copy
        stem = f"{self._base}/01/{gtin}/21/"
        serials = issuing.serials(self._order, first=first, count=count)
        inner, tags = self._inner(serials), self._tags(first, count)
        for number, (serial, hidden, epc) in enumerate(
            zip(serials, inner, tags, strict=True), place + 1
        ):
            link = stem + serial
            yield LabelData(
                link=link,
                serial=serial,
                inner=hidden,
                inner_link=inner_link(link, hidden) if hidden else "",
                epc=epc,
                sequence=number,
                copy=copy,
            )

    def _units(self, first: int, count: int, place: int) -> Iterator[LabelData]:
        plan = self._plan
        assert plan is not None  # noqa: S101 - a job with units has a plan
        stem = f"{self._base}/00/"
        for number in range(count):
            text = sscc(plan.prefix, plan.first_number + first + number)
            yield LabelData(
                link=stem + text, sscc=text, sequence=place + number + 1, copy=self._copy
            )

    def _inner(self, serials: Sequence[str]) -> Sequence[str]:
        """Return the hidden codes of serials; empty where the labels show none."""
        if not self._inner_key:
            return [""] * len(serials)
        codes = inner_codes(
            key=self._inner_key,
            gtin=self._order.product.gtin,
            serials=[serial.encode() for serial in serials],
        )
        return [code.decode() for code in codes.tolist()]

    def _tags(self, first: int, count: int) -> Sequence[str]:
        """Return what is written on items' tags, hexadecimal; empty where labels show none."""
        if not self._with_tags:
            return [""] * count
        return rfid.order_tag_hexes(self._order, first, count)
