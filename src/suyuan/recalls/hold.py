"""Tell everybody that goods are recalled: one event with the disposition `recalled`.

Owns: the shape of that event.
The scanner, the consumer's page and the dispatch check read it through lineage like any other
state; no domain is told by a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

from suyuan.capture import services as capture
from suyuan.core.epcis import build
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.lineage.values import Scope
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

SOURCE = "recalls"
_MOST_ITEMS = 1_000_000  # of one event


def hold_goods(*, actor: Actor, scope: Scope) -> None:
    """Capture the hold of all affected items and lots; call it in the case's transaction.

    One event, unless there are more than a million items.
    """
    # Whoever may open a recall may hold the goods by it, though not capture anything else.
    holder = replace(actor, rights=actor.rights | {Right.EVENTS_CAPTURE})
    quantities = [build.quantity(node.identity.digital_link()) for node in scope.lots]
    if not scope.items:
        capture.capture_events(actor=holder, events=[_event(quantities)], source=SOURCE)
        return
    for items in _parts(scope.items):
        event = _event(quantities)
        capture.capture_keys(actor=holder, event=event, items=items, source=SOURCE)
        quantities = []  # a lot is held once


def _event(quantities: list[dict[str, Any]]) -> dict[str, Any]:
    return build.object_event(
        time=clock.now(),
        action="OBSERVE",
        quantities=quantities,
        step="holding",
        disposition="recalled",
        event_id=f"urn:uuid:{uuid4()}",
    )


def _parts(items: KeySet) -> Iterator[KeySet]:
    if len(items) <= _MOST_ITEMS:
        yield items
        return
    keys = items.to_array()
    for at in range(0, keys.size, _MOST_ITEMS):
        yield KeySet.from_array(keys[at : at + _MOST_ITEMS])
