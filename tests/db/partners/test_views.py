"""What a partner sees of events: what it delivered, and what one rule lets through; never more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from suyuan.capture.queries.visible import visible
from suyuan.capture.view import EventView
from suyuan.core.epcis import build
from suyuan.masterdata.services import create_location, update_location
from suyuan.partners import services
from suyuan.partners.models import Partner, ShareRule
from suyuan.partners.selectors import view_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from tests.partner_world import (
    ITEM,
    OIL,
    OTHER_ITEM,
    PALLET,
    TEA,
    TIME,
    PartnerWorld,
    numbers,
    observed,
)

pytestmark = pytest.mark.django_db


def seen(world: PartnerWorld, partner: Partner, seqs: list[int]) -> list[int]:
    """Return what a partner sees of events."""
    return visible(world.actor.organisation_id, view_of(world.speaker(partner)), seqs)


def place_of(gln: str) -> str:
    """Return a place's URN; the company prefix has seven digits."""
    return f"urn:epc:id:sgln:{gln[:7]}.{gln[7:12]}.0"


def test_whoever_may_view_events_sees_all(partners: PartnerWorld) -> None:
    assert view_of(partners.actor) is None
    assert visible(partners.actor.organisation_id, None, [3, 1, 2]) == [3, 1, 2]


def test_whoever_has_neither_the_right_nor_a_partner_sees_nothing(partners: PartnerWorld) -> None:
    seqs = partners.capture(observed())
    for rights in (frozenset[Right](), frozenset({Right.EVENTS_SHARED, Right.EVENTS_CAPTURE})):
        nobody = Actor(partners.actor.organisation, "token:x", rights)
        assert visible(partners.actor.organisation_id, view_of(nobody), seqs) == []


def test_a_partner_without_the_right_to_what_is_shared_sees_nothing(
    partners: PartnerWorld,
) -> None:
    partners.share(partners.maker, everything=True)
    sender = Actor(
        partners.actor.organisation,
        "token:x",
        frozenset({Right.EVENTS_DELIVER}),
        holder=partners.maker.id,
    )
    assert view_of(sender) == EventView(holder=None)


def test_nothing_is_shared_by_itself(partners: PartnerWorld) -> None:
    seqs = partners.capture(observed(location=partners.factory.identifier))
    assert seen(partners, partners.maker, seqs) == []


def test_a_partner_sees_what_it_delivered_and_the_other_partner_does_not(
    partners: PartnerWorld,
) -> None:
    event = observed(step="packing", location=partners.factory.identifier)
    seqs = numbers(partners.deliver(partners.maker, event))
    assert seen(partners, partners.maker, seqs) == seqs
    assert seen(partners, partners.keeper, seqs) == []


def test_places_are_the_read_point_or_the_location_in_any_form(partners: PartnerWorld) -> None:
    plant = partners.factory.identifier
    seqs = partners.capture(
        observed(read_point=plant),
        observed(location=plant, read_point=partners.hall.identifier),
        observed(location=place_of(partners.factory.gln)),
        observed(location=partners.hall.identifier),
        observed(),
        observed(destinations=[("location", plant)]),
    )
    partners.share(partners.maker, own_places=True)
    assert seen(partners, partners.maker, seqs) == seqs[:3]
    partners.share(partners.maker, places=["HALL"])
    assert seen(partners, partners.maker, seqs) == seqs[:4]
    assert seen(partners, partners.keeper, seqs) == []


def test_a_place_within_a_place_is_another(partners: PartnerWorld) -> None:
    gln = partners.factory.gln
    seqs = partners.capture(observed(location=f"https://id.gs1.org/414/{gln}/254/DOOR"))
    partners.share(partners.maker, own_places=True)
    assert seen(partners, partners.maker, seqs) == []


def test_a_place_keeps_its_events_when_it_gets_a_gln(partners: PartnerWorld) -> None:
    seqs = partners.capture(observed(location=partners.warehouse.identifier))
    partners.share(partners.keeper, own_places=True)
    moved = update_location(actor=partners.actor, code="STORE", gln="6901234000023")
    seqs += partners.capture(observed(location=moved.identifier))
    assert seen(partners, partners.keeper, seqs) == seqs


