"""Reads of partners: one gate for each object, lists, and what somebody may see of events.

Invariant: every query begins with the organisation; unknown and another organisation's raise the
same `NotFound`. Whoever speaks for a partner that is not there, or has ended, sees nothing.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from suyuan.capture.view import EventView
from suyuan.kernel.errors import NotFound
from suyuan.masterdata.models import Location, Party
from suyuan.partners.meaning import grants_of, names_of
from suyuan.partners.models import Partner, ShareRule
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import ApiToken, Invitation, Membership, Organisation
from suyuan.tenancy.rights import Right

NOTHING: Final = EventView(holder=None)


def view_of(actor: Actor) -> EventView | None:
    """Return what an actor may see of its organisation's events; None means everything."""
    if actor.holder is None:
        return None if actor.may(Right.EVENTS_VIEW) else NOTHING
    if not actor.may(Right.EVENTS_SHARED):
        return NOTHING
    partner = partner_of(actor)
    return NOTHING if partner is None else view_of_partner(actor.organisation, partner)


def view_of_partner(organisation: Organisation, partner: Partner) -> EventView:
    """Return what a partner may see, for a preview; nothing when it has ended."""
    if not partner.active:
        return NOTHING
    rules = list(
        ShareRule.objects.filter(
            organisation_id=organisation.pk, partner_id=partner.id, ended_at=None
        ).order_by("number")
    )
    return EventView(partner.id, grants_of(names_of(organisation, partner, rules), rules))


def partner_of(actor: Actor) -> Partner | None:
    """Return the active partner that an actor speaks for, with its party, or None."""
    if actor.holder is None:
        return None
    return (
        Partner.objects.filter(
            organisation_id=actor.organisation_id, id=actor.holder, ended_at=None
        )
        .select_related("party", "organisation")
        .first()
    )


def get_partner(organisation_id: int, code: str) -> Partner:
    """Return a partner by its party's code, with the party; ended ones too.

    Raises:
        NotFound: no such partner.
    """
    if not code.isprintable():  # PostgreSQL refuses to look for a NUL
        raise NotFound(kind="partner")
    row = _with_party(organisation_id).filter(party__code=code).first()
    if row is None:
        raise NotFound(kind="partner")
    return row


def _with_party(organisation_id: int) -> QuerySet[Partner]:
    return Partner.objects.filter(organisation_id=organisation_id).select_related(
        "party", "organisation"
    )


def list_partners(
    organisation_id: int, *, text: str = "", active: bool | None = None
) -> QuerySet[Partner]:
    """Return partners by their party's code, with the parties."""
    rows = _with_party(organisation_id).order_by("party__code")
    if active is not None:
        rows = rows.filter(ended_at__isnull=active)
    text = text.strip()
    if not text:
        return rows
    if "\0" in text:
        return rows.none()
    return rows.filter(
        Q(party__code__icontains=text)
        | Q(party__name_zh__icontains=text)
        | Q(party__name_en__icontains=text)
        | Q(contact__icontains=text)
    )


def parties_without_partner(organisation_id: int) -> QuerySet[Party]:
    """Return the parties that could be connected, or connected again, by code."""
    connected = Partner.objects.filter(organisation_id=organisation_id, ended_at=None)
    return (
        Party.objects.filter(organisation_id=organisation_id)
        .exclude(id__in=connected.values("party_id"))
        .order_by("code")
    )


def share_rules(
    organisation_id: int, partner_id: int, *, active: bool | None = None
) -> QuerySet[ShareRule]:
    """Return a partner's rules, the newest first."""
    rows = ShareRule.objects.filter(organisation_id=organisation_id, partner_id=partner_id)
    if active is not None:
        rows = rows.filter(ended_at__isnull=active)
    return rows.order_by("-number")


def get_share_rule(organisation_id: int, partner_id: int, number: int) -> ShareRule:
    """Return a partner's rule by number. Raises `NotFound`."""
    row = share_rules(organisation_id, partner_id).filter(number=number).first()
    if row is None:
        raise NotFound(kind="share_rule")
    return row


def partner_tokens(organisation_id: int, partner_id: int) -> list[ApiToken]:
    """Return the tokens that speak for a partner, newest first, revoked and expired ones too."""
    return list(
        ApiToken.objects.filter(organisation_id=organisation_id, holder=partner_id)
        .select_related("created_by")
        .order_by("-created_at", "-id")
    )


def sandbox_tokens(organisation_id: int, code: str) -> list[ApiToken]:
    """Return the tokens with which a partner tries in the sandbox, newest first."""
    sandbox = sandbox_of(organisation_id)
    if sandbox is None:
        return []
    twin = Partner.objects.filter(organisation_id=sandbox.pk, party__code=code).first()
    return [] if twin is None else partner_tokens(sandbox.pk, twin.id)


def partner_people(organisation_id: int, partner_id: int) -> list[Membership]:
    """Return the people who speak for a partner, in the order they joined."""
    return list(
        Membership.objects.filter(organisation_id=organisation_id, holder=partner_id)
        .select_related("user")
        .order_by("created_at", "id")
    )


def partner_invitations(organisation_id: int, partner_id: int) -> list[Invitation]:
    """Return the open invitations to speak for a partner, newest first."""
    return list(
        Invitation.objects.filter(
            organisation_id=organisation_id, holder=partner_id, accepted_at=None
        )
        .select_related("invited_by")
        .order_by("-created_at")
    )


def partner_places(organisation_id: int, partner: Partner) -> list[Location]:
    """Return the locations that a partner may deliver from where it is not from everywhere."""
    return list(
        Location.objects.filter(
            Q(party_id=partner.party_id) | Q(code__in=partner.delivery_places),
            organisation_id=organisation_id,
        )
        .select_related("organisation")
        .order_by("code")
    )


def sandbox_of(organisation_id: int) -> Organisation | None:
    """Return the sandbox of an organisation, if it has been opened."""
    return Organisation.objects.filter(sandbox_of_id=organisation_id).first()
