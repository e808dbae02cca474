"""Refusals as `application/problem+json` (RFC 9457).

Owns: the shape of every error answer below /api/: `type`, `title`, `status`, `code`, `place`, and
the error's own data.
Invariant: an unexpected fault says nothing about itself; its details are in the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from suyuan.kernel.errors import SuyuanError

PROBLEM = "application/problem+json"
_PREFIX = "/api/"
_LOG = logging.getLogger(__name__)
_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type",
    422: "invalid",
    429: "too_many_requests",
}


def problem(
    status: int, code: str, *, place: str = "", data: Mapping[str, object] | None = None
) -> HttpResponse:
    """Make a problem document.

    `code` is stable; `title` is the HTTP status in words; `place` points at the fault in the
    input: a JSON pointer, `query:limit`, `header:X-Organisation`.
    """
    document = {
        **(data or {}),
        "type": f"urn:suyuan:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "place": place,
    }
    response = HttpResponse(
        json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, default=str),
        status=status,
        content_type=PROBLEM,
    )
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="suyuan"'
    return response


def _place(location: tuple[Any, ...]) -> str:
    """Turn ninja's location into a JSON pointer (body) or `source:name` (the rest).

    Ninja names the body's parameter as well: ("body", "data", "items", 0) is /items/0.
    """
    source, *rest = (str(part) for part in location)
    if source in {"body", "form"}:
        return "/" + "/".join(rest[1:]) if rest[1:] else ""
    return f"{source}:{'.'.join(rest)}"


def _json_safe(data: Mapping[str, object]) -> dict[str, object]:
    """Write sets as lists, and row identifiers as text, which JavaScript's numbers would spoil."""
    safe: dict[str, object] = {}
    for name, value in data.items():
        if isinstance(value, set | frozenset):
            safe[name] = sorted(map(str, value))
        elif isinstance(value, int) and not -(2**53) < value < 2**53:
            safe[name] = str(value)
        else:
            safe[name] = value
    return safe


def on_suyuan_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a domain's refusal."""
    assert isinstance(error, SuyuanError)  # noqa: S101 - ninja dispatches by class
    return problem(error.status, error.code, place=error.place, data=_json_safe(error.data))


def on_validation_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer input that does not fit the operation's schema, with each fault and its place."""
    assert isinstance(error, ValidationError)  # noqa: S101
    faults = [
        {"code": fault["type"], "place": _place(tuple(fault["loc"])), "message": fault["msg"]}
        for fault in error.errors
    ]
    return problem(422, "invalid", place=faults[0]["place"], data={"faults": faults})


def on_http_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer what ninja itself refuses: no token, malformed JSON, too many requests."""
    assert isinstance(error, HttpError)  # noqa: S101
    return problem(error.status_code, _CODES.get(error.status_code, "error"))


def on_not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer an object that is not there."""
    return problem(404, "not_found")


def on_unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours: the log has the details."""
    _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "unexpected")


# The most particular class wins, whatever the order.
_HANDLERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Exception], HttpResponse]], ...] = (
    (Exception, on_unexpected),
    (SuyuanError, on_suyuan_error),
    (ValidationError, on_validation_error),
    (HttpError, on_http_error),
    (Http404, on_not_found),
)


def register(api: NinjaAPI) -> None:
    """Make `api` answer every exception with a problem document."""
    for kind, handler in _HANDLERS:
        api.add_exception_handler(kind, cast("Any", handler))


class ProblemMiddleware:
    """Turn what never reaches an operation into problems too: no such address or method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace plain 4xx and 5xx answers below /api/."""
        response = self.get_response(request)
        if (
            not request.path.startswith(_PREFIX)
            or response.status_code < HTTPStatus.BAD_REQUEST
            or response.get("Content-Type", "").startswith(PROBLEM)
        ):
            return response
        status = response.status_code
        answer = problem(status, _CODES.get(status, "unexpected" if status >= 500 else "error"))
        if "Allow" in response:
            answer["Allow"] = response["Allow"]
        return answer