def test_a_place_that_becomes_the_partners_is_shared_and_no_other(partners: PartnerWorld) -> None:
    partners.share(partners.keeper, own_places=True)
    annex = create_location(actor=partners.actor, code="ANNEX", name_zh="副仓", party="KEEPER")
    seqs = partners.capture(observed(location=annex.identifier))
    assert seen(partners, partners.keeper, seqs) == seqs
    update_location(actor=partners.actor, code="ANNEX", party="MAKER")
    assert seen(partners, partners.keeper, seqs) == []


def test_own_places_of_a_partner_without_places_share_nothing(partners: PartnerWorld) -> None:
    update_location(actor=partners.actor, code="STORE", party="")
    seqs = partners.capture(observed(), observed(location=partners.warehouse.identifier))
    partners.share(partners.keeper, own_places=True)
    assert seen(partners, partners.keeper, seqs) == []


def test_parties_are_sources_and_destinations_in_any_form(partners: PartnerWorld) -> None:
    gln = partners.factory_party.gln
    owner, keeper = partners.factory_party.identifier, partners.warehouse_party.identifier
    seqs = partners.capture(
        observed(sources=[("owning_party", owner)]),
        observed(destinations=[("possessing_party", owner)]),
        observed(sources=[("owning_party", f"urn:epc:id:pgln:{gln[:7]}.{gln[7:12]}")]),
        observed(sources=[("owning_party", place_of(gln))]),
        observed(sources=[("owning_party", keeper)]),
        observed(location=partners.factory.identifier),
    )
    partners.share(partners.maker, own_party=True)
    assert seen(partners, partners.maker, seqs) == seqs[:4]
    partners.share(partners.keeper, parties=["MAKER", "KEEPER"])
    assert seen(partners, partners.keeper, seqs) == seqs[:5]


def test_products_are_shared_by_items_lots_and_classes_in_any_form(partners: PartnerWorld) -> None:
    lot = f"https://id.gs1.org/01/{TEA}/10/L1"
    seqs = partners.capture(
        observed(f"{ITEM}A1"),
        observed(f"{ITEM}12345"),
        observed("urn:epc:id:sgtin:9521234.000001.A2"),
        observed(quantities=[build.quantity(lot, 4, "KGM")]),
        observed(quantities=[build.quantity("urn:epc:class:lgtin:9521234.000001.L1", 4, "KGM")]),
        observed(quantities=[build.quantity(f"https://id.gs1.org/01/{TEA}", 4)]),
        observed(f"{OTHER_ITEM}A1"),
        observed(quantities=[build.quantity(f"https://id.gs1.org/01/{OIL}/10/L1", 4)]),
    )
    partners.share(partners.maker, gtins=[TEA])
    assert seen(partners, partners.maker, seqs) == seqs[:6]


def test_a_mixed_event_is_shared_by_no_rule_of_one_product(partners: PartnerWorld) -> None:
    oil = build.quantity(f"https://id.gs1.org/01/{OIL}/10/L1", 4)
    seqs = partners.capture(
        observed(f"{ITEM}A1", f"{OTHER_ITEM}A1"),
        observed(f"{ITEM}A1", quantities=[oil]),
        build.transformation_event(
            time=TIME, inputs=[f"{OTHER_ITEM}A1"], outputs=[f"{ITEM}A9"], step="commissioning"
        ),
    )
    partners.share(partners.maker, gtins=[TEA])
    partners.share(partners.maker, gtins=[OIL])
    assert seen(partners, partners.maker, seqs) == []
    partners.share(partners.maker, gtins=[TEA, OIL])
    assert seen(partners, partners.maker, seqs) == seqs


def test_a_pallet_is_shared_with_what_is_on_it_and_not_by_itself(partners: PartnerWorld) -> None:
    def packed(*children: str) -> dict[str, object]:
        return build.aggregation_event(
            time=TIME, action="ADD", parent=PALLET, children=children, step="packing"
        )

    asset = "https://id.gs1.org/8003/09521234000013"
    seqs = partners.capture(
        packed(f"{ITEM}A1"),
        packed(f"{ITEM}A1", f"{OTHER_ITEM}A1"),
        observed(PALLET),
        build.aggregation_event(
            time=TIME, action="ADD", parent=f"{asset}A", children=[f"{ITEM}A1"]
        ),
        observed("urn:example:crate:7", f"{ITEM}A1"),
    )
    partners.share(partners.maker, gtins=[TEA])
    assert seen(partners, partners.maker, seqs) == seqs[:1]


