"""Label templates, their versions, previews and logos over the API.

A design and a sheet are JSON as `core.labels.design` describes it; what is wrong with one is told
with all faults and their places.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.core.labels.decoding import builtins
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.kernel.errors import Invalid
from suyuan.labels import drawing, pictures, selectors, services
from suyuan.labels.models import LabelPicture, LabelTemplateVersion
from suyuan.masterdata.pictures import MOST_BYTES
from suyuan.tenancy.rights import Right

router = Router()

_PAGE: Final = 200

type Page = Annotated[int, Field(ge=1, le=100_000)]
type Word = Annotated[str, Field(max_length=200)]
type Form = Literal["svg", "png", "pdf"]


class TemplateOut(Schema):
    """A version of a label template, without its design."""

    number: str
    name: str
    version: int
    latest: int
    note: str
    restored_from: int | None
    created_at: datetime
    created_by: str
    archived: bool


class TemplateFull(TemplateOut):
    """A version of a label template."""

    design: dict[str, Any]
    sheet: dict[str, Any]


class TemplatePage(Schema):
    """Templates, the last changed first, 200 a page."""

    items: list[TemplateOut]
    total: int


class TemplateIn(Schema):
    """A new template."""

    name: Word
    design: dict[str, Any]
    sheet: dict[str, Any]
    note: str = Field("", max_length=1000)


class TemplateChange(TemplateIn):
    """A changed template; `base` is the version that was changed."""

    base: int


class RestoreIn(Schema):
    """The version to use again, and the newest one known."""

    version: int
    base: int


class CopyIn(Schema):
    """The copy's name, and of which version it is; None is the newest."""

    name: Word
    version: int | None = None


class TemplateQuery(Schema):
    """Which templates."""

    text: Word = ""
    archived: bool = False
    page: Page = 1


class PreviewIn(Schema):
    """Values of the example; what is not given is made up."""

    form: Form = "svg"
    version: int | None = None
    job: dict[str, Any] = Field(default_factory=dict)
    label: dict[str, Any] = Field(default_factory=dict)


class LogoOut(Schema):
    """A logo; a design names it by `digest`."""

    digest: str
    name: str
    width: int
    height: int
    created_at: datetime


def _out(row: LabelTemplateVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.template.name,
        "version": row.version,
        "latest": row.template.latest,
        "note": row.note,
        "restored_from": row.restored_from,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "archived": row.template.archived_at is not None,
    }


def _full(row: LabelTemplateVersion) -> dict[str, Any]:
    return {**_out(row), "design": builtins(row.design), "sheet": builtins(row.sheet)}


@router.get("/label-templates", response=TemplatePage)
@requires(Right.LABELS_DESIGN)
def label_templates(request: ApiRequest, query: Query[TemplateQuery]) -> dict[str, Any]:
    """List label templates by their newest versions."""
    rows = selectors.templates(
        request.actor.organisation_id, text=query.text, archived=query.archived
    )
    first = (query.page - 1) * _PAGE
    return {"items": [_out(row) for row in rows[first : first + _PAGE]], "total": rows.count()}


@router.post("/label-templates", response={201: TemplateFull})
@requires(Right.LABELS_DESIGN)
def create_label_template(request: ApiRequest, template: TemplateIn) -> Status[dict[str, Any]]:
    """Store a new label template."""
    row = services.create_template(
        actor=request.actor,
        name=template.name,
        design=template.design,
        sheet=template.sheet,
        note=template.note,
    )
    return Status(201, _full(row))


@router.get("/label-templates/{number}", response=TemplateFull)
@requires(Right.LABELS_DESIGN)
def label_template(request: ApiRequest, number: str, version: int | None = None) -> dict[str, Any]:
    """Return the newest version of a template, or the one asked for."""
    return _full(selectors.get_template(request.actor.organisation_id, number, version))


@router.put("/label-templates/{number}", response=TemplateFull)
@requires(Right.LABELS_DESIGN)
def save_label_template(
    request: ApiRequest, number: str, template: TemplateChange
) -> dict[str, Any]:
    """Save a template as a new version; 409 when `base` is no longer the newest."""
    row = services.save_template(
        actor=request.actor,
        number=number,
        base=template.base,
        name=template.name,
        design=template.design,
        sheet=template.sheet,
        note=template.note,
    )
    return _full(row)


@router.get("/label-templates/{number}/versions", response=list[TemplateOut])
@requires(Right.LABELS_DESIGN)
def label_versions(request: ApiRequest, number: str) -> list[dict[str, Any]]:
    """List a template's last 200 versions, the newest first."""
    latest = selectors.get_template(request.actor.organisation_id, number)
    return [_out(row) for row in selectors.versions(latest.template)[:_PAGE]]


@router.post("/label-templates/{number}/restore", response=TemplateFull)
@requires(Right.LABELS_DESIGN)
def restore_label_version(request: ApiRequest, number: str, wanted: RestoreIn) -> dict[str, Any]:
    """Make an old version the newest again, as a new one."""
    row = services.restore_version(
        actor=request.actor, number=number, version=wanted.version, base=wanted.base
    )
    return _full(row)


