"""What roles may do, and who may change that."""

from __future__ import annotations

import pytest

from suyuan.kernel.errors import Invalid
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.errors import BeyondRights, OwnerMustManage
from suyuan.tenancy.models import Organisation, RoleGrant
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role

pytestmark = pytest.mark.django_db


def test_grants_are_set_exactly_and_the_difference_is_recorded(actor: Actor) -> None:
    services.set_grants(actor=actor, role="partner", rights=[Right.EVENTS_VIEW, Right.TRACE_VIEW])
    table = selectors.grants_table(actor.organisation_id)
    assert table[Role.PARTNER] == {Right.EVENTS_VIEW, Right.TRACE_VIEW}
    assert table[Role.WAREHOUSE] == DEFAULT_GRANTS[Role.WAREHOUSE]
    entry = selectors.audit_entries(actor.organisation_id).get()
    assert entry.object_id == "partner"
    assert entry.changes == {
        "events.capture": [True, False],
        "events.deliver": [True, False],
        "events.shared": [True, False],
        "events.view": [False, True],
        "trace.view": [False, True],
    }


def test_setting_the_same_grants_records_nothing(actor: Actor) -> None:
    services.set_grants(actor=actor, role="partner", rights=DEFAULT_GRANTS[Role.PARTNER])
    assert not selectors.audit_entries(actor.organisation_id).exists()


def test_a_granted_word_that_is_no_right_any_more_is_passed_over(actor: Actor) -> None:
    RoleGrant.objects.create(organisation=actor.organisation, role="partner", right="pigeons.send")
    services.set_grants(actor=actor, role="partner", rights=DEFAULT_GRANTS[Role.PARTNER])
    assert not selectors.audit_entries(actor.organisation_id).exists()


def test_owners_keep_the_right_to_manage_people(actor: Actor) -> None:
    with pytest.raises(OwnerMustManage):
        services.set_grants(
            actor=actor, role="owner", rights=frozenset(Right) - {Right.PEOPLE_MANAGE}
        )


def test_an_owner_gives_back_what_was_taken_from_owners(organisation: Organisation) -> None:
    def owner() -> Actor:
        rights = selectors.rights_of_role(organisation.pk, "owner")
        return Actor(organisation=organisation, name="user:a", rights=rights, role="owner")

    services.set_grants(actor=owner(), role="owner", rights=[Right.PEOPLE_MANAGE])
    assert owner().rights == {Right.PEOPLE_MANAGE}
    services.set_grants(actor=owner(), role="owner", rights=frozenset(Right))
    assert owner().rights == frozenset(Right)


def test_nobody_else_gives_rights_they_lack(organisation: Organisation) -> None:
    weak = Actor(
        organisation=organisation,
        name="token:weak",
        rights=frozenset({Right.PEOPLE_MANAGE, Right.EVENTS_VIEW}),
    )
    services.set_grants(actor=weak, role="partner", rights=[Right.EVENTS_VIEW])
    with pytest.raises(BeyondRights) as refusal:
        services.set_grants(actor=weak, role="partner", rights=[Right.RECALL_ACT])
    assert refusal.value.data == {"rights": [Right.RECALL_ACT]}


def test_unknown_roles_and_rights_are_refused(actor: Actor) -> None:
    with pytest.raises(Invalid, match="role_unknown"):
        services.set_grants(actor=actor, role="king", rights=[])
    with pytest.raises(Invalid, match="right_unknown"):
        services.set_grants(actor=actor, role="partner", rights=["events.burn"])


def test_one_refused_role_keeps_the_whole_table_as_it_was(actor: Actor) -> None:
    before = selectors.grants_table(actor.organisation_id)
    with pytest.raises(OwnerMustManage):
        services.set_grants_table(actor=actor, table={Role.PARTNER: [], Role.OWNER: []})
    assert selectors.grants_table(actor.organisation_id) == before


def test_a_word_that_is_no_right_any_more_gives_nothing(organisation: Organisation) -> None:
    RoleGrant.objects.create(organisation=organisation, role="partner", right="fax.send")
    assert selectors.rights_of_role(organisation.pk, "partner") == DEFAULT_GRANTS[Role.PARTNER]
    assert selectors.grants_table(organisation.pk) == DEFAULT_GRANTS


def test_the_system_may_do_everything(organisation: Organisation) -> None:
    system = system_actor(organisation)
    assert all(system.may(right) for right in Right)
