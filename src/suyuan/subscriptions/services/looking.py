"""Look what is new for whom, and write messages of it.

Owns: which subscriptions are due, what a run finds, and that each event is told once.
Invariant: a subscription's position and the message about what lies behind it are written in one
transaction. While a message waits for its receiver no further one is made: events keep their
order, and a receiver that is away for days costs one row.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone

from suyuan.capture.models import EventSequence
from suyuan.capture.queries.values import QueryTooLarge
from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.query import read_query
from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.partners.selectors import partner_of, view_of
from suyuan.subscriptions.finding import Found, find
from suyuan.subscriptions.models import (
    OWN,
    Delivery,
    DeliveryState,
    Subscription,
    SubscriptionState,
)
from suyuan.subscriptions.schedule import read_schedule
from suyuan.subscriptions.selectors import last_seq, last_seq_before
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right

_AT_ONCE: Final = 100  # subscriptions in one round
_log = logging.getLogger(__name__)


def speaker(organisation: Organisation, holder: int) -> Actor:
    """Return who a subscription looks as: the organisation, or one of its partners."""
    right = Right.EVENTS_VIEW if holder == OWN else Right.EVENTS_SHARED
    return Actor(
        organisation=organisation,
        name="subscriptions",
        rights=frozenset({right}),
        holder=holder or None,
    )


def ended(subscription: Subscription) -> bool:
    """Tell whether the partner that subscribed has ended, and stop what is sent to it."""
    actor = speaker(subscription.organisation, subscription.holder)
    if subscription.holder == OWN or partner_of(actor) is not None:
        return False
    _stop(subscription)
    return True


def due(now: datetime) -> QuerySet[Subscription]:
    """Return the subscriptions that have to look: by their schedule, or because events came."""
    waiting = Delivery.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        subscription_id=OuterRef("id"),
        state=DeliveryState.WAITING,
    )
    behind = EventSequence.objects.filter(
        organisation_id=OuterRef("organisation_id"), next__gt=OuterRef("after_seq") + 1
    )
    rows = Subscription.objects.filter(
        Q(stream=True, initial_record_time__lte=now) | Q(next_run_at__lte=now),
        state=SubscriptionState.ACTIVE,
    )
    rows = rows.filter(Q(stream=False) | Exists(behind)).exclude(Exists(waiting))
    longest_ago = F("last_run_at").asc(nulls_first=True)
    return rows.select_related("organisation").order_by(longest_ago, "id")


def look_all(now: datetime | None = None) -> int:
    """Let every due subscription look; return how many messages were written."""
    moment = now or clock.now()
    written = 0
    for one in due(moment)[:_AT_ONCE]:
        try:
            written += look(one, moment)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - logged, and told to the receiver
            # One query must not stop all the others, nor be tried twice a second for ever.
            _log.exception("the query of subscription %s failed", one.id)
            _fail(one, moment, "query_failed")
    return written


def look(subscription: Subscription, now: datetime) -> int:
    """Run a subscription's query over what is new; return how many messages were written."""
    if ended(subscription):
        return 0
    actor = speaker(subscription.organisation, subscription.holder)
    after, upto = subscription.after_seq, last_seq(subscription.organisation_id)
    if subscription.initial_record_time > subscription.created_at:
        first = last_seq_before(subscription.organisation_id, subscription.initial_record_time)
        after = max(after, first)
    try:
        query = read_query(subscription.query.items())
        found = find(
            subscription.organisation_id,
            query,
            view_of(actor),
            after=after,
            upto=upto,
            limit=subscription.batch,
        )
        if query.most is not None and len(found.seqs) > query.most:
            raise QueryTooLarge(most=query.most)
    except DocumentError as error:
        return _fail(subscription, now, error.faults[0].code)
    except SuyuanError as error:  # told to the receiver, as the standard wants it
        return _fail(subscription, now, error.code)
    return _write(subscription, found, now)


def _write(subscription: Subscription, found: Found, now: datetime) -> int:
    """Move a subscription on, and write its message; nothing if somebody else moved it."""
    done = found.complete
    # A stream looks whenever anything was captured: a partner that were told of each empty look
    # would learn when events came that it may not see.
    reports = subscription.report_if_empty and not subscription.stream
    tells = bool(found.seqs) or (done and reports)
    upcoming = None
    if subscription.schedule is not None:
        upcoming = now
        if done:
            timing = read_schedule(subscription.schedule)
            upcoming = timing.next_after(now, get_default_timezone())
    mine = Subscription.objects.filter(
        organisation_id=subscription.organisation_id,
        id=subscription.id,
        after_seq=subscription.after_seq,
        next_run_at=subscription.next_run_at,
        state=SubscriptionState.ACTIVE,
    )
    with transaction.atomic():
        if not mine.update(after_seq=found.upto, last_run_at=now, next_run_at=upcoming):
            return 0
        if tells:
            add_delivery(subscription, found.seqs, now)
    return int(tells)


def add_delivery(
    subscription: Subscription, seqs: list[int], now: datetime, *, fault: str = ""
) -> Delivery:
    """Write a message; the caller holds the subscription's row."""
    rows = Delivery.objects.filter(
        organisation_id=subscription.organisation_id, subscription_id=subscription.id
    )
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    return Delivery.objects.create(
        organisation_id=subscription.organisation_id,
        subscription_id=subscription.id,
        number=number,
        seqs=seqs,
        fault=fault,
        next_attempt_at=now,
        created_at=now,
    )


def _fail(subscription: Subscription, now: datetime, code: str) -> int:
    """Stop a subscription whose query fails, and tell its receiver why.

    Its position stays: once it goes on, nothing has been left out.
    """
    with transaction.atomic():
        if _stop(subscription):
            add_delivery(subscription, [], now, fault=code)
    return 1


def _stop(subscription: Subscription) -> int:
    rows = Subscription.objects.filter(
        organisation_id=subscription.organisation_id,
        id=subscription.id,
        state=SubscriptionState.ACTIVE,
    )
    return rows.update(state=SubscriptionState.STOPPED)
