"""Invite people, take them in, change their roles, let them go."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.errors import (
    AlreadyMember,
    BeyondRights,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    LastOwner,
    SpeaksForPartner,
)
from suyuan.tenancy.models import (
    ApiToken,
    Invitation,
    Membership,
    Organisation,
    User,
)
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.selectors import invitation_digest, invitation_for, member, rights_of_role
from suyuan.tenancy.services.grants import known_role
from suyuan.tenancy.services.lines import clean_line

INVITATION_LIFE = timedelta(days=7)


def _require_reach(actor: Actor, role: str) -> None:
    """Raise `BeyondRights` when `role` may do what the actor may not; owners reach every role."""
    if actor.role == Role.OWNER:
        return
    beyond = rights_of_role(actor.organisation_id, role) - actor.rights
    if beyond:
        raise BeyondRights(place="role", rights=sorted(beyond))


def _lock_organisation(actor: Actor) -> None:
    """Serialise changes of people, so that two owners cannot remove each other at once."""
    Organisation.objects.select_for_update().get(pk=actor.organisation_id)


def _membership(actor: Actor, email: str) -> Membership:
    return member(actor.organisation_id, email)


def _require_another_owner(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, role=Role.OWNER.value, user__is_active=True
    ).exclude(user_id=membership.user_id)
    if membership.role == Role.OWNER.value and not others.exists():
        raise LastOwner(place="email")


@transaction.atomic()
def invite(*, actor: Actor, email: str, role: str) -> tuple[Invitation, str]:
    """Open an invitation for seven days; an earlier one to the same address ends.

    Returns:
        The invitation, and its token, of which only a hash is stored.

    Raises:
        Forbidden: without `people.manage`.
        Invalid: `email_malformed`, `role_unknown`.
        AlreadyMember: the address is a member's.
        BeyondRights: the role may do more than the actor.
    """
    actor.require(Right.PEOPLE_MANAGE)
    target = known_role(role)
    _require_reach(actor, target.value)
    return _invite(actor, email, target, holder=None)


@transaction.atomic()
def invite_for_partner(*, actor: Actor, email: str, holder: int) -> tuple[Invitation, str]:
    """Open an invitation for somebody who will speak for a partner.

    The caller has checked that the actor may, and that the partner is the organisation's.

    Raises:
        As `invite`.
    """
    return _invite(actor, email, Role.PARTNER, holder=holder)


def _invite(actor: Actor, email: str, role: Role, *, holder: int | None) -> tuple[Invitation, str]:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid("email_malformed", place="email") from error
    if Membership.objects.filter(
        organisation_id=actor.organisation_id, user__email=address
    ).exists():
        raise AlreadyMember(place="email", email=address)
    Invitation.objects.filter(
        organisation_id=actor.organisation_id, email=address, accepted_at=None
    ).delete()
    token = f"{actor.organisation_id}-{secrets.token_urlsafe(32)}"
    invitation = Invitation.objects.create(
        organisation=actor.organisation,
        email=address,
        role=role.value,
        holder=holder,
        token_hash=invitation_digest(token),
        invited_by_id=actor.user_id,
        expires_at=clock.now() + INVITATION_LIFE,
    )
    told = {"role": role.value, "partner": None if holder is None else str(holder)}
    actor.audit("person.invited", kind="person", object_id=address, changes=difference({}, told))
    return invitation, token


@transaction.atomic()
def withdraw_invitation(*, actor: Actor, email: str) -> None:
    """End the open invitation of an address.

    Raises:
        Forbidden: without `people.manage`.
        InvitationUnknown: there is none.
    """
    actor.require(Right.PEOPLE_MANAGE)
    address = email.strip().lower()
    if not address.isprintable():  # PostgreSQL refuses to look for a NUL
        raise InvitationUnknown(place="email")
    removed, _ = Invitation.objects.filter(
        organisation_id=actor.organisation_id, email=address, accepted_at=None
    ).delete()
    if not removed:
        raise InvitationUnknown(place="email")
    actor.audit("invitation.withdrawn", kind="person", object_id=address)


@transaction.atomic()
def accept_invitation(*, user: User, token: str) -> Membership:
    """Make `user` a member with the role of the invitation.

    The token proves that the letter reached the person; the address must be theirs as well, so
    that a forwarded link is of no use to another.

    Raises:
        InvitationUnknown: no such token, or it was sent to another address.
        InvitationUsed: it was accepted before.
        InvitationExpired: its seven days are over.
        AlreadyMember: the person belongs to the organisation already.
    """
    invitation = invitation_for(user=user, token=token)
    if invitation is None:
        raise InvitationUnknown
    if invitation.accepted_at is not None:
        raise InvitationUsed
    now = clock.now()
    if invitation.expires_at <= now:
        raise InvitationExpired
    organisation = invitation.organisation
    if Membership.objects.filter(organisation_id=organisation.pk, user=user).exists():
        raise AlreadyMember(email=user.email)
    # The conditional update decides between two clicks that arrive together.
    taken = Invitation.objects.filter(
        organisation_id=organisation.pk, id=invitation.id, accepted_at=None
    ).update(accepted_at=now)
    if not taken:
        raise InvitationUsed
    membership = Membership.objects.create(
        organisation=organisation, user=user, role=invitation.role, holder=invitation.holder
    )
    Actor(
        organisation=organisation,
        name=f"user:{user.email}",
        rights=frozenset(),
        user_id=user.pk,
        role=invitation.role,
    ).audit(
        "person.joined",
        kind="person",
        object_id=user.email,
        changes=difference({}, {"role": invitation.role}),
    )
    return membership


@transaction.atomic()
def change_role(*, actor: Actor, email: str, role: str) -> Membership:
    """Give a member another role.

    Raises:
        Forbidden: without `people.manage`.
        NotFound: no such member.
        Invalid: `role_unknown`.
        BeyondRights: the member's present or future role may do more than the actor.
        LastOwner: the organisation would have no owner.
        SpeaksForPartner: the member speaks for a partner, which no role changes.
    """
    actor.require(Right.PEOPLE_MANAGE)
    target = known_role(role)
    _lock_organisation(actor)
    membership = _membership(actor, email)
    if membership.role == target.value:
        return membership
    if membership.holder is not None:
        raise SpeaksForPartner(place="role")
    _require_reach(actor, membership.role)
    _require_reach(actor, target.value)
    _require_another_owner(membership)
    before, membership.role = membership.role, target.value
    membership.save(update_fields=["role"])
    actor.audit(
        "person.role_changed",
        kind="person",
        object_id=membership.user.email,
        changes={"role": [before, target.value]},
    )
    return membership


@transaction.atomic()
def remove_member(*, actor: Actor, email: str, revoke_tokens: bool = True) -> None:
    """Let a member go; the tokens they made are revoked with them unless asked otherwise.

    Raises:
        Forbidden: without `people.manage`.
        NotFound: no such member.
        BeyondRights: the member may do more than the actor.
        LastOwner: the organisation would have no owner.
    """
    actor.require(Right.PEOPLE_MANAGE)
    _lock_organisation(actor)
    membership = _membership(actor, email)
    _require_reach(actor, membership.role)
    _require_another_owner(membership)
    _remove(actor, membership, revoke_tokens=revoke_tokens)


@transaction.atomic()
def remove_for_partner(*, actor: Actor, email: str, holder: int) -> None:
    """Let somebody go who speaks for a partner, with the tokens they made.

    The caller has checked that the actor may.

    Raises:
        NotFound: nobody with this address speaks for the partner.
    """
    membership = _membership(actor, email)
    if membership.holder != holder:
        raise NotFound(place="email")
    _remove(actor, membership, revoke_tokens=True)


def _remove(actor: Actor, membership: Membership, *, revoke_tokens: bool) -> None:
    revoked: list[str] = []
    if revoke_tokens:
        tokens = ApiToken.objects.filter(
            Q(organisation_id=actor.organisation_id)
            | Q(organisation__sandbox_of_id=actor.organisation_id),
            created_by_id=membership.user_id,
            revoked_at=None,
        )
        revoked = sorted(tokens.values_list("name", flat=True))
        tokens.update(revoked_at=clock.now())
    actor.audit(
        "person.removed",
        kind="person",
        object_id=membership.user.email,
        changes=difference(
            {"role": membership.role, "tokens": revoked or None}, {"role": None, "tokens": None}
        ),
    )
    membership.delete()


@transaction.atomic()
def update_profile(*, user: User, name: str, language: str) -> User:
    """Set a person's own name and language; it belongs to no organisation's audit trail.

    Raises:
        Invalid: `name_too_long`, `name_malformed`, `language_unknown`.
    """
    label = clean_line(name, place="name", limit=80, required=False)
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", place="language")
    user.name, user.language = label, language
    user.save(update_fields=["name", "language"])
    return user
