"""What limits a rehearsal by somebody who may speak for a partner.

Owns: `rehearsal_limits`: the check of deliveries, and of which places and goods may be told whether
the brand knows them. An identifier can be guessed; whether it is there is not for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.capture.rehearsal.summary import Tellable
from suyuan.capture.view import Check
from suyuan.core.identifiers import Identity
from suyuan.partners.delivery import check_delivery
from suyuan.partners.knowing import knowable
from suyuan.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class RehearsalLimits:
    """As `capture.rehearsal.rehearse` takes them; None: every place, all goods."""

    check: Check
    tellable: frozenset[Identity] | None
    tellable_goods: Tellable | None


def rehearsal_limits(actor: Actor) -> RehearsalLimits:
    """Return what limits an actor's rehearsals."""
    limits = knowable(actor)
    if limits is None:
        return RehearsalLimits(check_delivery, None, None)
    return RehearsalLimits(check_delivery, limits.places, limits.gtins)
