"""What the demonstration shows of partners, their deliveries, the sandbox and subscriptions."""

from __future__ import annotations

import pytest

from suyuan.capture.models import EventSequence, StoredEvent
from suyuan.capture.queries import run_query
from suyuan.capture.queries.visible import visible
from suyuan.cli.demo import brand, load, network, partners
from suyuan.core.epcis.query import read_query
from suyuan.partners import selectors
from suyuan.partners.deliveries import delivered, deliveries, twin_of
from suyuan.partners.models import Partner
from suyuan.subscriptions.models import Delivery, NamedQuery, Subscription, SubscriptionState
from suyuan.subscriptions.services.looking import look_all
from suyuan.tenancy.models import Membership, Organisation, User
from suyuan.tenancy.rights import PARTNER_RIGHTS
from suyuan.tenancy.selectors import actor_for


@pytest.fixture
def muyeyuan(demonstration: load.Facts) -> Organisation:
    return Organisation.objects.get(slug=brand.SLUG)


def partner(muyeyuan: Organisation, code: str) -> Partner:
    return selectors.get_partner(muyeyuan.pk, code)


def shared(muyeyuan: Organisation, code: str) -> list[int]:
    """Return the numbers of all events that a partner sees."""
    view = selectors.view_of_partner(muyeyuan, partner(muyeyuan, code))
    last = EventSequence.objects.get(organisation_id=muyeyuan.pk).next
    return visible(muyeyuan.pk, view, range(1, last))


def test_a_person_of_the_distillery_signs_in_and_speaks_for_it_alone(
    demonstration: load.Facts, muyeyuan: Organisation
) -> None:
    user = User.objects.get(email=demonstration.partner)
    assert user.check_password(demonstration.password)
    assert Membership.objects.filter(user=user).count() == 1
    actor = actor_for(user=user, slug=brand.SLUG)
    assert actor.rights == PARTNER_RIGHTS
    assert selectors.partner_of(actor) == partner(muyeyuan, partners.DISTILLER)


@pytest.mark.parametrize("code", [partners.DISTILLER, partners.CARRIER])
def test_each_partner_has_delivered_and_sees_more_than_that_but_not_everything(
    muyeyuan: Organisation, code: str
) -> None:
    own = delivered(partner(muyeyuan, code)).events
    assert 0 < own < len(shared(muyeyuan, code)) < StoredEvent.objects.count() // 2


def test_each_partner_has_a_token_that_was_used(muyeyuan: Organisation) -> None:
    for code in (partners.DISTILLER, partners.CARRIER):
        (token,) = selectors.partner_tokens(muyeyuan.pk, partner(muyeyuan, code).id)
        assert token.last_used_at is not None


def test_what_was_told_of_a_place_of_others_is_refused_and_stays_in_the_list(
    muyeyuan: Organisation,
) -> None:
    latest, first = deliveries(partner(muyeyuan, partners.DISTILLER))
    assert (first.faults, first.stored) == ([], first.total)
    assert {fault["code"] for fault in latest.faults} == {"delivery_place"}
    assert 0 < latest.stored < latest.total


def test_the_carrier_reports_its_hubs_once_it_is_connected(muyeyuan: Organisation) -> None:
    assert partners.reporter_of_hub("HUB-BJ", 97.3) == network.SHIPPER_TOKEN
    assert partners.reporter_of_hub("HUB-BJ", 98.3) == partners.CARRIER
    assert partners.reporter_of_hub("HUB-SH", 98.3) == network.SHIPPER_TOKEN
    assert not any(job.faults for job in deliveries(partner(muyeyuan, partners.CARRIER)))


def test_the_distillery_has_tried_the_sandbox(muyeyuan: Organisation) -> None:
    twin = twin_of(partner(muyeyuan, partners.DISTILLER))
    assert twin is not None
    assert twin.organisation.sandbox_of == muyeyuan
    assert delivered(twin).events == 1


def test_the_stored_query_finds_what_buyers_sent_back(muyeyuan: Organisation) -> None:
    row = NamedQuery.objects.get(organisation_id=muyeyuan.pk)
    page = run_query(muyeyuan.pk, read_query(row.query.items()), view=None, after=None, limit=20)
    assert {document.event["disposition"] for document in page.documents} == {"returned"}


def test_the_subscription_is_paused_and_sends_nothing(muyeyuan: Organisation) -> None:
    row = Subscription.objects.get(organisation_id=muyeyuan.pk)
    assert row.state == SubscriptionState.PAUSED
    assert row.secret is not None
    look_all()
    assert not Delivery.objects.exists()
