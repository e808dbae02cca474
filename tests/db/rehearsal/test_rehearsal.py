"""Facts about rehearsals: they foretell capture, tell where faults are, and do nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from suyuan.capture.rehearsal import CHANGES, Rehearsal, rehearse
from suyuan.capture.services import capture_document
from suyuan.core.epcis import DocumentError, Fault
from suyuan.core.epcis.build import (
    aggregation_event,
    object_event,
    quantity,
    transformation_event,
)
from suyuan.core.epcis.event import Document
from suyuan.core.epcis.xml.write import XmlVersion, write_xml
from suyuan.core.identifiers import parse_epc
from suyuan.kernel.errors import Forbidden
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import create_location, create_party, create_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import PARTNER_RIGHTS

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, 8, 30, tzinfo=timezone(timedelta(hours=8)))
SSCC = "https://id.gs1.org/00/095212340000000013"
PLANT = "https://id.gs1.org/414/9521234000006"
FOREIGN = "urn:epc:id:sgtin:0614141.107346.2018"


@pytest.fixture
def product(actor: Actor) -> Product:
    return create_product(actor=actor, name_zh="明前龙井", granularity="item", category="tea")


@pytest.fixture
def items(product: Product) -> list[str]:
    return [f"https://id.gs1.org/01/{product.gtin}/21/A{n:03}" for n in range(24)]


def document(*events: dict[str, Any], **more: Any) -> bytes:
    value = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **more,
    }
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def observed(*epcs: str, **more: Any) -> dict[str, Any]:
    return object_event(time=AT, action="OBSERVE", epcs=epcs, step="receiving", **more)


def everything_stored() -> dict[str, list[str]]:
    """Return all rows of all tables."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            found[model._meta.db_table] = sorted(map(repr, cursor.fetchall()))
    return found


def counts(found: Rehearsal) -> tuple[int, int, int]:
    return found.new, found.duplicates, found.refused


def test_nothing_is_written_whatever_the_document_says(actor: Actor, items: list[str]) -> None:
    stored = observed(items[0], event_id="urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11")
    capture_document(actor=actor, body=document(stored), source="tests")
    wrong = {**observed(FOREIGN), "bizStep": "shiping"}
    conflict = observed(items[1], event_id="urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11")
    fresh = object_event(
        time=AT, action="ADD", epcs=[FOREIGN], step="commissioning", read_point=PLANT
    )
    packed = aggregation_event(
        time=AT, action="ADD", parent=SSCC, children=[FOREIGN], step="packing"
    )
    body = document(stored, wrong, conflict, fresh, packed)
    before = everything_stored()
    found = rehearse(actor=actor, body=body)
    assert everything_stored() == before
    assert counts(found) == (2, 1, 2)


def test_what_is_foretold_is_what_capture_does(actor: Actor, items: list[str]) -> None:
    capture_document(actor=actor, body=document(observed(items[0])), source="tests")
    body = document(
        observed(items[0]), observed(items[1]), observed(items[1]), {"type": "ObjectEvent"}
    )
    foretold = rehearse(actor=actor, body=body)
    done = capture_document(actor=actor, body=body, source="tests", proceed=True)
    assert counts(foretold) == (done.stored, done.duplicates, 1)
    assert [one.outcome for one in foretold.events] == ["duplicate", "new", "duplicate", "refused"]
    assert [one.change for one in foretold.events] == ["observed", "observed", "observed", ""]


def test_a_fault_has_the_line_and_the_column_of_its_place_in_json(
    actor: Actor, items: list[str]
) -> None:
    body = document(observed(items[0]), {**observed(items[1]), "bizStep": "shiping"})
    (fault,) = rehearse(actor=actor, body=body).faults
    assert fault.position == 1
    assert fault.spot is not None
    assert fault.excerpt is not None
    line = body.decode().split("\n")[fault.spot.line - 1]
    assert line[fault.spot.column - 1 :] == '"bizStep": "shiping"'
    assert fault.excerpt.lines[fault.excerpt.meant] == line


