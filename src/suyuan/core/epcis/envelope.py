"""A document around its events: its kind, version, date, context and header.

Owns: what is accepted of it, and where the events are. Source: EPCIS 2.0 §9.5 and §10.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suyuan.core.epcis.contexts import context_fault
from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.header import header_faults, vocabulary_faults
from suyuan.core.epcis.parts import is_extension
from suyuan.core.epcis.times import time_fault
from suyuan.core.identifiers import is_uri

VERSIONS: Final = ("2.0", "2.0.0", "2.0.1")
_BODY: Final = ("epcisBody", "queryResults", "resultsBody")
_COMMON: Final = frozenset({"@context", "id", "type", "schemaVersion", "creationDate", "epcisBody"})
_TEXTS: Final = ("instanceIdentifier", "sender", "receiver")
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "EPCISDocument": _COMMON | {*_TEXTS, "epcisHeader"},
    "EPCISQueryDocument": _COMMON,
}
_INNER: Final = (
    frozenset({"queryResults"}),
    frozenset({"queryName", "subscriptionID", "resultsBody"}),
    frozenset({"eventList", "vocabularyList"}),
)


def open_document(value: Any, *, from_xml: bool) -> tuple[list[Any], str]:
    """Return a document's events and their place.

    Args:
        value: the document, in its JSON form.
        from_xml: XML has a header in both kinds, and dates without a zone.

    Raises:
        DocumentError: the document itself is not one.
    """
    if not isinstance(value, dict):
        raise DocumentError([Fault("not_a_document", "")])
    kind = value.get("type")
    known = _FIELDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        raise DocumentError([Fault("document_type", "/type", {"given": shown(kind)})])
    faults: list[Fault] = []
    _names(value, known | {"epcisHeader"} if from_xml else known, "", faults)
    _head(value, from_xml, faults)
    if "epcisHeader" in value:
        faults += header_faults(value["epcisHeader"], "/epcisHeader")
    found = _body(value, faults)
    if faults:
        raise DocumentError(faults)
    return found


def _names(
    value: Mapping[str, Any], known: frozenset[str], place: str, faults: list[Fault]
) -> None:
    faults.extend(
        Fault("field_unknown", f"{place}/{name}", {"field": shown(name)})
        for name in value.keys() - known
        if not is_extension(name)
    )


def _head(value: Mapping[str, Any], from_xml: bool, faults: list[Fault]) -> None:
    """Check what stands before the events."""
    is_query = value["type"] == "EPCISQueryDocument"
    version = value.get("schemaVersion")
    if version not in VERSIONS and not (is_query and "schemaVersion" not in value):
        faults.append(Fault("schema_version", "/schemaVersion", {"given": shown(version)}))
    if "creationDate" in value:
        created = value["creationDate"]
        if code := time_fault(created, zone=not from_xml):
            faults.append(Fault(code, "/creationDate", {"given": shown(created)}))
    elif from_xml or not is_query:
        faults.append(Fault("field_missing", "/creationDate", {"field": "creationDate"}))
    if "@context" not in value:
        faults.append(Fault("field_missing", "/@context", {"field": "@context"}))
    elif code := context_fault(value["@context"]):
        faults.append(Fault(code, "/@context"))
    if "id" in value and not (isinstance(value["id"], str) and is_uri(value["id"])):
        faults.append(Fault("uri_malformed", "/id", {"given": shown(value["id"])}))
    faults.extend(
        Fault("field_type", f"/{name}", {"detail": "Expected `str`"})
        for name in _TEXTS
        if not isinstance(value.get(name, ""), str)
    )


def _body(value: Mapping[str, Any], faults: list[Fault]) -> tuple[list[Any], str]:
    """Find the list of events."""
    is_query = value["type"] == "EPCISQueryDocument"
    inner, place = value, ""
    for name, known in zip(_BODY if is_query else _BODY[:1], _INNER, strict=False):
        place += f"/{name}"
        inner = inner.get(name) if isinstance(inner, dict) else None  # type: ignore[assignment]
        if isinstance(inner, dict):
            _names(inner, known if is_query else frozenset({"eventList"}), place, faults)
        if name == "queryResults" and isinstance(inner, dict):
            _query_names(inner, place, faults)
    found = inner.get("eventList") if isinstance(inner, dict) else None
    place += "/eventList"
    if not isinstance(found, list):
        faults.append(Fault("no_event_list", place))
        return [], place
    if is_query and "vocabularyList" in inner:
        faults += vocabulary_faults(inner["vocabularyList"], place.replace("event", "vocabulary"))
    return found, place


def _query_names(results: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
    if "queryName" not in results:
        faults.append(Fault("field_missing", f"{place}/queryName", {"field": "queryName"}))
    faults.extend(
        Fault("field_type", f"{place}/{name}", {"detail": "Expected `str`"})
        for name in ("queryName", "subscriptionID")
        if not isinstance(results.get(name, ""), str)
    )
