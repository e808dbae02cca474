"""Pause, resume and replay: what people do with subscriptions that exist.

The organisation's people deal with its partners' subscriptions too: it is their goods' history
that leaves the house.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict
from suyuan.subscriptions.models import (
    Delivery,
    DeliveryState,
    Subscription,
    SubscriptionState,
)
from suyuan.subscriptions.selectors import deliveries, delivery, get_subscription
from suyuan.subscriptions.services.looking import add_delivery
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


class NotDead(Conflict):
    """Only a message that was given up can be replayed or dismissed."""

    code = "delivery_not_dead"


def pause(*, actor: Actor, subscription_id: int) -> Subscription:
    """Send nothing any more; what is new waits.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound: unknown, or another organisation's.
    """
    return _turn(actor, subscription_id, SubscriptionState.PAUSED, "subscriptions.pause")


def resume(*, actor: Actor, subscription_id: int) -> Subscription:
    """Go on where it was left; a message that waits is sent at once.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound: unknown, or another organisation's.
    """
    with transaction.atomic():
        row = _turn(actor, subscription_id, SubscriptionState.ACTIVE, "subscriptions.resume")
        waiting = deliveries(row, DeliveryState.WAITING)
        waiting.update(next_attempt_at=clock.now(), attempts=0)
    return row


def end(*, actor: Actor, subscription_id: int) -> None:
    """End a subscription of the organisation or of one of its partners.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound: unknown, or another organisation's.
    """
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = get_subscription(actor.organisation_id, subscription_id)
        row.delete()
        actor.audit(
            "subscriptions.end",
            kind="subscription",
            object_id=row.name,
            changes={"query": [row.query_name, None]},
        )


def send_test(*, actor: Actor, subscription_id: int) -> Delivery:
    """Send an empty report now, so that the receiver's people see whether it arrives.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound: unknown, or another organisation's.
    """
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = _locked(actor, subscription_id)
        made = add_delivery(row, [], clock.now())
        actor.audit("subscriptions.test", kind="subscription", object_id=row.name)
    return made


def replay(*, actor: Actor, subscription_id: int, number: int) -> Delivery:
    """Try a message again that was given up.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound, DeliveryNotFound: unknown, or another organisation's.
        NotDead: it was not given up.
    """
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = _locked(actor, subscription_id)
        found = _dead(row, number)
        _again(row, [found.number])
        actor.audit(
            "deliveries.replay",
            kind="subscription",
            object_id=row.name,
            changes={"number": [None, number]},
        )
    return delivery(row, number)


def replay_all(*, actor: Actor, subscription_id: int) -> int:
    """Try every message again that was given up; return how many.

    Raises:
        Forbidden: without `subscriptions.edit`.
        SubscriptionNotFound: unknown, or another organisation's.
    """
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = _locked(actor, subscription_id)
        numbers = list(deliveries(row, DeliveryState.DEAD).values_list("number", flat=True))
        _again(row, numbers)
        if numbers:
            actor.audit(
                "deliveries.replay",
                kind="subscription",
                object_id=row.name,
                changes={"numbers": [None, sorted(numbers)[:_TOLD]]},
            )
    return len(numbers)


_TOLD: Final = 100


def dismiss(*, actor: Actor, subscription_id: int, number: int) -> None:
    """Forget a message that was given up.

    Raises:
        As `replay`.
    """
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = _locked(actor, subscription_id)
        _dead(row, number).delete()
        actor.audit(
            "deliveries.dismiss",
            kind="subscription",
            object_id=row.name,
            changes={"number": [number, None]},
        )


def _turn(
    actor: Actor, subscription_id: int, state: SubscriptionState, action: str
) -> Subscription:
    actor.require(Right.SUBSCRIPTIONS_EDIT)
    with transaction.atomic():
        row = _locked(actor, subscription_id)
        before, row.state = row.state, state
        if before != state:
            row.save(update_fields=["state"])
            actor.audit(
                action,
                kind="subscription",
                object_id=row.name,
                changes={"state": [before, state.value]},
            )
    return row


def _locked(actor: Actor, subscription_id: int) -> Subscription:
    rows = Subscription.objects.filter(organisation_id=actor.organisation_id, id=subscription_id)
    if not rows.select_for_update().first():
        return get_subscription(actor.organisation_id, subscription_id)
    return rows.get()


def _dead(row: Subscription, number: int) -> Delivery:
    found = delivery(row, number)
    if found.state != DeliveryState.DEAD:
        raise NotDead(given=str(number))
    return found


def _again(row: Subscription, numbers: list[int]) -> None:
    deliveries(row).filter(number__in=numbers).update(
        state=DeliveryState.WAITING,
        attempts=0,
        next_attempt_at=clock.now(),
        settled_at=None,
    )
