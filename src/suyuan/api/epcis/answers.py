"""Events as the client wants them: JSON-LD, XML 2.0 or XML 1.2, identifiers in the form asked for.

Owns: the one way from stored events to an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse

from suyuan.api.epcis.documents import QUERY_NAME, query_document, timestamp
from suyuan.api.epcis.gate import json_response
from suyuan.api.epcis.negotiation import XML_TYPE, Wanted, wanted
from suyuan.capture.prefixes import known_prefixes
from suyuan.capture.selectors import StoredDocument
from suyuan.core.epcis.forms import CompanyPrefixes, EpcFormat, Translator
from suyuan.core.epcis.xml import write_xml
from suyuan.core.epcis.xml.write import contexts
from suyuan.kernel import clock


def events_response(
    request: HttpRequest,
    organisation_id: int,
    documents: Sequence[StoredDocument],
    *,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer with events as an EPCISQueryDocument."""
    how = wanted(request)
    told = (
        [_translated(one, translator) for one in documents]
        if (translator := _translator(organisation_id, how))
        else list(documents)
    )
    extra = {**(headers or {}), "GS1-EPC-Format": how.epcs.value}
    if how.media == "json":
        return json_response(query_document(told), headers=extra)
    body = write_xml(
        [(one.event, contexts(_parts(one))) for one in told],
        version=how.version,
        created=timestamp(clock.now()),
        query=QUERY_NAME,
        web_uris=how.web_uris,
    )
    extra["GS1-CBV-XML-Format"] = "Always_Web_URI" if how.web_uris else "Always_URN"
    return HttpResponse(body, content_type=f"{XML_TYPE}; charset=utf-8", headers=extra)


def _translator(organisation_id: int, how: Wanted) -> Translator | None:
    if how.epcs is EpcFormat.NEVER:
        return None
    # Only a URN asks how long a prefix is.
    urns = how.epcs is EpcFormat.URN
    prefixes = known_prefixes(organisation_id) if urns else CompanyPrefixes(())
    return Translator(how.epcs, prefixes.length)


def _translated(one: StoredDocument, translator: Translator) -> StoredDocument:
    return StoredDocument(one.seq, translator.event(one.event), one.context, one.voided_by)


def _parts(one: StoredDocument) -> list[object]:
    """Return the parts of an event's contexts, its document's first."""
    found: list[object] = []
    for context in (one.context, one.event.get("@context")):
        found += context if isinstance(context, list) else [context]
    return found
