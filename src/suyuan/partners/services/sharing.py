"""Share events with a partner, and stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict, Invalid
from suyuan.partners.errors import PartnerEnded, SharesEverything
from suyuan.partners.models import Partner, ShareRule
from suyuan.partners.selectors import get_partner, get_share_rule
from suyuan.partners.services.fields import known_parties, known_places, known_products, known_steps
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services.lines import clean_line

MOST_RULES = 10_000  # of one partner, ended ones too


@dataclass(frozen=True, slots=True)
class Limits:
    """What is shared: an event must fit in every respect that is limited.

    Attributes:
        own_places: read point or business location is one of the partner's locations.
        places: or one of these, by code.
        own_party: the partner's party is a source or a destination.
        parties: or one of these is, by code.
        gtins: all goods that the event names are of these products.
        steps: the business step is one of these.
        since: it happened then or later.
        until: it happened before.
    """

    own_places: bool = False
    places: Iterable[str] = ()
    own_party: bool = False
    parties: Iterable[str] = ()
    gtins: Iterable[str] = ()
    steps: Iterable[str] = ()
    since: datetime | None = None
    until: datetime | None = None


@transaction.atomic()
def share(
    *, actor: Actor, code: str, limits: Limits, note: str = "", everything: bool = False
) -> ShareRule:
    """Share what fits `limits` with a partner, from now on until it is unshared.

    Args:
        actor: Who acts.
        code: The partner.
        limits: What is meant.
        note: Why, for people.
        everything: Must be said where `limits` limits nothing.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner.
        PartnerEnded: it is not connected any more.
        Invalid: an unknown code, product or step; `period_empty`.
        SharesEverything: nothing is limited, and `everything` was not said.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    # Its row is the lock on the numbers of its rules.
    Partner.objects.select_for_update().get(organisation_id=actor.organisation_id, id=partner.id)
    if not partner.active:
        raise PartnerEnded(place="partner", partner=partner.code)
    values = limits_to_store(actor.organisation_id, limits)
    rows = ShareRule.objects.filter(organisation_id=actor.organisation_id, partner_id=partner.id)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_RULES:
        raise Conflict(place="number", most=MOST_RULES)
    rule = ShareRule(
        organisation=actor.organisation,
        partner_id=partner.id,
        number=number,
        note=clean_line(note, place="note", limit=200, required=False),
        created_by=actor.name,
        created_at=clock.now(),
        **values,
    )
    if rule.unlimited and not everything:
        raise SharesEverything
    rule.save(force_insert=True)
    actor.audit(
        "partner.shared",
        kind="partner",
        object_id=partner.code,
        changes=difference({}, {"number": number, **{k: v for k, v in values.items() if v}}),
    )
    return rule


@transaction.atomic()
def unshare(*, actor: Actor, code: str, number: int) -> ShareRule:
    """End a rule now; ending it again changes nothing.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner or rule.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    rule = get_share_rule(actor.organisation_id, partner.id, number)
    ended = ShareRule.objects.filter(
        organisation_id=actor.organisation_id, id=rule.id, ended_at=None
    ).update(ended_at=clock.now())
    if ended:
        actor.audit(
            "partner.unshared",
            kind="partner",
            object_id=partner.code,
            changes={"number": [number, None]},
        )
        rule.refresh_from_db(fields=["ended_at"])
    return rule


def limits_to_store(organisation_id: int, limits: Limits) -> dict[str, object]:
    """Return the fields of a rule that says `limits`.

    Raises:
        Invalid: an unknown code, product or step; `period_empty`, `time_without_zone`.
    """
    if limits.since and limits.until and limits.since >= limits.until:
        raise Invalid("period_empty", place="until")
    for place, moment in (("since", limits.since), ("until", limits.until)):
        if moment is not None and moment.tzinfo is None:
            raise Invalid("time_without_zone", place=place)
    return {
        "own_places": limits.own_places,
        "places": known_places(organisation_id, limits.places, "places"),
        "own_party": limits.own_party,
        "parties": known_parties(organisation_id, limits.parties, "parties"),
        "gtins": known_products(organisation_id, limits.gtins, "gtins"),
        "steps": known_steps(limits.steps, "steps"),
        "since": limits.since,
        "until": limits.until,
    }
