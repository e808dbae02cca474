"""Facts about products whose labels have a hidden code."""

from __future__ import annotations

import pytest

from suyuan.exchange import services as exchange
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata import numbering, services
from suyuan.masterdata.models import Product, SerialKey
from suyuan.tenancy.actor import Actor


def test_a_product_has_no_hidden_code_unless_it_is_chosen(actor: Actor) -> None:
    row = services.create_product(actor=actor, name_zh="茶", granularity="item")
    assert (row.inner_code, row.has_inner_codes) == ("none", False)
    assert SerialKey.objects.get().inner_key is None
    row = services.update_product(actor=actor, gtin=row.gtin, inner_code="scratch")
    assert row.has_inner_codes


def test_hidden_codes_need_items_with_serials(actor: Actor) -> None:
    with pytest.raises(Invalid, match="inner_needs_items") as refusal:
        services.create_product(
            actor=actor, name_zh="茶", granularity="batch", inner_code="scratch"
        )
    assert refusal.value.place == "inner_code"
    row = services.create_product(
        actor=actor, name_zh="茶", granularity="item", inner_code="scratch"
    )
    for change in ({"granularity": "batch"}, {"own": False}):
        with pytest.raises(Invalid, match="inner_needs_items"):
            services.update_product(actor=actor, gtin=row.gtin, **change)
    assert Product.objects.get().has_inner_codes


def test_an_unknown_kind_of_hidden_code_is_refused(actor: Actor) -> None:
    with pytest.raises(Invalid):
        services.create_product(actor=actor, name_zh="茶", granularity="item", inner_code="laser")


def test_the_place_of_the_hidden_code_is_told_in_the_readers_language(actor: Actor) -> None:
    row = services.create_product(actor=actor, name_zh="茶", inner_hint_zh="盖内")
    assert (row.inner_hint("zh-hans"), row.inner_hint("en")) == ("盖内", "盖内")


def test_the_inner_key_of_no_numbering_key_is_not_found(actor: Actor, other_actor: Actor) -> None:
    row = services.create_product(actor=actor, name_zh="茶", granularity="item")
    for organisation_id, version in ((actor.organisation_id, 2), (other_actor.organisation_id, 1)):
        with pytest.raises(NotFound):
            numbering.inner_key(organisation_id, row.gtin, version)


@pytest.mark.parametrize(("granularity", "faults"), [("item", 0), ("batch", 1)])
def test_a_spreadsheet_chooses_hidden_codes(actor: Actor, granularity: str, faults: int) -> None:
    heading = "gtin,name_zh,granularity,刮开码,inner_hint_zh\n"
    body = f"{heading}09521234000013,茶,{granularity},scratch,盖内\n".encode()
    run = exchange.preview_import(actor=actor, kind="products", file_name="a.csv", body=body)
    assert run.faults == faults
    if not faults:
        exchange.apply_import(actor=actor, reference=run.reference)
        assert Product.objects.get().has_inner_codes