@pytest.mark.parametrize("version", list(XmlVersion))
def test_a_fault_has_the_line_and_the_column_of_its_element_in_xml(
    actor: Actor, items: list[str], version: XmlVersion
) -> None:
    events = [observed(items[0]), observed(items[1], items[2])]
    body = (
        write_xml(
            [(event, {}) for event in events], version=version, created="2026-01-05T00:00:00Z"
        )
        .replace(b"><", b">\n<")
        .replace(items[2].encode(), b"urn:epc:id:sgtin:1.2.3")
    )
    found = rehearse(actor=actor, body=body)
    assert [one.fault.place for one in found.faults] == ["/epcisBody/eventList/1/epcList/1"]
    spot = found.faults[0].spot
    assert spot is not None
    assert "urn:epc:id:sgtin:1.2.3" in body.decode().split("\n")[spot.line - 1]
    assert found.events[0].spot is not None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{\n "type": "EPCISDocument",\n}', "json_trailing_comma", 2),
        ("{\n 'type': 1}", "json_quotes", 2),
        ('{"a": 1', "json_ends_early", 1),
        ('{"a": 1}\n}', "json_extra_data", 2),
    ],
)
def test_what_is_no_json_is_told_by_its_mistake(
    actor: Actor, text: str, code: str, line: int
) -> None:
    found = rehearse(actor=actor, body=text.encode())
    assert found.syntax is not None
    assert (found.syntax.code, found.syntax.spot.line) == (code, line)
    assert not found.accepted


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "looks_like_empty"),
        (b"PK\x03\x04...", "looks_like_zip"),
        ("序列号,时间\n1,2".encode(), "looks_like_text"),
    ],
)
def test_what_is_no_document_at_all_is_told_by_what_it_is(
    actor: Actor, body: bytes, code: str
) -> None:
    assert [one.fault.code for one in rehearse(actor=actor, body=body).faults] == [code]


_XML = b"""<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0">
<EPCISBody></epcis:EPCISDocument>"""


def test_malformed_xml_is_told_with_its_line(actor: Actor) -> None:
    (fault,) = rehearse(actor=actor, body=_XML).faults
    assert fault.fault.code == "xml_malformed"
    assert fault.spot is not None
    assert fault.spot.line == 2


def test_goods_are_added_up_by_product_and_lot(
    actor: Actor, product: Product, items: list[str]
) -> None:
    lot = f"https://id.gs1.org/01/{product.gtin}/10/L1"
    body = document(
        object_event(
            time=AT,
            action="ADD",
            epcs=items,
            step="commissioning",
            ilmd={"cbvmda:lotNumber": "L1"},
        ),
        observed(items[0], quantities=[quantity(lot, 30), quantity(lot, 2.5, "KGM")]),
        aggregation_event(time=AT, action="ADD", parent=SSCC, children=items, step="packing"),
        observed(FOREIGN),
    )
    found = rehearse(actor=actor, body=body)
    own = next(one for one in found.goods if one.gtin == product.gtin)
    assert (own.known, own.items, own.lots) == ("product", 24, ("L1",))
    assert own.amounts == {"": 30, "KGM": 2.5}
    assert [one.known for one in found.goods if one.gtin != product.gtin] == [""]
    assert found.units == 1
    assert [one.change for one in found.events] == ["born", "observed", "packed", "observed"]


def test_places_are_told_known_or_not_and_only_to_whom_it_may_be_told(
    actor: Actor, items: list[str]
) -> None:
    party = create_party(actor=actor, code="FAB", kind="factory", name_zh="工厂")
    location = create_location(
        actor=actor, code="PLANT", kind="factory", name_zh="车间", party="FAB", gln="9521234000006"
    )
    body = document(
        observed(
            items[0],
            read_point=location.identifier,
            location="urn:suyuan:nobody:location:X",
            destinations=[("possessing_party", party.identifier)],
        )
    )
    told = {one.role: one.known for one in rehearse(actor=actor, body=body).places}
    assert told == {"read_point": True, "location": False, "destination": True}
    mine = {parse_epc(location.identifier)}
    told = {one.role: one.known for one in rehearse(actor=actor, body=body, tellable=mine).places}
    assert told == {"read_point": True, "location": None, "destination": None}


def test_an_event_that_would_be_declared_an_error_is_named(actor: Actor, items: list[str]) -> None:
    event_id = "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11"
    event = observed(items[0], event_id=event_id)
    done = capture_document(actor=actor, body=document(event), source="tests")
    declared = {
        **event,
        "errorDeclaration": {
            "declarationTime": "2026-01-06T00:00:00Z",
            "reason": "did_not_occur",
        },
    }
    found = rehearse(actor=actor, body=document(observed(items[1]), declared))
    assert found.voided == (done.first_seq,)
    assert found.events[1].voids == (done.first_seq,)
    assert found.events[1].change == "voided"


def test_what_a_partner_may_not_deliver_is_refused_like_any_fault(
    actor: Actor, items: list[str]
) -> None:
    def check(_actor: Actor, read: Document) -> list[Fault]:
        return [Fault("not_yours", f"{read.place}/{at}/readPoint") for at, _ in read.events[:1]]

    body = document(observed(items[0], read_point=PLANT), observed(items[1]))
    partner = replace(actor, holder=1, rights=PARTNER_RIGHTS)
    found = rehearse(actor=partner, body=body, check=check)
    assert counts(found) == (1, 0, 1)
    assert found.faults[0].spot is not None


