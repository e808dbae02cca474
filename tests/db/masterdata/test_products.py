"""Facts about products, their numbers and their public claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from suyuan.core.identifiers import Gtin
from suyuan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from suyuan.masterdata import selectors, services
from suyuan.masterdata.errors import CodesIssued, GtinClaimed, GtinTaken
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import gtins
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db

GTIN = "09521234000013"


def product(actor: Actor, **fields: Any) -> Product:
    return services.create_product(actor=actor, **{"name_zh": "明前龙井", **fields})


def test_gtin_of_thirteen_digits_is_kept_as_fourteen(actor: Actor) -> None:
    row = product(actor, gtin="9521234000013")
    assert row.gtin == GTIN
    assert row.gtin_display == "9521234000013"


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("9521234000014", "gtin_check_digit"),
        ("952123400001", "gtin_check_digit"),
        ("95212340000", "gtin_length"),
        ("95212340000１3", "not_digits"),
        ("952123400001\0", "not_digits"),
    ],
)
def test_malformed_gtin_is_refused_at_its_field(actor: Actor, gtin: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        product(actor, gtin=gtin)
    assert (caught.value.code, caught.value.place) == (code, "gtin")
    assert not Product.objects.exists()


def test_product_without_gtin_gets_a_restricted_number_of_its_organisation(actor: Actor) -> None:
    first, second = product(actor), product(actor)
    assert first.gtin[:6] == f"02{actor.organisation.company_number:04}"
    assert first.is_restricted
    assert first.gtin != second.gtin


def test_restricted_number_that_was_typed_in_before_is_passed_over(actor: Actor) -> None:
    next_one = Gtin.restricted(actor.organisation.company_number, 1)
    typed = product(actor, gtin=next_one.display)
    assert product(actor).gtin != typed.gtin


def test_two_organisations_never_share_a_restricted_number(
    actor: Actor, other_actor: Actor
) -> None:
    assert product(actor).gtin != product(other_actor).gtin


def test_second_product_with_the_gtin_is_a_conflict(actor: Actor) -> None:
    product(actor, gtin=GTIN)
    with pytest.raises(GtinTaken):
        product(actor, gtin=GTIN)


def test_material_with_a_products_gtin_is_a_conflict(actor: Actor) -> None:
    product(actor, gtin=GTIN)
    with pytest.raises(GtinTaken):
        services.create_material(actor=actor, code="M1", name_zh="茶", gtin=GTIN)


def test_own_product_is_published_and_traded_goods_are_not(actor: Actor) -> None:
    product(actor, gtin=GTIN)
    traded = product(actor, own=False, gtin="9521234000020")
    published = selectors.published(GTIN)
    assert published is not None
    assert published.organisation == actor.organisation
    assert published.product.gtin == GTIN
    assert selectors.published(traded.gtin) is None


def test_second_organisations_claim_is_a_conflict_and_leaves_nothing(
    actor: Actor, other_actor: Actor
) -> None:
    product(actor, gtin=GTIN)
    with pytest.raises(GtinClaimed):
        product(other_actor, gtin=GTIN)
    assert not Product.objects.filter(organisation_id=other_actor.organisation_id).exists()


def test_other_organisation_may_trade_a_claimed_product(actor: Actor, other_actor: Actor) -> None:
    product(actor, gtin=GTIN)
    assert product(other_actor, gtin=GTIN, own=False).gtin == GTIN


def test_traded_product_cannot_become_own_when_another_organisation_has_the_claim(
    actor: Actor, other_actor: Actor
) -> None:
    product(actor, gtin=GTIN)
    product(other_actor, gtin=GTIN, own=False)
    with pytest.raises(GtinClaimed):
        services.update_product(actor=other_actor, gtin=GTIN, own=True)
    assert not selectors.get_product(other_actor.organisation_id, GTIN).own


def test_claim_given_up_can_be_taken_by_another(actor: Actor, other_actor: Actor) -> None:
    product(actor, gtin=GTIN)
    services.update_product(actor=actor, gtin=GTIN, own=False)
    assert product(other_actor, gtin=GTIN).own


def test_product_out_of_use_is_still_answered_for_in_public(actor: Actor) -> None:
    product(actor, gtin=GTIN)
    services.update_product(actor=actor, gtin=GTIN, active=False)
    assert selectors.published(GTIN) is not None


def test_product_of_another_organisation_looks_unknown(actor: Actor, other_actor: Actor) -> None:
    product(actor, gtin=GTIN)
    with pytest.raises(NotFound) as foreign:
        selectors.get_product(other_actor.organisation_id, GTIN)
    with pytest.raises(NotFound) as unknown:
        selectors.get_product(other_actor.organisation_id, "09521234000020")
    with pytest.raises(NotFound):
        services.update_product(actor=other_actor, gtin=GTIN, name_zh="别人的")
    assert str(foreign.value) == str(unknown.value)


def test_granularity_cannot_fall_back_once_codes_are_issued(actor: Actor) -> None:
    row = product(actor, gtin=GTIN, granularity="item")
    services.mark_codes_issued(actor=actor, product_id=row.id)
    for change in ({"granularity": "batch"}, {"own": False}):
        with pytest.raises(CodesIssued):
            services.update_product(actor=actor, gtin=GTIN, **change)
    again = selectors.get_product(actor.organisation_id, GTIN)
    assert (again.granularity, again.own) == ("item", True)


def test_granularity_changes_freely_before_codes_are_issued(actor: Actor) -> None:
    product(actor, gtin=GTIN, granularity="item")
    services.update_product(actor=actor, gtin=GTIN, granularity="batch")
    services.update_product(actor=actor, gtin=GTIN, granularity="item")
    assert selectors.get_product(actor.organisation_id, GTIN).granularity == "item"


def test_acts_are_audited_with_before_and_after(actor: Actor) -> None:
    product(actor, gtin=GTIN)
    services.update_product(actor=actor, gtin=GTIN, name_zh="雨前龙井")
    entries = AuditEntry.objects.filter(object_kind="product").order_by("id")
    assert [entry.action for entry in entries] == ["product.create", "product.update"]
    assert entries[0].changes["name_zh"] == [None, "明前龙井"]
    assert entries[1].changes == {"name_zh": ["明前龙井", "雨前龙井"]}


def test_update_that_changes_nothing_leaves_no_trace(actor: Actor) -> None:
    row = product(actor, gtin=GTIN)
    services.update_product(actor=actor, gtin=GTIN, name_zh="明前龙井")
    assert AuditEntry.objects.filter(object_kind="product").count() == 1
    assert selectors.get_product(actor.organisation_id, GTIN).changed_at == row.changed_at


def test_who_may_only_see_cannot_change(actor: Actor) -> None:
    reader = replace(actor, rights=frozenset({Right.MASTERDATA_VIEW}))
    with pytest.raises(Forbidden):
        product(reader)
    with pytest.raises(Forbidden):
        services.update_product(actor=reader, gtin=GTIN, name_zh="新")


@pytest.mark.parametrize(
    ("fields", "code", "place"),
    [
        ({"name_zh": ""}, "required", "name_zh"),
        ({"name_zh": "茶" * 121}, "too_long", "name_zh"),
        ({"name_zh": "茶\0"}, "text_control_character", "name_zh"),
        ({"name_en": "tea\u202egnp.exe"}, "text_control_character", "name_en"),
        ({"name_en": "tea\nleaf"}, "text_control_character", "name_en"),
        ({"description_zh": "\ud800"}, "text_control_character", "description_zh"),
        ({"category": "weapons"}, "not_an_option", "category"),
        ({"granularity": "pallet"}, "not_an_option", "granularity"),
        ({"shelf_life_days": 0}, "out_of_range", "shelf_life_days"),
        ({"shelf_life_days": "9"}, "wrong_type", "shelf_life_days"),
        ({"own": "yes"}, "wrong_type", "own"),
        ({"colour": "green"}, "unknown_field", "colour"),
    ],
)
def test_malformed_field_is_refused_with_code_and_place(
    actor: Actor, fields: dict[str, Any], code: str, place: str
) -> None:
    with pytest.raises(Invalid) as caught:
        product(actor, **fields)
    assert (caught.value.code, caught.value.place) == (code, place)
    assert not Product.objects.exists()


def test_html_is_kept_as_the_text_it_is(actor: Actor) -> None:
    text = "<script>alert(1)</script>"
    assert product(actor, name_zh=text).name_zh == text


def test_unique_violation_is_a_conflict_and_the_transaction_goes_on(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    product(actor, gtin=GTIN)
    # Two transactions that both looked before either wrote.
    monkeypatch.setattr(gtins, "taken", lambda *_: set())
    with pytest.raises(Conflict) as caught:
        product(actor, gtin=GTIN)
    assert caught.value.code == "gtin_taken"
    assert Product.objects.count() == 1
