"""Pages for what went wrong.

Owns: `error_page`, and the handlers that `config.urls` names for 400, 403, 404 and 500.
Invariant: what is not there, and what is another organisation's, give the same page.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suyuan.kernel.errors import Forbidden, NotFound, SuyuanError
from suyuan.web.messages import sentence


def error_page(request: HttpRequest, error: SuyuanError) -> HttpResponse:
    """Answer with the error's status and its sentence."""
    return render(
        request,
        "errors/error.html",
        {"sentence": sentence(error), "status": error.status, "code": error.code},
        status=error.status,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not read (handler400)."""
    return error_page(request, SuyuanError())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refused (handler403)."""
    return error_page(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that is nowhere (handler404)."""
    return error_page(request, NotFound())


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is missing or old (CSRF_FAILURE_VIEW)."""
    return render(request, "errors/stale_form.html", {"status": 403}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (handler500), without asking the database or the session."""
    return render(None, "errors/server_error.html", {"status": 500}, status=500)
