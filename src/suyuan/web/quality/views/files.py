"""Files of reports and pictures of complaints: for members by number.

A report's are there for everybody by content while it is published; a complaint's never.

Invariant: the type is the one that was found in the bytes when the file came in, never guessed
again; a browser may show the file, but not run anything in it.
"""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from suyuan.kernel.errors import NotFound
from suyuan.quality import pictures, selectors
from suyuan.quality.files import JPEG, PDF, PNG, path_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office, public

_ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg", pictures.CONTENT_TYPE: "webp"}


def _answer(path: Path, content_type: str, number: str) -> HttpResponse:
    try:
        body = path.read_bytes()  # at most 10 MB, which `quality.files` sees to
    except FileNotFoundError as error:
        raise NotFound(kind="inspection_report") from error
    return _harmless(body, content_type, number)


def _harmless(body: bytes, content_type: str, number: str) -> HttpResponse:
    """Answer with a file that a browser may show, and run nothing of."""
    response = HttpResponse(body, content_type=content_type)
    ending = _ENDINGS[content_type]
    response["Content-Disposition"] = f'inline; filename="{number}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@back_office(Right.QUALITY_VIEW)
def of_report(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a report's file to a member, published or not."""
    report = selectors.get_report(actor.organisation_id, number)
    path = path_of(actor.organisation_id, report.sha256)
    response = _answer(path, report.content_type, report.number)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@back_office(Right.QUALITY_VIEW)
def more_of_report(request: HttpRequest, actor: Actor, number: str, position: int) -> HttpResponse:
    """Show a further file of a report to a member."""
    file = selectors.get_report_file(actor.organisation_id, number, position)
    path = path_of(actor.organisation_id, file.sha256)
    response = _answer(path, file.content_type, f"{number}-{position}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@back_office(Right.QUALITY_VIEW)
def picture(request: HttpRequest, actor: Actor, number: str, position: int) -> HttpResponse:
    """Show a picture of a complaint to a member."""
    found = selectors.get_picture(actor.organisation_id, number, position)
    body = pictures.read(actor.organisation_id, found.name)
    response = _harmless(body, pictures.CONTENT_TYPE, f"{number}-{position}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@public
def public_report(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show a published report's file to anybody; gone in the instant of its revocation."""
    response = _answer(*selectors.public_file(sha256))
    # Short, so that what is revoked also leaves the caches between.
    response["Cache-Control"] = "public, max-age=300"
    return response
