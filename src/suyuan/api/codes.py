"""Pictures of codes, and codes read from pictures, over the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.core.carriers.opening import MOST_BYTES
from suyuan.core.carriers.reading import FoundCode
from suyuan.core.carriers.symbols import BAR_MM
from suyuan.core.identifiers import Identity
from suyuan.core.identifiers.schemes import FOREIGN_RULE_OF
from suyuan.issuing.services.pictures import Drawn, Wanted, download_picture, draw_code
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.rights import Right
from suyuan.verification.pictures import ReadBack, read_back
from suyuan.verification.readback import Standing

router = Router()

_GS1_RESOLVER = "https://id.gs1.org"
_NO_PREFIX = 0  # schemes that GS1 has no key for have no company prefix either


class SymbolIn(Schema):
    """A code as a symbol at whole dots of a printer.

    `symbology` "" takes bars for an SSCC and a QR code for all else; `size_mm` 0 takes the usual
    width, which includes the quiet zone; `dpi` is 203, 300 or 600.
    """

    code: Annotated[str, Field(max_length=2_048)]
    symbology: Literal["", "qr", "datamatrix", "gs1_datamatrix", "gs1_128"] = ""
    level: Literal["L", "M", "Q", "H"] = "M"
    size_mm: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    dpi: int = 300
    bar_mm: Annotated[float, Field(gt=0, allow_inf_nan=False)] = BAR_MM

    def wanted(self) -> Wanted:
        """Return it as issuing takes it."""
        return Wanted(
            code=self.code,
            symbology=self.symbology,
            level=self.level,
            size_mm=self.size_mm,
            dpi=self.dpi,
            bar_mm=self.bar_mm,
        )


class PictureIn(SymbolIn):
    """A code's picture as a file."""

    format: Literal["svg", "png", "eps", "pdf"] = "svg"


class HintOut(Schema):
    """How a symbol comes out, and how well `reader` will read it: `good`, `fair` or `poor`.

    `advised_mm` is the width from which it is read well on this printer.
    """

    identity: str
    text: str
    symbology: str
    modules: int
    module_dots: int
    module_mm: float
    printed_mm: float
    reader: str
    grade: str
    advised_mm: float


class PrintOut(Schema):
    """Labels that a code was put on."""

    reference: str
    copy_number: int


class CodeOut(Schema):
    """A code that was read. `position` is its corners in its page's pixels, clockwise.

    `whose`: `own`, `partner`, `unknown` (foreign, or another organisation's) or `none`. `state`:
    `active`, `issued`, `withdrawn`, `never_issued`, `recalled`, `seen`, `planned`, `kept`,
    `not_seen`, `unknown` or `no_identity`.
    """

    text: str
    symbology: str
    is_gs1: bool
    page: int
    position: list[tuple[float, float]]
    identity: str
    whose: str
    state: str
    order: str
    order_position: int | None
    prints: list[PrintOut]
    whereabouts: str
    location: str
    bound: bool
    leads_elsewhere: bool
    fault: str


class PageOut(Schema):
    """A page that was looked at; positions refer to its width and height."""

    number: int
    width: int
    height: int


class FaultOut(Schema):
    """What was left out: `page_damaged`, `pages_left_out`, `codes_left_out`, `time_over`."""

    code: str
    page: int


class ReadingOut(Schema):
    """What is on a picture or a PDF."""

    codes: list[CodeOut]
    pages: list[PageOut]
    page_count: int
    faults: list[FaultOut]


@router.get("/codes/hint", response=HintOut)
@requires(Right.CODES_VIEW)
def code_hint(request: ApiRequest, wanted: Query[SymbolIn]) -> dict[str, Any]:
    """Tell how large a code comes out on a printer and how well it will be read."""
    drawn = draw_code(wanted.wanted(), base_url=_public_url())
    return {
        "identity": drawn.identity.digital_link(_GS1_RESOLVER),
        "text": drawn.symbol.text,
        "symbology": drawn.symbol.symbology,
        "modules": drawn.size.modules,
        "module_dots": drawn.size.module_dots,
        "module_mm": drawn.size.module_mm,
        "printed_mm": drawn.size.printed_mm,
        "reader": drawn.hint.reader,
        "grade": drawn.hint.grade.value,
        "advised_mm": drawn.hint.advised_mm,
    }


