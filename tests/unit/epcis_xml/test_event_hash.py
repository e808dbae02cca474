"""The event hash: the same for every way to write an event, another for every other event."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from suyuan.core.epcis.contexts import prefix_meanings
from suyuan.core.epcis.event_hash import event_hash, prehash, utc
from suyuan.core.epcis.xml import XmlVersion, read_xml, write_xml

CONTEXT = {"example": "http://ns.example.com/epcis/"}
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2005-04-03T20:33:31.116000-06:00",
    "eventTimeZoneOffset": "-06:00",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2018", "urn:epc:id:sgtin:0614141.107346.2017"],
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "http://transaction.acme.com/po/12345678"}
    ],
}
# As the algorithm's reference implementation writes it.
PREHASH = (
    "eventType=ObjectEventeventTime=2005-04-04T02:33:31.116ZeventTimeZoneOffset=-06:00"
    "epcListepc=https://id.gs1.org/01/10614141073464/21/2017"
    "epc=https://id.gs1.org/01/10614141073464/21/2018action=OBSERVE"
    "bizStep=https://ref.gs1.org/cbv/BizStep-shipping"
    "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
    "readPointid=https://id.gs1.org/414/0614141073467/254/1234"
    "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-po"
    "bizTransaction=http://transaction.acme.com/po/12345678"
)
HASH = "ni:///sha-256;df6523665bc5e5803d6c7b84f5a04e103694d8220f2abc4f2c74310e89f31bc6?ver=CBV2.0"


def test_hash_is_that_of_the_reference_implementation() -> None:
    assert prehash(EVENT, {}) == PREHASH
    assert event_hash(EVENT, {}) == HASH
    assert hashlib.sha256(PREHASH.encode()).hexdigest() in HASH


@pytest.mark.parametrize(
    "other",
    [
        {"epcList": EVENT["epcList"][::-1]},
        {"epcList": [f"https://brand.example/01/10614141073464/21/201{n}?x=1" for n in (7, 8)]},
        {"eventTime": "2005-04-04T02:33:31.116Z"},
        {"eventTime": "2005-04-04T10:33:31.1163+08:00"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"},
        {"bizStep": "cbv:BizStep-shipping"},
        {"readPoint": {"id": "https://id.gs1.org/414/0614141073467/254/1234"}},
        {"eventID": "urn:uuid:1", "recordTime": "2026-01-01T00:00:00Z"},
        {"errorDeclaration": {"declarationTime": "2026-01-01T00:00:00Z"}},
    ],
)
def test_other_spelling_has_the_same_hash(other: dict[str, Any]) -> None:
    assert event_hash({**EVENT, **other}, {}) == HASH


@pytest.mark.parametrize(
    "other",
    [
        {"action": "ADD"},
        {"epcList": EVENT["epcList"][:1]},
        {"eventTime": "2005-04-03T20:33:31.117-06:00"},
        {"disposition": "in_progress"},
        {"readPoint": {"id": "urn:x:1"}},
        {"quantityList": [{"epcClass": "urn:x:1", "quantity": 1}]},
        {"example:note": "1"},
        {"ilmd": {"example:note": "1"}},
        {"certificationInfo": ["urn:x:1"]},
        {"sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 1}]}]},
        {"persistentDisposition": {"set": ["damaged"]}},
    ],
)
def test_other_event_has_another_hash(other: dict[str, Any]) -> None:
    assert event_hash({**EVENT, **other}, CONTEXT) != HASH


SENSED = {
    **EVENT,
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200.0}],
    "sensorElementList": [
        {
            "sensorMetadata": {"time": "2019-04-02T14:05:00+01:00", "example:made": "x"},
            "sensorReport": [
                {"type": "Temperature", "value": 26.0, "component": "latitude", "uom": "CEL"},
                {"type": "gs1:Humidity", "booleanValue": True, "stringValue": "a"},
            ],
        }
    ],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
    "ilmd": {"cbvmda:lotNumber": "A1", "example:list": ["2", "1.0", {"example:in": "z"}]},
    "example:attributed": {"@example:by": "王", "#text": "x"},
    "example:empty": "",
    "action": "ADD",
}


@pytest.mark.parametrize("version", list(XmlVersion))
def test_hash_is_the_same_in_every_syntax(version: XmlVersion) -> None:
    written = write_xml([(SENSED, CONTEXT)], version=version, created="2026-01-01T00:00:00Z")
    document, _ = read_xml(written)
    (event,) = document["epcisBody"]["eventList"]
    assert prehash(event, prefix_meanings(document["@context"])) == prehash(SENSED, CONTEXT)


def test_parts_stand_in_the_standards_order_with_their_names() -> None:
    text = prehash(SENSED, CONTEXT)
    parts = [
        "quantityListquantityElementepcClass=https://id.gs1.org/01/04012345123456/10/998877",
        "quantity=200action=ADD",
        "sourceListtype=https://ref.gs1.org/cbv/SDT-owning_party",
        "source=https://id.gs1.org/417/4012345002256sensorElementListsensorElementsensorMetadata",
        "time=2019-04-02T13:05:00.000Z{http://ns.example.com/epcis/}made=x",
        "sensorReporttype=https://gs1.org/voc/Humidity",
        "stringValue=abooleanValue=true",
        "value=26component=https://ref.gs1.org/cbv/Comp-latitudeuom=CEL",
        "ilmd{http://ns.example.com/epcis/}list=1{http://ns.example.com/epcis/}list=2",
        "{urn:epcglobal:cbv:mda}lotNumber=A1",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_time_is_rounded_to_milliseconds() -> None:
    assert utc("2026-01-01T23:59:59.9996Z") == "2026-01-02T00:00:00.000Z"
    assert utc("2026-01-01T08:00:00+08:00") == "2026-01-01T00:00:00.000Z"


def test_loose_values_are_spelled_alike() -> None:
    event = {
        **EVENT,
        "childEPCs": ["urn:epc:id:sgtin:x"],
        "example:time": "2026-01-01T08:00:00+08:00",
        "example:like": "2026-01-0XT08:00:00+08:00",
        "example:small": 1e-7,
        "example:curie": "gs1:Temperature",
        "example:null": None,
        "https://ns.example.com/whole": "1",
    }
    text = prehash(event, CONTEXT)
    for part in (
        "childEPCsepc=urn:epc:id:sgtin:x",
        "time=2026-01-01T00:00:00.000Z",
        "like=2026-01-0XT08:00:00+08:00",
        "small=1e-07",
        "curie=https://gs1.org/voc/Temperature",
        "https://ns.example.com/whole=1",
    ):
        assert part in text
