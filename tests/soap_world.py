"""Requests to the SOAP interface for tests, and its answers, checked against GS1's schema.

Owns: an event, envelopes, the unwrapping of answers and faults.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from lxml import etree

from suyuan.core.epcis.soap.names import SoapVersion
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml

QUERY, CAPTURE = "/epcis/v1/query", "/epcis/v1/capture"
EPCISQ = "urn:epcglobal:epcis-query:xsd:1"
URN, LINK = "urn:epc:id:sgtin:0614141.107346.2018", "https://id.gs1.org/01/10614141073464/21/2018"
GS1 = Path(__file__).resolve().parents[2] / "shared" / "gs1-epcis"


def event(**changes: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
        "epcList": [LINK],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:1:7"}],
        "example:note": {"@example:by": "王", "#text": "易碎 <&>"},
        **changes,
    }


def numbered(number: int) -> dict[str, Any]:
    name = f"urn:uuid:404d95fc-9457-4a51-bd6a-0bba1338{number:04d}"
    return event(eventID=name, eventTime=f"2026-03-01T08:{number:02d}:00.000+08:00")


def captured(client: Client, *events: dict[str, Any]) -> None:
    body = write_xml(
        [(one, {"example": "http://ns.example.com/epcis/"}) for one in events],
        version=XmlVersion.V1_2,
        created="2026-03-01T08:00:00Z",
    )
    answer = client.post(CAPTURE, body, content_type="text/xml; charset=utf-8")
    assert answer.status_code == 200, answer.content
    assert answer["GS1-EPCIS-Version"] == "1.2"


def request(content: str, soap: SoapVersion = SoapVersion.V1_1, header: str = "") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{soap.value}" xmlns:q="{EPCISQ}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{header}<s:Body>{content}</s:Body></s:Envelope>"
    ).encode()


def param(name: str, value: str) -> str:
    return f"<param><name>{name}</name><value>{value}</value></param>"


def several(*values: str) -> str:
    return "".join(f"<string>{one}</string>" for one in values)


def poll(name: str, *params: str) -> str:
    return f"<q:Poll><queryName>{name}</queryName><params>{''.join(params)}</params></q:Poll>"


def subscribing(
    *, query: str = "SimpleEventQuery", params: str = "", dest: str = "", controls: str = ""
) -> str:
    usual = "<schedule><hour>3</hour></schedule><reportIfEmpty>false</reportIfEmpty>"
    return (
        f"<q:Subscribe><queryName>{query}</queryName><params>{params}</params>"
        f"<dest>{dest or 'https://example.com/in'}</dest>"
        f"<controls>{controls or usual}</controls>"
        "<subscriptionID>nightly</subscriptionID></q:Subscribe>"
    )


@cache
def schema() -> etree.XMLSchema | None:
    """Return GS1's schema of the messages; that of 2.0 differs from 1.2's in namespaces alone."""
    folder = GS1 / "schema"
    if not folder.is_dir():
        return None
    text = (folder / "EPCglobal-epcis-query-2_0.xsd").read_text()
    text = text.replace(
        'targetNamespace="urn:epcglobal:epcis-query:xsd:2"', f'targetNamespace="{EPCISQ}"'
    )
    text = text.replace(
        'xmlns:epcisq="urn:epcglobal:epcis-query:xsd:2"', f'xmlns:epcisq="{EPCISQ}"'
    )
    # Events of 1.2 stand differently: they are read back instead.
    text = text.replace('type="epcis:EventListType"', 'type="xsd:anyType"')
    return etree.XMLSchema(etree.fromstring(text.encode(), base_url=f"{folder}/query.xsd"))


def asked(
    client: Client, content: str, soap: SoapVersion = SoapVersion.V1_1, **more: Any
) -> tuple[int, etree._Element]:
    """Send a request; return the status and what the body holds, checked against the schema."""
    answer = client.post(QUERY, request(content, soap, **more), content_type=soap.media)
    assert answer["Content-Type"] == f"{soap.media}; charset=utf-8"
    root = etree.fromstring(answer.content)
    (found,) = root.iterfind(f"{{{soap.value}}}Body/*")
    told = found
    if local(found) == "Fault":
        (told,) = [one for one in found.iter() if str(one.tag).startswith(f"{{{EPCISQ}}}")]
    if (known := schema()) is not None:
        known.assertValid(etree.fromstring(etree.tostring(told)))
    return answer.status_code, told


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def refusal(client: Client, content: str, **more: Any) -> tuple[str, str]:
    """Return the standard's exception and its reason."""
    status, told = asked(client, content, **more)
    assert status == 500
    return local(told), told.findtext("reason") or ""


def polled(client: Client, *params: str, name: str = "SimpleEventQuery") -> list[dict[str, Any]]:
    status, told = asked(client, poll(name, *params))
    assert (status, local(told)) == (200, "QueryResults"), etree.tostring(told)
    assert told.findtext("queryName") == name
    listed = told.find("resultsBody/EventList")
    assert listed is not None
    body = etree.tostring(listed)
    document = (
        b'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2"><EPCISBody>'
        + body
        + b"</EPCISBody></e:EPCISDocument>"
    )
    events: list[dict[str, Any]] = read_xml(document)[0]["epcisBody"]["eventList"]
    return events
