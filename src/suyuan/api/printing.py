"""Printing jobs, void labels and printers over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.printing import selectors, services
from suyuan.printing.models import LabelVoid, Printer, PrintJob
from suyuan.printing.values import (
    ListedCodes,
    OrderRange,
    Output,
    PackingLabels,
    SetLabels,
    Wanted,
)
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_TYPES = {
    "pdf": "application/pdf",
    "zpl": "application/octet-stream",
    "tspl": "application/octet-stream",
    "csv": "text/csv; charset=utf-8",
}

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
type Remark = Annotated[str, Field(max_length=2000)]
type Codes = Annotated[list[Annotated[str, Field(max_length=2048)]], Field(max_length=20_000)]
type Reason = Literal["spoiled", "misprint", "lost", "other"]


class OutputIn(Schema):
    """Where labels go: a printer by its code, or a file of a form."""

    form: Word = "pdf"
    printer: Word = ""
    offset: int = 0
    dpi: int = 203
    tags: bool = False

    def value(self) -> Output:
        """Return it as the service takes it."""
        return Output(self.form, self.printer, self.offset, self.dpi, self.tags)


class JobIn(Schema):
    """A job: which labels of an order, and where they go.

    `order` prints a range (`first` counts from 0; without it, the first free codes), `set` sets,
    `packing` the cases or pallets of a packed part, `listed` codes that get new labels.
    """

    order: Word
    template: Word
    version: int | None = None
    source: Literal["order", "set", "packing", "listed"] = "order"
    first: int | None = None
    count: int | None = None
    sets: Word = ""
    tier: Word = ""
    codes: Codes = Field(default=[])
    output: OutputIn = OutputIn()
    note: Remark = ""
    again: Remark = ""
    request_key: Word = ""

    def wanted(self) -> Wanted:
        """Return which labels, as the service takes it."""
        match self.source:
            case "order":
                return OrderRange(self.first, self.count)
            case "set":
                return SetLabels(self.sets, self.tier)
            case "packing":
                return PackingLabels(self.first or 0, self.tier)
            case "listed":
                return ListedCodes(tuple(self.codes))


class RangeOut(Schema):
    """Labels that one run made, counted from 0."""

    first: int
    count: int
    checked_by_hand: bool
    began_at: datetime
    ended_at: datetime
    by: str


class FileOut(Schema):
    """A finished file."""

    part: int
    first: int
    count: int
    size: int


class JobOut(Schema):
    """A printing job; counts are labels."""

    number: str
    order: str
    gtin: str
    template: str
    version: int
    source: str
    first: int
    count: int
    form: str
    printer: str | None
    state: str
    total: int
    done: int
    in_doubt: int
    fault: str
    copy_number: int
    again: str
    awaiting_reprint: int
    ranges: list[RangeOut]
    files: list[FileOut]
    created_at: datetime
    created_by: str
    finished_at: datetime | None


class JobLine(Schema):
    """A printing job in a list."""

    number: str
    order: str
    state: str
    total: int
    done: int
    created_at: datetime
    created_by: str


class JobPage(Schema):
    """A page of jobs, newest first; `next_offset` is null on the last."""

    jobs: list[JobLine]
    next_offset: int | None


class JobQuery(Schema):
    """Which jobs to list."""

    text: Word = ""
    state: Word = ""
    printer: Word = ""
    offset: int = Field(0, ge=0, le=2**31)


class ResumeIn(Schema):
    """How many of the labels in doubt came out well."""

    came_out: int | None = None


class VoidIn(Schema):
    """Labels that are void: codes, or `count` codes from position `first`; all or none."""

    codes: Codes = Field(default=[])
    first: int | None = None
    count: int | None = None
    reason: Reason
    note: Remark = ""
    after: Literal["reprint", "withdraw"] = "reprint"
    request_key: Word = ""


class VoidOut(Schema):
    """What became void, and of which jobs."""

    count: int
    withdrawn: int
    jobs: list[str]


class ReprintIn(Schema):
    """Void labels that wait, printed again; with `codes`, those, whose labels become void now."""

    output: OutputIn = OutputIn()
    template: Word = ""
    codes: Codes = Field(default=[])
    reason: Reason = "other"
    note: Remark = ""
    request_key: Word = ""


class PrinterOut(Schema):
    """A printer."""

    code: str
    name: str
    kind: str
    host: str
    port: int
    dpi: int
    rfid: bool
    reports: bool
    active: bool
    location: str | None


def _job(job: PrintJob) -> dict[str, Any]:
    same = ("number", "source", "first", "count", "form", "state", "total", "done", "in_doubt")
    last = ("again", "created_at", "created_by", "finished_at")
    return {
        **{name: getattr(job, name) for name in (*same, *last)},
        "order": job.order.number,
        "gtin": job.order.product.gtin,
        "template": job.template.number,
        "version": job.template.version,
        "printer": job.printer.code if job.printer else None,
        "fault": job.fault_code,
        "copy_number": job.copy,
        "awaiting_reprint": len(selectors.awaiting(job)),
        "ranges": [
            {
                "first": run.first,
                "count": run.count,
                "checked_by_hand": run.doubtful,
                "began_at": run.began_at,
                "ended_at": run.ended_at,
                "by": run.by,
            }
            for run in selectors.ranges(job)
        ],
        "files": [
            {"part": file.part, "first": file.first, "count": file.count, "size": file.size}
            for file in selectors.files(job)
        ],
    }


def _shown(request: ApiRequest, number: str) -> dict[str, Any]:
    return _job(selectors.get_job(request.actor.organisation_id, number))


@router.get("/print-jobs", response=JobPage)
@requires(Right.LABELS_PRINT)
def print_jobs(request: ApiRequest, query: Query[JobQuery]) -> dict[str, Any]:
    """List printing jobs, 200 at a time."""
    rows = selectors.jobs(
        request.actor.organisation_id, text=query.text, state=query.state, printer=query.printer
    )
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    names = ("number", "state", "total", "done", "created_at", "created_by")
    return {
        "jobs": [
            {**{name: getattr(job, name) for name in names}, "order": job.order.number}
            for job in found[:_PAGE]
        ],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.post("/print-jobs", response={201: JobOut})
@requires(Right.LABELS_PRINT)
def create_print_job(request: ApiRequest, job: JobIn) -> Status[dict[str, Any]]:
    """Print labels; the job runs in the background."""
    made = services.create_job(
        actor=request.actor,
        order_number=job.order,
        template=job.template,
        version=job.version,
        wanted=job.wanted(),
        output=job.output.value(),
        note=job.note,
        again=job.again,
        request_key=job.request_key,
    )
    return Status(201, _shown(request, made.number))


@router.get("/print-jobs/{number}", response=JobOut)
@requires(Right.LABELS_PRINT)
def print_job(request: ApiRequest, number: str) -> dict[str, Any]:
    """Show a printing job with its progress."""
    return _shown(request, number)


@router.post("/print-jobs/{number}/pause", response=JobOut)
@requires(Right.LABELS_PRINT)
def pause_print_job(request: ApiRequest, number: str) -> dict[str, Any]:
    """Stop a job after the labels in hand."""
    services.pause_job(actor=request.actor, number=number)
    return _shown(request, number)


@router.post("/print-jobs/{number}/resume", response=JobOut)
@requires(Right.LABELS_PRINT)
def resume_print_job(request: ApiRequest, number: str, answer: ResumeIn) -> dict[str, Any]:
    """Let a job go on; say what became of labels in doubt."""
    services.resume_job(actor=request.actor, number=number, came_out=answer.came_out)
    return _shown(request, number)


@router.post("/print-jobs/{number}/cancel", response=JobOut)
@requires(Right.LABELS_PRINT)
def cancel_print_job(request: ApiRequest, number: str) -> dict[str, Any]:
    """Give a job up; codes of labels that were not made are free again."""
    services.cancel_job(actor=request.actor, number=number)
    return _shown(request, number)


@router.get("/print-jobs/{number}/files/{part}")
@requires(Right.LABELS_PRINT)
def print_file(request: ApiRequest, number: str, part: int) -> FileResponse:
    """Download a finished file of a job."""
    file = services.download_file(actor=request.actor, number=number, part=part)
    return FileResponse(
        file.path.open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=_TYPES[file.form],
        headers={"Cache-Control": "no-store"},
    )


@router.post("/print-jobs/{number}/void", response=VoidOut)
@requires(Right.LABELS_PRINT)
def void_print_labels(request: ApiRequest, number: str, labels: VoidIn) -> dict[str, Any]:
    """Make labels of the job's order void; a refusal names every code that stands in the way."""
    job = selectors.get_job(request.actor.organisation_id, number)
    done = services.void_labels(
        actor=request.actor,
        order_number=job.order.number,
        texts=labels.codes,
        first=labels.first,
        count=labels.count,
        reason=labels.reason,
        note=labels.note,
        after=labels.after,
        request_key=labels.request_key,
    )
    return {"count": done.count, "withdrawn": done.withdrawn, "jobs": _jobs_of(done.rows)}


