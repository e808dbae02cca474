"""Bring messages to their receivers.

Owns: claiming what is due, the message's body and headers, and what follows from its outcome:
delivered, again after a while, in smaller pieces, or given up.

A message is claimed by moving its next attempt beyond the time that one can take: a worker that
dies in the middle loses nothing, and a receiver may see a message twice. Its `Suyuan-Delivery`
header is the same each time.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from suyuan import __version__
from suyuan.capture.documents import Wanted, written
from suyuan.capture.queries import visible
from suyuan.capture.selectors import event_documents
from suyuan.core.epcis import Media
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel import clock
from suyuan.kernel.posting.destinations import Destination, DestinationRefused, read_destination
from suyuan.kernel.posting.sending import SECONDS, Outcome
from suyuan.kernel.posting.signing import HEADER, signature
from suyuan.kernel.secretbox import unseal
from suyuan.partners.selectors import view_of
from suyuan.subscriptions.models import (
    Delivery,
    DeliveryState,
    Subscription,
    SubscriptionState,
)
from suyuan.subscriptions.services.looking import add_delivery, ended, speaker
from suyuan.subscriptions.services.subscribing import SEALED

# Seconds until the next attempt, after the first, the second…: a day altogether.
WAITS: Final = (10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800)
_LEASE: Final = timedelta(seconds=SECONDS + 45)
_LONGEST_WAIT: Final = 3_600  # that a receiver may ask for
_CANDIDATES: Final = 100
PER_HOST: Final = 2  # messages on their way at a time
PER_OWNER: Final = 4  # of an organisation or a partner, however many names its receivers have
_KEEP: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, where to."""

    delivery: Delivery
    where: Destination
    body: bytes
    headers: dict[str, str]


def claim(room: int, busy: Counter[str], now: datetime | None = None) -> list[Delivery]:
    """Take messages that are due: for each subscription the oldest, none of a paused one.

    Args:
        room: how many at most.
        busy: how many are on their way to each host and of each owner; those taken are added.
        now: the present time, for tests.
    """
    moment = now or clock.now()
    older = Delivery.objects.filter(
        organisation_id=OuterRef("organisation_id"),
        subscription_id=OuterRef("subscription_id"),
        state=DeliveryState.WAITING,
        number__lt=OuterRef("number"),
    )
    # Of what was stopped the reason is still told.
    told = Q(subscription__state=SubscriptionState.STOPPED) & ~Q(fault="")
    rows = Delivery.objects.filter(
        Q(subscription__state=SubscriptionState.ACTIVE) | told,
        state=DeliveryState.WAITING,
        next_attempt_at__lte=moment,
    ).exclude(Exists(older))
    due = rows.exclude(_of_the_busy(busy)).order_by("next_attempt_at")
    claimed: list[Delivery] = []
    for row in due.select_related("subscription", "subscription__organisation")[:_CANDIDATES]:
        host = row.subscription.host
        if ended(row.subscription):
            continue
        owner = owner_of(row.subscription)
        has_room = len(claimed) < room and busy[host] < PER_HOST and busy[owner] < PER_OWNER
        if has_room and _take(row, moment):
            busy.update((host, owner))
            claimed.append(row)
    return claimed


def _of_the_busy(busy: Counter[str]) -> Q:
    """Return what is of hosts and owners that have as much on its way as they may."""
    full = Q(subscription__host__in=[one for one, count in busy.items() if count >= PER_HOST])
    for one, count in busy.items():
        organisation, slash, holder = one.partition("/")
        if slash and count >= PER_OWNER:
            full |= Q(organisation_id=int(organisation), subscription__holder=int(holder))
    return full


def owner_of(subscription: Subscription) -> str:
    """Return whose messages are counted together; no host is spelled like it."""
    return f"{subscription.organisation_id}/{subscription.holder}"


def _take(row: Delivery, now: datetime) -> bool:
    mine = Delivery.objects.filter(
        organisation_id=row.organisation_id,
        id=row.id,
        state=DeliveryState.WAITING,
        next_attempt_at=row.next_attempt_at,
    )
    row.attempts += 1
    row.next_attempt_at = now + _LEASE
    return bool(mine.update(attempts=row.attempts, next_attempt_at=row.next_attempt_at))


def message_of(delivery: Delivery) -> Message:
    """Make a message: of the events that its subscriber may see now.

    Raises:
        DestinationRefused: the operator does not allow the address any more.
    """
    subscription = delivery.subscription
    where = read_destination(subscription.dest)
    how = wanted_by(subscription)
    body, kind = _body(delivery, how), "application/xml" if how.media == "xml" else ""
    now = clock.now()
    headers = {
        "Content-Type": f"{kind or 'application/json'}; charset=utf-8",
        "User-Agent": f"Suyuan/{__version__}",
        "GS1-EPCIS-Version": "1.2.0" if how.version is XmlVersion.V1_2 else "2.0.0",
        "GS1-CBV-Version": "1.2.2" if how.version is XmlVersion.V1_2 else "2.0.0",
        "GS1-EPC-Format": how.epcs.value,
        "Suyuan-Delivery": f"{subscription.id}-{delivery.number}",
        "Suyuan-Attempt": str(delivery.attempts),
    }
    if delivery.fault:
        headers["Content-Type"] = "application/problem+json"
    if subscription.secret is not None:
        token = unseal(SEALED, bytes(subscription.secret))
        headers[HEADER] = signature(token, body, at=int(now.timestamp()))
    return Message(delivery, where, body, headers)


