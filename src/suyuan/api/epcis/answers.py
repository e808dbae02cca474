"""Events as the client wants them: JSON-LD, XML 2.0 or XML 1.2, identifiers in the form asked for.

Owns: the one way from stored events to an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse

from suyuan.api.epcis.negotiation import XML_TYPE, wanted
from suyuan.capture.documents import QUERY_NAME, written
from suyuan.capture.selectors import StoredDocument
from suyuan.core.epcis.xml import XmlVersion


def events_response(
    request: HttpRequest,
    organisation_id: int,
    documents: Sequence[StoredDocument],
    *,
    query: str = QUERY_NAME,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer with events as an EPCISQueryDocument."""
    how = wanted(request)
    extra = {**(headers or {}), "GS1-EPC-Format": how.epcs.value}
    kind = "application/json"
    if how.media == "xml":
        kind = f"{XML_TYPE}; charset=utf-8"
        if how.version is XmlVersion.V1_2:
            extra |= {"GS1-EPCIS-Version": "1.2.0", "GS1-CBV-Version": "1.2.0"}
        extra["GS1-CBV-XML-Format"] = "Always_Web_URI" if how.web_uris else "Always_URN"
    body = written(organisation_id, documents, how, query=query)
    return HttpResponse(body, content_type=kind, headers=extra)
