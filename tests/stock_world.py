"""Events for tests of stock and dwell times: short words for what happens to goods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from suyuan.capture.identities import find_key
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Sscc, parse_identity
from suyuan.tenancy.actor import Actor

GTIN = "09521234000013"
OTHER_GTIN = "09521234000020"
START = datetime(2026, 3, 1, tzinfo=UTC)
FACTORY = "https://id.gs1.org/414/9521234000013"
DEPOT = "https://id.gs1.org/414/9521234000020"
SHOP = "https://id.gs1.org/414/9521234000037"


def item(number: int, gtin: str = GTIN) -> str:
    """Return an item's link."""
    return f"https://id.gs1.org/01/{gtin}/21/{number}"


def unit(number: int) -> str:
    """Return a logistic unit's link."""
    return f"https://id.gs1.org/00/{Sscc.build('9521234', 0, number).value}"


def at(hours: float) -> datetime:
    """Return the time some hours after the beginning."""
    return START + timedelta(hours=hours)


def born(hours: float, *numbers: int, gtin: str = GTIN) -> dict[str, Any]:
    """Commission items at the factory."""
    return build.object_event(
        time=at(hours),
        action="ADD",
        epcs=[item(n, gtin) for n in numbers],
        step="commissioning",
        disposition="active",
        location=FACTORY,
    )


def packed(hours: float, parent: str, *children: str, location: str = FACTORY) -> dict[str, Any]:
    """Pack children into a unit."""
    return build.aggregation_event(
        time=at(hours),
        action="ADD",
        parent=parent,
        children=list(children),
        step="packing",
        location=location,
    )


def unpacked(hours: float, parent: str, *children: str, location: str = DEPOT) -> dict[str, Any]:
    """Take children out of a unit, or empty it."""
    return build.aggregation_event(
        time=at(hours),
        action="DELETE",
        parent=parent,
        children=list(children),
        step="unpacking",
        location=location,
    )


def shipped(hours: float, *epcs: str, read_point: str = FACTORY) -> dict[str, Any]:
    """Let goods leave."""
    return build.object_event(
        time=at(hours),
        action="OBSERVE",
        epcs=list(epcs),
        step="shipping",
        disposition="in_transit",
        read_point=read_point,
    )


def received(
    hours: float, *epcs: str, location: str = DEPOT, step: str = "receiving"
) -> dict[str, Any]:
    """Let goods arrive."""
    return build.object_event(
        time=at(hours),
        action="OBSERVE",
        epcs=list(epcs),
        step=step,
        disposition="in_progress",
        location=location,
    )


def sold(hours: float, *epcs: str) -> dict[str, Any]:
    """Sell goods."""
    return build.object_event(
        time=at(hours),
        action="OBSERVE",
        epcs=list(epcs),
        step="retail_selling",
        disposition="retail_sold",
    )


def declared_wrong(event: dict[str, Any], hours: float) -> dict[str, Any]:
    """Return the declaration that an event, which has an ID, did not occur."""
    return {
        **event,
        "errorDeclaration": {
            "declarationTime": at(hours).isoformat(),
            "reason": "urn:epcglobal:cbv:er:did_not_occur",
        },
    }


def tell(actor: Actor, *events: dict[str, Any]) -> None:
    """Capture events."""
    capture_events(actor=actor, events=list(events), source="tests")


def key_of(actor: Actor, text: str) -> int:
    """Return the key of what has been captured."""
    key = find_key(actor.organisation_id, parse_identity(text))
    assert key is not None
    return key
