"""Facts about writing many rows at once: the rules of one row, all or none, few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.core.identifiers import Gtin
from suyuan.kernel.errors import Conflict, Invalid, NotFound
from suyuan.masterdata import numbering, services
from suyuan.masterdata.models import Party, Product, Publication, SerialKey
from suyuan.masterdata.values import PartyFields, ProductFields
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry

pytestmark = pytest.mark.django_db

GTIN = "09521234000013"


def parties(count: int) -> list[tuple[str, PartyFields]]:
    return [(f"S{number}", {"kind": "supplier", "name_zh": "茶农"}) for number in range(count)]


def products(*gtins: str) -> list[tuple[str, ProductFields]]:
    return [(gtin, {"name_zh": "茶", "granularity": "item"}) for gtin in gtins]


def test_each_of_many_rows_has_its_own_audit_entry(actor: Actor) -> None:
    services.create_parties(actor=actor, rows=parties(3))
    services.update_parties(
        actor=actor, rows=[("S0", {"name_zh": "茶厂"}), ("S1", {"name_zh": "茶农"})]
    )
    entries = AuditEntry.objects.filter(object_kind="party").values_list("action", "object_id")
    assert sorted(entries) == [
        ("party.create", "S0"),
        ("party.create", "S1"),
        ("party.create", "S2"),
        ("party.update", "S0"),
    ]


def test_one_refused_row_keeps_all_out_and_is_named(actor: Actor) -> None:
    services.create_party(actor=actor, code="S2", kind="shop", name_zh="店")
    with pytest.raises(Conflict) as caught:
        services.create_parties(actor=actor, rows=parties(5))
    assert (caught.value.code, caught.value.data) == ("code_taken", {"given": "S2"})
    assert Party.objects.count() == 1
    with pytest.raises(Invalid):
        services.create_parties(actor=actor, rows=[*parties(1), ("S 9", parties(1)[0][1])])
    assert Party.objects.count() == 1


def test_one_unknown_row_keeps_every_update_out(actor: Actor) -> None:
    services.create_parties(actor=actor, rows=parties(1))
    with pytest.raises(NotFound):
        services.update_parties(
            actor=actor, rows=[("S0", {"name_zh": "茶厂"}), ("S9", {"name_zh": "茶厂"})]
        )
    assert Party.objects.get().name_zh == "茶农"


def test_products_of_one_file_are_numbered_claimed_and_keyed(actor: Actor) -> None:
    # Typed in, in the way of the counter and in the same file as rows without a number.
    typed = Gtin.restricted(actor.organisation.company_number, 2).value
    rows = services.create_products(actor=actor, rows=products("", GTIN, "", typed))
    gtins = [row.gtin for row in rows]
    assert gtins[1] == GTIN
    assert len({*gtins}) == Product.objects.count() == Publication.objects.count() == 4
    for row in rows:
        [space] = numbering.code_spaces(actor.organisation_id, row.gtin)
        assert space.version == 1
        assert space.index(space.serial(7)) == 7
    assert SerialKey.objects.values("key").distinct().count() == 4


def test_number_twice_in_one_call_is_a_conflict(actor: Actor) -> None:
    with pytest.raises(Conflict) as caught:
        services.create_products(actor=actor, rows=products(GTIN, GTIN))
    assert caught.value.code == "gtin_taken"
    assert not Product.objects.exists()


def test_claim_of_another_organisation_keeps_all_products_out(
    actor: Actor, other_actor: Actor
) -> None:
    services.create_product(actor=other_actor, gtin=GTIN, name_zh="别家")
    with pytest.raises(Conflict) as caught:
        services.create_products(actor=actor, rows=products("", GTIN))
    assert (caught.value.code, caught.value.data) == ("gtin_claimed", {"gtin": GTIN})
    assert Product.objects.count() == 1


def test_batch_products_that_become_item_level_get_their_first_keys(actor: Actor) -> None:
    rows = services.create_products(
        actor=actor, rows=[("", {"name_zh": "茶", "granularity": "batch"})] * 3
    )
    assert not SerialKey.objects.exists()
    services.update_products(actor=actor, rows=products(*(row.gtin for row in rows)))
    assert [len(numbering.code_spaces(actor.organisation_id, row.gtin)) for row in rows] == [
        1,
        1,
        1,
    ]


def test_hundred_products_take_as_many_queries_as_ten(actor: Actor) -> None:
    taken = []
    for count in (10, 100):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            services.create_products(actor=actor, rows=products(*[""] * count))
        taken.append(len(queries))
    # The first call also begins the organisation's series of numbers.
    assert taken[1] <= taken[0]
    assert taken[1] < 30
