"""Messages to receivers, over real sockets."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from suyuan.kernel import clock
from suyuan.kernel.posting.signing import is_signed
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.models import (
    Delivery,
    DeliveryState,
    NamedQuery,
    Subscription,
    SubscriptionState,
)
from suyuan.subscriptions.services import drop_query, replay, subscribe
from suyuan.tenancy.actor import Actor
from tests.receiver import Receiver, receiving
from tests.subscriptions_world import Capture

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("loopback_allowed"),
]
TOKEN = "13df38d8275b13f05704629e5f1cf3d45d6132d5"


def _subscribed(actor: Actor, receiver: Receiver, **more: object) -> Subscription:
    wanted = {"stream": True, "signature_token": TOKEN, **more}
    return subscribe(actor=actor, query_name="shipped", dest=receiver.url, **wanted)  # type: ignore[arg-type]


def test_event_that_fits_is_sent_signed_and_one_that_does_not_is_not(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    capture(2)  # before the subscription: not told
    with receiving() as receiver:
        subscription = _subscribed(actor, receiver, name="erp")
        capture(3, step="receiving")
        capture(2)
        Dispatcher().drain()
    (got,) = receiver.got
    document = json.loads(got.body)
    results = document["epcisBody"]["queryResults"]
    assert results["queryName"] == "shipped"
    assert results["subscriptionID"] == "erp"
    assert [one["bizStep"] for one in results["resultsBody"]["eventList"]] == ["shipping"] * 2
    assert got.path == "/hook?shop=1"
    assert got.headers["Content-Type"].startswith("application/json")
    assert is_signed(TOKEN.encode(), got.body, got.headers["GS1-Signature"], now=int(time.time()))
    assert not is_signed(b"other", got.body, got.headers["GS1-Signature"], now=int(time.time()))
    subscription.refresh_from_db()
    assert subscription.last_notified_at is not None
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_receiver_that_fails_twice_gets_the_same_message_a_third_time(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving(answers=[500, 503, 204], text=b"try later") as receiver:
        _subscribed(actor, receiver)
        capture()
        dispatcher = Dispatcher()
        dispatcher.drain()
        for later in (15, 60):
            assert Delivery.objects.get().last_answer == "try later"
            with clock.held_at(clock.now() + timedelta(seconds=later)):
                dispatcher.drain()
    assert len(receiver.got) == 3
    assert len({got.headers["Suyuan-Delivery"] for got in receiver.got}) == 1
    assert [got.headers["Suyuan-Attempt"] for got in receiver.got] == ["1", "2", "3"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 3)


def test_receiver_that_hangs_is_cut_off_and_keeps_nobody_waiting(
    actor: Actor, shipping: NamedQuery, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suyuan.subscriptions.dispatching.SECONDS", 1.0)
    with receiving(hang=30) as hanging, receiving(drip=0.2) as dripping, receiving() as healthy:
        for receiver in (hanging, dripping, healthy):
            _subscribed(actor, receiver)
        capture()
        begun = time.monotonic()
        Dispatcher().drain()
        took = time.monotonic() - begun
    assert took < 8
    assert len(healthy.got) == 1
    by_error = {one.last_error: one for one in Delivery.objects.all()}
    assert set(by_error) == {"", "timeout"}
    assert Delivery.objects.filter(last_error="timeout").count() == 2


def test_message_given_up_is_a_dead_letter_that_can_be_replayed(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving(answers=[500] * 11 + [200]) as receiver:
        subscription = _subscribed(actor, receiver)
        capture()
        dispatcher = Dispatcher()
        now = clock.now()
        for hours in range(0, 12 * 12, 12):
            with clock.held_at(now + timedelta(hours=hours)):
                dispatcher.drain()
        assert Delivery.objects.get().state == DeliveryState.DEAD
        replay(actor=actor, subscription_id=subscription.id, number=1)
        dispatcher.drain()
    assert len(receiver.got) == 12
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_receiver_that_finds_a_message_large_gets_halves_in_order(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving(answers=[413, 413, 200]) as receiver:
        _subscribed(actor, receiver)
        numbers = capture(8)
        Dispatcher().drain()
    told = [[event["epcList"][0] for event in _events(got.body)] for got in receiver.got]
    assert [len(one) for one in told] == [8, 4, 2, 2, 2, 2]
    assert told[2] + told[3] + told[4] + told[5] == told[0]
    assert len(numbers) == 8


def _events(body: bytes) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = json.loads(body)["epcisBody"]["queryResults"][
        "resultsBody"
    ]["eventList"]
    return found


def test_receiver_that_is_gone_stops_its_subscription(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving(answers=[410]) as receiver:
        subscription = _subscribed(actor, receiver)
        capture()
        Dispatcher().drain()
        capture()
        Dispatcher().drain()
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.STOPPED
    assert len(receiver.got) == 1


def test_nothing_is_sent_of_a_query_that_was_dropped(
    actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving() as receiver:
        _subscribed(actor, receiver)
        capture()
        drop_query(actor=actor, name="shipped")
        Dispatcher().drain()
    assert not receiver.got
    assert not Subscription.objects.exists()


def test_redirect_is_not_followed(actor: Actor, shipping: NamedQuery, capture: Capture) -> None:
    with receiving() as other, receiving(answers=[302], headers={"Location": other.url}) as one:
        _subscribed(actor, one)
        capture()
        Dispatcher().drain()
        assert not other.got
    assert Delivery.objects.get().last_error == "redirect"