def test_a_query_document_is_rehearsed_with_its_own_places(actor: Actor, items: list[str]) -> None:
    value = json.loads(document(observed(items[0]), {**observed(items[1]), "action": "EAT"}))
    value["type"] = "EPCISQueryDocument"
    results = {"queryName": "SimpleEventQuery", "resultsBody": value["epcisBody"]}
    value["epcisBody"] = {"queryResults": results}
    body = json.dumps(value, indent=1).encode()
    found = rehearse(actor=actor, body=body)
    assert counts(found) == (1, 0, 1)
    assert found.faults[0].spot is not None
    assert '"action"' in body.decode().split("\n")[found.faults[0].spot.line - 1]
    done = capture_document(actor=actor, body=body, source="tests", proceed=True)
    assert (done.stored, done.duplicates) == (1, 0)


def test_only_the_first_events_are_told_one_by_one(actor: Actor, product: Product) -> None:
    base = f"https://id.gs1.org/01/{product.gtin}/21"
    found = rehearse(actor=actor, body=document(*(observed(f"{base}/{n}") for n in range(1, 302))))
    assert (found.new, len(found.events), found.goods[0].items) == (301, 200, 301)


def test_hash_ids_make_the_same_event_in_another_syntax_a_duplicate(
    actor: Actor, items: list[str]
) -> None:
    event = observed(items[0])
    capture_document(actor=actor, body=document(event), source="tests", hash_ids=True)
    body = write_xml([(event, {})], version=XmlVersion.V2_0, created="2026-01-05T00:00:00Z")
    assert rehearse(actor=actor, body=body, hash_ids=True).duplicates == 1
    assert rehearse(actor=actor, body=body).duplicates == 0


def test_a_transformation_tells_what_goes_in_and_what_comes_out(
    actor: Actor, items: list[str]
) -> None:
    event = transformation_event(time=AT, inputs=[FOREIGN], outputs=items[:3])
    (one,) = rehearse(actor=actor, body=document(event)).events
    assert (one.inputs, one.units, one.change) == (1, 3, "transformed")
    assert one.sample == parse_epc(items[0])


def test_who_may_not_capture_may_not_rehearse(actor: Actor, items: list[str]) -> None:
    body = document(observed(items[0]))
    for nobody in (
        replace(actor, rights=frozenset()),
        replace(actor, holder=1, rights=PARTNER_RIGHTS),  # without a check, nothing
    ):
        with pytest.raises(Forbidden):
            rehearse(actor=nobody, body=body)


def test_every_kind_of_event_has_a_word_for_its_change() -> None:
    assert len(set(CHANGES.values())) == 12


def test_a_fault_of_the_whole_document_stands_where_it_is(actor: Actor) -> None:
    body = document(schemaVersion="3.0")
    with pytest.raises(DocumentError):
        capture_document(actor=actor, body=body, source="tests")
    (fault,) = rehearse(actor=actor, body=body).faults
    assert fault.fault.code == "schema_version"
    assert fault.spot is not None
    assert '"schemaVersion"' in body.decode().split("\n")[fault.spot.line - 1]


def test_goods_of_every_kind_are_counted(actor: Actor, product: Product, items: list[str]) -> None:
    giai = "urn:epc:id:giai:0614141.12345400"
    single = "urn:epc:id:sgtin:0614141.107346.7"
    body = document(
        observed(giai, items[0], "https://example.com/things/1"),
        observed(f"https://id.gs1.org/01/{product.gtin}/21/A%2FB"),
        observed("urn:epc:id:sscc:0614141.1234567890"),
        observed(quantities=[quantity("urn:epc:idpat:sgtin:0614141.107346.*", 5)]),
        observed(quantities=[quantity(f"https://id.gs1.org/01/{product.gtin}")]),
        observed(quantities=[quantity("https://example.com/classes/1", 2)]),
        observed(single, SSCC),
        aggregation_event(time=AT, action="DELETE", parent=SSCC, children=[], step="unpacking"),
    )
    found = rehearse(actor=actor, body=body)
    assert counts(found) == (8, 0, 0), found.faults
    assert found.units == 2
    assert {one.gtin: (one.items, dict(one.amounts)) for one in found.goods} == {
        product.gtin: (2, {}),
        parse_epc(single).primary: (1, {"": 5}),
    }
    assert found.events[-1].sample == parse_epc(SSCC)


def test_a_declaration_of_an_event_in_the_same_document_voids_nothing_stored(
    actor: Actor, items: list[str]
) -> None:
    event = observed(items[0], event_id="urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11")
    declared = {**event, "errorDeclaration": {"declarationTime": "2026-01-06T00:00:00Z"}}
    found = rehearse(actor=actor, body=document(event, declared))
    assert (found.new, found.voided) == (2, ())


def test_what_is_nested_too_deeply_is_told_without_a_place(actor: Actor) -> None:
    (fault,) = rehearse(actor=actor, body=b"[" * 100_000).faults
    assert (fault.fault.code, fault.spot) == ("json_depth", None)
