"""Problem documents (RFC 9457) whose `type` is one of the standard's exceptions, in JSON or XML.

Owns: which exception a refusal is, and both syntaxes of it. Source: EPCIS 2.0 §12, and the XML
Schema's `EPCISException`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from suyuan.api.epcis.negotiation import accepts_xml
from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.query import QueryError
from suyuan.core.epcis.read import MOST_EVENTS
from suyuan.core.epcis.xml.names import NAMESPACE_2
from suyuan.core.epcis.xml.values import quoted, text
from suyuan.subscriptions.errors import CONTROL_CODES

OWN: Final = "urn:suyuan:epcis"  # the namespace of what is told beyond the standard
_TYPES: Final = {
    400: "epcisException:ValidationException",
    401: "epcisException:SecurityException",
    403: "epcisException:SecurityException",
    404: "epcisException:NoSuchResourceException",
    405: "epcisException:UnsupportedOperationException",
    406: "epcisException:NotAcceptableException",
    409: "epcisException:ResourceAlreadyExistsException",
    413: "epcisException:CaptureLimitExceededException",
    414: "epcisException:URITooLongException",
    415: "epcisException:UnsupportedMediaTypeException",
}
# Where the status alone does not tell which of the standard's exceptions it is.
_TYPES_OF_CODES: Final = {
    "query_too_large": "epcisException:QueryTooLargeException",
    "query_too_complex": "epcisException:QueryTooComplexException",
    **dict.fromkeys(CONTROL_CODES, "epcisException:SubscriptionControlsException"),
}
_TITLES_OF_CODES: Final = {
    "query_too_large": "More events fit than maxEventCount allows",
    "query_too_complex": "The query takes more work than one request may do",
    "query_name_taken": "Another query bears that name",
    "subscription_name_taken": "Another subscription bears that name",
    "too_many": "There are as many as one may have",
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
    414: "The address is longer than this installation reads",
    415: "JSON and XML are taken here, JSON in UTF-8",
}
_UNFORESEEN: Final = "epcisException:ImplementationException"
_BAD_PARAMETER: Final = "epcisException:QueryParameterException"
_TOO_MUCH: Final = frozenset({"too_many_events", "too_many_epcs", "too_much_master_data"})
_encode: Final = msgspec.json.Encoder().encode


def limits() -> dict[str, str]:
    """Return the headers that tell how much one document may hold."""
    return {
        "GS1-EPCIS-Capture-Limit": str(MOST_EVENTS),
        "GS1-EPCIS-Capture-File-Size-Limit": str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    }


class ProblemResponse(HttpResponse):
    """A problem in JSON, which keeps its document so that it can be told in XML as well."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        """Write the document."""
        super().__init__(_encode(document), status=status, content_type="application/problem+json")
        self.document = document

    def in_xml(self) -> None:
        """Write the document in XML instead."""
        self.content = problem_xml(self.document)
        self.headers["Content-Type"] = "application/problem+xml; charset=utf-8"


def problem(
    status: int,
    code: str,
    *,
    place: str = "",
    data: Mapping[str, object] | None = None,
    kind: str = "",
) -> ProblemResponse:
    """Answer with a problem document (RFC 9457) whose `type` is the standard's exception."""
    document = {
        **(data or {}),
        "type": kind or _TYPES_OF_CODES.get(code) or _TYPES.get(status, _UNFORESEEN),
        "title": _TITLES_OF_CODES.get(code) or _TITLES.get(status, "The request cannot be served"),
        "status": status,
        "code": code,
        "place": place,
    }
    answer = ProblemResponse(status, document)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="suyuan"'
    if status == 413:
        for name, value in limits().items():
            answer[name] = value
    return answer


def document_problem(error: DocumentError) -> ProblemResponse:
    """Answer a refused document with its faults, each with code and place."""
    faults = [
        {"code": f.code, "place": f.place, **({"data": dict(f.data)} if f.data else {})}
        for f in error.faults
    ]
    codes = {fault.code for fault in error.faults}
    status = 400
    if codes == {"event_id_conflict"}:
        status = 409
    elif codes & _TOO_MUCH:
        status = 413
    first = error.faults[0]
    return problem(
        status,
        first.code,
        place=first.place,
        data={"faults": faults, "faultCount": error.total},
        kind=_BAD_PARAMETER if isinstance(error, QueryError) else "",
    )


def in_syntax_of(request: HttpRequest, answer: ProblemResponse) -> ProblemResponse:
    """Tell a problem in XML to who accepts XML rather than JSON."""
    if accepts_xml(request):
        answer.in_xml()
    return answer


def problem_xml(document: Mapping[str, Any]) -> str:
    """Return a problem as the standard's `EPCISException`."""
    detail = " at ".join(filter(None, (str(document["code"]), str(document["place"]))))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<epcis:EPCISException xmlns:epcis="{NAMESPACE_2}" xmlns:s="{OWN}">'
        f"<type>{text(document['type'])}</type><title>{text(document['title'])}</title>"
        f"<status>{document['status']}</status><detail>{text(detail)}</detail>"
        f"{''.join(map(_fault, document.get('faults', ())))}</epcis:EPCISException>"
    )


def _fault(fault: Mapping[str, Any]) -> str:
    data = "".join(
        f"<s:data name={quoted(name)}>{text(value)}</s:data>"
        for name, value in fault.get("data", {}).items()
    )
    return f"<s:fault code={quoted(fault['code'])} place={quoted(fault['place'])}>{data}</s:fault>"
