"""Facts about master data in the headers of captured documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suyuan.capture.errors import JobNotFound
from suyuan.capture.headers import header_of_job, masterdata_of_job
from suyuan.capture.models import DocumentHeader
from suyuan.capture.services import CaptureOutcome, capture_document
from suyuan.core.epcis import DocumentError, header
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import create_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from tests.conformance.rejected_json import a_document, an_object
from tests.conformance.rejected_xml import EVENT, old
from tests.conformance.rejected_xml import a_document as an_xml_document

pytestmark = pytest.mark.django_db

VTYPE = "urn:epcglobal:epcis:vtype:"
PLACE = "urn:epc:id:sgln:0037000.00729.0"


@pytest.fixture
def product(actor: Actor) -> Product:
    return create_product(actor=actor, name_zh="明前龙井", granularity="item", category="tea")


def vocabulary(kind: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": VTYPE + kind, "vocabularyElementList": list(elements)}


def element(identifier: str, /, **attributes: Any) -> dict[str, Any]:
    listed = [
        {"id": f"urn:epcglobal:cbv:mda#{key}", "attribute": value}
        for key, value in attributes.items()
    ]
    return {"id": identifier, "attributes": listed}


def capture(actor: Actor, *vocabularies: dict[str, Any], **changes: Any) -> CaptureOutcome:
    told = {"epcisMasterData": {"vocabularyList": list(vocabularies)}}
    body = json.dumps(a_document(**({"epcisHeader": told} | changes))).encode()
    return capture_document(actor=actor, body=body, source="tests")


def test_the_header_is_kept_with_its_job_and_given_back(actor: Actor) -> None:
    told = vocabulary("BusinessLocation", element(PLACE, name="老仓\0", floor=3))
    done = capture(actor, told)
    kept = header_of_job(actor.organisation_id, done.job_id)
    assert kept == {"epcisMasterData": {"vocabularyList": [told]}}


def test_a_document_without_a_header_keeps_none(actor: Actor) -> None:
    body = json.dumps(a_document()).encode()
    done = capture_document(actor=actor, body=body, source="tests")
    assert header_of_job(actor.organisation_id, done.job_id) == {}
    assert masterdata_of_job(actor.organisation_id, done.job_id) == []
    assert not DocumentHeader.objects.exists()


def test_a_document_of_master_data_alone_is_taken(actor: Actor) -> None:
    told = vocabulary("ReadPoint", element(PLACE))
    done = capture(actor, told, epcisBody={"eventList": []})
    assert (done.stored, done.duplicates) == (0, 0)
    assert len(masterdata_of_job(actor.organisation_id, done.job_id)) == 1


def test_places_parties_and_products_are_suggested_once_each(
    actor: Actor, product: Product
) -> None:
    done = capture(
        actor,
        vocabulary("BusinessLocation", element(PLACE, name="Warehouse"), element("urn:x:shed")),
        vocabulary("ReadPoint", element("https://id.gs1.org/414/0037000007296", city="Hangzhou")),
        vocabulary("SourceDest", element("urn:epc:id:pgln:4000001.00005", name="Dairy")),
        vocabulary(
            "EPCClass",
            element(f"https://id.gs1.org/01/{product.gtin}", descriptionShort="Milk"),
            element(f"https://id.gs1.org/01/{product.gtin}/10/L1", lotNumber="L1"),
            element("urn:epc:class:lgtin:4012345.012345.998877", descriptionShort="Cream"),
        ),
        vocabulary("Colour", element("urn:x:red")),
    )
    found = masterdata_of_job(actor.organisation_id, done.job_id)
    assert [(one.kind.value, one.id, one.known) for one in found] == [
        ("location", PLACE, False),
        ("location", "urn:x:shed", False),
        ("party", "urn:epc:id:pgln:4000001.00005", False),
        ("product", f"https://id.gs1.org/01/{product.gtin}", True),
        ("product", "urn:epc:class:lgtin:4012345.012345.998877", False),
    ]
    assert found[0].attributes == {"name": "Warehouse", "city": "Hangzhou"}
    assert found[3].attributes == {"descriptionShort": "Milk", "lotNumber": "L1"}


@pytest.mark.parametrize("old_version", [False, True], ids=["2.0", "1.2"])
def test_a_header_in_xml_is_kept_with_its_business_document_header(
    actor: Actor, old_version: bool
) -> None:
    sbdh = (
        '<s:StandardBusinessDocumentHeader xmlns:s="http://www.unece.org/cefact/namespaces/'
        'StandardBusinessDocumentHeader"><s:HeaderVersion>1.0</s:HeaderVersion><s:Sender>'
        '<s:Identifier Authority="SGLN">urn:epc:id:sgln:0037000.00729.0</s:Identifier></s:Sender>'
        "</s:StandardBusinessDocumentHeader>"
    )
    head = (
        f"<EPCISHeader>{sbdh}<extension><EPCISMasterData><VocabularyList>"
        f'<Vocabulary type="{VTYPE}BusinessLocation"><VocabularyElementList>'
        f'<VocabularyElement id="{PLACE}"><attribute id="urn:epcglobal:cbv:mda#name">老仓'
        "</attribute></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList>"
        "</EPCISMasterData></extension></EPCISHeader><EPCISBody>"
    )
    body = (old if old_version else an_xml_document)(EVENT)
    body = body.replace(b"<EPCISBody>", head.encode())
    done = capture_document(actor=actor, body=body, source="tests", media="xml")
    kept = header_of_job(actor.organisation_id, done.job_id)
    business = kept["s:StandardBusinessDocumentHeader"]
    assert business["s:Sender"]["s:Identifier"] == {"@Authority": "SGLN", "#text": PLACE}
    (suggestion,) = masterdata_of_job(actor.organisation_id, done.job_id)
    assert (suggestion.id, suggestion.attributes) == (PLACE, {"name": "老仓"})


def test_master_data_without_end_is_refused(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header, "MOST_ELEMENTS", 5)
    with pytest.raises(DocumentError) as caught:
        capture(actor, vocabulary("ReadPoint", *(element(f"urn:x:{i}") for i in range(9))))
    assert [fault.code for fault in caught.value.faults] == ["too_much_master_data"]


def test_nobody_else_reads_a_header(actor: Actor, other_organisation: Organisation) -> None:
    done = capture(actor, vocabulary("ReadPoint", element(PLACE)))
    with pytest.raises(JobNotFound):
        header_of_job(other_organisation.pk, done.job_id)
    with pytest.raises(JobNotFound):
        masterdata_of_job(actor.organisation_id, done.job_id, holder=7)


def test_signs_that_no_database_takes_are_refused_or_replaced(actor: Actor) -> None:
    with pytest.raises(DocumentError) as caught:
        capture(actor, **{"@context": [{"a\0": "urn:x:"}]})
    assert caught.value.faults[0].code == "context_malformed"
    body = json.dumps(a_document(an_object(), an_object(**{"a\0": 1, "bizStep": "\0"}))).encode()
    done = capture_document(actor=actor, body=body, source="tests", proceed=True)
    assert done.stored == 1
    assert [fault.place[-3:] for fault in done.faults] == ["/a\ufffd"]
