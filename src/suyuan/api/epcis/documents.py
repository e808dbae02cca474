"""Stored events as documents of the standard.

Owns: the query document, and how the contexts of many captured documents become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, Final

from suyuan.capture.models import CaptureJob
from suyuan.capture.selectors import StoredDocument
from suyuan.kernel import clock

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
QUERY_NAME: Final = "SimpleEventQuery"  # the standard's own, of which all lists of events are
_CONTEXTS: Final = frozenset(
    {
        CONTEXT,
        "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "https://gs1.github.io/EPCIS/epcis-context.jsonld",
    }
)


def query_document(events: Sequence[StoredDocument]) -> dict[str, Any]:
    """Return events as an EPCISQueryDocument.

    Prefixes that all agree on stand once, at the top; an event whose document gave a prefix
    another meaning carries its own context.
    """
    shared, plain = _shared_context(events)
    listed = []
    for one in events:
        extra = _extras(one.context)
        own = [part for part in extra if part not in plain]
        listed.append({"@context": own, **one.event} if own else one.event)
    results = {"queryName": QUERY_NAME, "resultsBody": {"eventList": listed}}
    return {
        "@context": [CONTEXT, *shared],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": timestamp(clock.now()),
        "epcisBody": {"queryResults": results},
    }


def _extras(context: Any) -> list[Any]:
    """Return the parts of a document's context beside the standard's own."""
    parts = context if isinstance(context, list) else [] if context is None else [context]
    return [part for part in parts if not (isinstance(part, str) and part in _CONTEXTS)]


def _shared_context(events: Iterable[StoredDocument]) -> tuple[list[Any], list[Any]]:
    """Return (what stands at the top, the parts that it covers)."""
    meanings: dict[str, Any] = {}
    covered: list[Any] = []
    for one in events:
        for part in _extras(one.context):
            if part in covered or not isinstance(part, dict):
                continue
            if all(meanings.get(prefix, value) == value for prefix, value in part.items()):
                meanings |= part
                covered.append(part)
    return ([meanings] if meanings else []), covered


def job_document(job: CaptureJob) -> dict[str, Any]:
    """Return a capture job as the standard tells it."""
    return {
        "captureID": str(job.id),
        "createdAt": timestamp(job.created_at),
        "finishedAt": timestamp(job.created_at),
        "running": False,
        "success": not job.faults,
        "captureErrorBehaviour": job.error_behaviour,
        "errors": [
            {
                "type": "epcisException:ValidationException",
                "title": fault["code"],
                "detail": fault["place"],
            }
            for fault in job.faults
        ],
        "suyuan:stored": job.stored,
        "suyuan:duplicates": job.duplicates,
    }


def timestamp(moment: Any) -> str:
    """Return a time in UTC with milliseconds."""
    text: str = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
