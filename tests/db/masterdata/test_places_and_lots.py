"""Facts about parties, locations, materials, lots, search and identifiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata import selectors, services
from suyuan.masterdata.errors import CodeTaken, GlnTaken
from suyuan.masterdata.models import Party
from suyuan.masterdata.search import search
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db

GTIN = "09521234000013"
GLN = "9521234000006"
MADE = date(2026, 3, 1)


def party(actor: Actor, code: str = "F1", **fields: Any) -> Party:
    return services.create_party(
        actor=actor, code=code, **{"kind": "factory", "name_zh": "西湖茶厂", **fields}
    )


def test_same_code_twice_is_a_conflict_but_free_in_another_organisation(
    actor: Actor, other_actor: Actor
) -> None:
    party(actor)
    party(other_actor)
    with pytest.raises(CodeTaken):
        party(actor)
    assert Party.objects.count() == 2


def test_same_gln_twice_is_a_conflict_of_the_gln(actor: Actor) -> None:
    party(actor, gln=GLN)
    with pytest.raises(GlnTaken):
        party(actor, "F2", gln=GLN)
    party(actor, "F3")
    with pytest.raises(GlnTaken):
        services.update_party(actor=actor, code="F3", gln=GLN)


def test_code_conflict_of_a_row_with_gln_is_of_the_code(actor: Actor) -> None:
    party(actor, gln=GLN)
    with pytest.raises(CodeTaken):
        party(actor, gln="9521234000013")


@pytest.mark.parametrize("code", ["", " ", "茶厂", "a b", "a/b", "-x", "x" * 41, "a\0", "é", "<b>"])
def test_code_of_other_signs_is_refused(actor: Actor, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        party(actor, code)
    assert caught.value.place == "code"


def test_identifiers_are_gs1_links_or_names_within_the_organisation(actor: Actor) -> None:
    assert party(actor).identifier == "urn:suyuan:mingqian:party:F1"
    assert party(actor, "F2", gln=GLN).identifier == f"https://id.gs1.org/417/{GLN}"
    place = services.create_location(
        actor=actor, code="L1", kind="factory", name_zh="一厂", gln=GLN, party="F1"
    )
    assert place.identifier == f"https://id.gs1.org/414/{GLN}"


def test_rows_are_found_by_identifier_in_one_query_also_by_the_one_before_the_gln(
    actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.create_location(actor=actor, code="L1", kind="factory", name_zh="一厂", gln=GLN)
    services.create_location(actor=actor, code="L2", kind="dock", name_zh="二厂")
    party(actor)
    organisation_id = actor.organisation_id
    with django_assert_num_queries(1):
        found = selectors.locations_by_identifier(organisation_id)
    assert found[f"https://id.gs1.org/414/{GLN}"].code == "L1"
    assert found["urn:suyuan:mingqian:location:L1"].code == "L1"
    assert found["urn:suyuan:mingqian:location:L2"].code == "L2"
    with django_assert_num_queries(1):
        assert list(selectors.parties_by_identifier(organisation_id)) == [
            "urn:suyuan:mingqian:party:F1"
        ]


def test_location_is_drawn_at_its_coordinates_or_at_its_region(actor: Actor) -> None:
    exact = services.create_location(
        actor=actor, code="L1", name_zh="厂", region="330100", latitude=30.1, longitude=120.0
    )
    rough = services.create_location(actor=actor, code="L2", name_zh="仓", region="330100")
    nowhere = services.create_location(actor=actor, code="L3", name_zh="店")
    assert exact.position == (30.1, 120.0, True)
    assert rough.position == (30.274, 120.155, False)
    assert nowhere.position is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"latitude": 30.0}, "half_a_position"),
        ({"latitude": 91.0, "longitude": 0.0}, "out_of_range"),
        ({"latitude": float("nan"), "longitude": 0.0}, "out_of_range"),
        ({"region": "999999"}, "not_an_option"),
        ({"party": "nobody"}, "party_unknown"),
        ({"gln": "9521234000007"}, "gln_check_digit"),
    ],
)
def test_malformed_location_is_refused(actor: Actor, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        services.create_location(actor=actor, code="L1", name_zh="厂", **fields)
    assert caught.value.code == code


def test_party_of_another_organisation_is_unknown_in_a_relation(
    actor: Actor, other_actor: Actor
) -> None:
    party(other_actor, "F9")
    with pytest.raises(Invalid, match="party_unknown"):
        services.create_location(actor=actor, code="L1", name_zh="厂", party="F9")


def test_lot_without_expiry_takes_the_products_shelf_life(actor: Actor) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="茶", shelf_life_days=30)
    lot = services.create_lot(actor=actor, gtin=GTIN, code="20260301A", produced_on=MADE)
    assert lot.expires_on == date(2026, 3, 31)
    assert lot.identity.digital_link() == f"https://id.gs1.org/01/{GTIN}/10/20260301A"


def test_lot_that_expires_before_it_is_made_is_refused(actor: Actor) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="茶")
    with pytest.raises(Invalid, match="expires_before_production"):
        services.create_lot(
            actor=actor, gtin=GTIN, code="A", produced_on=MADE, expires_on=date(2026, 2, 1)
        )


@pytest.mark.parametrize("code", ["", "批", "x" * 21, "..", "a b", "\0", "a\u202eb", "/"])
def test_lot_code_that_no_carrier_can_bear_is_refused(actor: Actor, code: str) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="茶")
    with pytest.raises(Invalid):
        services.create_lot(actor=actor, gtin=GTIN, code=code, produced_on=MADE)


def test_lot_is_once_per_product_and_per_organisation(actor: Actor, other_actor: Actor) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="茶")
    services.create_lot(actor=actor, gtin=GTIN, code="A/1", produced_on=MADE)
    with pytest.raises(CodeTaken):
        services.create_lot(actor=actor, gtin=GTIN, code="A/1", produced_on=MADE)
    with pytest.raises(NotFound):
        selectors.get_lot(other_actor.organisation_id, GTIN, "A/1")
    assert selectors.get_lot(actor.organisation_id, "9521234000013", "A/1").product.gtin == GTIN


def test_production_line_opens_lots_and_a_partner_does_not(actor: Actor) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="茶")
    line = replace(actor, rights=frozenset({Right.MASTERDATA_VIEW, Right.EVENTS_CAPTURE}))
    assert services.create_lot(actor=line, gtin=GTIN, code="A", produced_on=MADE).code == "A"
    partner = replace(actor, rights=frozenset({Right.EVENTS_CAPTURE}))
    with pytest.raises(Forbidden):
        services.create_lot(actor=partner, gtin=GTIN, code="B", produced_on=MADE)


def test_material_lot_takes_the_materials_supplier(actor: Actor) -> None:
    party(actor, "S1", kind="supplier")
    material = services.create_material(actor=actor, code="M1", name_zh="鲜叶", supplier="S1")
    lot = services.create_material_lot(
        actor=actor, material="M1", code="R1", quantity=Decimal("12.5"), received_on=MADE
    )
    assert lot.supplier_id == material.supplier_id
    assert lot.identity.primary == material.gtin
    changed = services.update_material_lot(
        actor=actor, material="M1", code="R1", supplier="", notes="复检\n合格"
    )
    assert (changed.supplier_id, changed.notes) == (None, "复检\n合格")


def test_search_finds_each_kind_by_code_name_and_number(actor: Actor, other_actor: Actor) -> None:
    services.create_product(actor=actor, gtin=GTIN, name_zh="西湖龙井", name_en="Longjing")
    services.create_lot(actor=actor, gtin=GTIN, code="XH-1", produced_on=MADE)
    party(actor, "XH-P", name_zh="西湖茶厂")
    services.create_location(actor=actor, code="XH-L", name_zh="西湖仓")
    services.create_material(actor=actor, code="XH-M", name_zh="鲜叶")
    services.create_material_lot(actor=actor, material="XH-M", code="XH-2")
    organisation_id = actor.organisation_id
    assert {row.kind for row in search(organisation_id, "xh-")} == {
        "lot",
        "party",
        "location",
        "material",
        "material_lot",
    }
    assert [row.key for row in search(organisation_id, "9521234")] == [(GTIN,)]
    assert search(organisation_id, "longjing")[0].key == (GTIN,)
    assert search(organisation_id, "XH-P")[0].kind == "party"
    assert len(search(organisation_id, "西湖", limit=2)) == 2
    assert search(other_actor.organisation_id, "西湖") == []
    assert search(organisation_id, "\0") == search(organisation_id, " ") == []


def test_filters_with_hostile_text_find_nothing(actor: Actor) -> None:
    party(actor)
    for text in ("\0", "'; DROP TABLE", "%", "_", "\\"):
        assert not selectors.list_parties(actor.organisation_id, text=text).exists()
