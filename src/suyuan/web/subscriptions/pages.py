"""What the pages of subscriptions show.

Owns: rows of the lists, and what a page says of a subscription, a message or a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from suyuan.capture.queries import run_query
from suyuan.capture.selectors import StoredDocument, event_documents
from suyuan.core.epcis.query import read_query
from suyuan.core.epcis.query.values import BY_RECORD_TIME
from suyuan.partners.models import Partner
from suyuan.partners.selectors import view_of
from suyuan.subscriptions import selectors
from suyuan.subscriptions.models import (
    OWN,
    Delivery,
    DeliveryState,
    NamedQuery,
    Subscription,
    SubscriptionState,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.subscriptions.words import (
    MESSAGES,
    STATES,
    TROUBLED,
    error_of,
    look,
    spoken,
)

LATEST: Final = 10
_EVENTS: Final = 100  # of one message that its page lists
_NOTHING: Final = {"waiting": 0, "dead": 0, "failed": 0}


def partner_names(organisation_id: int, holders: Iterable[int]) -> dict[int, Partner]:
    """Return the partners that hold something, with their parties."""
    rows = Partner.objects.filter(
        organisation_id=organisation_id, id__in={one for one in holders if one != OWN}
    )
    return {row.id: row for row in rows.select_related("party")}


def shown_address(actor: Actor, subscription: Subscription) -> str:
    """Return the receiver's address; what may be a password in it only for those who edit."""
    if actor.may(Right.SUBSCRIPTIONS_EDIT):
        return subscription.dest
    parts = urlsplit(subscription.dest)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def list_context(actor: Actor) -> dict[str, object]:
    """Return the values of the list."""
    rows = list(selectors.all_subscriptions(actor.organisation_id))
    counts = selectors.open_counts(actor.organisation_id)
    partners = partner_names(actor.organisation_id, (row.holder for row in rows))
    lines = [
        {
            "row": row,
            "partner": partners.get(row.holder),
            "state": _state(row, counts.get(row.id, _NOTHING)),
            "when": spoken(row.schedule),
            **counts.get(row.id, _NOTHING),
        }
        for row in rows
    ]
    return {
        "lines": lines,
        "active": sum(row.state == SubscriptionState.ACTIVE for row in rows),
        "waiting": sum(one["waiting"] for one in counts.values()),
        "dead": sum(one["dead"] for one in counts.values()),
        "has_queries": selectors.named_queries(actor).exists(),
        "may_edit": actor.may(Right.SUBSCRIPTIONS_EDIT),
        "organisation": actor.organisation,
    }


def _state(row: Subscription, counts: dict[str, int]) -> dict[str, object]:
    if row.state == SubscriptionState.ACTIVE and counts["failed"] > 0 and counts["waiting"]:
        return look(TROUBLED)
    return look(STATES[row.state])


def one_context(actor: Actor, row: Subscription) -> dict[str, object]:
    """Return the values of a subscription's page, without its messages."""
    counts = selectors.open_counts(actor.organisation_id).get(row.id, _NOTHING)
    behind = selectors.last_seq(actor.organisation_id) - row.after_seq
    return {
        "row": row,
        "partner": partner_names(actor.organisation_id, [row.holder]).get(row.holder),
        "state": _state(row, counts),
        "is_active": row.state == SubscriptionState.ACTIVE,
        "address": shown_address(actor, row),
        "when": spoken(row.schedule),
        "form": f"{row.media}-1.2" if row.version == "1.2" else row.media,
        "behind": behind if row.stream else 0,
        "may_edit": actor.may(Right.SUBSCRIPTIONS_EDIT),
        "organisation": actor.organisation,
        **counts,
    }


def message_rows(rows: Sequence[Delivery]) -> list[dict[str, object]]:
    """Return messages as rows of a table."""
    return [
        {
            "message": row,
            "state": look(MESSAGES[row.state]),
            "trouble": error_of(row.last_error),
            "events": len(row.seqs),
            "is_dead": row.state == DeliveryState.DEAD,
        }
        for row in rows
    ]


def message_context(actor: Actor, row: Subscription, number: int) -> dict[str, object]:
    """Return the values of a message's page."""
    found = selectors.delivery(row, number)
    events = event_documents(actor.organisation_id, found.seqs[:_EVENTS])
    return {
        **message_rows([found])[0],
        "row": row,
        "listed": event_lines(events),
        "more": len(found.seqs) - len(events),
        "is_waiting": found.state == DeliveryState.WAITING,
        "may_edit": actor.may(Right.SUBSCRIPTIONS_EDIT),
        "organisation": actor.organisation,
    }


def event_lines(documents: Sequence[StoredDocument]) -> list[dict[str, object]]:
    """Return events as lines: number, step, time, how much they name."""
    lines: list[dict[str, object]] = []
    for one in documents:
        event = one.event
        named = sum(
            len(event.get(name) or ())
            for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
        )
        lines.append(
            {
                "seq": one.seq,
                "step": str(event.get("bizStep") or ""),
                "type": event["type"],
                "time": datetime.fromisoformat(event["eventTime"]),
                "epcs": named,
                "voided": bool(one.voided_by),
            }
        )
    return lines


def query_context(request: HttpRequest, actor: Actor, row: NamedQuery) -> dict[str, object]:
    """Return the values of a stored query's page: what it finds now, and who subscribes."""
    asked = read_query(row.query.items())
    latest = msgspec.structs.replace(
        asked, order_by=BY_RECORD_TIME, order_field=None, descending=True, first=None, most=None
    )
    page = run_query(actor.organisation_id, latest, view=view_of(actor), limit=LATEST)
    path = reverse("epcis:query_events", kwargs={"name": row.name})
    address = request.build_absolute_uri(path)
    scheme, rest = address.split("://", 1)
    subscribed = selectors.subscriptions(actor, row.name)
    return {
        "query": row,
        "parameters": [
            (name, value if isinstance(value, list) else [value])
            for name, value in row.query.items()
        ],
        "listed": event_lines(page.documents),
        "more": page.next is not None,
        "address": address,
        "socket": f"{'wss' if scheme == 'https' else 'ws'}://{rest}?stream=true",
        "subscribed": [(one, look(STATES[one.state])) for one in subscribed],
        "may_edit": actor.may(Right.SUBSCRIPTIONS_EDIT),
        "organisation": actor.organisation,
    }
