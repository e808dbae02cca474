"""The HTTP side of EPCIS 1.2: tokens, media types, status codes.

A fault of SOAP 1.1 comes with the status 500, whoever is at fault, as its binding to HTTP demands
(SOAP 1.1 §6.2); what HTTP itself refuses has its own status, and a fault as its body.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from suyuan.api.epcis.gate import READERS, SENDERS
from suyuan.api.epcis.soap.operations import perform
from suyuan.api.epcis.soap.refusals import REFUSALS, as_fault
from suyuan.capture.services import capture_document
from suyuan.core.epcis.soap.names import EpcisException, SoapFault, SoapVersion
from suyuan.core.epcis.soap.read import Envelope, open_envelope, read_call
from suyuan.core.epcis.soap.write import envelope, exception_element, fault_message
from suyuan.core.epcis.soap.wsdl import wsdl
from suyuan.kernel.errors import Forbidden
from suyuan.partners.delivery import check_delivery
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import authenticate_token

_LOG: Final = logging.getLogger(__name__)
_XML: Final = frozenset({"text/xml", "application/xml", "application/soap+xml"})
_UNKNOWN: Final = SoapFault(EpcisException.SECURITY, "unauthenticated: a valid token is needed")
_FAILED: Final = SoapFault(EpcisException.IMPLEMENTATION, "unexpected: the server failed")

type Served = Callable[[HttpRequest, Actor], HttpResponse]
type Told = Callable[[SoapFault, int], HttpResponse]


def _resource(
    rights: tuple[Right, ...], serve: Served, tell: Told, get: Callable[[], HttpResponse] | None
) -> Any:
    """Make a view that takes POST from tokens with one of `rights`, and GET from everyone."""
    allowed = "GET, HEAD, OPTIONS, POST" if get else "OPTIONS, POST"

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        if get is not None and request.method in {"GET", "HEAD"}:
            answer = get()
        elif request.method == "OPTIONS":
            answer = HttpResponse(status=204, headers={"Allow": allowed})
        elif request.method != "POST":
            answer = HttpResponse(status=405, headers={"Allow": allowed})
        else:
            answer = _post(request, rights, serve, tell)
        answer["GS1-EPCIS-Version"] = "1.2"
        return answer

    cast("Any", view).rights = {"POST": rights}
    return view


def _post(
    request: HttpRequest, rights: tuple[Right, ...], serve: Served, tell: Told
) -> HttpResponse:
    actor = _actor(request)
    if actor is None:
        answer = tell(_UNKNOWN, 401)
        answer["WWW-Authenticate"] = 'Bearer realm="suyuan"'
        return answer
    try:
        actor.require(*rights)
    except Forbidden as error:
        return tell(as_fault(error), 403)
    if (request.content_type or "").lower() not in _XML:
        fault = SoapFault(EpcisException.VALIDATION, "media_type: XML is taken here")
        return tell(fault, 415)
    try:
        return serve(request, actor)
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        reason = f"capture_limit (most: {most} bytes)"
        return tell(SoapFault(EpcisException.VALIDATION, reason), 413)


def _actor(request: HttpRequest) -> Actor | None:
    """Return who a token speaks for; it comes as a bearer's, or as the password of Basic."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() == "basic":
        try:
            told = base64.b64decode(secret, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        secret = told.partition(":")[2]
    elif scheme.lower() != "bearer":
        return None
    return authenticate_token(secret)


# ── Query ────────────────────────────────────────────────────────────────────────────────────


def _describe() -> HttpResponse:
    address = settings.ENVIRONMENT.public_url + reverse("epcis1:query")
    return HttpResponse(wsdl(address), content_type="text/xml; charset=utf-8")


def _query(request: HttpRequest, actor: Actor) -> HttpResponse:
    opened: Envelope | None = None
    name = ""
    try:
        opened = open_envelope(request.body)
        call = read_call(opened)
        name = call.texts.get("queryName", "")
        content = perform(actor, call)
    except SoapFault as fault:
        return _faulty(opened, fault)
    except REFUSALS as error:
        return _faulty(opened, as_fault(error, query=name))
    except RequestDataTooBig:
        raise
    except Exception:  # noqa: BLE001 - the standard has an exception for it; the log has details
        _LOG.exception("%s %s failed", request.method, request.path)
        return _faulty(opened, _FAILED)
    return _message(opened.version, envelope(opened.version, content), 200)


def _faulty(opened: Envelope | None, fault: SoapFault) -> HttpResponse:
    version = SoapVersion.V1_1 if opened is None else opened.version
    sender = fault.exception is not EpcisException.IMPLEMENTATION and not fault.header
    status = 400 if version is SoapVersion.V1_2 and sender else 500
    answer = _message(version, fault_message(version, fault), status)
    if fault.exception is not EpcisException.IMPLEMENTATION:
        # A sender's fault is no error of ours that the log should hold, for all its status.
        cast("Any", answer)._has_been_logged = True  # noqa: SLF001 - Django offers no other way
    return answer


def _refused_query(fault: SoapFault, status: int) -> HttpResponse:
    return _message(SoapVersion.V1_1, fault_message(SoapVersion.V1_1, fault), status)


def _message(version: SoapVersion, body: bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=f"{version.media}; charset=utf-8")


# ── Capture ──────────────────────────────────────────────────────────────────────────────────


def _capture(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a document: 200 once its events are on disk (EPCIS 1.2 §10.2 leaves no body)."""
    try:
        outcome = capture_document(
            actor=actor, body=request.body, source="http", media="xml", check=check_delivery
        )
    except REFUSALS as error:
        fault = as_fault(error)
        status = {EpcisException.SECURITY: 403}.get(fault.exception, 400)
        return _refused_capture(fault, status)
    location = reverse("epcis:job", kwargs={"job_id": str(outcome.job_id)})
    headers: Mapping[str, str] = {"Location": location}
    return HttpResponse(status=200, headers=dict(headers))


def _refused_capture(fault: SoapFault, status: int) -> HttpResponse:
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + exception_element(fault)
    return HttpResponse(body, status=status, content_type="application/xml; charset=utf-8")


query: Any = _resource(READERS, _query, _refused_query, _describe)
capture: Any = _resource(SENDERS, _capture, _refused_capture, None)
