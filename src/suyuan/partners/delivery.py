"""What a partner may deliver.

Owns: `check_delivery`, which capture and rehearsal are given as their check.
Does not own: what an event must be by itself (core.epcis), storing it (capture).

A partner that delivers from its own places: every place that an event names is its own or listed;
an event without places names the partner's party as a source or destination. A place within a
place of its own, by the GLN's extension, is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from suyuan.core.epcis import Event, Fault
from suyuan.core.epcis.event import Document
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.partners.errors import DeliveryRefused
from suyuan.partners.meaning import names_of
from suyuan.partners.models import Delivery, Partner
from suyuan.partners.selectors import partner_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_ENDS = (("sourceList", "source"), ("destinationList", "destination"))


def check_delivery(actor: Actor, document: Document) -> list[Fault]:
    """Return why a partner may not deliver events of a document, with their places.

    Raises:
        Forbidden: without `events.deliver`.
        DeliveryRefused: the actor speaks for no partner, or for one that may deliver nothing.
    """
    if actor.holder is None and actor.may(Right.EVENTS_CAPTURE):
        return []
    actor.require(Right.EVENTS_DELIVER)
    partner = partner_of(actor)
    if partner is None or partner.delivery == Delivery.NOTHING:
        raise DeliveryRefused
    allowed = _allowed(partner)
    return [
        Fault(fault.code, f"{document.place}/{position}{fault.place}", fault.data)
        for position, event in document.events
        for fault in allowed.faults(event)
    ]


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What one partner may deliver.

    Attributes:
        places: from where; None: from everywhere.
        parties: identities of the partner itself.
        steps: what it may say was done; empty: everything.
    """

    places: frozenset[Identity] | None
    parties: frozenset[Identity]
    steps: frozenset[str]

    def faults(self, event: Event) -> Iterator[Fault]:
        """Yield what is wrong with an event, with places in it."""
        if self.steps and event.step not in self.steps:
            yield Fault("delivery_step", "/bizStep", {"given": event.step[:80]})
        if self.places is None:
            return
        named = False
        for field, place in (("readPoint", event.read_point), ("bizLocation", event.location)):
            if place is None:
                continue
            named = True
            if not self._own(place):
                given = str(event.document[field]["id"])[:80]
                yield Fault("delivery_place", f"/{field}/id", {"given": given})
        if not named and self.parties.isdisjoint(_ends(event)):
            yield Fault("delivery_unplaced", "")

    def _own(self, place: Identity) -> bool:
        places = self.places or frozenset()
        if place in places:
            return True
        return place.scheme is Scheme.SGLN and Identity(Scheme.SGLN, place.primary) in places


def _allowed(partner: Partner) -> _Allowed:
    steps = frozenset(partner.delivery_steps)
    if partner.delivery == Delivery.ALL:
        return _Allowed(None, frozenset(), steps)
    names = names_of(partner.organisation, partner, ())
    listed = (names.places.get(code, frozenset()) for code in partner.delivery_places)
    return _Allowed(names.own_places.union(*listed), names.own_party, steps)


def _ends(event: Event) -> Iterator[Identity]:
    """Yield the sources and destinations of an event."""
    for name, attribute in _ENDS:
        for one in event.document.get(name) or ():
            try:
                yield parse_epc(one[attribute])
            except IdentifierError:  # refused already when it was read
                continue
