"""Making and naming organisations, and their GS1 company prefixes."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import IntegrityError

from suyuan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import PrefixClaimed, SlugTaken
from suyuan.tenancy.models import AuditEntry, Organisation, User
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return User.objects.create_user(email="Ann@Example.com", password="kettle and leaves")


def test_the_maker_becomes_owner_with_every_right(owner: User) -> None:
    made = services.create_organisation(owner=owner, slug="Green-Hill ", name_zh=" 青山  茶业 ")
    actor = selectors.actor_for(user=owner, slug="green-hill")
    assert (made.slug, made.name_zh) == ("green-hill", "青山 茶业")
    assert actor.rights == frozenset(Right)
    assert (actor.role, actor.user_id, actor.name) == ("owner", owner.pk, "user:ann@example.com")


def test_default_grants_are_stored_and_the_making_is_audited(owner: User) -> None:
    made = services.create_organisation(owner=owner, slug="green", name_zh="青山", name_en="Green")
    assert selectors.grants_table(made.pk) == DEFAULT_GRANTS
    entry = selectors.audit_entries(made.pk).get()
    assert (entry.action, entry.object_id) == ("organisation.created", "green")
    assert entry.changes == {"name_zh": [None, "青山"], "name_en": [None, "Green"]}


def test_each_organisation_gets_a_company_number_of_its_own(owner: User) -> None:
    first = services.create_organisation(owner=owner, slug="one", name_zh="一")
    second = services.create_organisation(owner=owner, slug="two", name_zh="二")
    assert second.company_number == first.company_number + 1


def test_a_company_number_taken_meanwhile_is_tried_again(
    owner: User, organisation: Organisation
) -> None:
    number = organisation.company_number
    stale = mock.Mock(side_effect=[{"highest": number - 1}, {"highest": number}])
    with mock.patch.object(Organisation.objects, "aggregate", stale):
        made = services.create_organisation(owner=owner, slug="late", name_zh="晚")
    assert made.company_number == organisation.company_number + 1


def test_endless_contention_for_company_numbers_is_a_conflict(owner: User) -> None:
    busy = mock.patch.object(Organisation.objects, "create", side_effect=IntegrityError)
    with busy, pytest.raises(Conflict):
        services.create_organisation(owner=owner, slug="busy", name_zh="忙")


def test_a_taken_address_is_refused_and_nothing_is_stored(
    owner: User, organisation: Organisation
) -> None:
    with pytest.raises(SlugTaken) as refusal:
        services.create_organisation(owner=owner, slug=organisation.slug, name_zh="别家")
    assert refusal.value.data == {"slug": organisation.slug}
    assert selectors.organisations_of(owner) == []


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("a", "slug_malformed"),
        ("-a-", "slug_malformed"),
        ("a--b", "slug_malformed"),
        ("a_b", "slug_malformed"),
        ("茶业", "slug_malformed"),
        ("x" * 41, "slug_malformed"),
        ("a\nb", "slug_malformed"),
        ("new", "slug_reserved"),
    ],
)
def test_an_unfit_address_is_refused(owner: User, slug: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_organisation(owner=owner, slug=slug, name_zh="茶")
    assert (refusal.value.code, refusal.value.place) == (code, "slug")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (" ", "name_required"),
        ("茶" * 121, "name_too_long"),
        ("tea\x00", "name_malformed"),
        ("tea\N{RIGHT-TO-LEFT OVERRIDE}", "name_malformed"),
    ],
)
def test_an_unfit_name_is_refused(actor: Actor, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.rename_organisation(actor=actor, name_zh=name, name_en="")
    assert (refusal.value.code, refusal.value.place) == (code, "name_zh")


def test_renaming_records_only_what_changed(actor: Actor) -> None:
    services.rename_organisation(actor=actor, name_zh="明前", name_en="Mingqian Tea")
    entry = selectors.audit_entries(actor.organisation_id).get()
    assert entry.changes == {"name_zh": ["明前茶业", "明前"]}
    services.rename_organisation(actor=actor, name_zh="明前", name_en="Mingqian Tea")
    assert selectors.audit_entries(actor.organisation_id).count() == 1


def test_an_organisation_has_a_name_in_each_language(organisation: Organisation) -> None:
    assert organisation.name("en") == "Mingqian Tea"
    assert organisation.name("zh-hans") == "明前茶业"
    organisation.name_en = ""
    assert organisation.name("en") == "明前茶业"
    assert str(organisation) == "mingqian"


def test_a_prefix_is_added_once_and_removed_once(actor: Actor) -> None:
    assert str(services.add_company_prefix(actor=actor, prefix=" 6901234 ")) == "6901234"
    services.add_company_prefix(actor=actor, prefix="6901234")
    assert selectors.company_prefixes(actor.organisation_id) == ["6901234"]
    services.remove_company_prefix(actor=actor, prefix="6901234")
    with pytest.raises(NotFound):
        services.remove_company_prefix(actor=actor, prefix="6901234")
    actions = [entry.action for entry in selectors.audit_entries(actor.organisation_id)]
    assert actions == ["prefix.removed", "prefix.added"]


@pytest.mark.parametrize("other", ["6901234", "690123", "69012345"])
def test_a_prefix_that_overlaps_another_firms_is_refused(
    actor: Actor, other_actor: Actor, other: str
) -> None:
    services.add_company_prefix(actor=other_actor, prefix=other)
    with pytest.raises(PrefixClaimed):
        services.add_company_prefix(actor=actor, prefix="6901234")


@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("690", "prefix_malformed"),
        ("6901234567890", "prefix_malformed"),
        ("69O1234", "prefix_malformed"),
        ("６９０１２３４", "prefix_malformed"),
        ("2901234", "prefix_restricted"),
        ("0212345", "prefix_restricted"),
        ("0412345", "prefix_restricted"),
    ],
)
def test_an_unfit_prefix_is_refused(actor: Actor, prefix: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.add_company_prefix(actor=actor, prefix=prefix)
    assert refusal.value.code == code


def test_another_organisations_prefix_cannot_be_removed(actor: Actor, other_actor: Actor) -> None:
    services.add_company_prefix(actor=other_actor, prefix="6901234")
    with pytest.raises(NotFound):
        services.remove_company_prefix(actor=actor, prefix="6901234")
    assert selectors.company_prefixes(other_actor.organisation_id) == ["6901234"]


def test_the_longest_own_prefix_divides_a_number(actor: Actor, other_actor: Actor) -> None:
    for prefix in ("6901234", "69012345"):
        services.add_company_prefix(actor=actor, prefix=prefix)
    length = selectors.company_prefix_length
    assert length(actor.organisation_id, "690123456789") == 8
    assert length(actor.organisation_id, "690123499999") == 7
    assert length(actor.organisation_id, "952123499999") is None
    assert length(other_actor.organisation_id, "690123456789") is None


def test_acts_on_the_organisation_need_the_right(organisation: Organisation) -> None:
    weak = Actor(
        organisation=organisation,
        name="token:weak",
        rights=frozenset(Right) - {Right.ORGANISATION_EDIT},
        role=Role.AUDITOR.value,
    )
    for act in (
        lambda: services.rename_organisation(actor=weak, name_zh="茶", name_en=""),
        lambda: services.add_company_prefix(actor=weak, prefix="6901234"),
        lambda: services.remove_company_prefix(actor=weak, prefix="6901234"),
    ):
        with pytest.raises(Forbidden) as refusal:
            act()
        assert refusal.value.data == {"right": "organisation.edit"}
    assert not AuditEntry.objects.exists()
