"""The door of the EPCIS interface: token, version headers, media types, problems.

Owns: what every EPCIS answer has in common.

Bearer tokens only: a browser's session would need a CSRF token, which no EPCIS client sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from suyuan.api.epcis.negotiation import wanted
from suyuan.core.epcis import DocumentError
from suyuan.core.identifiers import IdentifierError
from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import authenticate_token

VERSION_HEADERS: Final = {
    "GS1-EPCIS-Version": "2.0.0",
    "GS1-EPCIS-Min": "2.0.0",
    "GS1-EPCIS-Max": "2.0.0",
    "GS1-CBV-Version": "2.0.0",
    "GS1-CBV-Min": "2.0.0",
    "GS1-CBV-Max": "2.0.0",
    "GS1-EPC-Format": "Always_GS1_Digital_Link",
}
_TYPES: Final = {
    400: "epcisException:ValidationException",
    401: "epcisException:SecurityException",
    403: "epcisException:SecurityException",
    404: "epcisException:NoSuchResourceException",
    405: "epcisException:UnsupportedOperationException",
    406: "epcisException:NotAcceptableException",
    409: "epcisException:ResourceAlreadyExistsException",
    413: "epcisException:CaptureLimitExceededException",
    415: "epcisException:UnsupportedMediaTypeException",
}
_TITLES: Final = {
    400: "The request is not what EPCIS 2.0 allows",
    401: "A valid bearer token is required",
    403: "The token may not do this",
    404: "No such resource",
    405: "The resource has no such method",
    406: "JSON and XML of EPCIS 2.0, and XML of EPCIS 1.2 are served here",
    409: "The event exists already, with other content",
    413: "The document is larger than this installation takes",
    415: "JSON and XML are taken here",
}

# Who may read events, and who may send them: the organisation's own, and its partners.
READERS: Final = (Right.EVENTS_VIEW, Right.EVENTS_SHARED)
SENDERS: Final = (Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER)

type View = Callable[..., HttpResponseBase]
encode: Final = msgspec.json.Encoder().encode


def json_response(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a JSON document."""
    return HttpResponse(
        encode(value), status=status, content_type="application/json", headers=dict(headers or {})
    )


def problem(
    status: int, code: str, *, place: str = "", data: Mapping[str, object] | None = None
) -> HttpResponse:
    """Answer with a problem document (RFC 9457) whose `type` is the standard's exception."""
    document = {
        **(data or {}),
        "type": _TYPES.get(status, "epcisException:ImplementationException"),
        "title": _TITLES.get(status, "The request cannot be served"),
        "status": status,
        "code": code,
        "place": place,
    }
    answer = HttpResponse(encode(document), status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="suyuan"'
    if status == 413:
        answer["GS1-EPCIS-Capture-File-Size-Limit"] = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return answer


def document_problem(error: DocumentError) -> HttpResponse:
    """Answer a refused document with its faults, each with code and place."""
    conflict = all(fault.code == "event_id_conflict" for fault in error.faults)
    faults = [
        {"code": f.code, "place": f.place, **({"data": dict(f.data)} if f.data else {})}
        for f in error.faults
    ]
    first = error.faults[0]
    return problem(
        409 if conflict else 400,
        first.code,
        place=first.place,
        data={"faults": faults, "faultCount": error.total},
    )


def resource(**methods: tuple[tuple[Right, ...], View]) -> View:
    """Make a view of a resource from its methods, each with the rights of which it asks for one.

    HEAD is served as GET, OPTIONS tells what there is.
    """
    allowed = ", ".join([*sorted(methods), "HEAD", "OPTIONS"])

    @csrf_exempt
    def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        answer = _answer(request, methods, arguments)
        for name, value in VERSION_HEADERS.items():
            answer.headers.setdefault(name, value)
        if answer.status_code in {204, 405}:
            answer["Allow"] = allowed
        return answer

    wrapped = cast("Any", view)
    wrapped.rights = {method: rights for method, (rights, _) in methods.items()}
    return view


def _answer(
    request: HttpRequest,
    methods: Mapping[str, tuple[tuple[Right, ...], View]],
    arguments: Mapping[str, Any],
) -> HttpResponseBase:
    actor = _actor(request)
    if actor is None:
        return problem(401, "unauthenticated")
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
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
    except (IdentifierError, RequestDataTooBig, SuyuanError) as error:
        return _refusal(error)


def _refusal(error: IdentifierError | RequestDataTooBig | SuyuanError) -> HttpResponse:
    if isinstance(error, SuyuanError):
        return problem(error.status, error.code, place=error.place, data=_texts(error.data))
    if isinstance(error, IdentifierError):
        return problem(400, error.code, data=dict(error.data))
    return problem(413, "capture_limit")


def _texts(data: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) for name, value in data.items()}


def _actor(request: HttpRequest) -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return authenticate_token(secret.strip()) if scheme.lower() == "bearer" else None