@router.post("/label-templates/{number}/duplicate", response={201: TemplateFull})
@requires(Right.LABELS_DESIGN)
def duplicate_label_template(
    request: ApiRequest, number: str, wanted: CopyIn
) -> Status[dict[str, Any]]:
    """Store a new template that begins as this one is."""
    row = services.duplicate_template(
        actor=request.actor, number=number, name=wanted.name, version=wanted.version
    )
    return Status(201, _full(row))


@router.post("/label-templates/{number}/archive", response=TemplateOut)
@requires(Right.LABELS_DESIGN)
def archive_label_template(request: ApiRequest, number: str) -> dict[str, Any]:
    """Put a template away; jobs that printed it keep it."""
    services.archive_template(actor=request.actor, number=number)
    return _out(selectors.get_template(request.actor.organisation_id, number))


@router.post("/label-templates/{number}/reopen", response=TemplateOut)
@requires(Right.LABELS_DESIGN)
def reopen_label_template(request: ApiRequest, number: str) -> dict[str, Any]:
    """Take a template out again."""
    services.reopen_template(actor=request.actor, number=number)
    return _out(selectors.get_template(request.actor.organisation_id, number))


# ---------------------------------------------------------------- previews


@router.get("/label-templates/{number}/preview")
@requires(Right.LABELS_DESIGN)
def label_preview(
    request: ApiRequest, number: str, form: Form = "svg", version: int | None = None
) -> HttpResponse:
    """Draw a label with made-up values: SVG, PNG of 300 dpi, or a page of PDF."""
    row = selectors.get_template(request.actor.organisation_id, number, version)
    return _drawn(row, form, EXAMPLE_JOB, EXAMPLE_LABEL)


@router.post("/label-templates/{number}/preview")
@requires(Right.LABELS_DESIGN)
def label_preview_of_values(request: ApiRequest, number: str, wanted: PreviewIn) -> HttpResponse:
    """Draw a label with given values."""
    row = selectors.get_template(request.actor.organisation_id, number, wanted.version)
    job = _values(EXAMPLE_JOB, JobData, wanted.job, "/job")
    label = _values(EXAMPLE_LABEL, LabelData, wanted.label, "/label")
    return _drawn(row, wanted.form, job, label)


def _values[Values: msgspec.Struct](
    example: Values, kind: type[Values], given: dict[str, Any], place: str
) -> Values:
    try:
        return msgspec.convert({**msgspec.structs.asdict(example), **given}, kind)
    except msgspec.ValidationError as error:
        raise Invalid("label_values", place=place, reason=str(error)[:200]) from error


def _drawn(row: LabelTemplateVersion, form: Form, job: JobData, label: LabelData) -> HttpResponse:
    files = selectors.pictures_of(row)
    drawers: dict[str, tuple[str, Callable[[], bytes | str]]] = {
        "svg": (
            "image/svg+xml",
            lambda: drawing.draw_svg(row.design, files, job=job, label=label),
        ),
        "png": ("image/png", lambda: drawing.draw_png(row.design, files, job=job, label=label)),
        "pdf": (
            "application/pdf",
            lambda: drawing.draw_pdf(row.design, row.sheet, files, job=job, label=label),
        ),
    }
    content_type, draw = drawers[form]
    return _file(draw(), content_type)


def _file(body: bytes | str, content_type: str) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=content_type, headers=headers)


# ---------------------------------------------------------------- logos


@router.get("/label-logos", response=list[LogoOut])
@requires(Right.LABELS_DESIGN)
def label_logos(request: ApiRequest) -> list[LabelPicture]:
    """List the logos, the newest first."""
    return list(selectors.logos(request.actor.organisation_id))


@router.post("/label-logos", response={201: LogoOut})
@requires(Right.LABELS_DESIGN)
def add_label_logo(
    request: ApiRequest, file: File[UploadedFile], name: Word = ""
) -> Status[LabelPicture]:
    """Store a logo (PNG, JPEG, WebP or GIF, up to 8 MB), drawn anew."""
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("picture_too_large", place="/file", limit_mb=8, most_megapixels=40)
    return Status(201, services.add_logo(actor=request.actor, name=name, content=file.read()))


@router.get("/label-logos/{digest}")
@requires(Right.LABELS_DESIGN)
def label_logo(request: ApiRequest, digest: str) -> HttpResponse:
    """Send a logo as PNG."""
    row = selectors.get_logo(request.actor.organisation_id, digest)
    return _file(pictures.read(request.actor.organisation_id, row.digest), "image/png")


@router.delete("/label-logos/{digest}", response={204: None})
@requires(Right.LABELS_DESIGN)
def remove_label_logo(request: ApiRequest, digest: str) -> Status[None]:
    """Forget a logo that no version of a label shows."""
    services.remove_logo(actor=request.actor, digest=digest)
    return Status(204, None)
