"""Stored events as documents of the standard: JSON-LD, XML 2.0 or XML 1.2.

Owns: the query document, identifiers in the form asked for, and how the contexts of many captured
documents become one. What answers a request and what is sent to a subscriber are made here alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from suyuan.capture.prefixes import known_prefixes
from suyuan.capture.selectors import StoredDocument
from suyuan.core.epcis import Media
from suyuan.core.epcis.contexts import own_parts, prefix_meanings
from suyuan.core.epcis.forms import CompanyPrefixes, EpcFormat, Translator
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.core.epcis.xml import XmlVersion, write_results, write_xml
from suyuan.kernel import clock

QUERY_NAME: Final = "SimpleEventQuery"  # the standard's own, of which all lists of events are
_encode: Final = msgspec.json.Encoder().encode


# The formats that a receiver may choose: beside the standard's JSON the two XML spoken here.
FORMATS: Final[Mapping[str, tuple[Media, XmlVersion]]] = {
    "json": ("json", XmlVersion.V2_0),
    "xml": ("xml", XmlVersion.V2_0),
    "xml-1.2": ("xml", XmlVersion.V1_2),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody wants events told.

    Attributes:
        media: JSON-LD or XML.
        version: of XML.
        epcs: the form of identifiers.
        web_uris: standard words as Web URIs, in XML 2.0.
    """

    media: Media
    version: XmlVersion
    epcs: EpcFormat
    web_uris: bool


def written(
    organisation_id: int,
    documents: Sequence[StoredDocument],
    how: Wanted,
    *,
    query: str = QUERY_NAME,
    subscription: str | None = None,
) -> bytes:
    """Return events as an EPCISQueryDocument.

    Args:
        organisation_id: whose events.
        documents: the events.
        how: syntax and forms.
        query: the name of the query that they answer.
        subscription: the subscription for which the query was run.
    """
    told = _told(organisation_id, documents, how.epcs)
    if how.media == "json":
        return _encode(query_document(told, query=query, subscription=subscription))
    return write_xml(
        _with_prefixes(told),
        version=how.version,
        created=timestamp(clock.now()),
        query=query,
        subscription=subscription,
        web_uris=how.web_uris,
    )


def event_document(organisation_id: int, one: StoredDocument, form: EpcFormat) -> dict[str, Any]:
    """Return one event by itself, as JSON-LD with its context."""
    told = _told(organisation_id, [one], form)[0]
    own = [*own_parts(told.context), *own_parts(told.event.get("@context"))]
    return {**told.event, "@context": [CONTEXT, *own]}


def results_element(
    organisation_id: int, documents: Sequence[StoredDocument], *, query: str
) -> str:
    """Return events as the `QueryResults` of EPCIS 1.2 by themselves, for a SOAP message."""
    told = _told(organisation_id, documents, EpcFormat.URN)
    return write_results(_with_prefixes(told), version=XmlVersion.V1_2, query=query)


def translator(organisation_id: int, form: EpcFormat) -> Translator:
    """Return what writes an organisation's identifiers in a form."""
    # Only a URN asks how long a prefix is.
    urns = form is EpcFormat.URN
    prefixes = known_prefixes(organisation_id) if urns else CompanyPrefixes(())
    return Translator(form, prefixes.length)


def _told(
    organisation_id: int, documents: Sequence[StoredDocument], form: EpcFormat
) -> list[StoredDocument]:
    if form is EpcFormat.NEVER:
        return list(documents)
    writer = translator(organisation_id, form)
    return [_translated(one, writer) for one in documents]


def _with_prefixes(told: Sequence[StoredDocument]) -> list[tuple[dict[str, Any], dict[str, str]]]:
    return [(one.event, prefix_meanings(one.context, one.event.get("@context"))) for one in told]


def _translated(one: StoredDocument, translator: Translator) -> StoredDocument:
    return StoredDocument(one.seq, translator.event(one.event), one.context, one.voided_by)


def query_document(
    events: Sequence[StoredDocument], *, query: str = QUERY_NAME, subscription: str | None = None
) -> dict[str, Any]:
    """Return events as an EPCISQueryDocument of JSON-LD.

    Prefixes that all agree on stand once, at the top; an event whose document gave a prefix
    another meaning carries its own context.
    """
    shared, plain = _shared_context(events)
    listed = []
    for one in events:
        extra = own_parts(one.context)
        own = [part for part in extra if part not in plain]
        listed.append({"@context": own, **one.event} if own else one.event)
    results: dict[str, Any] = {"queryName": query}
    if subscription is not None:
        results["subscriptionID"] = subscription
    results["resultsBody"] = {"eventList": listed}
    return {
        "@context": [CONTEXT, *shared],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": timestamp(clock.now()),
        "epcisBody": {"queryResults": results},
    }


def _shared_context(events: Iterable[StoredDocument]) -> tuple[list[Any], list[Any]]:
    """Return (what stands at the top, the parts that it covers)."""
    meanings: dict[str, Any] = {}
    covered: list[Any] = []
    for one in events:
        for part in own_parts(one.context):
            if part in covered or not isinstance(part, dict):
                continue
            if all(meanings.get(prefix, value) == value for prefix, value in part.items()):
                meanings |= part
                covered.append(part)
    return ([meanings] if meanings else []), covered


def timestamp(moment: datetime) -> str:
    """Return a time in UTC with milliseconds."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
