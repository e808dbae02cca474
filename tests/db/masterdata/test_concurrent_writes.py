"""Facts about two who write at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from suyuan.kernel.errors import Conflict
from suyuan.masterdata import numbering, services
from suyuan.masterdata.models import Party, Product, Publication, SerialKey
from suyuan.tenancy.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


def at_once(act: Callable[[int], object]) -> list[str]:
    """Run `act` in several threads that start together; return what each came to."""
    barrier = Barrier(THREADS)

    def run(number: int) -> str:
        try:
            barrier.wait()
            act(number)
        except Conflict as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(run, range(THREADS)))


def test_same_code_created_at_once_is_there_once_and_a_conflict_for_the_others(
    actor: Actor,
) -> None:
    results = at_once(
        lambda _: services.create_party(actor=actor, code="F1", kind="factory", name_zh="茶厂")
    )
    assert results == ["code_taken"] * (THREADS - 1) + ["done"]
    assert Party.objects.count() == 1


def test_gtin_claimed_at_once_by_two_organisations_belongs_to_one(
    actor: Actor, other_actor: Actor
) -> None:
    actors = [actor, other_actor]
    results = at_once(
        lambda number: services.create_product(
            actor=actors[number % 2], gtin="9521234000013", name_zh="茶"
        )
    )
    assert results.count("done") == 1
    assert set(results) <= {"done", "gtin_claimed", "gtin_taken"}
    assert Publication.objects.count() == Product.objects.count() == 1


def test_restricted_numbers_given_at_once_differ(actor: Actor) -> None:
    results = at_once(lambda _: services.create_product(actor=actor, name_zh="茶"))
    assert results == ["done"] * THREADS
    assert Product.objects.values("gtin").distinct().count() == THREADS


def test_keys_rotated_at_once_have_distinct_versions_and_one_is_in_use(actor: Actor) -> None:
    row = services.create_product(actor=actor, name_zh="茶", granularity="item")
    results = at_once(
        lambda _: numbering.new_key_version(organisation_id=row.organisation_id, product_id=row.id)
    )
    rotated = results.count("done")
    assert rotated >= 1
    assert set(results) <= {"done", "key_changed_meanwhile"}
    versions = SerialKey.objects.filter(product_id=row.id).values_list("version", flat=True)
    assert sorted(versions) == list(range(1, rotated + 2))
    assert SerialKey.objects.filter(product_id=row.id, retired_at=None).count() == 1
