"""Read a SOAP request into a call.

Owns: the envelope, the fields of each operation, the values of query parameters, the controls of
a subscription.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from suyuan.core.epcis.errors import DocumentError, shown
from suyuan.core.epcis.soap import names
from suyuan.core.epcis.soap.names import EpcisException, Operation, SoapFault, SoapVersion
from suyuan.core.epcis.xml.names import QUERY_1, XSI
from suyuan.core.epcis.xml.tree import read_tree

_QUERY: Final = f"{{{QUERY_1}}}"
_NIL: Final = f"{{{XSI}}}nil"
_TRUE: Final = frozenset({"1", "true"})
_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}

type Value = str | list[str]
"""A parameter's value: a text, or several; one without a value is the empty text."""


@dataclass(frozen=True, slots=True)
class Controls:
    """When a subscription delivers.

    Attributes:
        schedule: by the standard's names; None without one.
        trigger: the trigger's URI, "" without one.
        initial_record_time: ISO 8601, "" if not given.
        report_if_empty: whether an empty result is delivered too.
    """

    schedule: Mapping[str, str] | None
    trigger: str
    initial_record_time: str
    report_if_empty: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        operation: what is asked for.
        version: of the envelope; the answer's too.
        texts: the plain fields by name.
        params: the query's parameters, in their order.
        controls: of a subscription.
    """

    operation: Operation
    version: SoapVersion
    texts: Mapping[str, str] = field(default_factory=dict)
    params: tuple[tuple[str, Value], ...] = ()
    controls: Controls | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope whose version is known, so that even a fault can be answered in it."""

    version: SoapVersion
    root: etree._Element


def open_envelope(body: bytes) -> Envelope:
    """Return the envelope.

    Raises:
        SoapFault: no XML, or no envelope of SOAP 1.1 or 1.2.
    """
    try:
        root = read_tree(body)
    except DocumentError as error:
        fault = error.faults[0]
        told = " ".join([fault.code, *fault.data.values()])
        raise SoapFault(EpcisException.VALIDATION, told) from None
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in set(SoapVersion):
        raise _invalid(f"soap_envelope: {shown(root.tag)} is no envelope of SOAP 1.1 or 1.2")
    return Envelope(SoapVersion(name.namespace), root)


def read_call(envelope: Envelope) -> Call:
    """Return what an envelope asks for.

    Raises:
        SoapFault: the request is not what the standard's schema allows.
    """
    soap = f"{{{envelope.version.value}}}"
    for header in envelope.root.iterfind(f"{soap}Header/*"):
        if header.get(f"{soap}mustUnderstand") in _TRUE:
            reason = f"soap_header: {shown(header.tag)} is not understood"
            raise SoapFault(EpcisException.VALIDATION, reason, header=True)
    requests = list(envelope.root.iterfind(f"{soap}Body/*"))
    if len(requests) != 1:
        raise _invalid(f"soap_body: one request is expected, {len(requests)} are there")
    return _Reader(envelope.version, requests[0]).call()


class _Reader:
    """Reads the request of one envelope."""

    def __init__(self, version: SoapVersion, request: etree._Element) -> None:
        self._version = version
        self._request = request

    def call(self) -> Call:
        tag = str(self._request.tag)
        operation = names.OPERATIONS.get(tag.removeprefix(_QUERY)) if _QUERY in tag else None
        if operation is None:
            raise _invalid(f"soap_operation: {shown(tag)} is none of EPCIS 1.2")
        parts = _parts(self._request, operation.fields)
        missing = [name for name in operation.fields if name not in parts]
        if missing:
            raise _invalid(f"field_missing: {missing[0]}")
        return Call(
            operation=operation,
            version=self._version,
            texts={
                name: _text(part)
                for name, part in parts.items()
                if name not in {"params", "controls"}
            },
            params=tuple(_params(parts["params"])) if "params" in parts else (),
            controls=_controls(parts["controls"]) if "controls" in parts else None,
        )


def _parts(element: etree._Element, known: tuple[str, ...]) -> dict[str, etree._Element]:
    """Return an element's parts by name; the schema's own have no namespace."""
    found: dict[str, etree._Element] = {}
    for child in element:
        name = str(child.tag).removeprefix(_QUERY)
        if name in found:
            raise _invalid(f"field_repeated: {shown(name)}")
        if name in known:
            found[name] = child
        elif "{" not in name and name != "extension":
            # Elements of other namespaces are allowed, and mean nothing here.
            raise _invalid(f"field_unknown: {shown(name)}")
    return found


def _params(element: etree._Element) -> Iterator[tuple[str, Value]]:
    seen: set[str] = set()
    for child in element:
        if str(child.tag).removeprefix(_QUERY) != "param":
            raise _invalid(f"field_unknown: {shown(child.tag)} among the parameters")
        parts = _parts(child, ("name", "value"))
        if "name" not in parts or "value" not in parts:
            raise _invalid("field_missing: a parameter has a name and a value")
        name = _text(parts["name"])
        if name in seen:
            raise SoapFault(
                EpcisException.QUERY_PARAMETER, f"query_parameter_repeated: {shown(name)}"
            )
        seen.add(name)
        yield name, _value(parts["value"])


def _value(element: etree._Element) -> Value:
    """Return a value: its text, or those of its `string` elements (`ArrayOfString`)."""
    if element.get(_NIL) in _TRUE:
        return ""
    members = list(element)
    declared = element.get(f"{{{XSI}}}type", "").rpartition(":")[2]
    if not members and declared != "ArrayOfString":
        return _text(element)
    for member in members:
        if str(member.tag).removeprefix(_QUERY) != "string" or len(member):
            raise SoapFault(
                EpcisException.QUERY_PARAMETER, f"query_value: {shown(member.tag)} is no `string`"
            )
    return [_text(member) for member in members]


def _controls(element: etree._Element) -> Controls:
    parts = _parts(element, names.CONTROL_FIELDS)
    schedule = None
    if "schedule" in parts:
        given = _parts(parts["schedule"], names.SCHEDULE_FIELDS)
        schedule = {name: _text(part) for name, part in given.items()}
    report = _text(parts["reportIfEmpty"]) if "reportIfEmpty" in parts else ""
    if report not in _BOOLEANS:
        raise _invalid("field_missing: reportIfEmpty is true or false")
    return Controls(
        schedule=schedule,
        trigger=_text(parts["trigger"]) if "trigger" in parts else "",
        initial_record_time=(
            _text(parts["initialRecordTime"]) if "initialRecordTime" in parts else ""
        ),
        report_if_empty=_BOOLEANS[report],
    )


def _text(element: etree._Element) -> str:
    if len(element):
        raise _invalid(f"field_type: {shown(element.tag)} holds text")
    return (element.text or "").strip()


def _invalid(reason: str) -> SoapFault:
    return SoapFault(EpcisException.VALIDATION, reason)
