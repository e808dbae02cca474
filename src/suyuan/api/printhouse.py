"""Packages for print houses over the API: make, fetch, report back."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.core.codespace import normalise
from suyuan.issuing import selectors as issuing
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.printhouse import selectors, services
from suyuan.printhouse.models import Package, ReturnList
from suyuan.printhouse.values import Wanted
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200

type Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class PackageIn(Schema):
    """A package to make, of an order's free codes or of sets."""

    order: Word = ""
    sets: Word = ""
    print_house: Word
    roll_size: int
    first_roll: int = 1
    count: int | None = None
    links: bool = True
    inner: bool = False
    agreed_password: bool = False
    note: str = Field("", max_length=2000)
    request_key: Word = ""


class PackageOut(Schema):
    """A package; `sha256` and `bytes` are those of its file once it is prepared."""

    number: str
    order: str
    sets: str | None
    gtin: str
    print_house: str
    state: str
    lines: int
    roll_size: int
    first_roll: int
    rolls: int
    password_kind: str
    bytes: int
    sha256: str
    used: int
    spoiled: int
    missing: int
    created_at: datetime
    created_by: str
    sent_at: datetime | None
    closed_at: datetime | None


class MadeOut(PackageOut):
    """A new package; `password` is told this once, and empty where it is agreed."""

    password: str


class PackageQuery(Schema):
    """Which packages to list."""

    text: Word = ""
    state: Word = ""
    offset: int = Field(0, ge=0, le=2**31)


class PackagePage(Schema):
    """A page of packages, newest first; `next_offset` is null on the last."""

    packages: list[PackageOut]
    next_offset: int | None


class RollOut(Schema):
    """A roll, by sequences of the package, and what became of its codes."""

    roll: int
    first: int
    last: int
    first_serial: str
    last_serial: str
    used: int
    spoiled: int


class RollQuery(Schema):
    """Which rolls to list."""

    offset: int = Field(0, ge=0, le=2**31)


class WhyIn(Schema):
    """Why something is done that cannot be taken back."""

    reason: Word


class CloseIn(Schema):
    """How to close a package: a reason withdraws the codes that are missing."""

    withdraw_missing: Word = ""


class FindingOut(Schema):
    """A line of a list that does not fit."""

    line: int
    code: str
    given: str
    data: dict[str, Any]


class ReturnOut(Schema):
    """What a returned list says; nothing is changed before it is applied."""

    package: str
    ordinal: int
    file_name: str
    lines: int
    used: int
    spoiled: int
    missing: int
    faults: int
    fault_counts: dict[str, int]
    findings: list[FindingOut]
    applied_at: datetime | None


class PlaceOut(Schema):
    """A label of a code: in which package, on which roll."""

    package: str
    roll: int
    sequence: int


def _package(package: Package) -> dict[str, Any]:
    names = (
        "number state lines roll_size first_roll rolls password_kind bytes sha256 created_at "
        "created_by sent_at closed_at"
    ).split()
    return {
        "order": package.order.number,
        "sets": package.set_plan.number if package.set_plan else None,
        "gtin": package.order.product.gtin,
        "print_house": package.party.code,
        "used": package.used_count,
        "spoiled": package.spoiled_count,
        "missing": package.missing_count,
        **{name: getattr(package, name) for name in names},
    }


def _returned(package: Package, row: ReturnList) -> dict[str, Any]:
    findings = selectors.findings_of(row)
    return {
        "package": package.number,
        "ordinal": row.ordinal,
        "file_name": row.file_name,
        "lines": row.lines,
        "used": row.used_count,
        "spoiled": row.spoiled_count,
        "missing": row.missing_count,
        "faults": row.fault_count,
        "fault_counts": dict(Counter(finding.code for finding in findings)),
        "findings": [finding._asdict() for finding in findings],
        "applied_at": row.applied_at,
    }


def _get(request: ApiRequest, number: str) -> Package:
    return selectors.get_package(request.actor.organisation_id, number)


@router.get("/packages", response=PackagePage)
@requires(Right.CODES_VIEW)
def print_packages(request: ApiRequest, query: Query[PackageQuery]) -> dict[str, Any]:
    """List packages, 200 at a time."""
    rows = selectors.packages(request.actor.organisation_id, text=query.text, state=query.state)
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "packages": [_package(package) for package in found[:_PAGE]],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.post("/packages", response={201: MadeOut})
@requires(Right.CODES_DOWNLOAD)
def make_package(request: ApiRequest, package: PackageIn) -> Status[dict[str, Any]]:
    """Make a package; its file is there once the state is `prepared`."""
    made = services.make_package(
        actor=request.actor,
        wanted=Wanted(
            order_number=package.order,
            set_number=package.sets,
            party_code=package.print_house,
            **package.model_dump(exclude={"order", "sets", "print_house"}),
        ),
    )
    told = _package(_get(request, made.package.number))
    return Status(201, told | {"password": made.password})


