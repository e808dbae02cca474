"""Downloads of an order's codes, and the QR code of one identity."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from suyuan.core.carriers import TextDoesNotFit, draw
from suyuan.core.carriers.formats import svg
from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.issuing import services
from suyuan.issuing.selectors import Download
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url

_TYPES: Final = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "txt": ("text/plain; charset=utf-8", "txt"),
    "links": ("text/plain; charset=utf-8", "links.txt"),
    "inner": ("text/csv; charset=utf-8", "inner.csv"),
}

_LARGEST_MODULE: Final = 64  # pixels


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
        actor=actor, order_number=number, form=cast("Download", form), base_url=public_url()
    )
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


@require_safe
@back_office(Right.CODES_VIEW)
def qr_svg(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw a QR code for a page: `?code=` in any form, `module` in pixels.

    What goes into artwork, with a size in mm, is `web.codes`' matter and is audited.
    """
    module = request.GET.get("module", "8")
    if not (module.isascii() and module.isdigit() and 1 <= int(module) <= _LARGEST_MODULE):
        raise Invalid("qr_options", place="query")
    try:
        link = parse_identity(request.GET.get("code", "")).digital_link(public_url())
        body = svg(draw(link), module=int(module), title=link)
    except (IdentifierError, TextDoesNotFit) as error:
        raise Invalid(error.code, place="code", **error.data) from error
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type="image/svg+xml", headers=headers)
