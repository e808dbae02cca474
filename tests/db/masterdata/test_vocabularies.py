"""Master data as vocabularies of EPCIS, and the standard's query of them."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.vocabulary_query import read_vocabulary_query
from suyuan.core.epcis.xml.vocabularies import (
    BUSINESS_LOCATION,
    EPC_CLASS,
    READ_POINT,
    SOURCE_DEST,
    VocabularyElement,
)
from suyuan.masterdata import services, vocabularies
from suyuan.masterdata.vocabularies import CBV, VocabularyTooLarge, vocabulary_elements
from suyuan.tenancy.actor import Actor

pytestmark = pytest.mark.django_db

GTIN = "06901234000016"
CLASS = f"https://id.gs1.org/01/{GTIN}"
LOT = f"{CLASS}/10/L1"
MATERIAL = "06901234000023"
BASE = (("includeAttributes", "true"), ("includeChildren", "true"))


@pytest.fixture
def _world(actor: Actor, other_actor: Actor) -> None:
    services.create_product(
        actor=actor,
        gtin=GTIN,
        name_zh="龙井",
        name_en="Longjing",
        category="tea",
        granularity="item",
        net_content="50 g",
    )
    services.create_lot(
        actor=actor,
        gtin=GTIN,
        code="L1",
        produced_on=date(2026, 1, 1),
        expires_on=date(2027, 1, 1),
    )
    services.create_party(actor=actor, code="S", name_zh="茶农", kind="supplier", address="山路1号")
    services.create_material(
        actor=actor, code="M", gtin=MATERIAL, name_zh="鲜叶", name_en="Leaf", supplier="S"
    )
    services.create_material_lot(actor=actor, material="M", code="R1", expires_on=date(2026, 3, 1))
    services.create_location(
        actor=actor,
        code="W",
        name_zh="仓",
        kind="warehouse",
        gln="6901234000009",
        region="330100",
        party="S",
        latitude=30.25,
        longitude=-120.5,
    )
    services.create_location(actor=actor, code="D", name_zh="月台", kind="dock", region="330000")
    services.create_location(actor=other_actor, code="X", name_zh="别家", kind="warehouse")


def found(actor: Actor, *params: tuple[str, str | list[str]]) -> list[VocabularyElement]:
    names = {name for name, _ in params}
    base = [one for one in BASE if one[0] not in names]
    query = read_vocabulary_query([*base, *params])
    return vocabulary_elements(actor.organisation_id, query, language="zh-hans")


def ids(actor: Actor, *params: tuple[str, str | list[str]]) -> list[str]:
    return [one.id for one in found(actor, *params)]


@pytest.mark.usefixtures("_world")
def test_everything_of_the_organisation_is_an_element_and_nothing_of_others(actor: Actor) -> None:
    kinds = [one.vocabulary for one in found(actor)]
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert counts == {BUSINESS_LOCATION: 2, READ_POINT: 2, EPC_CLASS: 4, SOURCE_DEST: 1}


@pytest.mark.usefixtures("_world")
def test_a_location_tells_its_name_region_and_coordinates(actor: Actor) -> None:
    (dock, place) = found(actor, ("vocabularyName", [READ_POINT]))
    assert place.id == "https://id.gs1.org/414/6901234000009"
    assert place.attributes[CBV + "name"] == "仓"
    assert place.attributes[CBV + "city"] == "杭州市"
    assert place.attributes[CBV + "latitude"] == "+30.250000"
    assert place.attributes[CBV + "longitude"] == "-120.500000"
    assert dock.id == "urn:suyuan:mingqian:location:D"
    assert CBV + "city" not in dock.attributes
    assert dock.attributes[CBV + "state"] == "浙江省"


@pytest.mark.usefixtures("_world")
def test_a_products_class_holds_its_lots(actor: Actor) -> None:
    (product,) = found(actor, ("EQ_name", [CLASS]))
    assert product.children == (LOT,)
    assert product.attributes[CBV + "descriptionShort"] == "龙井"
    (lot,) = found(actor, ("EQ_name", LOT))
    assert lot.attributes == {
        CBV + "lotNumber": "L1",
        CBV + "productionDate": "2026-01-01",
        CBV + "itemExpirationDate": "2027-01-01",
    }


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ([("EQ_name", ["urn:epc:idpat:sgtin:6901234.000001.*"])], [CLASS]),
        ([("EQ_name", ["urn:epc:class:lgtin:6901234.000001.L1"])], [LOT]),
        ([("WD_name", ["urn:epc:idpat:sgtin:6901234.000001.*"])], [CLASS, LOT]),
        ([("EQ_name", ["urn:nothing"])], []),
        ([("HASATTR", [CBV + "lotNumber"]), ("WD_name", [CLASS])], [LOT]),
        ([("HASATTR", ["urn:no"])], []),
        (
            [("EQATTR_" + CBV + "descriptionShort", ["鲜叶", "x"])],
            [f"https://id.gs1.org/01/{MATERIAL}"],
        ),
        ([("EQATTR_" + CBV + "name", "茶农")], ["urn:suyuan:mingqian:party:S"]),
        ([("vocabularyName", ["urn:epcglobal:epcis:vtype:BusinessStep"])], []),
    ],
)
def test_parameters_choose_by_name_kinship_and_attribute(
    actor: Actor, params: list[tuple[str, str | list[str]]], expected: list[str]
) -> None:
    assert ids(actor, *params) == expected


@pytest.mark.usefixtures("_world")
def test_attributes_and_children_are_told_as_far_as_asked(actor: Actor) -> None:
    bare = found(
        actor,
        ("includeAttributes", "false"),
        ("includeChildren", "false"),
        ("vocabularyName", EPC_CLASS),
    )
    assert all(not one.attributes and not one.children for one in bare)
    (some,) = found(actor, ("EQ_name", CLASS), ("attributeNames", [CBV + "netContentDescription"]))
    assert some.attributes == {CBV + "netContentDescription": "50 g"}


@pytest.mark.usefixtures("_world")
def test_more_elements_than_allowed_are_refused(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(ids(actor, ("maxElementCount", "9"))) == 9
    with pytest.raises(VocabularyTooLarge):
        ids(actor, ("maxElementCount", "8"))
    monkeypatch.setattr(vocabularies, "MOST_ELEMENTS", 3)
    with pytest.raises(VocabularyTooLarge):
        ids(actor)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ([("EQ_colour", "red")], "query_parameter"),
        ([("EQATTR_", "red")], "query_parameter"),
        ([("includeAttributes", "perhaps")], "query_value"),
        ([("includeAttributes", ["true"])], "query_value"),
        ([("maxElementCount", "0")], "query_value"),
        ([("maxElementCount", "many")], "query_value"),
        ([("EQ_name", [])], "query_value"),
        ([("EQ_name", "")], "query_value"),
        ([("includeAttributes", "true")], "query_parameter_missing"),
        ([("includeChildren", "true")], "query_parameter_missing"),
    ],
)
def test_parameters_that_mean_nothing_are_refused_by_name(
    params: list[tuple[str, str | list[str]]], code: str
) -> None:
    base = [] if code == "query_parameter_missing" else [p for p in BASE if p[0] != params[0][0]]
    with pytest.raises(DocumentError) as caught:
        read_vocabulary_query([*base, *params])
    assert caught.value.faults[0].code == code
