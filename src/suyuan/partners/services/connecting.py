"""Connect a party, say what it may deliver, end the connection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata.selectors import get_party
from suyuan.partners.errors import AlreadyPartner, InsideSandbox
from suyuan.partners.models import Delivery, Partner, ShareRule
from suyuan.partners.selectors import get_partner
from suyuan.partners.services.fields import known_places, known_steps
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.models import ApiToken, Invitation, Membership, Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services.lines import clean_line

_FIELDS = ("contact", "delivery", "delivery_places", "delivery_steps")


@dataclass(frozen=True, slots=True)
class DeliveryRule:
    """What a partner may deliver.

    Attributes:
        delivery: `nothing`, `own` (from its own places and those listed), or `all`.
        places: codes of locations beside its own.
        steps: business steps; none means every step.
    """

    delivery: str = Delivery.OWN.value
    places: Iterable[str] = ()
    steps: Iterable[str] = ()


@transaction.atomic()
def connect_partner(
    *, actor: Actor, party: str, contact: str = "", rule: DeliveryRule | None = None
) -> Partner:
    """Connect a party of the master data; one that had ended is connected again.

    What was shared before, and the tokens of then, do not come back.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such party.
        Invalid: a malformed field.
        AlreadyPartner: it is connected.
        InsideSandbox: the organisation is a sandbox.
    """
    actor.require(Right.PARTNERS_EDIT)
    if actor.organisation.sandbox_of_id is not None:
        raise InsideSandbox
    if not party.isprintable():  # PostgreSQL refuses to look for a NUL
        raise NotFound(kind="party")
    row = get_party(actor.organisation_id, party)
    values = _values(actor, contact, rule or DeliveryRule())
    partner, made = Partner.objects.select_for_update(of=("self",)).get_or_create(
        organisation=actor.organisation,
        party_id=row.id,
        defaults={**values, "created_at": clock.now()},
    )
    if not made:
        if partner.active:
            raise AlreadyPartner(place="party", party=row.code)
        _set(partner, {**values, "ended_at": None})
    actor.audit(
        "partner.connected", kind="partner", object_id=row.code, changes=difference({}, values)
    )
    return get_partner(actor.organisation_id, row.code)


@transaction.atomic()
def update_partner(
    *, actor: Actor, code: str, contact: str | None = None, rule: DeliveryRule | None = None
) -> Partner:
    """Change whom to ask, or what the partner may deliver; None leaves it.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner.
        Invalid: a malformed field.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    before = {name: getattr(partner, name) for name in _FIELDS}
    told = DeliveryRule(partner.delivery, partner.delivery_places, partner.delivery_steps)
    values = _values(actor, partner.contact if contact is None else contact, rule or told)
    changes = difference(before, values)
    if changes:
        _set(partner, values)
        actor.audit("partner.updated", kind="partner", object_id=partner.code, changes=changes)
    return partner


@transaction.atomic()
def end_partner(*, actor: Actor, code: str) -> Partner:
    """End a connection now: its tokens, people, invitations and shares end with it.

    What it delivered stays. Ending it again changes nothing.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    now = clock.now()
    own = {"organisation_id": actor.organisation_id}
    ended = Partner.objects.filter(**own, id=partner.id, ended_at=None).update(ended_at=now)
    if not ended:
        return partner
    people = Membership.objects.filter(**own, holder=partner.id)
    shares = ShareRule.objects.filter(**own, partner_id=partner.id, ended_at=None)
    changes: dict[str, object] = {
        "people": [sorted(people.values_list("user__email", flat=True)) or None, None],
        "shares": [sorted(shares.values_list("number", flat=True)) or None, None],
        "tokens": [_revoke_tokens(actor.organisation_id, partner) or None, None],
    }
    people.delete()
    Invitation.objects.filter(**own, holder=partner.id, accepted_at=None).delete()
    shares.update(ended_at=now)
    actor.audit("partner.ended", kind="partner", object_id=partner.code, changes=changes)
    return get_partner(actor.organisation_id, code)


def _revoke_tokens(organisation_id: int, partner: Partner) -> list[str]:
    """Revoke every token that speaks for a partner, in the sandbox too; return their names."""
    now = clock.now()
    names: list[str] = []
    tried = Organisation.objects.filter(sandbox_of_id=organisation_id).first()
    holders = [(organisation_id, partner.id)]
    if tried is not None:
        same = Partner.objects.filter(organisation_id=tried.pk, party__code=partner.code)
        holders += [(tried.pk, holder) for holder in same.values_list("id", flat=True)]
        same.update(ended_at=now)
    for where, holder in holders:
        rows = ApiToken.objects.filter(organisation_id=where, holder=holder, revoked_at=None)
        names += rows.values_list("name", flat=True)
        rows.update(revoked_at=now)
    return sorted(names)


def _values(actor: Actor, contact: str, rule: DeliveryRule) -> dict[str, object]:
    if rule.delivery not in Delivery.values:
        raise Invalid("delivery_kind_unknown", place="delivery", given=rule.delivery[:40])
    return {
        "contact": clean_line(contact, place="contact", limit=200, required=False),
        "delivery": rule.delivery,
        "delivery_places": known_places(actor.organisation_id, rule.places, "delivery_places"),
        "delivery_steps": known_steps(rule.steps, "delivery_steps"),
    }


def _set(partner: Partner, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(partner, name, value)
    partner.save(update_fields=list(values))