def test_an_event_of_a_million_neighbours_is_judged_by_its_classes(partners: PartnerWorld) -> None:
    many = [f"{ITEM}{number}" for number in range(1, 5_001)]
    seqs = partners.capture(observed(*many), observed(*many, f"{OTHER_ITEM}1"))
    partners.share(partners.maker, gtins=[TEA])
    assert seen(partners, partners.maker, seqs) == seqs[:1]


def test_steps_are_words_and_uris(partners: PartnerWorld) -> None:
    own = "https://example.com/step/tasting"
    seqs = partners.capture(
        observed(step="shipping"),
        observed(step="https://ref.gs1.org/cbv/BizStep-receiving"),
        observed(step=own),
        observed(step="packing"),
        observed(),
    )
    steps = ["urn:epcglobal:cbv:bizstep:shipping", "receiving", own]
    partners.share(partners.maker, steps=steps)
    assert seen(partners, partners.maker, seqs) == seqs[:3]


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(
    partners: PartnerWorld,
) -> None:
    hour = timedelta(hours=1)
    seqs = partners.capture(*(observed(time=TIME + n * hour) for n in range(4)))
    partners.share(partners.maker, since=TIME + hour, until=TIME + 3 * hour)
    assert seen(partners, partners.maker, seqs) == seqs[1:3]


def test_an_event_must_fit_one_rule_in_every_respect(partners: PartnerWorld) -> None:
    plant = partners.factory.identifier
    seqs = partners.capture(
        observed(step="shipping", location=plant),
        observed(step="shipping"),
        observed(step="packing", location=plant),
        observed(f"{OTHER_ITEM}A1", step="shipping", location=plant),
    )
    partners.share(partners.maker, own_places=True, steps=["shipping"], gtins=[TEA])
    partners.share(partners.maker, steps=["packing"], gtins=[OIL])
    assert seen(partners, partners.maker, seqs) == seqs[:1]


def test_what_is_unshared_is_not_seen_any_more(partners: PartnerWorld) -> None:
    seqs = partners.capture(observed(step="shipping"))
    first = partners.share(partners.maker, steps=["shipping"])
    second = partners.share(partners.maker, gtins=[TEA])
    services.unshare(actor=partners.actor, code="MAKER", number=first)
    assert seen(partners, partners.maker, seqs) == seqs
    services.unshare(actor=partners.actor, code="MAKER", number=second)
    assert seen(partners, partners.maker, seqs) == []


def test_an_ended_partner_sees_nothing_not_even_what_it_delivered(partners: PartnerWorld) -> None:
    event = observed(location=partners.factory.identifier)
    seqs = numbers(partners.deliver(partners.maker, event))
    partners.share(partners.maker, everything=True)
    services.end_partner(actor=partners.actor, code="MAKER")
    assert seen(partners, partners.maker, seqs) == []
    services.connect_partner(actor=partners.actor, party="MAKER")
    later = partners.capture(observed(step="packing"))
    assert seen(partners, partners.maker, [*seqs, *later]) == seqs, "old shares do not come back"


def test_another_organisations_partner_is_nobody_here(
    partners: PartnerWorld, other_actor: Actor
) -> None:
    partners.share(partners.maker, everything=True)
    seqs = partners.capture(observed())
    forged = Actor(other_actor.organisation, "token:x", frozenset(Right), holder=partners.maker.id)
    view = view_of(forged)
    assert view == EventView(holder=None)
    assert visible(partners.actor.organisation_id, view, seqs) == []


def test_thousands_of_rules_are_one_look_up(
    partners: PartnerWorld, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seqs = partners.capture(observed(step="shipping"), observed(f"{OTHER_ITEM}A1"))
    template = {"partner_id": partners.maker.id, "created_by": "system", "created_at": TIME}

    ShareRule.objects.bulk_create(
        ShareRule(
            organisation=partners.actor.organisation,
            number=number,
            gtins=[TEA if number == 4_000 else f"{number:013d}0"],
            steps=["shipping"],
            places=["HALL"] if number < 4_000 else [],
            **template,
        )
        for number in range(1, 5_001)
    )
    with django_assert_max_num_queries(12):
        assert seen(partners, partners.maker, seqs) == seqs[:1]
