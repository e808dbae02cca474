"""A report's file: for members by number, for everybody by content while published.

Invariant: the type is the one that was found in the bytes when the file came in, never guessed
again; a browser may show the file, but not run anything in it.
"""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from suyuan.kernel.errors import NotFound
from suyuan.quality import selectors
from suyuan.quality.files import JPEG, PDF, PNG, path_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office, public

_ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg"}


def _answer(path: Path, content_type: str, number: str) -> HttpResponse:
    try:
        body = path.read_bytes()  # at most 10 MB, which `quality.files` sees to
    except FileNotFoundError as error:
        raise NotFound(kind="inspection_report") from error
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
@public
def public_report(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show a published report's file to anybody; gone in the instant of its revocation."""
    response = _answer(*selectors.public_file(sha256))
    # Short, so that what is revoked also leaves the caches between.
    response["Cache-Control"] = "public, max-age=300"
    return response
