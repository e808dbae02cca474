"""Identifiers in the form that is asked for; nothing else of an event changes."""

from __future__ import annotations

from typing import Any

import pytest

from suyuan.core.epcis import Event, read_event
from suyuan.core.epcis.forms import CompanyPrefixes, EpcFormat, Translator, link_of, prefixes_in

PREFIXES = CompanyPrefixes(["0614141", "061414", "4012345"])
URNS: dict[str, Any] = {
    "type": "TransformationEvent",
    "inputEPCList": ["urn:epc:id:sgtin:0614141.107346.A1", "urn:epc:id:sgtin:0614141.107346.A2"],
    "outputEPCList": ["urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:giai:0614141.7"],
    "epcList": ["urn:epc:id:sgtin:0614141.107346.a%2Fb"],
    "childEPCs": ["urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.1234567891"],
    "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 2}],
    "parentID": "urn:epc:id:sscc:0614141.1234567892",
    "transformationID": "urn:epc:id:gdti:0614141.00001.7",
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.0", "ex:door": "3"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.8"}],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
    "ex:note": "urn:epc:id:sgtin:0614141.107346.A1",
}
LINKS: dict[str, Any] = {
    "type": "TransformationEvent",
    "inputEPCList": [f"https://id.gs1.org/01/10614141073464/21/A{n}" for n in (1, 2)],
    "outputEPCList": [
        "https://id.gs1.org/00/106141412345678908",
        "https://id.gs1.org/8004/06141417",
    ],
    "epcList": ["https://id.gs1.org/01/10614141073464/21/a%2Fb"],
    "childEPCs": [
        "https://id.gs1.org/00/106141412345678908",
        "https://id.gs1.org/00/106141412345678915",
    ],
    "outputQuantityList": [
        {"epcClass": "https://id.gs1.org/01/04012345123456/10/L1", "quantity": 2}
    ],
    "parentID": "https://id.gs1.org/00/106141412345678922",
    "transformationID": "https://id.gs1.org/253/06141410000127",
    "readPoint": {"id": "https://id.gs1.org/414/0614141073467", "ex:door": "3"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "https://id.gs1.org/253/06141410000128"}
    ],
    "sourceList": [{"type": "owning_party", "source": "https://id.gs1.org/417/4012345002256"}],
    "ex:note": "urn:epc:id:sgtin:0614141.107346.A1",
}


@pytest.mark.parametrize("form", [EpcFormat.LINK, EpcFormat.NO_PREFERENCE])
def test_urns_become_links_and_nothing_else_changes(form: EpcFormat) -> None:
    assert Translator(form, PREFIXES.length).event(URNS) == LINKS


def test_links_become_urns_where_the_prefix_is_known() -> None:
    assert Translator(EpcFormat.URN, PREFIXES.length).event(LINKS) == URNS


def test_nothing_is_translated_when_nothing_shall_be() -> None:
    for event in (URNS, LINKS):
        assert Translator(EpcFormat.NEVER, PREFIXES.length).event(event) == event


def test_links_of_an_unknown_prefix_and_foreign_uris_stay() -> None:
    unknown = CompanyPrefixes(["999999"])
    event = {
        "epcList": ["https://id.gs1.org/01/10614141073464/21/A1", "https://shop.example/p/1"],
        "childEPCs": ["https://shop.example/01/123/21/1", "urn:x:1"],
    }
    assert Translator(EpcFormat.URN, unknown.length).event(event) == event


def test_malformed_text_is_given_as_it_is() -> None:
    assert link_of("urn:epc:id:sgtin:x") == "urn:epc:id:sgtin:x"
    assert link_of("https://shop.example/p/1") == "https://shop.example/p/1"


def test_links_of_another_host_and_with_a_query_become_canonical() -> None:
    given = "https://brand.example/a/01/10614141073464/10/L1/21/A1?x=1"
    assert link_of(given) == "https://id.gs1.org/01/10614141073464/21/A1"


def test_longest_known_prefix_wins() -> None:
    assert PREFIXES.length("0614141073464") == 7
    assert PREFIXES.length("0614149073464") == 6
    assert PREFIXES.length("5000000000000") is None


def read(**fields: Any) -> Event:
    base = {"eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+08:00"}
    return read_event({**base, **fields}, now=1 << 60)


def test_prefixes_are_seen_in_every_urn_of_an_event() -> None:
    names = [
        "type",
        "inputEPCList",
        "outputEPCList",
        "outputQuantityList",
        "transformationID",
        "readPoint",
        "bizTransactionList",
        "sourceList",
    ]
    assert prefixes_in(read(**{name: URNS[name] for name in names})) == {"0614141", "4012345"}
    assert prefixes_in(read(**{name: LINKS[name] for name in names})) == set()
    others = ["urn:epc:id:gid:1.2.3", "urn:x:1", "urn:epc:id:giai:061414.7"]
    assert prefixes_in(read(type="ObjectEvent", action="ADD", epcList=others)) == {"061414"}
