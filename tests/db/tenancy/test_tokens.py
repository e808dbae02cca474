"""Machines' keys: what is stored, who they speak for, when they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import BeyondRights
from suyuan.tenancy.models import ApiToken, AuditEntry, Organisation
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db


def issue(actor: Actor, **changes: Any) -> tuple[ApiToken, str]:
    values: dict[str, Any] = {
        "name": "line 3",
        "scopes": ["events.capture", "events.view"],
        "expires_at": None,
    }
    return services.issue_token(actor=actor, **(values | changes))


def test_a_token_speaks_for_its_organisation_with_its_scopes(actor: Actor) -> None:
    token, secret = issue(actor, name=" line   3 ")
    found = services.authenticate_token(secret)
    assert found is not None
    assert found.organisation == actor.organisation
    assert found.rights == {Right.EVENTS_CAPTURE, Right.EVENTS_VIEW}
    assert (found.name, found.user_id, found.role) == ("token:line 3", None, "")
    assert selectors.tokens(actor.organisation_id) == [token]


def test_the_secret_is_long_and_stored_nowhere(actor: Actor) -> None:
    _, secret = issue(actor)
    mark, _, random = secret.split("_", 2)
    assert mark == "syn"
    assert len(random) >= 40
    stored = serializers.serialize("json", [*ApiToken.objects.all(), *AuditEntry.objects.all()])
    assert random not in stored
    assert secret not in stored


def test_authenticating_asks_two_questions_and_notes_its_use_once_a_minute(
    actor: Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    token, secret = issue(actor)
    start = clock.now()
    with clock.held_at(start), django_assert_num_queries(3):
        services.authenticate_token(secret)
    with clock.held_at(start + timedelta(seconds=59)), django_assert_num_queries(2):
        services.authenticate_token(secret)
    token.refresh_from_db()
    assert token.last_used_at == start
    with clock.held_at(start + timedelta(seconds=60)), django_assert_num_queries(3):
        services.authenticate_token(secret)


def test_an_expired_token_is_nobody(actor: Actor) -> None:
    end = clock.now() + timedelta(days=1)
    _, secret = issue(actor, expires_at=end)
    with clock.held_at(end - timedelta(seconds=1)):
        assert services.authenticate_token(secret) is not None
    with clock.held_at(end):
        assert services.authenticate_token(secret) is None


def test_a_revoked_token_is_nobody_and_revoking_twice_changes_nothing(actor: Actor) -> None:
    token, secret = issue(actor)
    first = services.revoke_token(actor=actor, token_id=token.id)
    assert services.authenticate_token(secret) is None
    again = services.revoke_token(actor=actor, token_id=token.id)
    assert again.revoked_at == first.revoked_at
    actions = [entry.action for entry in selectors.audit_entries(actor.organisation_id)]
    assert actions == ["token.revoked", "token.issued"]


def test_another_organisations_token_cannot_be_revoked(actor: Actor, other_actor: Actor) -> None:
    token, secret = issue(actor)
    with pytest.raises(NotFound):
        services.revoke_token(actor=other_actor, token_id=token.id)
    assert services.authenticate_token(secret) is not None


def test_a_token_with_another_organisations_name_in_it_is_nobody(
    actor: Actor, other_actor: Actor
) -> None:
    _, secret = issue(actor)
    _, other = issue(other_actor)
    forged = "_".join(["syn", other.split("_", 2)[1], secret.split("_", 2)[2]])
    assert services.authenticate_token(forged) is None


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "syn",
        "syn_",
        "syn__",
        "syn_ae",
        "syn_!!_x",
        "syn_a_x",
        "syn_" + "7" * 32 + "_x",
        "xyn_ae_abc",
        "syn_ae_" + "x" * 200,
        "syn_ae_口令",
        "syn_ae_\x00",
    ],
)
def test_a_malformed_token_is_nobody(db: None, secret: str) -> None:
    assert services.authenticate_token(secret) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_required"),
        ({"name": "x" * 81}, "name_too_long"),
        ({"scopes": []}, "scopes_required"),
        ({"scopes": ["events.burn"]}, "right_unknown"),
        ({"expires_at": clock.now() - timedelta(seconds=1)}, "expiry_in_past"),
    ],
)
def test_unfit_tokens_are_refused(actor: Actor, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        issue(actor, **changes)
    assert refusal.value.code == code
    assert not ApiToken.objects.exists()


def test_nobody_issues_a_token_beyond_their_own_rights(organisation: Organisation) -> None:
    weak = Actor(
        organisation=organisation,
        name="user:weak@example.com",
        rights=frozenset({Right.TOKENS_MANAGE, Right.EVENTS_VIEW}),
        role="owner",
    )
    with pytest.raises(BeyondRights) as refusal:
        issue(weak)
    assert refusal.value.data == {"rights": [Right.EVENTS_CAPTURE]}


def test_acts_on_tokens_need_the_right(organisation: Organisation) -> None:
    weak = Actor(
        organisation=organisation,
        name="user:weak@example.com",
        rights=frozenset(Right) - {Right.TOKENS_MANAGE},
    )
    with pytest.raises(Forbidden):
        issue(weak)
    with pytest.raises(Forbidden):
        services.revoke_token(actor=weak, token_id=1)
