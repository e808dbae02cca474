"""Begin and end subscriptions.

Owns: what a subscription may ask for, and where it begins.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone

from suyuan.capture.documents import Wanted
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel import clock
from suyuan.kernel.posting.destinations import Destination, read_destination
from suyuan.kernel.secretbox import seal
from suyuan.subscriptions.errors import QueryNotFound, SubscriptionControls, SubscriptionNameTaken
from suyuan.subscriptions.models import Subscription
from suyuan.subscriptions.schedule import read_schedule
from suyuan.subscriptions.selectors import (
    holder_of,
    last_seq_before,
    named_queries,
    named_query,
    subscription,
    subscriptions,
)
from suyuan.subscriptions.services.queries import (
    TooMany,
    checked_name,
    checked_query,
    require_editor,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

SEALED: Final = "subscription"  # the purpose of the secret box
USUAL: Final = Wanted("json", XmlVersion.V2_0, EpcFormat.LINK, web_uris=False)
BATCH: Final = 100  # events in one message
_LONGEST_SECRET: Final = 512
_MOST: Final = 200


def subscribe(
    *,
    actor: Actor,
    query_name: str,
    dest: str,
    query: Mapping[str, object] | None = None,
    name: str | None = None,
    signature_token: str = "",
    stream: bool = False,
    schedule: Mapping[str, object] | None = None,
    report_if_empty: bool = False,
    initial_record_time: datetime | None = None,
    how: Wanted = USUAL,
) -> Subscription:
    """Tell a receiver what a query finds among new events.

    Args:
        actor: who acts; what a partner subscribes to passes its view.
        query_name: a stored query's name; with `query`, one of the standard's.
        dest: the receiver's address; see `destinations`.
        query: parameters of one's own, as SOAP clients give them.
        name: the standard's subscriptionID; None makes one up.
        signature_token: the receiver's secret, with which messages are signed; "" signs none.
        stream: tell each event at once. Either this or `schedule`.
        schedule: the standard's QuerySchedule; see `schedule`.
        report_if_empty: tell also that a scheduled run found nothing.
        initial_record_time: events recorded before it are not told; None: from now on.
        how: syntax and form of what is sent.

    Raises:
        Forbidden: see `queries.require_editor`; without `events.view`, for the organisation.
        QueryNotFound: no stored query of that name.
        SubscriptionNameTaken: another subscription bears the name.
        SubscriptionControls: `stream_or_schedule`, `schedule_…`.
        DestinationRefused: see `destinations.read_destination`.
        Invalid: `signature_token`, the name or the query.
        TooMany: there are 200 already.
    """
    require_editor(actor)
    if actor.holder is None:
        actor.require(Right.EVENTS_VIEW)  # what is sent on is read first
    definition = named_query(actor, query_name).query if query is None else checked_query(query)
    title = str(uuid.uuid4()) if name is None else checked_name(name, "subscriptionID")
    where = read_destination(dest)
    if subscriptions(actor).count() >= _MOST:
        raise TooMany(limit=_MOST)
    now = clock.now()
    first = initial_record_time or now
    row = Subscription(
        organisation=actor.organisation,
        holder=holder_of(actor),
        name=title,
        query_name=query_name,
        query=definition,
        dest=where.url,
        host=where.host,
        secret=_sealed(signature_token),
        report_if_empty=report_if_empty,
        initial_record_time=first,
        media=how.media,
        version=how.version.value,
        epc_format=how.epcs.value,
        web_uris=how.web_uris,
        batch=BATCH,
        after_seq=last_seq_before(actor.organisation_id, first),
        created_at=now,
        created_by=actor.name,
        **_timing(stream=stream, schedule=schedule, since=max(now, first)),
    )
    _save(actor, row, where, stored=query is None)
    return row


def _timing(
    *, stream: bool, schedule: Mapping[str, object] | None, since: datetime
) -> dict[str, Any]:
    """Return the fields that say when the receiver is told."""
    if stream == (schedule is not None):
        raise SubscriptionControls("stream_or_schedule", place="schedule")
    if schedule is None:
        return {"stream": True, "schedule": None, "next_run_at": None}
    next_run = read_schedule(schedule).next_after(since, get_default_timezone())
    return {"stream": False, "schedule": dict(schedule), "next_run_at": next_run}


def _sealed(signature_token: str) -> bytes | None:
    """Return what is stored of a receiver's secret."""
    if len(signature_token) > _LONGEST_SECRET:
        raise SubscriptionControls("signature_token", place="signatureToken", limit=_LONGEST_SECRET)
    return seal(SEALED, signature_token.encode()) if signature_token else None


def _save(actor: Actor, row: Subscription, where: Destination, *, stored: bool) -> None:
    try:
        with transaction.atomic():
            # Meanwhile a stored query may have been dropped, and its subscriptions with it.
            if stored and not named_queries(actor).filter(name=row.query_name).select_for_update():
                raise QueryNotFound(given=row.query_name)
            row.save(force_insert=True)
            actor.audit(
                "subscriptions.add",
                kind="subscription",
                object_id=row.name,
                # An address may hold a password in its query: the trail keeps the host.
                changes={"query": [None, row.query_name], "host": [None, where.host]},
            )
    except IntegrityError:
        raise SubscriptionNameTaken(place="subscriptionID", given=row.name) from None


def unsubscribe(*, actor: Actor, name: str, query_name: str | None = None) -> None:
    """End a subscription; what waits for its receiver is not sent any more.

    Raises:
        Forbidden: see `queries.require_editor`.
        SubscriptionNotFound: unknown, to another query, or somebody else's.
    """
    require_editor(actor)
    with transaction.atomic():
        row = subscription(actor, name, query_name)
        row.delete()
        actor.audit(
            "subscriptions.end",
            kind="subscription",
            object_id=name,
            changes={"query": [row.query_name, None]},
        )
