"""Imports and exports over the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.exchange import selectors, services
from suyuan.exchange.models import ImportRun
from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.tenancy.rights import Right

router = Router()

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportOut(Schema):
    """What an import would do, or did once `applied_at` is set."""

    reference: str
    kind: str
    file_name: str
    digest: str
    creates: int
    updates: int
    unchanged: int
    faults: int
    created_at: datetime
    applied_at: datetime | None


class FaultOut(Schema):
    """Why a row was refused."""

    code: str
    place: str
    data: dict[str, str]


class OutcomeOut(Schema):
    """One row: `act` is create, update or error; a change is (before, after)."""

    row: int
    act: str
    key: list[str]
    changes: dict[str, tuple[str, str]]
    fault: FaultOut | None


class OutcomesOut(Schema):
    """A part of an import's rows; those that are unchanged are only counted."""

    items: list[OutcomeOut]
    total: int


def _shown(run: ImportRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in ImportOut.model_fields}


@router.post("/imports", response={201: ImportOut})
@requires(Right.MASTERDATA_EDIT)
def preview_import(
    request: ApiRequest, kind: str, file: Annotated[UploadedFile, File()]
) -> Status[Mapping[str, Any]]:
    """Preview a CSV or XLSX file; nothing is changed yet."""
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("file_too_large", place="file", limit_mb=MOST_BYTES // 2**20)
    run = services.preview_import(
        actor=request.actor, kind=kind, file_name=file.name or "", body=file.read()
    )
    return Status(201, _shown(run))


@router.get("/imports/{reference}", response=ImportOut)
@requires(Right.MASTERDATA_VIEW)
def import_run(request: ApiRequest, reference: str) -> dict[str, Any]:
    """Show an import."""
    return _shown(selectors.get_import(request.actor.organisation_id, reference))


@router.get("/imports/{reference}/rows", response=OutcomesOut)
@requires(Right.MASTERDATA_VIEW)
def import_rows(
    request: ApiRequest,
    reference: str,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
    offset: Annotated[int, Field(ge=0)] = 0,
) -> dict[str, Any]:
    """Show what each row would do, in the order of the file."""
    run = selectors.get_import(request.actor.organisation_id, reference)
    outcomes = selectors.preview_of(run).outcomes
    items = [asdict(outcome) for outcome in outcomes[offset : offset + limit]]
    return {"items": items, "total": len(outcomes)}


@router.post("/imports/{reference}/apply", response=ImportOut)
@requires(Right.MASTERDATA_EDIT)
def apply_import(request: ApiRequest, reference: str) -> dict[str, Any]:
    """Do what was previewed, or nothing; a second call gives the finished import."""
    return _shown(services.apply_import(actor=request.actor, reference=reference))


@router.get("/exports/{kind}.csv", include_in_schema=True)
@requires(Right.MASTERDATA_VIEW)
def export_csv(request: ApiRequest, kind: str, language: str = "en") -> HttpResponseBase:
    """Hand out all rows of a kind as CSV, with the columns that an import reads."""
    services.sheet_of(kind)
    lines = selectors.export_csv(request.actor.organisation_id, kind, language=language)
    return _file(StreamingHttpResponse(lines), f"{kind}.csv", "text/csv; charset=utf-8")


@router.get("/exports/{kind}.xlsx", include_in_schema=True)
@requires(Right.MASTERDATA_VIEW)
def export_xlsx(request: ApiRequest, kind: str, language: str = "en") -> HttpResponseBase:
    """Hand out all rows of a kind as XLSX, with the columns that an import reads."""
    services.sheet_of(kind)
    body = selectors.export_xlsx(request.actor.organisation_id, kind, language=language)
    return _file(HttpResponse(body), f"{kind}.xlsx", _XLSX)


def _file[R: HttpResponseBase](response: R, name: str, content_type: str) -> R:
    response["Content-Type"] = content_type
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