@router.get("/packages/{number}", response=PackageOut)
@requires(Right.CODES_VIEW)
def print_package(request: ApiRequest, number: str) -> dict[str, Any]:
    """Show a package."""
    return _package(_get(request, number))


@router.get("/packages/{number}/file")
@requires(Right.CODES_DOWNLOAD)
def package_file(request: ApiRequest, number: str) -> StreamingHttpResponse:
    """Stream a package's file."""
    package, pieces = services.take_package(actor=request.actor, number=number)
    return StreamingHttpResponse(
        # A piece is valid until the next is asked for, and a server may keep several.
        (bytes(piece) for piece in pieces),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{number}.zip"',
            "Content-Length": str(package.bytes),
            "Cache-Control": "no-store",
        },
    )


@router.get("/packages/{number}/rolls", response=list[RollOut])
@requires(Right.CODES_VIEW)
def package_rolls(
    request: ApiRequest, number: str, query: Query[RollQuery]
) -> list[dict[str, Any]]:
    """List a package's rolls, 200 at a time."""
    rows = selectors.rolls(_get(request, number), first=query.offset, count=_PAGE)
    names = RollOut.model_fields.keys() - {"roll"}
    return [{"roll": row.number, **{name: getattr(row, name) for name in names}} for row in rows]


@router.post("/packages/{number}/rolls/{roll}/withdraw", response=PackageOut)
@requires(Right.LABELS_PRINT)
def withdraw_package_roll(
    request: ApiRequest, number: str, roll: int, why: WhyIn
) -> dict[str, Any]:
    """Withdraw the codes of a roll that is lost or spoiled."""
    services.withdraw_roll(actor=request.actor, number=number, roll=roll, reason=why.reason)
    return _package(_get(request, number))


@router.post("/packages/{number}/send", response=PackageOut)
@requires(Right.CODES_DOWNLOAD)
def send_package(request: ApiRequest, number: str) -> dict[str, Any]:
    """Note that a package went to its print house."""
    services.mark_sent(actor=request.actor, number=number)
    return _package(_get(request, number))


@router.post("/packages/{number}/cancel", response=PackageOut)
@requires(Right.CODES_DOWNLOAD)
def cancel_package(request: ApiRequest, number: str, why: WhyIn) -> dict[str, Any]:
    """Cancel a package; its codes are free again, or withdrawn if its file was taken."""
    services.cancel_package(actor=request.actor, number=number, why=why.reason)
    return _package(_get(request, number))


@router.post("/packages/{number}/close", response=PackageOut)
@requires(Right.LABELS_PRINT)
def close_package(request: ApiRequest, number: str, how: CloseIn) -> dict[str, Any]:
    """Call a package reconciled."""
    services.close_package(
        actor=request.actor, number=number, withdraw_missing=how.withdraw_missing
    )
    return _package(_get(request, number))


@router.post("/packages/{number}/returns", response={201: ReturnOut})
@requires(Right.LABELS_PRINT)
def preview_return(
    request: ApiRequest,
    number: str,
    file: File[UploadedFile],
    default: Form[Literal["", "used", "spoiled"]] = "",
) -> Status[dict[str, Any]]:
    """Read a list of used and spoiled codes; nothing changes before it is applied."""
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("file_too_large", place="file", limit_mb=MOST_BYTES // 2**20)
    row = services.preview_return(
        actor=request.actor,
        number=number,
        file_name=file.name or "",
        body=file.read(),
        default=default or None,
    )
    return Status(201, _returned(_get(request, number), row))


@router.get("/packages/{number}/returns/{ordinal}", response=ReturnOut)
@requires(Right.CODES_VIEW)
def package_return(request: ApiRequest, number: str, ordinal: int) -> dict[str, Any]:
    """Show what a list says, and the lines that do not fit."""
    package = _get(request, number)
    return _returned(package, selectors.get_return(package, ordinal))


@router.post("/packages/{number}/returns/{ordinal}/apply", response=ReturnOut)
@requires(Right.LABELS_PRINT)
def apply_return(request: ApiRequest, number: str, ordinal: int, why: WhyIn) -> dict[str, Any]:
    """Do what a list's preview says: record used codes, withdraw spoiled ones."""
    row = services.apply_return(
        actor=request.actor, number=number, ordinal=ordinal, reason=why.reason
    )
    return _returned(_get(request, number), row)


@router.get("/products/{gtin}/items/{serial}/rolls", response=list[PlaceOut])
@requires(Right.CODES_VIEW)
def rolls_of_item(request: ApiRequest, gtin: str, serial: str) -> list[dict[str, Any]]:
    """Tell in which packages and on which rolls an item's code was printed."""
    text = normalise(serial)
    order = issuing.issued_order(
        organisation_id=request.actor.organisation_id, gtin=gtin, serial=text
    )
    if order is None:
        raise NotFound(kind="item")
    position = int(issuing.positions_of(order, [text])[0])
    return [
        {"package": place.package.number, "roll": place.roll, "sequence": place.sequence}
        for place in selectors.places_of_code(order, position)
    ]
