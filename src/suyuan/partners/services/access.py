"""The tokens and the people that speak for a partner.

Who may: whoever edits partners, for any; and a person who speaks for a partner, tokens for it. A
token makes no tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, NotFound
from suyuan.partners.errors import PartnerEnded
from suyuan.partners.models import Partner
from suyuan.partners.selectors import get_partner, partner_of, sandbox_of
from suyuan.partners.services.sandbox import open_sandbox
from suyuan.tenancy import services as tenancy
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import InvitationUnknown
from suyuan.tenancy.models import ApiToken, Invitation
from suyuan.tenancy.rights import PARTNER_RIGHTS, Right


def _partner(actor: Actor, code: str) -> Partner:
    """Return the partner whose tokens an actor may make and end.

    Raises:
        Forbidden: the actor neither edits partners nor is a person who speaks for one.
        NotFound: no such partner, or another than the actor speaks for.
    """
    if actor.holder is None:
        actor.require(Right.PARTNERS_EDIT)
        return get_partner(actor.organisation_id, code)
    if actor.user_id is None:
        raise Forbidden(right=Right.TOKENS_MANAGE.value)
    partner = partner_of(actor)
    if partner is None or partner.code != code:
        raise NotFound(kind="partner")
    return partner


def _active(partner: Partner) -> Partner:
    if not partner.active:
        raise PartnerEnded(place="partner", partner=partner.code)
    return partner


@transaction.atomic()
def issue_partner_token(
    *,
    actor: Actor,
    code: str,
    name: str,
    scopes: Iterable[str] = tuple(right.value for right in sorted(PARTNER_RIGHTS)),
    expires_at: datetime | None = None,
    sandbox: bool = False,
) -> tuple[ApiToken, str]:
    """Make a token that speaks for a partner; its secret is returned this once.

    Args:
        actor: Edits partners, or is a person who speaks for this one.
        code: The partner.
        name: For the list of tokens.
        scopes: Of the rights that partners can have; all of them by default.
        expires_at: When it ends by itself.
        sandbox: It works in the sandbox, which is opened for the partner, and not for real.

    Raises:
        Forbidden, NotFound: see above.
        PartnerEnded: the partner is not connected any more.
        Invalid, BeyondRights: as `tenancy.services.issue_token`.
    """
    partner = _active(_partner(actor, code))
    wanted = list(scopes)
    if actor.holder is not None:
        wanted = [word for word in wanted if word in {right.value for right in actor.rights}]
    organisation, holder = actor.organisation, partner.id
    if sandbox:
        twin = open_sandbox(actor=actor, code=code)
        organisation, holder = twin.organisation, twin.id
    return tenancy.issue_partner_token(
        actor=actor,
        organisation=organisation,
        holder=holder,
        name=name,
        scopes=wanted,
        expires_at=expires_at,
    )


@transaction.atomic()
def revoke_partner_token(*, actor: Actor, code: str, token_id: int) -> ApiToken:
    """End a partner's token now, of the sandbox too; ending it again changes nothing.

    Raises:
        Forbidden, NotFound: as `issue_partner_token`; no such token of this partner.
    """
    partner = _partner(actor, code)
    rows = ApiToken.objects.filter(
        organisation_id=actor.organisation_id, holder=partner.id, id=token_id
    )
    if not rows.exists():
        rows = _of_the_sandbox(actor.organisation_id, partner, token_id)
    token = rows.first()
    if token is None:
        raise NotFound(place="token")
    if rows.filter(revoked_at=None).update(revoked_at=clock.now()):
        token.refresh_from_db(fields=["revoked_at"])
        actor.audit(
            "token.revoked",
            kind="api_token",
            object_id=str(token_id),
            changes={"name": [token.name, None]},
        )
    return token


def _of_the_sandbox(organisation_id: int, partner: Partner, token_id: int) -> QuerySet[ApiToken]:
    sandbox = sandbox_of(organisation_id)
    if sandbox is None:
        return ApiToken.objects.none()
    twins = Partner.objects.filter(organisation_id=sandbox.pk, party__code=partner.code)
    return ApiToken.objects.filter(
        organisation_id=sandbox.pk, holder__in=twins.values("id"), id=token_id
    )


@transaction.atomic()
def invite_person(*, actor: Actor, code: str, email: str) -> tuple[Invitation, str]:
    """Invite somebody to speak for a partner; the token is returned this once.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner.
        PartnerEnded: it is not connected any more.
        Invalid, AlreadyMember: as `tenancy.services.invite`.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = _active(get_partner(actor.organisation_id, code))
    return tenancy.invite_for_partner(actor=actor, email=email, holder=partner.id)


@transaction.atomic()
def withdraw_invitation(*, actor: Actor, code: str, email: str) -> None:
    """End an open invitation to speak for a partner.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner.
        InvitationUnknown: there is none.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    address = email.strip().lower()
    rows = Invitation.objects.filter(
        organisation_id=actor.organisation_id, holder=partner.id, accepted_at=None
    )
    if not address.isprintable() or not rows.filter(email=address).delete()[0]:
        raise InvitationUnknown(place="email")
    actor.audit("invitation.withdrawn", kind="person", object_id=address)


def remove_person(*, actor: Actor, code: str, email: str) -> None:
    """Let somebody go who speaks for a partner, with the tokens they made.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no such partner, or nobody with this address speaks for it.
    """
    actor.require(Right.PARTNERS_EDIT)
    partner = get_partner(actor.organisation_id, code)
    tenancy.remove_for_partner(actor=actor, email=email, holder=partner.id)
