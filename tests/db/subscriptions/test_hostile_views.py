"""What a partner's subscription is told: what its view allows then and now, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from suyuan.capture.queries import matching_seqs, visible
from suyuan.core.epcis.query import read_query
from suyuan.kernel.errors import Forbidden
from suyuan.partners.selectors import view_of
from suyuan.partners.services import end_partner, unshare
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.finding import find
from suyuan.subscriptions.models import Delivery, DeliveryState, Subscription, SubscriptionState
from suyuan.subscriptions.selectors import last_seq
from suyuan.subscriptions.services import define_query, replay, subscribe
from suyuan.subscriptions.services.looking import look_all
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import PARTNER_RIGHTS, Right
from tests.partner_world import (
    ITEM,
    OTHER_ITEM,
    PALLET,
    PartnerWorld,
    build_partner_world,
    observed,
)
from tests.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback_allowed")]


@pytest.fixture
def world(actor: Actor) -> PartnerWorld:
    return build_partner_world(actor)


def _capture_all_kinds(world: PartnerWorld) -> list[int]:
    """Capture events of two products, steps and places, together and apart; by two partners."""
    hall, plant = world.hall.identifier, world.factory.identifier
    store = world.warehouse.identifier
    numbers = world.capture(
        observed(f"{ITEM}1", step="receiving", location=plant),
        observed(f"{ITEM}2", step="shipping", location=hall),
        observed(f"{OTHER_ITEM}3", step="receiving", location=hall),
        observed(f"{ITEM}4", f"{OTHER_ITEM}4", step="shipping", location=plant),
        observed(f"{ITEM}5", PALLET, step="shipping"),
        observed(PALLET, step="storing", location=hall),
        observed("urn:epc:id:grai:9521234.00001.7", f"{ITEM}6", step="shipping"),
    )
    own = world.deliver(world.maker, observed(f"{OTHER_ITEM}7", step="packing", location=plant))
    other = world.deliver(world.keeper, observed(f"{ITEM}8", step="shipping", location=store))
    return [*numbers, own.first_seq, other.first_seq]


_RULES: list[dict[str, Any]] = [
    {},
    {"own_places": True},
    {"gtins": ["09521234000013"]},
    {"steps": ["shipping"]},
    {"own_places": True, "steps": ["receiving"]},
    {"gtins": ["09521234000013"], "steps": ["shipping"]},
]
_QUERIES: list[dict[str, Any]] = [
    {},
    {"EQ_bizStep": ["shipping"]},
    {"MATCH_anyEPC": [f"{ITEM}4", f"{ITEM}1"]},
    {"MATCH_anyEPC": ["urn:epc:idpat:sgtin:*.*.*"]},
    {"orderBy": "eventTime", "eventCountLimit": 1},
    {"maxEventCount": 1},
]


@pytest.mark.parametrize("limits", _RULES, ids=str)
@pytest.mark.parametrize("query", _QUERIES, ids=str)
def test_partner_finds_exactly_what_its_view_and_the_query_both_allow(
    world: PartnerWorld, limits: dict[str, Any], query: dict[str, Any]
) -> None:
    if limits:
        world.share(world.maker, **limits)
    _capture_all_kinds(world)
    here = world.actor.organisation_id
    view = view_of(world.speaker(world.maker))
    asked = read_query(query.items())
    plain = read_query([pair for pair in query.items() if pair[0][:2] in {"EQ", "MA"}])
    everything = matching_seqs(here, plain, view=None, limit=100).seqs
    allowed = sorted(visible(here, view, everything))
    found, after = [], 0
    while after < last_seq(here):
        step = find(here, asked, view, after=after, upto=last_seq(here), limit=1)
        found += step.seqs
        after = step.upto
        if step.complete:
            break
    assert found == allowed
    assert find(here, asked, view, after=0, upto=last_seq(here), limit=100).seqs == allowed


def _told(receiver: Receiver) -> list[str]:
    texts: list[str] = []
    for got in receiver.got:
        body = json.loads(got.body)["epcisBody"]["queryResults"]["resultsBody"]
        texts += [event["epcList"][0] for event in body["eventList"]]
    return texts


def _subscribed(world: PartnerWorld, dest: str, **more: Any) -> Subscription:
    speaker = world.speaker(world.maker)
    define_query(actor=speaker, name="mine", query={})
    return subscribe(actor=speaker, query_name="mine", dest=dest, **{"stream": True, **more})


def test_partner_is_told_what_is_shared_and_its_own(world: PartnerWorld) -> None:
    world.share(world.maker, own_places=True, steps=["receiving"])
    with receiving() as receiver:
        _subscribed(world, receiver.url)
        _capture_all_kinds(world)
        Dispatcher().drain()
    assert _told(receiver) == [f"{ITEM}1", f"{OTHER_ITEM}7"]


def test_what_was_shared_when_it_was_found_is_not_told_once_it_is_not(
    world: PartnerWorld,
) -> None:
    number = world.share(world.maker, own_places=True, steps=["receiving"])
    with receiving() as receiver:
        _subscribed(world, receiver.url)
        _capture_all_kinds(world)
        look_all()
        unshare(actor=world.actor, code="MAKER", number=number)
        Dispatcher().drain()
    assert _told(receiver) == [f"{OTHER_ITEM}7"]


def test_dead_letter_is_replayed_under_the_view_of_now(world: PartnerWorld) -> None:
    number = world.share(world.maker, own_places=True, steps=["receiving"])
    with receiving() as receiver:
        made = _subscribed(world, receiver.url)
        _capture_all_kinds(world)
        look_all()
        Delivery.objects.update(state=DeliveryState.DEAD, next_attempt_at=None)
        unshare(actor=world.actor, code="MAKER", number=number)
        replay(actor=world.actor, subscription_id=made.id, number=1)
        Dispatcher().drain()
        assert _told(receiver) == [f"{OTHER_ITEM}7"]
        Delivery.objects.update(state=DeliveryState.DEAD, next_attempt_at=None)
        end_partner(actor=world.actor, code="MAKER")
        replay(actor=world.actor, subscription_id=made.id, number=1)
        Dispatcher().drain()
    assert len(receiver.got) == 1
    assert Subscription.objects.get().state == SubscriptionState.STOPPED


def test_stream_tells_nothing_at_all_of_events_that_may_not_be_seen(world: PartnerWorld) -> None:
    """An empty report, or a time that moves, would tell when the brand captured something."""
    with receiving() as receiver:
        made = _subscribed(world, receiver.url, report_if_empty=True)
        before = _shown(world)
        world.capture(observed(f"{OTHER_ITEM}1", step="shipping"))
        Dispatcher().drain()
        made.refresh_from_db()
        assert made.after_seq == 1  # it was looked at
        assert receiver.got == []
        assert _shown(world) == before


def _shown(world: PartnerWorld) -> object:
    answer = world.client(world.maker).get("/epcis/v2/queries/mine/subscriptions")
    assert answer.status_code == 200
    return answer.json()


def test_who_lost_its_rights_cannot_subscribe_and_a_partner_never_for_the_brand(
    world: PartnerWorld,
) -> None:
    define_query(actor=world.actor, name="all", query={})
    lesser = replace(world.actor, rights=frozenset({Right.SUBSCRIPTIONS_EDIT}))
    with pytest.raises(Forbidden):
        subscribe(actor=lesser, query_name="all", dest="https://a.example/", stream=True)
    blind = replace(world.speaker(world.maker), rights=PARTNER_RIGHTS - {Right.EVENTS_SHARED})
    with pytest.raises(Forbidden):
        define_query(actor=blind, name="all", query={})
    greedy = replace(world.speaker(world.maker), rights=frozenset(Right))
    define_query(actor=greedy, name="all", query={})
    made = subscribe(actor=greedy, query_name="all", dest="https://a.example/", stream=True)
    assert made.holder == world.maker.id
    world.capture(observed(f"{OTHER_ITEM}1"))
    look_all()
    assert Delivery.objects.count() == 0
