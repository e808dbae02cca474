"""What somebody who speaks for a partner may see of an organisation's events.

Owns: the values that say so. They are made by `partners.selectors.view_of` and obeyed by every
reader of events here: `None` in the place of a view means everything.

An event is seen if the partner delivered it, or if one grant lets it through in every respect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from suyuan.core.epcis.errors import Fault
from suyuan.core.epcis.event import Document
from suyuan.core.identifiers import Identity
from suyuan.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Grant:
    """One agreement to share; what is None limits nothing.

    Attributes:
        places: read points or business locations of which one must be the event's.
        parties: identities of which one must stand in its source or destination list.
        gtins: trade items; every identity of goods that the event names must be of one of them, or
            a logistic unit beside at least one of them. An event that names only logistic units
            does not tell what is in them, and is not let through.
        steps: bare CBV words or URIs, of which one must be the event's step.
        since: the earliest time of happening, in microseconds since 1970.
        until: the first time of happening that is no longer meant.
    """

    places: frozenset[Identity] | None = None
    parties: frozenset[Identity] | None = None
    gtins: frozenset[str] | None = None
    steps: frozenset[str] | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """What a partner may see.

    Attributes:
        holder: the partner; what it delivered itself it sees. None: of nobody.
        grants: what is shared with it beside.
    """

    holder: int | None
    grants: tuple[Grant, ...] = ()


type Check = Callable[[Actor, Document], Sequence[Fault]]
"""What else refuses events that somebody sends: faults, with their places in the document.

`partners.delivery.check_delivery` is the one there is. Raises `Forbidden` where the sender may
deliver nothing at all.
"""
