"""The door of the EPCIS interface: token, version headers, media types, problems.

Owns: what every EPCIS answer has in common.

Bearer tokens only: a browser's session would need a CSRF token, which no EPCIS client sends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final, cast

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from suyuan.api.epcis.negotiation import wanted
from suyuan.api.epcis.problems import (
    OWN,
    ProblemResponse,
    document_problem,
    in_syntax_of,
    problem,
)
from suyuan.core.epcis import DocumentError
from suyuan.core.identifiers import IdentifierError
from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import authenticate_token

_LOG: Final = logging.getLogger(__name__)

VERSION_HEADERS: Final = {
    "GS1-EPCIS-Version": "2.0.0",
    "GS1-EPCIS-Min": "1.2.0",
    "GS1-EPCIS-Max": "2.0.0",
    "GS1-CBV-Version": "2.0.0",
    "GS1-CBV-Min": "1.2.0",
    "GS1-CBV-Max": "2.0.0",
    "GS1-EPC-Format": "Always_GS1_Digital_Link",
}
# What OPTIONS tells beside the versions.
_DISCOVERY: Final = {
    "GS1-CBV-XML-Format": "No_Preference",
    "GS1-Extensions": f"suyuan={OWN}",
    "GS1-Vendor-Version": version("suyuan"),
}

# Who may read events, and who may send them: the organisation's own, and its partners.
READERS: Final = (Right.EVENTS_VIEW, Right.EVENTS_SHARED)
SENDERS: Final = (Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER)

_LONGEST_ADDRESS: Final = 16_384

type View = Callable[..., HttpResponseBase]
encode: Final = msgspec.json.Encoder().encode


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a JSON document."""
    return HttpResponse(
        encode(value), status=status, content_type="application/json", headers=dict(headers or {})
    )


def resource(**methods: tuple[tuple[Right, ...], View]) -> View:
    """Make a view of a resource from its methods, each with the rights of which it asks for one.

    HEAD is served as GET, OPTIONS tells what there is; a resource with more to tell of itself sets
    `discovery` to a function that returns headers.
    """
    allowed = ", ".join([*sorted(methods), "HEAD", "OPTIONS"])

    @csrf_exempt
    def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        answer = _answer(request, methods, arguments)
        if isinstance(answer, ProblemResponse):
            answer = in_syntax_of(request, answer)
        elif request.method == "OPTIONS":
            for name, value in wrapped.discovery().items():
                answer[name] = value
        for name, value in VERSION_HEADERS.items():
            answer.headers.setdefault(name, value)
        if answer.status_code in {204, 405}:
            answer["Allow"] = allowed
        return answer

    wrapped = cast("Any", view)
    wrapped.discovery = dict
    wrapped.rights = {method: rights for method, (rights, _) in methods.items()}
    return view


def _answer(
    request: HttpRequest,
    methods: Mapping[str, tuple[tuple[Right, ...], View]],
    arguments: Mapping[str, Any],
) -> HttpResponseBase:
    if len(request.get_full_path()) > _LONGEST_ADDRESS:
        return problem(414, "uri_too_long")
    actor = _actor(request)
    if actor is None:
        return problem(401, "unauthenticated")
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_DISCOVERY)
    method = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if method is None:
        return problem(405, "method_not_allowed")
    rights, view = method
    try:
        actor.require(*rights)
        wanted(request)  # refused before anything is done
        return view(request, actor, **arguments)
    except DocumentError as error:
        return document_problem(error)
    except (IdentifierError, SuspiciousOperation, SuyuanError, UnreadablePostError) as error:
        return _refusal(error)
    except Exception:  # noqa: BLE001 - a client of machines reads no page; the log has details
        _LOG.exception("%s %s failed", request.method, request.path)
        return problem(500, "unexpected")


@csrf_exempt
def nowhere(_request: HttpRequest) -> HttpResponse:
    """Answer an address that the interface does not have as it answers every refusal."""
    return problem(404, "address_unknown")


def _refusal(
    error: IdentifierError | SuspiciousOperation | SuyuanError | UnreadablePostError,
) -> HttpResponse:
    if isinstance(error, SuyuanError):
        return problem(error.status, error.code, place=error.place, data=_texts(error.data))
    if isinstance(error, IdentifierError):
        return problem(400, error.code, data=dict(error.data))
    if isinstance(error, RequestDataTooBig):
        return problem(413, "capture_limit")
    # Thousands of parameters; a body that broke off, or came too slowly.
    return problem(400, "request_unreadable")


def _texts(data: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) for name, value in data.items()}


def _actor(request: HttpRequest) -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return authenticate_token(secret.strip()) if scheme.lower() == "bearer" else None
