"""What is known of organisations, people, grants, tokens and the audit trail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import (
    ApiToken,
    AuditEntry,
    CompanyPrefix,
    Invitation,
    Membership,
    Organisation,
    RoleGrant,
    User,
)
from suyuan.tenancy.rights import PARTNER_RIGHTS, SANDBOX_RIGHTS, Right, Role


def actor_for(*, user: User, slug: str) -> Actor:
    """Return `user` as an actor of the organisation at `slug`.

    Raises:
        NotFound: no such organisation, or the person is no member: the two look alike.
    """
    membership = (
        Membership.objects.filter(organisation__slug=slug, user=user)
        .select_related("organisation")
        .first()
    )
    if membership is None or not user.is_active:
        visitor = _visitor(user, slug) if user.is_active else None
        if visitor is None:
            raise NotFound(place="organisation")
        return visitor
    rights = rights_of_role(membership.organisation_id, membership.role)
    return Actor(
        organisation=membership.organisation,
        name=f"user:{user.email}",
        rights=rights if membership.holder is None else rights & PARTNER_RIGHTS,
        user_id=user.pk,
        role=membership.role,
        holder=membership.holder,
    )


def _visitor(user: User, slug: str) -> Actor | None:
    """Return a member of a brand as one who looks into its sandbox, or None."""
    membership = (
        Membership.objects.filter(organisation__sandbox__slug=slug, user=user, holder=None)
        .select_related("organisation__sandbox")
        .first()
    )
    if membership is None:
        return None
    rights = rights_of_role(membership.organisation_id, membership.role)
    return Actor(
        organisation=membership.organisation.sandbox,
        name=f"user:{user.email}",
        rights=rights & SANDBOX_RIGHTS,
        user_id=user.pk,
        role=membership.role,
    )


def rights_of_role(organisation_id: int, role: str) -> frozenset[Right]:
    """Return what `role` may do in the organisation."""
    words = set(
        RoleGrant.objects.filter(organisation_id=organisation_id, role=role).values_list(
            "right", flat=True
        )
    )
    # A word of an earlier version that is no right any more gives nothing.
    return frozenset(right for right in Right if right.value in words)


def organisations_of(user: User) -> list[Organisation]:
    """Return the organisations a person belongs to, by address."""
    return list(
        Organisation.objects.filter(
            pk__in=Membership.objects.filter(user=user).values("organisation_id")
        ).order_by("slug")
    )


def members(organisation_id: int) -> list[Membership]:
    """Return the members, in the order they joined, with their people loaded."""
    return list(
        Membership.objects.filter(organisation_id=organisation_id)
        .select_related("user")
        .order_by("created_at", "id")
    )


def member(organisation_id: int, email: str) -> Membership:
    """Return the membership of a person, with the person loaded.

    Raises:
        NotFound: no such member.
    """
    if not email.isprintable():  # PostgreSQL refuses to look for a NUL
        raise NotFound(place="email")
    membership = (
        Membership.objects.filter(organisation_id=organisation_id, user__email=email.lower())
        .select_related("user")
        .first()
    )
    if membership is None:
        raise NotFound(place="email")
    return membership


def invitation_digest(token: str) -> str:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_for(*, user: User, token: str) -> Invitation | None:
    """Return the invitation that `token` opens for `user`, used and expired ones too, or `None`.

    A token reads `<organisation>-<random>`, so that the look-up is organisation-first.
    """
    organisation, dash, _ = token.partition("-")
    # Other scripts' digits are decimal too; eighteen digits always fit a database's integer.
    if not (dash and organisation.isascii() and organisation.isdecimal()):
        return None
    if len(organisation) > 18:
        return None
    return (
        Invitation.objects.filter(
            organisation_id=int(organisation),
            token_hash=invitation_digest(token),
            email=user.email.lower(),
        )
        .select_related("organisation")
        .first()
    )


def open_invitations(organisation_id: int) -> list[Invitation]:
    """Return the invitations that can still be accepted, newest first."""
    return list(
        Invitation.objects.filter(
            organisation_id=organisation_id, accepted_at=None, expires_at__gt=clock.now()
        )
        .select_related("invited_by")
        .order_by("-created_at")
    )


def grants_table(organisation_id: int) -> dict[Role, frozenset[Right]]:
    """Return what each role may do; a role without any grant is there with an empty set."""
    found: dict[str, set[str]] = {}
    for role, right in RoleGrant.objects.filter(organisation_id=organisation_id).values_list(
        "role", "right"
    ):
        found.setdefault(role, set()).add(right)
    return {
        role: frozenset(right for right in Right if right.value in found.get(role.value, ()))
        for role in Role
    }


def tokens(organisation_id: int) -> list[ApiToken]:
    """Return the tokens, newest first, revoked and expired ones too."""
    return list(
        ApiToken.objects.filter(organisation_id=organisation_id)
        .select_related("created_by")
        .order_by("-created_at", "-id")
    )


def company_prefixes(organisation_id: int) -> list[str]:
    """Return the GS1 company prefixes of the organisation."""
    return list(
        CompanyPrefix.objects.filter(organisation_id=organisation_id)
        .order_by("prefix")
        .values_list("prefix", flat=True)
    )


def company_prefix_length(organisation_id: int, digits: str) -> int | None:
    """Return the length of the longest own prefix that `digits` begins with, or `None`.

    `digits` starts where the company prefix starts: for a GTIN-14 and an SSCC that is the second
    character (after the indicator or extension digit), for a GLN the first.
    """
    lengths = [
        len(prefix) for prefix in company_prefixes(organisation_id) if digits.startswith(prefix)
    ]
    return max(lengths, default=None)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for in the audit trail; an empty field does not narrow."""

    actor: str = ""  # a part of the name: "ann@", "token:line 3"
    action: str = ""
    kind: str = ""
    object_id: str = ""
    since: datetime | None = None  # from this instant
    until: datetime | None = None  # up to, but not at, this instant


def audit_entries(organisation_id: int, wanted: AuditFilter | None = None) -> QuerySet[AuditEntry]:
    """Return the entries that match, newest first."""
    wanted = wanted or AuditFilter()
    conditions: dict[str, object] = {
        "actor__icontains": wanted.actor,
        "action": wanted.action,
        "object_kind": wanted.kind,
        "object_id__icontains": wanted.object_id,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    return (
        AuditEntry.objects.filter(organisation_id=organisation_id)
        .filter(**{name: value for name, value in conditions.items() if value})
        .order_by("-at", "-id")
    )


def audit_vocabulary(organisation_id: int) -> tuple[list[str], list[str]]:
    """Return the actions and the object kinds that occur, for a filter's lists."""
    rows = AuditEntry.objects.filter(organisation_id=organisation_id).order_by()
    actions = sorted(set(rows.values_list("action", flat=True).distinct()))
    kinds = sorted(set(rows.values_list("object_kind", flat=True).distinct()))
    return actions, kinds
