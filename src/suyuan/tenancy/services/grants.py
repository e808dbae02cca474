"""Set what a role may do in an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import BeyondRights, OwnerMustManage
from suyuan.tenancy.models import Organisation, RoleGrant
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.selectors import rights_of_role


def known_role(text: str) -> Role:
    """Parse a role, or raise `Invalid` with code `role_unknown`."""
    try:
        return Role(text)
    except ValueError as error:
        raise Invalid("role_unknown", place="role", role=text) from error


def known_rights(words: Iterable[str], *, place: str) -> frozenset[Right]:
    """Parse rights, or raise `Invalid` with code `right_unknown`."""
    try:
        return frozenset(Right(word) for word in words)
    except ValueError as error:
        raise Invalid("right_unknown", place=place) from error


@transaction.atomic()
def set_grants(*, actor: Actor, role: str, rights: Iterable[str]) -> frozenset[Right]:
    """Give `role` exactly `rights`, and return them.

    Raises:
        Forbidden: without `people.manage`.
        Invalid: `role_unknown`, `right_unknown`.
        OwnerMustManage: `people.manage` would be taken from owners.
        BeyondRights: one who is no owner would add a right that they do not have.
    """
    actor.require(Right.PEOPLE_MANAGE)
    target = known_role(role)
    wanted = known_rights(rights, place="rights")
    if target is Role.OWNER and Right.PEOPLE_MANAGE not in wanted:
        raise OwnerMustManage(place="rights")
    # Serialises two editors, so that each audit entry tells what its own save changed.
    Organisation.objects.select_for_update().get(pk=actor.organisation_id)
    rows = RoleGrant.objects.filter(organisation_id=actor.organisation_id, role=target.value)
    held = rights_of_role(actor.organisation_id, target.value)
    added, removed = wanted - held, held - wanted
    # Owners may give back what they took from their own role.
    if actor.role != Role.OWNER and not added <= actor.rights:
        raise BeyondRights(place="rights", rights=sorted(added - actor.rights))
    if added or removed:
        rows.filter(right__in=[right.value for right in removed]).delete()
        RoleGrant.objects.bulk_create(
            RoleGrant(organisation=actor.organisation, role=target.value, right=right.value)
            for right in sorted(added)
        )
        actor.audit(
            "grants.changed",
            kind="role",
            object_id=target.value,
            changes={right.value: [right in held, right in wanted] for right in added | removed},
        )
    return wanted


@transaction.atomic()
def set_grants_table(*, actor: Actor, table: Mapping[Role, Iterable[str]]) -> None:
    """Set several roles at once, or, when one is refused, none.

    Raises:
        As `set_grants`.
    """
    for role, rights in table.items():
        set_grants(actor=actor, role=role.value, rights=rights)
