"""Of what somebody who speaks for a partner may learn the name, or that it is known at all.

Owns: `knowable`. The identifiers of places and products can be guessed; whether the brand has them,
and how it calls them, is told of the partner's own and listed places and parties, of products that
the brand publishes, and of what is shared by number.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from suyuan.core.identifiers import Identity
from suyuan.masterdata.models import Publication
from suyuan.partners.meaning import names_of
from suyuan.partners.models import ShareRule
from suyuan.partners.selectors import partner_of
from suyuan.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Knowable:
    """What may be told.

    Attributes:
        places: identities of places and parties.
        shared: GTINs that rules name.
        brand_id: whose publications count.
    """

    places: frozenset[Identity]
    shared: frozenset[str]
    brand_id: int

    def gtins(self, asked: Collection[str]) -> set[str]:
        """Return those of `asked`, 14 digits each, of which may be told what they are."""
        published = Publication.objects.filter(organisation_id=self.brand_id, gtin__in=asked)
        return set(published.values_list("gtin", flat=True)) | self.shared.intersection(asked)


def knowable(actor: Actor) -> Knowable | None:
    """Return what an actor may learn of master data by the way; None means everything."""
    if actor.holder is None:
        return None
    brand_id = actor.organisation.sandbox_of_id or actor.organisation_id
    partner = partner_of(actor)
    if partner is None:
        return Knowable(frozenset(), frozenset(), brand_id)
    rules = list(
        ShareRule.objects.filter(
            organisation_id=actor.organisation_id, partner_id=partner.id, ended_at=None
        )
    )
    names = names_of(partner.organisation, partner, rules)
    places = (names.own_places | names.own_party).union(
        *names.places.values(), *names.parties.values()
    )
    return Knowable(places, frozenset(gtin for rule in rules for gtin in rule.gtins), brand_id)