def wanted_by(subscription: Subscription) -> Wanted:
    """Return how a subscriber wants events told."""
    media: Media = "xml" if subscription.media == "xml" else "json"
    return Wanted(
        media,
        XmlVersion(subscription.version),
        EpcFormat(subscription.epc_format),
        web_uris=subscription.web_uris,
    )


def _body(delivery: Delivery, how: Wanted) -> bytes:
    subscription = delivery.subscription
    if delivery.fault:
        problem = {
            "type": "epcisException:ImplementationException",
            "title": "The query could not be run",
            "status": 500,
            "code": delivery.fault,
        }
        return msgspec.json.encode(problem)
    view = view_of(speaker(subscription.organisation, subscription.holder))
    seqs = visible(subscription.organisation_id, view, delivery.seqs)
    return written(
        subscription.organisation_id,
        event_documents(subscription.organisation_id, seqs),
        how,
        query=subscription.query_name,
        subscription=subscription.name,
    )


def settle(delivery: Delivery, outcome: Outcome, message: Message | None = None) -> None:
    """Write down what came of an attempt, and what follows from it."""
    now = clock.now()
    subscription = delivery.subscription
    delivery.last_status = outcome.status
    delivery.last_error = outcome.error
    delivery.last_answer = outcome.answer
    delivery.last_took_ms = outcome.took_ms
    if message is not None:
        delivery.body_size = len(message.body)
        delivery.body_digest = hashlib.sha256(message.body).hexdigest()
    with transaction.atomic():
        mine = Subscription.objects.filter(
            organisation_id=subscription.organisation_id, id=subscription.id
        )
        if not mine.select_for_update().first():
            return  # ended meanwhile
        if not outcome.error:
            delivery.state, delivery.settled_at = DeliveryState.DELIVERED, now
            delivery.next_attempt_at = None
            mine.update(last_notified_at=now)
        elif outcome.status == 413 and len(delivery.seqs) > 1:
            _halve(subscription, delivery, now)
        elif outcome.status == 410 or delivery.attempts > len(WAITS):
            delivery.state, delivery.settled_at = DeliveryState.DEAD, now
            delivery.next_attempt_at = None
            if outcome.status == 410:
                mine.update(state=SubscriptionState.STOPPED)
        else:
            delivery.next_attempt_at = now + _wait(delivery.attempts, outcome)
        delivery.save(update_fields=_CHANGED)


_CHANGED: Final = (
    "seqs",
    "state",
    "next_attempt_at",
    "last_status",
    "last_error",
    "last_answer",
    "last_took_ms",
    "body_size",
    "body_digest",
    "settled_at",
)


def _halve(subscription: Subscription, delivery: Delivery, now: datetime) -> None:
    """Send half of a message that was too large for its receiver, and the rest after it."""
    half = len(delivery.seqs) // 2
    rest, delivery.seqs = delivery.seqs[half:], delivery.seqs[:half]
    delivery.next_attempt_at = now
    later = Delivery.objects.filter(
        organisation_id=subscription.organisation_id,
        subscription_id=subscription.id,
        number__gt=delivery.number,
    )
    rows = Subscription.objects.filter(
        organisation_id=subscription.organisation_id, id=subscription.id
    )
    if later.exists():  # an old one that is replayed: the order is lost anyhow
        rows.update(batch=half)
        add_delivery(subscription, rest, now)
    else:  # go back: what is left is found again, in order
        again = {} if subscription.schedule is None else {"next_run_at": now}
        rows.update(batch=half, after_seq=delivery.seqs[-1], **again)


def _wait(attempts: int, outcome: Outcome) -> timedelta:
    """Return how long to wait; a little more or less, so that not all come back at once."""
    seconds = float(WAITS[attempts - 1])
    if outcome.retry_after is not None and outcome.status in {429, 503}:
        seconds = max(seconds, min(outcome.retry_after, _LONGEST_WAIT))
    return timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311 - no secret


def refuse(delivery: Delivery, error: DestinationRefused) -> None:
    """Write down that a message cannot be sent where it should go."""
    settle(delivery, Outcome(None, error.code))


def prune(now: datetime | None = None) -> int:
    """Forget messages that were delivered more than thirty days ago; return how many."""
    before = (now or clock.now()) - _KEEP
    rows = Delivery.objects.filter(state=DeliveryState.DELIVERED, settled_at__lt=before)
    return rows.delete()[0]
