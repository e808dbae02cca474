"""Inviting people, taking them in, changing their roles, letting them go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import (
    AlreadyMember,
    BeyondRights,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    LastOwner,
)
from suyuan.tenancy.models import (
    ApiToken,
    Invitation,
    Membership,
    Organisation,
    RoleGrant,
    User,
)
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role

pytestmark = pytest.mark.django_db

type MakeMember = Callable[..., User]


@pytest.fixture
def bo() -> User:
    return User.objects.create_user(email="bo@example.com", password="kettle and leaves")


def as_actor(user: User, organisation: Organisation) -> Actor:
    return selectors.actor_for(user=user, slug=organisation.slug)


def manager(organisation: Organisation) -> Actor:
    """Return one who manages people without being an owner."""
    return Actor(
        organisation=organisation,
        name="user:manager@example.com",
        rights=DEFAULT_GRANTS[Role.WAREHOUSE]
        | DEFAULT_GRANTS[Role.PARTNER]
        | {Right.PEOPLE_MANAGE},
        role=Role.WAREHOUSE.value,
    )


def test_an_invited_person_joins_with_the_role(actor: Actor, bo: User) -> None:
    invitation, token = services.invite(actor=actor, email=" BO@example.com ", role="quality")
    assert (invitation.email, invitation.role) == ("bo@example.com", "quality")
    membership = services.accept_invitation(user=bo, token=token)
    assert membership.role == "quality"
    assert as_actor(bo, actor.organisation).rights == DEFAULT_GRANTS[Role.QUALITY]
    joined, invited = selectors.audit_entries(actor.organisation_id)
    assert (joined.action, joined.actor) == ("person.joined", "user:bo@example.com")
    assert (invited.action, invited.changes) == ("person.invited", {"role": [None, "quality"]})


def test_only_a_hash_of_the_invitation_is_stored(actor: Actor) -> None:
    invitation, token = services.invite(actor=actor, email="bo@example.com", role="quality")
    secret = token.split("-", 1)[1]
    stored = Invitation.objects.filter(organisation_id=actor.organisation_id).values_list()
    assert secret not in str(list(stored))
    assert len(invitation.token_hash) == 64


def test_a_used_invitation_cannot_be_replayed(actor: Actor, bo: User) -> None:
    _, token = services.invite(actor=actor, email=bo.email, role="quality")
    services.accept_invitation(user=bo, token=token)
    with pytest.raises(InvitationUsed):
        services.accept_invitation(user=bo, token=token)
    services.remove_member(actor=actor_with_owner(actor), email=bo.email)
    with pytest.raises(InvitationUsed):
        services.accept_invitation(user=bo, token=token)


def actor_with_owner(actor: Actor) -> Actor:
    """Give the organisation an owner, so that others may be removed."""
    ann = User.objects.create_user(email="ann@example.com", password="kettle and leaves")
    Membership.objects.create(organisation=actor.organisation, user=ann, role="owner")
    return as_actor(ann, actor.organisation)


def test_an_invitation_accepted_at_the_same_instant_joins_once(actor: Actor, bo: User) -> None:
    invitation, token = services.invite(actor=actor, email=bo.email, role="quality")
    stale = Invitation.objects.select_related("organisation").get(pk=invitation.pk)
    services.accept_invitation(user=bo, token=token)
    Membership.objects.filter(user=bo).delete()
    found = mock.patch("suyuan.tenancy.services.people.invitation_for", return_value=stale)
    with found, pytest.raises(InvitationUsed):
        services.accept_invitation(user=bo, token=token)


def test_an_invitation_ends_after_seven_days(actor: Actor, bo: User) -> None:
    invitation, token = services.invite(actor=actor, email=bo.email, role="quality")
    assert selectors.open_invitations(actor.organisation_id) == [invitation]
    with clock.held_at(invitation.expires_at):
        assert selectors.open_invitations(actor.organisation_id) == []
        with pytest.raises(InvitationExpired):
            services.accept_invitation(user=bo, token=token)
    with clock.held_at(invitation.expires_at - timedelta(seconds=1)):
        services.accept_invitation(user=bo, token=token)


def test_a_forwarded_invitation_is_of_no_use_to_another(actor: Actor, bo: User) -> None:
    _, token = services.invite(actor=actor, email="cy@example.com", role="owner")
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(user=bo, token=token)


@pytest.mark.parametrize("token", ["", "x", "-", "1", "١-abc", "x-abc", "9" * 30 + "-abc", "1-abc"])
def test_a_malformed_invitation_token_is_unknown(bo: User, token: str) -> None:
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(user=bo, token=token)


def test_a_member_accepts_no_second_invitation(actor: Actor, bo: User) -> None:
    _, token = services.invite(actor=actor, email=bo.email, role="quality")
    Membership.objects.create(organisation=actor.organisation, user=bo, role="partner")
    with pytest.raises(AlreadyMember):
        services.accept_invitation(user=bo, token=token)


def test_a_new_invitation_replaces_the_open_one(actor: Actor, bo: User) -> None:
    _, first = services.invite(actor=actor, email=bo.email, role="quality")
    _, second = services.invite(actor=actor, email=bo.email, role="planner")
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(user=bo, token=first)
    assert services.accept_invitation(user=bo, token=second).role == "planner"


def test_a_withdrawn_invitation_is_void(actor: Actor, bo: User) -> None:
    _, token = services.invite(actor=actor, email=bo.email, role="quality")
    services.withdraw_invitation(actor=actor, email=bo.email)
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(user=bo, token=token)
    for email in (bo.email, "bo\x00@example.com"):
        with pytest.raises(InvitationUnknown):
            services.withdraw_invitation(actor=actor, email=email)


def test_unfit_invitations_are_refused(actor: Actor, member: MakeMember) -> None:
    with pytest.raises(Invalid, match="email_malformed"):
        services.invite(actor=actor, email="nobody", role="quality")
    with pytest.raises(Invalid, match="role_unknown"):
        services.invite(actor=actor, email="bo@example.com", role="king")
    with pytest.raises(AlreadyMember):
        services.invite(actor=actor, email=member(Role.QUALITY).email, role="quality")


def test_nobody_invites_to_a_role_above_their_own_rights(organisation: Organisation) -> None:
    weak = manager(organisation)
    services.invite(actor=weak, email="bo@example.com", role="partner")
    with pytest.raises(BeyondRights) as refusal:
        services.invite(actor=weak, email="bo@example.com", role="owner")
    assert "organisation.edit" in str(refusal.value.data["rights"])


def test_a_role_is_changed_and_recorded(actor: Actor, member: MakeMember) -> None:
    user = member(Role.PLANNER)
    services.change_role(actor=actor, email=user.email, role="quality")
    services.change_role(actor=actor, email=user.email, role="quality")
    entry = selectors.audit_entries(actor.organisation_id).get()
    assert entry.changes == {"role": ["planner", "quality"]}


def test_the_last_owner_cannot_go_or_step_down(
    member: MakeMember, organisation: Organisation
) -> None:
    owner = member(Role.OWNER)
    actor = as_actor(owner, organisation)
    with pytest.raises(LastOwner):
        services.remove_member(actor=actor, email=owner.email)
    with pytest.raises(LastOwner):
        services.change_role(actor=actor, email=owner.email, role="planner")
    second = member(Role.OWNER)
    services.change_role(actor=actor, email=owner.email, role="planner")
    with pytest.raises(LastOwner):
        services.remove_member(actor=as_actor(second, organisation), email=second.email)


def test_an_owner_who_cannot_sign_in_does_not_count(
    member: MakeMember, organisation: Organisation
) -> None:
    owner, gone = member(Role.OWNER), member(Role.OWNER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(LastOwner):
        services.remove_member(actor=as_actor(owner, organisation), email=owner.email)


def test_one_below_an_owner_cannot_touch_an_owner(
    member: MakeMember, organisation: Organisation
) -> None:
    weak = manager(organisation)
    owner, helper = member(Role.OWNER), member(Role.PARTNER)
    member(Role.OWNER)
    with pytest.raises(BeyondRights):
        services.remove_member(actor=weak, email=owner.email)
    with pytest.raises(BeyondRights):
        services.change_role(actor=weak, email=owner.email, role="partner")
    with pytest.raises(BeyondRights):
        services.change_role(actor=weak, email=helper.email, role="owner")
    services.change_role(actor=weak, email=helper.email, role="warehouse")
    services.remove_member(actor=weak, email=helper.email)


def test_a_granted_word_that_is_no_right_any_more_stops_nobody(
    member: MakeMember, organisation: Organisation
) -> None:
    RoleGrant.objects.create(
        organisation=organisation, role=Role.WAREHOUSE.value, right="pigeons.send"
    )
    weak, helper = manager(organisation), member(Role.PARTNER)
    services.change_role(actor=weak, email=helper.email, role="warehouse")
    assert as_actor(helper, organisation).rights == DEFAULT_GRANTS[Role.WAREHOUSE]


def test_a_member_who_goes_takes_their_tokens_along_unless_asked_otherwise(
    member: MakeMember, organisation: Organisation
) -> None:
    owner = as_actor(member(Role.OWNER), organisation)
    for keep in (False, True):
        leaver = member(Role.OWNER)
        token, secret = services.issue_token(
            actor=as_actor(leaver, organisation),
            name="line 3",
            scopes=["events.capture"],
            expires_at=None,
        )
        services.remove_member(actor=owner, email=leaver.email, revoke_tokens=not keep)
        assert (services.authenticate_token(secret) is not None) == keep
        assert (ApiToken.objects.get(pk=token.pk).revoked_at is None) == keep
        entry = selectors.audit_entries(
            organisation.pk, selectors.AuditFilter(action="person.removed")
        )[0]
        assert entry.changes == {"role": ["owner", None]} | (
            {} if keep else {"tokens": [["line 3"], None]}
        )
        with pytest.raises(NotFound):
            as_actor(leaver, organisation)


def test_another_organisations_member_is_not_found(
    actor: Actor, other_organisation: Organisation, member: MakeMember
) -> None:
    stranger = member(Role.PLANNER, other_organisation)
    for email in (stranger.email, "no\x00body@example.com"):
        with pytest.raises(NotFound):
            services.remove_member(actor=actor, email=email)
        with pytest.raises(NotFound):
            services.change_role(actor=actor, email=email, role="partner")
    assert as_actor(stranger, other_organisation).role == "planner"


def test_acts_on_people_need_the_right(organisation: Organisation) -> None:
    weak = Actor(
        organisation=organisation,
        name="user:x@example.com",
        rights=frozenset(Right) - {Right.PEOPLE_MANAGE},
        role=Role.OWNER.value,
    )
    for act in (
        lambda: services.invite(actor=weak, email="bo@example.com", role="partner"),
        lambda: services.withdraw_invitation(actor=weak, email="bo@example.com"),
        lambda: services.change_role(actor=weak, email="bo@example.com", role="partner"),
        lambda: services.remove_member(actor=weak, email="bo@example.com"),
        lambda: services.set_grants(actor=weak, role="partner", rights=[]),
    ):
        with pytest.raises(Forbidden):
            act()


def test_strangers_and_the_inactive_are_no_actors(
    bo: User, organisation: Organisation, member: MakeMember
) -> None:
    for slug in (organisation.slug, "nowhere"):
        with pytest.raises(NotFound) as refusal:
            selectors.actor_for(user=bo, slug=slug)
        assert (refusal.value.code, refusal.value.data) == ("not_found", {})
    gone = member(Role.OWNER)
    gone.is_active = False
    with pytest.raises(NotFound):
        as_actor(gone, organisation)


def test_members_and_organisations_are_listed(
    member: MakeMember, organisation: Organisation, other_organisation: Organisation
) -> None:
    user = member(Role.OWNER)
    Membership.objects.create(organisation=other_organisation, user=user, role="partner")
    assert selectors.organisations_of(user) == [other_organisation, organisation]
    assert [row.user for row in selectors.members(organisation.pk)] == [user]


def test_a_profile_holds_a_name_and_a_known_language(bo: User) -> None:
    services.update_profile(user=bo, name=" Bo  Li ", language="en")
    bo.refresh_from_db()
    assert (bo.name, bo.language, str(bo)) == ("Bo Li", "en", "Bo Li")
    services.update_profile(user=bo, name="", language="zh-hans")
    assert str(bo) == "bo@example.com"
    with pytest.raises(Invalid, match="language_unknown"):
        services.update_profile(user=bo, name="", language="tlh")