def _jobs_of(rows: tuple[LabelVoid, ...]) -> list[str]:
    return [row.job.number for row in rows]


@router.post("/print-jobs/{number}/reprint", response={201: JobOut})
@requires(Right.LABELS_PRINT)
def reprint_print_labels(
    request: ApiRequest, number: str, labels: ReprintIn
) -> Status[dict[str, Any]]:
    """Print void labels of a job again, or listed codes of its order."""
    if labels.codes:
        job = selectors.get_job(request.actor.organisation_id, number)
        made = services.reprint_labels(
            actor=request.actor,
            order_number=job.order.number,
            texts=labels.codes,
            reason=labels.reason,
            note=labels.note,
            template=labels.template or job.template.number,
            output=labels.output.value(),
            request_key=labels.request_key,
        )
    else:
        made = services.reprint_void(
            actor=request.actor,
            number=number,
            output=labels.output.value(),
            template=labels.template,
            request_key=labels.request_key,
        )
    return Status(201, _shown(request, made.number))


def _printer(printer: Printer) -> dict[str, Any]:
    names = ("code", "name", "kind", "host", "port", "dpi", "rfid", "reports", "active")
    values = {name: getattr(printer, name) for name in names}
    return values | {"location": printer.location.code if printer.location else None}


@router.get("/printers", response=list[PrinterOut])
@requires(Right.LABELS_PRINT)
def printers(request: ApiRequest) -> list[dict[str, Any]]:
    """List the printers."""
    return [_printer(row) for row in selectors.printers(request.actor.organisation_id)]
