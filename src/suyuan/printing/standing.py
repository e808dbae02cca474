"""Which labels stand: made, and not void.

Owns: the arithmetic from jobs, what they printed, and what became void, to sets of labels.
Invariant: a code has at most one standing label; `services` keep it so, this module tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing.models import CodeOrder
from suyuan.printing.content import sequence_of
from suyuan.printing.models import JobState, LabelVoid, PrintedRange, PrintJob

RELATED: Final = (
    "organisation",
    "order__product",
    "order__lot",
    "set_plan",
    "packing",
    "template__template",
    "printer",
)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of one job: the items and the units that they are for."""

    job: PrintJob
    items: BitMap
    units: BitMap

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.items) + len(self.units)

    def but(self, other: Labels) -> Labels:
        """Return these without others of the same job."""
        return Labels(self.job, self.items - other.items, self.units - other.units)

    def among(self, items: BitMap, units: BitMap) -> Labels:
        """Return those of these that are for some items and units."""
        return Labels(self.job, self.items & items, self.units & units)


def jobs_of(order: CodeOrder, first: int = 0, end: int | None = None) -> QuerySet[PrintJob]:
    """Return an order's jobs that have to do with a range of its codes, the oldest first."""
    rows = PrintJob.objects.filter(
        organisation_id=order.organisation_id,
        order_id=order.id,
        first__lt=order.count if end is None else end,
        first__gt=first - F("count"),
    )
    return rows.select_related(*RELATED).order_by("created_at", "id")


def printed(job: PrintJob) -> Labels:
    """Return the labels that a job made."""
    labels, items, units = sequence_of(job), BitMap(), BitMap()
    rows = PrintedRange.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    for first, count in rows.values_list("first", "count"):
        items |= labels.items(first, first + count)
        units |= labels.units(first, first + count)
    return Labels(job, items, units)


def void(job: PrintJob, after: str = "") -> Labels:
    """Return the labels of a job that are void; with `after`, those with that to follow."""
    rows = LabelVoid.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    if after:
        rows = rows.filter(after=after)
    items, units = BitMap(), BitMap()
    for item_bytes, unit_bytes in rows.values_list("items", "units"):
        items |= positions.read(item_bytes)
        units |= positions.read(unit_bytes)
    return Labels(job, items, units)


def standing(job: PrintJob) -> Labels:
    """Return the labels of a job that stand."""
    return printed(job).but(void(job))


def to_come(job: PrintJob) -> Labels:
    """Return the labels that an open job has not made yet, those in doubt among them."""
    if job.state in {JobState.DONE, JobState.CANCELLED}:
        return Labels(job, BitMap(), BitMap())
    labels = sequence_of(job)
    return Labels(job, labels.items(job.done, job.total), labels.units(job.done, job.total))
