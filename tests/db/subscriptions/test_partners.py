"""What a partner subscribes to passes its view, when it is found and when it is sent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from suyuan.masterdata.services import create_party
from suyuan.partners.models import Partner
from suyuan.partners.services import connect_partner, end_partner
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.subscriptions import selectors
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.errors import QueryNotFound
from suyuan.subscriptions.models import Delivery, NamedQuery, Subscription, SubscriptionState
from suyuan.subscriptions.services import define_query, subscribe
from suyuan.subscriptions.services.looking import look_all
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import PARTNER_RIGHTS
from tests.receiver import receiving
from tests.subscriptions_world import Capture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback_allowed")]


@pytest.fixture
def partner(actor: Actor) -> Partner:
    create_party(actor=actor, code="W1", name_zh="仓", kind="warehouse")
    return connect_partner(actor=actor, party="W1", rule=DeliveryRule("all"))


@pytest.fixture
def speaker(actor: Actor, partner: Partner) -> Actor:
    """Return somebody who speaks for the partner."""
    return replace(actor, name="token:w1", rights=PARTNER_RIGHTS, holder=partner.id)


def test_partner_is_told_of_its_own_deliveries_alone(
    actor: Actor, speaker: Actor, capture: Capture
) -> None:
    define_query(actor=speaker, name="mine", query={})
    with receiving() as receiver:
        subscribe(actor=speaker, query_name="mine", dest=receiver.url, stream=True)
        capture(3)
        own = capture(2, by=speaker)
        Dispatcher().drain()
    (got,) = receiver.got
    told = json.loads(got.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert len(told) == len(own) == 2


def test_names_of_a_partner_and_of_the_organisation_do_not_meet(
    actor: Actor, speaker: Actor, shipping: NamedQuery
) -> None:
    with pytest.raises(QueryNotFound):
        selectors.named_query(speaker, "shipped")
    define_query(actor=speaker, name="shipped", query={})
    assert selectors.named_query(actor, "shipped").query != {}


def test_nothing_is_sent_once_the_partner_has_ended(
    actor: Actor, speaker: Actor, capture: Capture
) -> None:
    define_query(actor=speaker, name="mine", query={})
    with receiving() as receiver:
        subscribe(actor=speaker, query_name="mine", dest=receiver.url, stream=True)
        capture(2, by=speaker)
        look_all()  # a message is written, and waits
        end_partner(actor=actor, code="W1")
        Dispatcher().drain()
    assert receiver.got == []
    assert Delivery.objects.count() == 1
    assert Subscription.objects.get().state == SubscriptionState.STOPPED
