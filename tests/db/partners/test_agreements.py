"""Connecting, sharing, tokens and people: who may, and what ends when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata.services import create_party
from suyuan.partners import selectors, services
from suyuan.partners.errors import AlreadyPartner, PartnerEnded, SharesEverything
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy import services as tenancy
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import (
    AlreadyMember,
    BeyondRights,
    InvitationUnknown,
    SpeaksForPartner,
)
from suyuan.tenancy.models import ApiToken, AuditEntry, Membership, Organisation, User
from suyuan.tenancy.rights import PARTNER_RIGHTS, Right, Role
from suyuan.tenancy.selectors import actor_for
from tests.partner_world import OIL, TEA, TIME, PartnerWorld

pytestmark = pytest.mark.django_db

type MakeMember = Callable[..., User]


def person(world: PartnerWorld, email: str = "wang@maker.example", code: str = "MAKER") -> User:
    """Return somebody who was invited to speak for a partner, and came."""
    user = User.objects.create_user(email=email, password="kettle and leaves")
    _, token = services.invite_person(actor=world.actor, code=code, email=email)
    tenancy.accept_invitation(user=user, token=token)
    return user


def test_a_party_is_connected_once_and_again_after_it_ended(partners: PartnerWorld) -> None:
    with pytest.raises(AlreadyPartner):
        services.connect_partner(actor=partners.actor, party="MAKER")
    services.end_partner(actor=partners.actor, code="MAKER")
    services.end_partner(actor=partners.actor, code="MAKER")
    again = services.connect_partner(actor=partners.actor, party="MAKER", contact=" Mr  Wang ")
    assert (again.id, again.active, again.contact) == (partners.maker.id, True, "Mr Wang")


def test_an_unknown_party_is_connected_by_nobody(
    partners: PartnerWorld, other_actor: Actor
) -> None:
    create_party(actor=other_actor, code="THEIRS", kind="factory", name_zh="别家")
    for code in ("THEIRS", "NOBODY", "A\0B"):
        with pytest.raises(NotFound):
            services.connect_partner(actor=partners.actor, party=code)
        with pytest.raises(NotFound):
            selectors.get_partner(partners.actor.organisation_id, code)
    with pytest.raises(NotFound):
        selectors.get_partner(other_actor.organisation_id, "MAKER")


def test_only_who_edits_partners_agrees_anything(partners: PartnerWorld) -> None:
    looker = Actor(
        partners.actor.organisation, "user:x", frozenset(Right) - {Right.PARTNERS_EDIT}, user_id=1
    )
    for act in (
        lambda: services.connect_partner(actor=looker, party="MAKER"),
        lambda: services.update_partner(actor=looker, code="MAKER"),
        lambda: services.end_partner(actor=looker, code="MAKER"),
        lambda: services.share(actor=looker, code="MAKER", limits=Limits(gtins=[TEA])),
        lambda: services.unshare(actor=looker, code="MAKER", number=1),
        lambda: services.issue_partner_token(actor=looker, code="MAKER", name="x"),
        lambda: services.revoke_partner_token(actor=looker, code="MAKER", token_id=1),
        lambda: services.invite_person(actor=looker, code="MAKER", email="a@b.example"),
        lambda: services.withdraw_invitation(actor=looker, code="MAKER", email="a@b.example"),
        lambda: services.remove_person(actor=looker, code="MAKER", email="a@b.example"),
        lambda: services.open_sandbox(actor=looker, code="MAKER"),
        lambda: services.reset_sandbox(actor=looker),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_a_partner_may_deliver_can_be_changed_and_is_audited(partners: PartnerWorld) -> None:
    rule = DeliveryRule("all", ["HALL"], ["urn:epcglobal:cbv:bizstep:packing"])
    row = services.update_partner(actor=partners.actor, code="MAKER", rule=rule)
    assert (row.delivery, row.delivery_places, row.delivery_steps) == ("all", ["HALL"], ["packing"])
    services.update_partner(actor=partners.actor, code="MAKER", contact="Ms Li")
    row = selectors.get_partner(partners.actor.organisation_id, "MAKER")
    assert (row.contact, row.delivery, row.delivery_steps) == ("Ms Li", "all", ["packing"])
    entries = AuditEntry.objects.filter(action="partner.updated").order_by("at", "id")
    assert entries[0].changes["delivery"] == ["own", "all"]
    services.update_partner(actor=partners.actor, code="MAKER")
    assert entries.count() == 2


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (DeliveryRule("somehow"), "delivery_kind_unknown"),
        (DeliveryRule(places=["NOWHERE"]), "location_unknown"),
        (DeliveryRule(steps=["juggling"]), "unknown_step"),
        (DeliveryRule(steps=["a\0b:c"]), "text_control_character"),
    ],
)
def test_a_delivery_rule_names_what_there_is(
    partners: PartnerWorld, rule: DeliveryRule, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.update_partner(actor=partners.actor, code="MAKER", rule=rule)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(places=["NOWHERE"]), "location_unknown"),
        (Limits(parties=["NOBODY"]), "party_unknown"),
        (Limits(gtins=["09521234000099"]), "product_unknown"),
        (Limits(gtins=["09521234000098"]), "gtin_check_digit"),
        (Limits(steps=["urn:epcglobal:cbv:bizstep:juggling"]), "unknown_step"),
        (Limits(since=TIME, until=TIME), "period_empty"),
        (Limits(since=TIME.replace(tzinfo=None)), "time_without_zone"),
        (Limits(steps=[f"urn:x:{n}" for n in range(5_001)]), "too_many_values"),
    ],
)
def test_a_rule_names_what_there_is(partners: PartnerWorld, limits: Limits, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.share(actor=partners.actor, code="MAKER", limits=limits)
    assert refused.value.code == code


def test_everything_is_shared_only_when_it_is_said(partners: PartnerWorld) -> None:
    with pytest.raises(SharesEverything):
        services.share(actor=partners.actor, code="MAKER", limits=Limits())
    rule = services.share(actor=partners.actor, code="MAKER", limits=Limits(), everything=True)
    assert rule.unlimited


def test_rules_are_numbered_within_their_partner_and_end_once(partners: PartnerWorld) -> None:
    assert [partners.share(partners.maker, gtins=[gtin]) for gtin in (TEA, OIL)] == [1, 2]
    assert partners.share(partners.keeper, gtins=[TEA], until=TIME + timedelta(days=1)) == 1
    ended = services.unshare(actor=partners.actor, code="MAKER", number=1)
    again = services.unshare(actor=partners.actor, code="MAKER", number=1)
    assert ended.ended_at == again.ended_at is not None
    here, partner = partners.actor.organisation_id, partners.maker.id
    assert [one.number for one in selectors.share_rules(here, partner)] == [2, 1]
    assert [one.number for one in selectors.share_rules(here, partner, active=True)] == [2]
    with pytest.raises(NotFound):
        services.unshare(actor=partners.actor, code="MAKER", number=7)


def test_an_ended_partner_gets_nothing_more(partners: PartnerWorld) -> None:
    services.end_partner(actor=partners.actor, code="MAKER")
    for act in (
        lambda: partners.share(partners.maker, gtins=[TEA]),
        lambda: services.issue_partner_token(actor=partners.actor, code="MAKER", name="x"),
        lambda: services.invite_person(actor=partners.actor, code="MAKER", email="a@b.example"),
        lambda: services.open_sandbox(actor=partners.actor, code="MAKER"),
    ):
        with pytest.raises(PartnerEnded):
            act()


def test_the_end_of_a_partner_ends_tokens_people_invitations_and_shares(
    partners: PartnerWorld,
) -> None:
    user = person(partners)
    secrets = [
        services.issue_partner_token(
            actor=partners.actor, code="MAKER", name=f"t{sandbox}", sandbox=sandbox
        )[1]
        for sandbox in (False, True)
    ]
    _, other = services.issue_partner_token(actor=partners.actor, code="KEEPER", name="k")
    _, invited = services.invite_person(actor=partners.actor, code="MAKER", email="b@b.example")
    partners.share(partners.maker, gtins=[TEA])
    assert all(tenancy.authenticate_token(secret) for secret in secrets)
    services.end_partner(actor=partners.actor, code="MAKER")
    assert not any(tenancy.authenticate_token(secret) for secret in secrets)
    assert tenancy.authenticate_token(other) is not None
    with pytest.raises(NotFound):
        actor_for(user=user, slug=partners.actor.organisation.slug)
    late = User.objects.create_user(email="b@b.example", password="kettle and leaves")
    with pytest.raises(InvitationUnknown):
        tenancy.accept_invitation(user=late, token=invited)
    here = partners.actor.organisation_id
    assert not selectors.share_rules(here, partners.maker.id, active=True)
    entry = AuditEntry.objects.get(action="partner.ended")
    assert entry.changes["people"] == [[user.email], None]
    assert entry.changes["tokens"] == [["tFalse", "tTrue"], None]


def test_a_token_of_a_partner_has_a_partners_rights_whatever_its_scopes_say(
    partners: PartnerWorld,
) -> None:
    with pytest.raises(BeyondRights):
        services.issue_partner_token(
            actor=partners.actor, code="MAKER", name="x", scopes=["events.view"]
        )
    token, secret = services.issue_partner_token(actor=partners.actor, code="MAKER", name="x")
    ApiToken.objects.filter(id=token.id).update(scopes=[right.value for right in Right])
    actor = tenancy.authenticate_token(secret)
    assert actor is not None
    assert (actor.holder, actor.rights) == (partners.maker.id, PARTNER_RIGHTS)


def test_a_person_of_a_partner_has_a_partners_rights_whatever_the_role_says(
    partners: PartnerWorld,
) -> None:
    user = person(partners)
    Membership.objects.filter(user=user).update(role=Role.OWNER.value)
    actor = actor_for(user=user, slug=partners.actor.organisation.slug)
    assert (actor.holder, actor.rights) == (partners.maker.id, PARTNER_RIGHTS)


def test_no_role_makes_a_partners_person_one_of_ours(partners: PartnerWorld) -> None:
    user = person(partners)
    with pytest.raises(SpeaksForPartner):
        tenancy.change_role(actor=partners.actor, email=user.email, role="owner")
    with pytest.raises(AlreadyMember):
        tenancy.invite(actor=partners.actor, email=user.email, role="owner")


def test_a_person_of_a_partner_makes_tokens_for_it_and_for_no_other(
    partners: PartnerWorld,
) -> None:
    user = person(partners)
    speaker = actor_for(user=user, slug=partners.actor.organisation.slug)
    token, secret = services.issue_partner_token(actor=speaker, code="MAKER", name="line 1")
    assert token.created_by_id == user.pk
    actor = tenancy.authenticate_token(secret)
    assert actor is not None
    assert actor.holder == partners.maker.id
    for code in ("KEEPER", "NOBODY"):
        with pytest.raises(NotFound):
            services.issue_partner_token(actor=speaker, code=code, name="x")
        with pytest.raises(NotFound):
            services.revoke_partner_token(actor=speaker, code=code, token_id=token.id)
    with pytest.raises(Forbidden):
        services.issue_partner_token(actor=actor, code="MAKER", name="a token makes no tokens")
    services.revoke_partner_token(actor=speaker, code="MAKER", token_id=token.id)
    assert tenancy.authenticate_token(secret) is None


def test_a_partners_person_revokes_no_token_of_others(partners: PartnerWorld) -> None:
    speaker = actor_for(user=person(partners), slug=partners.actor.organisation.slug)
    others, _ = services.issue_partner_token(actor=partners.actor, code="KEEPER", name="x")
    own, _ = tenancy.issue_token(
        actor=partners.actor, name="ours", scopes=["events.view"], expires_at=None
    )
    for token in (others, own):
        with pytest.raises(NotFound):
            services.revoke_partner_token(actor=speaker, code="MAKER", token_id=token.id)


def test_a_person_can_be_let_go_with_the_tokens_they_made(partners: PartnerWorld) -> None:
    user = person(partners)
    speaker = actor_for(user=user, slug=partners.actor.organisation.slug)
    secrets = [
        services.issue_partner_token(actor=speaker, code="MAKER", name="x", sandbox=sandbox)[1]
        for sandbox in (False, True)
    ]
    with pytest.raises(NotFound):
        services.remove_person(actor=partners.actor, code="KEEPER", email=user.email)
    services.remove_person(actor=partners.actor, code="MAKER", email=user.email)
    assert not any(tenancy.authenticate_token(secret) for secret in secrets)
    with pytest.raises(NotFound):
        actor_for(user=user, slug=partners.actor.organisation.slug)


def test_an_invitation_can_be_withdrawn(partners: PartnerWorld) -> None:
    services.invite_person(actor=partners.actor, code="MAKER", email="A@b.example ")
    here = partners.actor.organisation_id
    (row,) = selectors.partner_invitations(here, partners.maker.id)
    assert row.email == "a@b.example"
    for email in ("nobody@b.example", "a\0b"):
        with pytest.raises(InvitationUnknown):
            services.withdraw_invitation(actor=partners.actor, code="MAKER", email=email)
    with pytest.raises(InvitationUnknown):
        services.withdraw_invitation(actor=partners.actor, code="KEEPER", email="a@b.example")
    services.withdraw_invitation(actor=partners.actor, code="MAKER", email="a@b.example")
    assert selectors.partner_invitations(here, partners.maker.id) == []


def test_partners_are_found_by_code_name_and_contact(partners: PartnerWorld) -> None:
    services.update_partner(actor=partners.actor, code="KEEPER", contact="Ms Li")
    here = partners.actor.organisation_id

    def codes(**wanted: object) -> list[str]:
        return [one.code for one in selectors.list_partners(here, **wanted)]  # type: ignore[arg-type]

    assert codes() == ["KEEPER", "MAKER"]
    assert codes(text="maker") == codes(text="一厂") == ["MAKER"]
    assert codes(text="ms li") == ["KEEPER"]
    assert codes(text="\0") == []
    services.end_partner(actor=partners.actor, code="MAKER")
    assert (codes(active=True), codes(active=False)) == (["KEEPER"], ["MAKER"])
    free = [party.code for party in selectors.parties_without_partner(here)]
    assert free == ["MAKER"]


def test_places_of_a_partner_are_its_own_and_those_listed(partners: PartnerWorld) -> None:
    services.update_partner(actor=partners.actor, code="KEEPER", rule=DeliveryRule(places=["HALL"]))
    partner = selectors.get_partner(partners.actor.organisation_id, "KEEPER")
    found = selectors.partner_places(partners.actor.organisation_id, partner)
    assert [place.code for place in found] == ["HALL", "STORE"]


def test_a_sandbox_counts_as_no_organisation_of_anybody(partners: PartnerWorld) -> None:
    before = Organisation.objects.filter(sandbox_of=None).count()
    services.open_sandbox(actor=partners.actor, code="MAKER")
    assert Organisation.objects.filter(sandbox_of=None).count() == before
