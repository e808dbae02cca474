"""Who may approve what somebody else proposed.

Owns: the rule of the second person, and its one exception.
"""

from __future__ import annotations

from suyuan.recalls.errors import PersonNeeded, SecondPersonNeeded
from suyuan.recalls.models import ScopeVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Membership
from suyuan.tenancy.rights import Right
from suyuan.tenancy.selectors import rights_of_role


def people_who_act(organisation_id: int) -> set[int]:
    """Return the people who may act on recalls, by user id."""
    members = Membership.objects.filter(
        organisation_id=organisation_id, holder=None, user__is_active=True
    ).values_list("user_id", "role")
    rights = {role: rights_of_role(organisation_id, role) for role in {row[1] for row in members}}
    return {user_id for user_id, role in members if Right.RECALL_ACT in rights[role]}


def may_approve(actor: Actor, version: ScopeVersion) -> bool:
    """Tell whether a person may approve a version."""
    if not actor.may(Right.RECALL_ACT) or actor.user_id is None:
        return False
    return not is_own(actor, version) or people_who_act(actor.organisation_id) <= {actor.user_id}


def is_own(actor: Actor, version: ScopeVersion) -> bool:
    """Tell whether the person froze the version, or made the token that did."""
    return actor.user_id is not None and actor.user_id == version.frozen_by_user


def require_approver(actor: Actor, version: ScopeVersion) -> None:
    """Refuse whoever may not approve a version.

    Raises:
        Forbidden: without the right.
        PersonNeeded: a token, or the system.
        SecondPersonNeeded: the person froze it, and somebody else may approve it.
    """
    actor.require(Right.RECALL_ACT)
    if actor.user_id is None:
        raise PersonNeeded
    if not may_approve(actor, version):
        raise SecondPersonNeeded
