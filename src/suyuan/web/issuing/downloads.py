"""Downloads of an order's codes, and the QR code of one identity."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from suyuan.core.carriers import qr
from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.issuing import services
from suyuan.issuing.selectors import Form
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url

_TYPES: Final = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "txt": ("text/plain; charset=utf-8", "txt"),
    "links": ("text/plain; charset=utf-8", "links.txt"),
}
_LEVELS: Final = frozenset("LMQH")


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def codes(
    request: HttpRequest, actor: Actor, number: str, form: str
) -> StreamingHttpResponse | HttpResponse:
    """Send an order's codes, block by block."""
    if form not in _TYPES:
        raise NotFound(kind="download")
    content_type, ending = _TYPES[form]
    disposition = f'attachment; filename="{number}.{ending}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers)
    blocks = services.download_codes(
        actor=actor, order_number=number, form=cast("Form", form), base_url=public_url()
    )
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@require_safe
@back_office(Right.CODES_VIEW)
def qr_svg(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw a QR code as SVG: `?code=` in any form, `level`, `module`."""
    text, code, module = _drawn(request)
    return _answer(code.svg(module=module, title=text), "image/svg+xml")


@require_safe
@back_office(Right.CODES_VIEW)
def qr_png(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw a QR code as PNG; asked as `qr_svg`."""
    _text, code, module = _drawn(request)
    return _answer(code.png(module=module), "image/png")


def _drawn(request: HttpRequest) -> tuple[str, qr.QrCode, int]:
    """Return the link, its QR code and the module's width that a request asks for."""
    level = request.GET.get("level", "M")
    module = request.GET.get("module", "8")
    if level not in _LEVELS or not (module.isascii() and module.isdigit() and len(module) <= 2):
        raise Invalid("qr_options", place="query")
    try:
        link = parse_identity(request.GET.get("code", "")).digital_link(public_url())
        return link, qr.draw(link, level=cast("qr.Level", level)), min(max(int(module), 1), 64)
    except IdentifierError as error:
        raise Invalid(error.code, place="code", **error.data) from error
    except qr.TextDoesNotFit as error:
        raise Invalid(error.code, place="code") from error


def _answer(body: str | bytes, content_type: str) -> HttpResponse:
    headers = {
        "Cache-Control": "private, max-age=3600",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(body, content_type=content_type, headers=headers)
