"""What a rule would share, before it is made.

Owns: `preview_of`. Nothing is stored.
"""

from __future__ import annotations

from suyuan.capture.view import EventView
from suyuan.partners.meaning import grants_of, names_of
from suyuan.partners.models import Partner, ShareRule
from suyuan.partners.services.sharing import Limits, limits_to_store
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def preview_of(*, actor: Actor, partner: Partner, limits: Limits) -> EventView:
    """Return what one rule alone would let a partner see.

    Raises:
        Forbidden: without `partners.edit`.
        Invalid: as `services.share`.
    """
    actor.require(Right.PARTNERS_EDIT)
    rule = ShareRule(
        organisation=actor.organisation,
        partner_id=partner.id,
        **limits_to_store(actor.organisation_id, limits),
    )
    names = names_of(actor.organisation, partner, [rule])
    return EventView(None, grants_of(names, [rule]))
