"""Inspection reports and complaints over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.kernel.errors import Invalid
from suyuan.quality import selectors, services
from suyuan.quality.errors import FileRefused
from suyuan.quality.files import FILE_LIMIT
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.quality.reporters import Reporter
from suyuan.quality.services.reports import MOST_FILES
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200

type Page = Annotated[int, Field(ge=1, le=100_000)]
type Search = Annotated[str, Field(max_length=200)]


class ReportOut(Schema):
    """An inspection report; `public_path` is empty while consumers do not see it."""

    number: str
    title: str
    target_kind: str
    gtin: str
    lot: str
    issued_by: str
    issued_on: date
    valid_until: date | None
    result: str
    content_type: str
    size: int
    sha256: str
    published: bool
    public_path: str
    revoked_at: datetime | None
    revoked_reason: str
    created_at: datetime
    item_count: int


class ReportPage(Schema):
    """Reports, the latest first, 200 a page."""

    items: list[ReportOut]
    total: int


class ReportIn(Schema):
    """A new report; its file comes beside it as `file`, further ones as `more`.

    `items`, of a report on single items, has a code on each line, or two with `…` between.
    """

    title: str
    target_kind: str
    gtin: str
    lot: str = ""
    issued_by: str
    issued_on: date
    valid_until: date | None = None
    result: str
    items: Annotated[str, Field(max_length=60_000)] = ""
    publish: bool = False


class ReportQuery(Schema):
    """Which reports."""

    text: Search = ""
    kind: Search = ""
    result: Search = ""
    shown: Literal["", "published", "internal", "revoked"] = ""
    gtin: Search = ""
    lot: Search = ""
    page: Page = 1


class ReasonIn(Schema):
    """Why a report is withdrawn."""

    reason: str


class ComplaintOut(Schema):
    """A complaint, without who made it."""

    number: str
    status: str
    text: str
    target: str
    identity: str
    gtin: str
    lot: str
    order_number: str
    channel: str
    reported_at: datetime
    created_at: datetime


class ComplaintPage(Schema):
    """Complaints, the latest first, 200 a page."""

    items: list[ComplaintOut]
    total: int


class ComplaintIn(Schema):
    """A new complaint; the reporter's name and contact are kept encrypted, and not given out."""

    text: str
    target: str = ""
    order_number: str = ""
    channel: str = "other"
    reported_at: AwareDatetime | None = None
    reporter_name: str = ""
    reporter_contact: str = ""


class ComplaintQuery(Schema):
    """Which complaints."""

    text: Search = ""
    status: Search = ""
    channel: Search = ""
    gtin: Search = ""
    lot: Search = ""
    page: Page = 1


class NoteIn(Schema):
    """What is written beside a complaint, and what that does to it."""

    kind: Literal["note", "answer", "close"]
    text: str


_ACTS = {
    "note": services.add_note,
    "answer": services.answer_complaint,
    "close": services.close_complaint,
}


def _report(report: InspectionReport) -> dict[str, object]:
    row = {name: getattr(report, name) for name in ReportOut.model_fields}
    return row | {"public_path": report.public_path if report.published else ""}


def _complaint(complaint: Complaint) -> dict[str, object]:
    return {name: getattr(complaint, name) for name in ComplaintOut.model_fields}


def _slice(page: int) -> slice:
    return slice((page - 1) * _PAGE, page * _PAGE)


@router.get("/reports", response=ReportPage)
@requires(Right.QUALITY_VIEW)
def inspection_reports(request: ApiRequest, query: Query[ReportQuery]) -> dict[str, object]:
    """List inspection reports."""
    wanted = query.dict()
    page = wanted.pop("page")
    rows = selectors.list_reports(request.actor.organisation_id, **wanted)
    return {"items": [_report(row) for row in rows[_slice(page)]], "total": rows.count()}


