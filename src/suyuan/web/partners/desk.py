"""Where somebody stands who delivers events: for which partner, with which places and examples.

Owns: what the partner's pages share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.translation import get_language

from suyuan.masterdata.models import Location, Product, Publication
from suyuan.partners import selectors
from suyuan.partners.deliveries import twin_of
from suyuan.partners.models import Delivery, Partner
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.partners.samples import Ground

SENDERS = (Right.EVENTS_DELIVER, Right.EVENTS_CAPTURE)
EVERYBODY = (Right.EVENTS_DELIVER, Right.EVENTS_SHARED, Right.EVENTS_CAPTURE)
_LISTED = 50


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place from which one may deliver."""

    name: str
    identifier: str


class Desk:
    """What an actor who delivers events works with; looked up when asked for."""

    def __init__(self, actor: Actor) -> None:
        """Keep who it is."""
        self.actor = actor
        self.address = settings.PUBLIC_URL
        self.language = get_language() or ""

    @cached_property
    def partner(self) -> Partner | None:
        """The partner that the actor speaks for, None for the brand's own people."""
        return selectors.partner_of(self.actor)

    @cached_property
    def twin(self) -> Partner | None:
        """The partner in the sandbox, None until it was opened."""
        return None if self.partner is None else twin_of(self.partner)

    @property
    def may_send(self) -> bool:
        """Whether the actor may deliver at all."""
        if self.partner is not None:
            return (
                self.actor.may(Right.EVENTS_DELIVER) and self.partner.delivery != Delivery.NOTHING
            )
        return self.actor.holder is None and self.actor.may(Right.EVENTS_CAPTURE)

    @cached_property
    def places(self) -> list[OwnPlace]:
        """The places from which the actor may deliver, at most fifty."""
        here = self.actor.organisation_id
        if self.partner is not None:
            rows = selectors.partner_places(here, self.partner)
        else:
            located = Location.objects.filter(organisation_id=here).select_related("organisation")
            rows = list(located.order_by("code")[:_LISTED])
        return [OwnPlace(row.name(self.language), row.identifier) for row in rows[:_LISTED]]

    @cached_property
    def ground(self) -> Ground:
        """What examples are made of: own places and a product that the brand publishes."""
        here = self.actor.organisation_id
        public = Publication.objects.filter(organisation_id=here).order_by("gtin")
        gtin = public.values_list("gtin", flat=True).first()
        if gtin is None and self.actor.holder is None:
            products = Product.objects.filter(organisation_id=here)
            gtin = products.values_list("gtin", flat=True).first()
        plain = Ground()
        first = self.places[0].identifier if self.places else plain.here
        others = [one.identifier for one in self.places[1:]]
        return Ground(gtin or plain.gtin, first, others[0] if others else plain.there)
