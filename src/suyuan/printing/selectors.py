"""Reads of printing: printers, jobs, files, and what became of a code's labels.

Invariant: every query begins with the organisation. What is unknown and what is another
organisation's raise the same `NotFound`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from suyuan.core.labels.design import Sheet
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing
from suyuan.printing import standing
from suyuan.printing.content import sequence_of
from suyuan.printing.models import (
    After,
    Form,
    JobState,
    LabelVoid,
    PrintedRange,
    Printer,
    PrintFile,
    PrintJob,
)

_NUMBER: Final = re.compile(r"PJ-[0-9]{4}-[0-9]{4,8}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,39}")


# ---------------------------------------------------------------- printers


def get_printer(organisation_id: int, code: str) -> Printer:
    """Return a printer with its location; raises `NotFound`."""
    rows = Printer.objects.filter(organisation_id=organisation_id).select_related("location")
    row = rows.filter(code=code).first() if _CODE.fullmatch(code) else None
    if row is None:
        raise NotFound(kind="printer")
    return row


def printers(organisation_id: int, *, active: bool | None = None) -> QuerySet[Printer]:
    """Return printers with their locations, by name."""
    rows = Printer.objects.filter(organisation_id=organisation_id).select_related("location")
    if active is not None:
        rows = rows.filter(active=active)
    return rows.order_by("-active", "name", "code")


# ---------------------------------------------------------------- jobs


def get_job(organisation_id: int, number: str) -> PrintJob:
    """Return a job with its order, product, template, printer and plan; raises `NotFound`."""
    rows = PrintJob.objects.filter(organisation_id=organisation_id)
    row = None
    if _NUMBER.fullmatch(number):
        row = rows.select_related(*standing.RELATED).filter(number=number).first()
    if row is None:
        raise NotFound(kind="print_job")
    return row


def job_of_request(organisation_id: int, request_key: str) -> PrintJob | None:
    """Return the job that this request made, if it did."""
    if not request_key:
        return None
    rows = PrintJob.objects.filter(organisation_id=organisation_id, request_key=request_key)
    return rows.select_related(*standing.RELATED).first()


def jobs(
    organisation_id: int,
    *,
    text: str = "",
    state: str = "",
    printer: str = "",
    order_id: int | None = None,
) -> QuerySet[PrintJob]:
    """Return jobs, the newest first, filtered by what is given."""
    rows = PrintJob.objects.filter(organisation_id=organisation_id)
    if state:
        rows = rows.filter(state=state)
    if printer:
        rows = rows.filter(printer__code=printer)
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
            "template__template__name",
            "created_by",
        )
    )
    return rows.select_related(*standing.RELATED).order_by("-created_at", "-id")


def ranges(job: PrintJob) -> list[PrintedRange]:
    """Return what each run of a job made, the first first."""
    rows = PrintedRange.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    return list(rows.order_by("began_at", "id"))


def files(job: PrintJob) -> list[PrintFile]:
    """Return the finished files of a job, in its order."""
    rows = PrintFile.objects.filter(
        organisation_id=job.organisation_id, job_id=job.id, made_at__isnull=False
    )
    return list(rows.order_by("part"))


def voids(job: PrintJob) -> list[LabelVoid]:
    """Return what of a job's labels became void, the latest first."""
    rows = LabelVoid.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    return list(rows.select_related("reprint").order_by("-at", "-id"))


def reprints(job: PrintJob) -> list[PrintJob]:
    """Return the jobs that print void labels of this one again, the first first."""
    rows = LabelVoid.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    ids = rows.filter(reprint_id__isnull=False).values("reprint_id")
    found = PrintJob.objects.filter(organisation_id=job.organisation_id, id__in=ids)
    return list(found.select_related("printer").order_by("created_at", "id"))


def awaiting(job: PrintJob) -> standing.Labels:
    """Return the void labels of a job that are to be printed again and are not yet.

    What stands again in another job, is to come in an open one, or was withdrawn meanwhile does
    not wait any more.
    """
    waiting = standing.void(job, After.REPRINT)
    if not waiting:
        return waiting
    for other in standing.jobs_of(job.order, job.first, job.first + job.count):
        same_plan = (other.set_plan_id, other.packing_id) == (job.set_plan_id, job.packing_id)
        for labels in (standing.standing(other), standing.to_come(other)):
            waiting = standing.Labels(
                job,
                waiting.items - labels.items,
                waiting.units - labels.units if same_plan else waiting.units,
            )
    if waiting.items and job.order.withdrawn_count:
        gone = issuing.withdrawn(job.order)
        waiting = standing.Labels(job, waiting.items - gone, waiting.units)
    return waiting


def pages_of(job: PrintJob) -> int:
    """Return how many sheets, or rows of a roll, a job's labels take; 0 for a table."""
    if job.form == Form.CSV:
        return 0
    per_page: int = job.template.sheet.per_page
    return -(-(job.sheet_offset + job.total) // per_page)


def on_sheets(job: PrintJob) -> bool:
    """Tell whether a job prints on cut sheets."""
    return job.form == Form.PDF and isinstance(job.template.sheet, Sheet)


# ---------------------------------------------------------------- a code's labels


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label that a job made, or is to make, for one item.

    Attributes:
        number: the label's number within the job, from 1.
        state: `waiting`, `in_doubt`, `made`, `void` or `not_made`.
        made: the runs that made it; more than one where it was sent again.
        void: what made it void.
    """

    job: PrintJob
    number: int
    state: str
    made: Sequence[PrintedRange]
    void: LabelVoid | None


def labels_of(order: CodeOrder, position: int) -> list[LabelRecord]:
    """Return what became of the labels of one code, the first first."""
    found = []
    for job in standing.jobs_of(order, position, position + 1):
        place = sequence_of(job).place_of_item(position)
        if place is None:
            continue
        made = [run for run in ranges(job) if run.first <= place < run.end]
        gone = next((row for row in voids(job) if position in positions.read(row.items)), None)
        found.append(LabelRecord(job, place + 1, _state(job, place, made, gone), made, gone))
    return found


def _state(job: PrintJob, place: int, made: Sequence[PrintedRange], gone: LabelVoid | None) -> str:
    if gone is not None:
        return "void"
    if made:
        return "made"
    if job.done <= place < job.done + job.in_doubt:
        return "in_doubt"
    return "not_made" if job.state in {JobState.DONE, JobState.CANCELLED} else "waiting"
