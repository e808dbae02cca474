"""Facts about numbering keys at rest and in the cache."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from suyuan.kernel.errors import NotFound
from suyuan.kernel.secretbox import unseal
from suyuan.masterdata import numbering, services
from suyuan.masterdata.errors import KeysUnreadable, NotSerialised
from suyuan.masterdata.models import Product, SerialKey
from suyuan.tenancy.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def honey(actor: Actor) -> Product:
    return services.create_product(actor=actor, name_zh="蜂蜜", granularity="item")


def rotate(row: Product) -> int:
    return numbering.new_key_version(organisation_id=row.organisation_id, product_id=row.id)


def test_own_item_level_product_has_version_one_at_once(honey: Product) -> None:
    spaces = numbering.code_spaces(honey.organisation_id, honey.gtin)
    assert [space.version for space in spaces] == [1]
    assert spaces[0].index(spaces[0].serial(7)) == 7


def test_rotation_puts_the_new_version_first_and_keeps_the_old(honey: Product) -> None:
    old = numbering.code_spaces(honey.organisation_id, honey.gtin)
    assert rotate(honey) == 2
    spaces = numbering.code_spaces(honey.organisation_id, honey.gtin)
    assert [space.version for space in spaces] == [2, 1]
    assert spaces[1] == old[0]
    retired = SerialKey.objects.filter(product_id=honey.id).order_by("version")
    assert [row.retired_at is None for row in retired] == [False, True]


def test_rotation_by_another_process_is_seen_at_the_next_call(honey: Product) -> None:
    numbering.code_spaces(honey.organisation_id, honey.gtin)
    kept = dict(numbering._cache)
    rotate(honey)
    numbering._cache.clear()
    numbering._cache.update(kept)  # this process's cache knows nothing of the rotation
    spaces = numbering.code_spaces(honey.organisation_id, honey.gtin)
    assert [space.version for space in spaces] == [2, 1]


def test_key_of_a_rolled_back_rotation_is_never_used_again(honey: Product) -> None:
    with transaction.atomic():
        rotate(honey)
        undone = numbering.code_spaces(honey.organisation_id, honey.gtin)[0]
        transaction.set_rollback(True)
    assert len(numbering.code_spaces(honey.organisation_id, honey.gtin)) == 1
    rotate(honey)
    fresh = numbering.code_spaces(honey.organisation_id, honey.gtin)[0]
    assert fresh.version == undone.version == 2
    assert fresh != undone


def test_cached_spaces_cost_one_query(
    honey: Product, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    numbering.forget()
    with django_assert_num_queries(2):
        numbering.code_spaces(honey.organisation_id, honey.gtin)
    with django_assert_num_queries(1):
        numbering.code_spaces(honey.organisation_id, honey.gtin)


def test_cache_is_bounded(actor: Actor, honey: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_CACHED_PRODUCTS", 2)
    for _ in range(4):
        row = services.create_product(actor=actor, name_zh="蜂蜜", granularity="item")
        assert numbering.code_spaces(row.organisation_id, row.gtin)
    assert len(numbering._cache) == 2


def test_traded_batch_foreign_and_unknown_products_have_no_code_space(
    actor: Actor, other_actor: Actor, honey: Product
) -> None:
    batch = services.create_product(actor=actor, name_zh="茶", granularity="batch")
    traded = services.create_product(actor=actor, name_zh="糖", granularity="item", own=False)
    organisation_id = actor.organisation_id
    for gtin in (batch.gtin, traded.gtin, "09521234000013", "not a gtin"):
        assert numbering.code_spaces(organisation_id, gtin) == ()
    assert numbering.code_spaces(other_actor.organisation_id, honey.gtin) == ()
    with pytest.raises(NotSerialised):
        rotate(batch)
    with pytest.raises(NotFound):
        numbering.new_key_version(organisation_id=other_actor.organisation_id, product_id=honey.id)


def test_key_at_rest_is_not_the_key(honey: Product) -> None:
    stored = bytes(SerialKey.objects.get(product_id=honey.id).key)
    decrypted = unseal("serial-keys", stored)
    assert len(decrypted) == 32
    assert decrypted not in stored


def test_keys_of_another_secret_are_unreadable_until_it_is_named_as_fallback(
    honey: Product, settings: Settings
) -> None:
    before = settings.SECRET_KEY
    expected = numbering.code_spaces(honey.organisation_id, honey.gtin)
    numbering.forget()
    settings.SECRET_KEY = "another secret of the tests, worth nothing"
    with pytest.raises(KeysUnreadable):
        numbering.code_spaces(honey.organisation_id, honey.gtin)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert numbering.code_spaces(honey.organisation_id, honey.gtin) == expected


def test_many_products_are_read_in_two_queries(actor: Actor) -> None:
    rows = [
        services.create_product(actor=actor, name_zh="蜜", granularity="item") for _ in range(5)
    ]
    numbering.forget()
    from django.db import connection  # noqa: PLC0415 - only for counting

    with CaptureQueriesContext(connection) as queries:
        found = numbering.code_spaces_by_gtin(actor.organisation_id, [row.gtin for row in rows])
    assert len(queries) == 2
    assert set(found) == {row.gtin for row in rows}
