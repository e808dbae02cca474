"""Events that are named by their hash.

Owns: giving the event hash as ID, and knowing by it the same event in another form.
Does not own: the hash itself (core.epcis.event_hash).
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from suyuan.core.epcis import Event
from suyuan.core.epcis.contexts import prefix_meanings
from suyuan.core.epcis.event import Document
from suyuan.core.epcis.event_hash import event_hash

_LIKE_A_HASH: Final = "ni:///sha-256;"


def with_hash_ids(document: Document) -> Document:
    """Return the document with the hash as the ID of each event that has none."""
    events = [
        (position, event if event.event_id else _named(event, document.context))
        for position, event in document.events
    ]
    return msgspec.structs.replace(document, events=events)


def hash_digest(event: Event, context: Any) -> bytes | None:
    """Return what stands for an event's content if its ID is its hash; None if it is not.

    The hash leaves out an error declaration: an event that has one is compared by its content.
    """
    if not event.event_id.startswith(_LIKE_A_HASH) or event.declares_error:
        return None
    if event.event_id != _hash(event, context):
        return None
    return hashlib.blake2b(event.event_id.encode(), digest_size=16).digest()


def _named(event: Event, context: Any) -> Event:
    event_id = _hash(event, context)
    document = {**event.document, "eventID": event_id}
    return msgspec.structs.replace(event, event_id=event_id, document=document)


def _hash(event: Event, context: Any) -> str:
    return event_hash(event.document, prefix_meanings(context, event.document.get("@context")))