@router.post("/reports", response={201: ReportOut})
@requires(Right.QUALITY_EDIT)
def add_report(
    request: ApiRequest,
    report: Form[ReportIn],
    file: File[UploadedFile],
    more: File[list[UploadedFile]] = [],  # noqa: B006 - Ninja reads the default, and copies it
) -> Status[dict[str, object]]:
    """Add an inspection report with its files (multipart)."""
    for upload, place in ((file, "file"), *((one, "more") for one in more)):
        if (upload.size or 0) > FILE_LIMIT:
            raise FileRefused("file_too_large", place=place, limit_mb=FILE_LIMIT // 2**20)
    if len(more) >= MOST_FILES:
        raise Invalid("too_many_files", place="more", most=MOST_FILES)
    values = report.dict()
    items = values.pop("items").splitlines()
    row = services.add_report(
        actor=request.actor,
        data=file.read(),
        more=[one.read() for one in more],
        items=items,
        **values,
    )
    return Status(201, _report(row))


@router.get("/reports/{number}", response=ReportOut)
@requires(Right.QUALITY_VIEW)
def inspection_report(request: ApiRequest, number: str) -> dict[str, object]:
    """Return an inspection report."""
    return _report(selectors.get_report(request.actor.organisation_id, number))


@router.post("/reports/{number}/publish", response=ReportOut)
@requires(Right.QUALITY_EDIT)
def publish_report(request: ApiRequest, number: str) -> dict[str, object]:
    """Show a report to consumers."""
    return _report(services.publish_report(actor=request.actor, number=number))


@router.post("/reports/{number}/unpublish", response=ReportOut)
@requires(Right.QUALITY_EDIT)
def unpublish_report(request: ApiRequest, number: str) -> dict[str, object]:
    """Hide a report from consumers."""
    return _report(services.unpublish_report(actor=request.actor, number=number))


@router.post("/reports/{number}/revoke", response=ReportOut)
@requires(Right.QUALITY_EDIT)
def revoke_report(request: ApiRequest, number: str, body: ReasonIn) -> dict[str, object]:
    """Withdraw a report for good."""
    row = services.revoke_report(actor=request.actor, number=number, reason=body.reason)
    return _report(row)


@router.get("/complaints", response=ComplaintPage)
@requires(Right.QUALITY_VIEW)
def complaints(request: ApiRequest, query: Query[ComplaintQuery]) -> dict[str, object]:
    """List complaints."""
    wanted = query.dict()
    page = wanted.pop("page")
    rows = selectors.list_complaints(request.actor.organisation_id, **wanted)
    return {"items": [_complaint(row) for row in rows[_slice(page)]], "total": rows.count()}


@router.post("/complaints", response={201: ComplaintOut})
@requires(Right.QUALITY_EDIT)
def file_complaint(request: ApiRequest, body: ComplaintIn) -> Status[dict[str, object]]:
    """File a complaint, from a help desk or a shop platform."""
    values = body.dict()
    reporter = Reporter(values.pop("reporter_name"), values.pop("reporter_contact"))
    row = services.file_complaint(actor=request.actor, reporter=reporter, **values)
    return Status(201, _complaint(row))


@router.get("/complaints/{number}", response=ComplaintOut)
@requires(Right.QUALITY_VIEW)
def complaint(request: ApiRequest, number: str) -> dict[str, object]:
    """Return a complaint."""
    return _complaint(selectors.get_complaint(request.actor.organisation_id, number))


@router.post("/complaints/{number}/notes", response=ComplaintOut)
@requires(Right.QUALITY_EDIT)
def write_complaint(request: ApiRequest, number: str, body: NoteIn) -> dict[str, object]:
    """Write a note, an answer or the end beside a complaint."""
    return _complaint(_ACTS[body.kind](actor=request.actor, number=number, text=body.text))


@router.delete("/complaints/{number}/reporter", response={204: None})
@requires(Right.QUALITY_EDIT)
def erase_reporter(request: ApiRequest, number: str) -> Status[None]:
    """Erase who complained."""
    services.erase_reporter(actor=request.actor, number=number)
    return Status(204, None)
