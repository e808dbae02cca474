"""What the walk of routes needs for subscriptions (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.kernel import clock
from suyuan.subscriptions.models import DeliveryState, Subscription
from suyuan.subscriptions.services import define_query, subscribe
from suyuan.subscriptions.services.looking import add_delivery


def _query(world: Any) -> dict[str, object]:
    return {"name": define_query(actor=world.actor, name="walked", query={}).name}


def _made(world: Any) -> Subscription:
    _query(world)
    return subscribe(
        actor=world.actor,
        query_name="walked",
        dest="https://receiver.example/",
        name="walked",
        stream=True,
    )


def _subscription(world: Any) -> dict[str, object]:
    return {"subscription_id": _made(world).id}


def _message(world: Any) -> dict[str, object]:
    row = _made(world)
    message = add_delivery(row, [], clock.now())
    message.state = DeliveryState.DEAD
    message.save(update_fields=["state"])
    return {"subscription_id": row.id, "number": message.number}


def _identifier(world: Any) -> dict[str, object]:
    row = _made(world)
    return {"name": row.query_name, "identifier": row.name}


ARGUMENTS = {
    **dict.fromkeys(
        (
            "epcis:query",
            "epcis:query_events",
            "epcis:subscriptions",
            "subscriptions:query",
            "subscriptions:drop",
        ),
        _query,
    ),
    "epcis:subscription": _identifier,
    **dict.fromkeys(
        (
            "subscriptions:one",
            "subscriptions:pause",
            "subscriptions:resume",
            "subscriptions:test",
            "subscriptions:end",
            "subscriptions:replay_all",
        ),
        _subscription,
    ),
    **dict.fromkeys(
        ("subscriptions:message", "subscriptions:replay", "subscriptions:dismiss"), _message
    ),
}