@router.get("/codes/picture", response={200: None})
@requires(Right.CODES_DOWNLOAD)
def code_picture(request: ApiRequest, wanted: Query[PictureIn]) -> HttpResponse:
    """Return a code's picture as SVG, PNG, EPS or PDF; it is written to the audit trail."""
    return _picture(request, wanted)


@router.post("/codes/picture", response={200: None})
@requires(Right.CODES_DOWNLOAD)
def draw_code_picture(request: ApiRequest, wanted: PictureIn) -> HttpResponse:
    """Return a code's picture, as the operation of the same address does by its query."""
    return _picture(request, wanted)


@router.post("/codes/read", response=ReadingOut)
@requires(Right.TRACE_VIEW)
def read_codes(
    request: ApiRequest,
    picture: File[UploadedFile],
    first_page: Annotated[int, Form(ge=1, le=100_000)] = 1,
) -> dict[str, Any]:
    """Read the codes on a picture, a photo or a PDF, and say whose each is and in what state.

    At most 20 MB, 60 million pixels, 20 pages from `first_page` on. Nothing of it is kept.
    """
    if (picture.size or 0) > MOST_BYTES:
        raise Invalid("reading_bytes", place="/picture", limit_mb=MOST_BYTES // 2**20)
    found = read_back(
        actor=request.actor,
        body=picture.read(),
        base_url=_public_url(),
        first_page=first_page,
    )
    return _reading(found, orders=request.actor.may(Right.CODES_VIEW))


def _picture(request: ApiRequest, wanted: PictureIn) -> HttpResponse:
    drawn, body, content_type = download_picture(
        actor=request.actor, wanted=wanted.wanted(), form=wanted.format, base_url=_public_url()
    )
    return HttpResponse(body, content_type=content_type, headers=_headers(drawn))


def _headers(drawn: Drawn) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Suyuan-Printed-Mm": f"{drawn.size.printed_mm:.3f}",
        "Suyuan-Grade": drawn.hint.grade.value,
    }


def _reading(found: ReadBack, *, orders: bool) -> dict[str, Any]:
    reading = found.reading
    return {
        "codes": [_code(code, standing, orders=orders) for code, standing in found.codes],
        "pages": [
            {"number": page.number, "width": page.width, "height": page.height}
            for page in reading.pages
        ],
        "page_count": reading.page_count,
        "faults": [{"code": fault.code, "page": fault.page} for fault in reading.faults],
    }


def _code(code: FoundCode, standing: Standing, *, orders: bool) -> dict[str, Any]:
    order = standing.order if orders else None
    return {
        "text": code.text,
        "symbology": code.symbology,
        "is_gs1": code.is_gs1,
        "page": code.page,
        "position": code.position,
        "identity": _text(standing.identity) if standing.identity else "",
        "whose": standing.whose.value,
        "state": standing.state.value,
        "order": order.number if order else "",
        "order_position": standing.position if order else None,
        "prints": [
            {"reference": one.reference, "copy_number": one.copy}
            for one in (standing.prints if order else ())
        ],
        "whereabouts": standing.whereabouts.value if standing.whereabouts else "",
        "location": standing.location,
        "bound": standing.bound,
        "leads_elsewhere": standing.elsewhere,
        "fault": standing.fault.code if standing.fault else "",
    }


def _text(identity: Identity) -> str:
    """Return a link, or the URN of what GS1 has no key for."""
    if identity.scheme in FOREIGN_RULE_OF:
        return identity.urn(_NO_PREFIX)
    return identity.digital_link()


def _public_url() -> str:
    return str(settings.ENVIRONMENT.public_url)
