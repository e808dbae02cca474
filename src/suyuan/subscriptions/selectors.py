"""Read stored queries, subscriptions and deliveries.

Owns: the gates of these objects. Whoever speaks for a partner sees the partner's own alone, the
organisation's people see them all where they say so.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from suyuan.capture.models import EventSequence, StoredEvent
from suyuan.core.instants import microseconds
from suyuan.kernel import clock
from suyuan.subscriptions.errors import DeliveryNotFound, QueryNotFound, SubscriptionNotFound
from suyuan.subscriptions.models import (
    OWN,
    Delivery,
    DeliveryState,
    NamedQuery,
    Subscription,
)
from suyuan.tenancy.actor import Actor


def holder_of(actor: Actor) -> int:
    """Return whose queries and subscriptions an actor deals with."""
    return OWN if actor.holder is None else actor.holder


def named_queries(actor: Actor) -> QuerySet[NamedQuery]:
    """Return the stored queries of whom the actor speaks for, by name."""
    rows = NamedQuery.objects.filter(organisation_id=actor.organisation_id, holder=holder_of(actor))
    return rows.order_by("name")


def named_query(actor: Actor, name: str) -> NamedQuery:
    """Return a stored query.

    Raises:
        QueryNotFound: unknown, or somebody else's.
    """
    row = named_queries(actor).filter(name=name).first() if "\0" not in name else None
    if row is None:
        raise QueryNotFound(given=name[:80])
    return row


def subscriptions(actor: Actor, query_name: str | None = None) -> QuerySet[Subscription]:
    """Return the subscriptions of whom the actor speaks for, the oldest first."""
    rows = Subscription.objects.filter(
        organisation_id=actor.organisation_id, holder=holder_of(actor)
    )
    if query_name is not None:
        rows = rows.filter(query_name=query_name)
    return rows.order_by("created_at", "id")


def subscription(actor: Actor, name: str, query_name: str | None = None) -> Subscription:
    """Return a subscription by the standard's subscriptionID.

    Raises:
        SubscriptionNotFound: unknown, to another query, or somebody else's.
    """
    found = None
    if "\0" not in name:
        found = subscriptions(actor, query_name).filter(name=name).first()
    if found is None:
        raise SubscriptionNotFound(given=name[:80])
    return found


def all_subscriptions(organisation_id: int) -> QuerySet[Subscription]:
    """Return the organisation's subscriptions and its partners', with their open messages.

    Adds `waiting` and `dead`, numbers of messages, and `failed`, attempts of what waits.
    """
    rows = Subscription.objects.filter(organisation_id=organisation_id)
    return rows.order_by("query_name", "created_at", "id")


def open_counts(organisation_id: int) -> dict[int, dict[str, int]]:
    """Return, by subscription's id, how many messages wait, are dead, and the failed attempts."""
    rows = Delivery.objects.filter(
        organisation_id=organisation_id,
        state__in=(DeliveryState.WAITING, DeliveryState.DEAD),
    )
    counted = rows.values("subscription_id").annotate(
        waiting=Count("id", filter=Q(state=DeliveryState.WAITING)),
        dead=Count("id", filter=Q(state=DeliveryState.DEAD)),
        failed=Max("attempts", filter=Q(state=DeliveryState.WAITING), default=0),
    )
    return {
        row["subscription_id"]: {name: row[name] for name in ("waiting", "dead", "failed")}
        for row in counted
    }


def get_subscription(organisation_id: int, subscription_id: int) -> Subscription:
    """Return a subscription of the organisation or of one of its partners.

    Raises:
        SubscriptionNotFound: unknown, or another organisation's.
    """
    row = Subscription.objects.filter(organisation_id=organisation_id, id=subscription_id).first()
    if row is None:
        raise SubscriptionNotFound(given=str(subscription_id))
    return row


def deliveries(subscription: Subscription, state: str = "") -> QuerySet[Delivery]:
    """Return the messages of a subscription, the newest first."""
    rows = Delivery.objects.filter(
        organisation_id=subscription.organisation_id, subscription_id=subscription.id
    )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-number")


def delivery(subscription: Subscription, number: int) -> Delivery:
    """Return a message by its number in its subscription.

    Raises:
        DeliveryNotFound: there is none.
    """
    row = deliveries(subscription).filter(number=number).first()
    if row is None:
        raise DeliveryNotFound(given=str(number))
    return row


def last_seq(organisation_id: int) -> int:
    """Return the number of the latest event, 0 if there is none."""
    row = EventSequence.objects.filter(organisation_id=organisation_id).first()
    return 0 if row is None else row.next - 1


def last_seq_before(organisation_id: int, time: datetime) -> int:
    """Return the number of the last event that was recorded before a time, 0 if none was.

    Numbers and record times grow together: some twenty look-ups by key, and no index.
    """
    low, high = 0, last_seq(organisation_id)
    if time >= clock.now():
        return high
    wanted = microseconds(time)
    rows = StoredEvent.objects.filter(organisation_id=organisation_id)
    while low < high:
        middle = (low + high + 1) // 2
        recorded = rows.filter(seq=middle).values_list("record_time", flat=True).first()
        # A sandbox that was emptied goes on with its numbers: what is missing was before.
        if recorded is None or recorded < wanted:
            low = middle
        else:
            high = middle - 1
    return low
