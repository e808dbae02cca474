"""The API of organisations, people, tokens and audit; its gate; the shape of its refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from ninja import Router

from suyuan.api.gate import requires
from suyuan.kernel import clock
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"

type MakeClient = Callable[..., Client]


class Caller:
    """A client with a bearer token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1/{path}", query)
        return answer.status_code, answer.json()

    def send(self, method: str, path: str, body: object) -> tuple[int, Any]:
        text = body if isinstance(body, str) else json.dumps(body)
        answer = self.client.generic(method, f"/api/v1/{path}", text, "application/json")
        return answer.status_code, answer.json()


def caller(actor: Actor, *scopes: Right) -> Caller:
    words = scopes or tuple(Right)
    return Caller(services.issue_token(actor=actor, name="test", scopes=words, expires_at=None)[1])


def test_a_token_sees_its_own_organisation(actor: Actor) -> None:
    status, body = caller(actor, Right.EVENTS_VIEW).get("organisation")
    assert status == 200
    assert (body["slug"], body["caller"]) == ("mingqian", "token:test")
    assert body["rights"] == ["events.view"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer 口令"])
def test_strangers_get_a_problem_with_status_401(stranger: Client, db: None, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = stranger.get("/api/v1/organisation", headers=headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == PROBLEM
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json() == {
        "type": "urn:suyuan:problem:unauthenticated",
        "title": "Unauthorized",
        "status": 401,
        "code": "unauthenticated",
        "place": "",
    }


def test_expired_revoked_and_foreign_tokens_are_refused(actor: Actor, other_actor: Actor) -> None:
    end = clock.now() + timedelta(days=1)
    token, secret = services.issue_token(actor=actor, name="t", scopes=list(Right), expires_at=end)
    api = Caller(secret)
    assert api.get("members")[0] == 200
    with clock.held_at(end):
        assert api.get("members")[0] == 401
    other = caller(other_actor)
    assert other.send("DELETE", f"tokens/{token.id}", "")[0] == 404
    services.revoke_token(actor=actor, token_id=token.id)
    assert api.get("members")[0] == 401


def test_a_right_that_is_missing_is_named_before_the_input_is_read(actor: Actor) -> None:
    status, body = caller(actor, Right.EVENTS_VIEW).send("POST", "tokens", "not json")
    assert (status, body["code"], body["right"]) == (403, "forbidden", "tokens.manage")


def test_a_session_names_its_organisation_and_guards_writing(
    client_as: MakeClient, organisation: Organisation, other_organisation: Organisation
) -> None:
    client = client_as(Role.OWNER)
    assert client.get("/api/v1/organisation").json()["code"] == "organisation_required"
    mine = {"X-Organisation": organisation.slug}
    assert client.get("/api/v1/organisation", headers=mine).json()["caller"].startswith("user:")
    other = {"X-Organisation": other_organisation.slug}
    assert client.get("/api/v1/organisation", headers=other).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.delete("/api/v1/tokens/1", headers=mine)
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)


def test_members_and_grants_are_listed(actor: Actor) -> None:
    api = caller(actor)
    _, people = api.get("members")
    assert [person["role"] for person in people] == ["owner"]
    _, grants = api.get("grants")
    assert grants["partner"] == ["events.capture", "events.deliver", "events.shared"]


def test_a_token_is_issued_listed_and_revoked(actor: Actor) -> None:
    api = caller(actor)
    body = {"name": "line 3", "scopes": ["events.capture"], "expires_at": "2999-01-01T00:00:00Z"}
    status, issued = api.send("POST", "tokens", body)
    assert status == 201
    assert isinstance(issued["id"], str)
    assert services.authenticate_token(issued["secret"]) is not None
    _, listed = api.get("tokens")
    assert {row["name"] for row in listed} == {"test", "line 3"}
    assert all("secret" not in row for row in listed)
    status, revoked = api.send("DELETE", f"tokens/{issued['id']}", "")
    assert (status, revoked["revoked_at"] is None) == (200, False)
    assert services.authenticate_token(issued["secret"]) is None


@pytest.mark.parametrize("token_id", ["0", "x", "²", "9" * 19, "9" * 40, "-1"])
def test_an_odd_token_id_is_not_found(actor: Actor, token_id: str) -> None:
    status, body = caller(actor).send("DELETE", f"tokens/{token_id}", "")
    assert (status, body["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "status", "code", "place"),
    [
        ("{", 400, "malformed", ""),
        ("[]", 422, "invalid", "/name"),
        ({"scopes": []}, 422, "invalid", "/name"),
        ({"name": "x", "scopes": [1]}, 422, "invalid", "/scopes/0"),
        ({"name": "x", "scopes": ["events.burn"]}, 400, "right_unknown", "scopes"),
        ({"name": "x\0", "scopes": ["events.view"]}, 400, "name_malformed", "name"),
        (
            {"name": "x", "scopes": ["events.view"], "expires_at": "2001-01-01T00:00:00Z"},
            400,
            "expiry_in_past",
            "expires_at",
        ),
    ],
)
def test_faulty_input_is_refused_with_code_and_place(
    actor: Actor, body: object, status: int, code: str, place: str
) -> None:
    answer = caller(actor).client.generic(
        "POST",
        "/api/v1/tokens",
        body if isinstance(body, str) else json.dumps(body),
        "application/json",
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["place"]) == (status, code, place)
    assert answer["Content-Type"] == PROBLEM


def test_nobody_issues_a_scope_they_lack(actor: Actor) -> None:
    api = caller(actor, Right.TOKENS_MANAGE)
    status, body = api.send("POST", "tokens", {"name": "x", "scopes": ["recall.act"]})
    assert (status, body["code"], body["rights"]) == (403, "beyond_rights", ["recall.act"])


def test_the_audit_trail_is_paged_and_narrowed(actor: Actor) -> None:
    api = caller(actor)
    for number in range(201):
        actor.audit("lot.opened", kind="lot", object_id=f"L-{number}")
    _, first = api.get("audit", object_kind="lot")
    assert (len(first["entries"]), first["next_offset"]) == (200, 200)
    _, second = api.get("audit", object_kind="lot", offset="200")
    assert ([entry["object_id"] for entry in second["entries"]], second["next_offset"]) == (
        ["L-0"],
        None,
    )
    assert api.get("audit", actor="\0")[0] == 422
    status, body = api.get("audit", offset="-1")
    assert (status, body["place"]) == (422, "query:offset")


def test_an_unknown_address_or_method_is_a_problem_too(actor: Actor) -> None:
    api = caller(actor)
    for method, path, status in (("GET", "nowhere", 404), ("PATCH", "members", 405)):
        answer = api.client.generic(method, f"/api/v1/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
        assert ("Allow" in answer) == (status == 405)


def test_an_unexpected_fault_tells_nothing_and_is_logged(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(organisation_id: int) -> None:
        raise RuntimeError("the password is plum")

    monkeypatch.setattr(selectors, "members", fail)
    status, body = caller(actor).get("members")
    assert (status, body["code"]) == (500, "unexpected")
    assert "plum" not in json.dumps(body)
    assert "plum" in caplog.text


def test_an_operation_that_names_no_right_is_closed_to_strangers() -> None:
    from suyuan.api.mount import api  # noqa: PLC0415 - the settings must be ready

    assert api.auth


def test_requires_leaves_the_operation_itself_as_it_is() -> None:
    def operation(request: object) -> str:
        """Return a word."""
        return "x"

    marked = requires(Right.EVENTS_VIEW)(operation)
    assert marked is operation
    assert marked.right is Right.EVENTS_VIEW  # type: ignore[attr-defined]
    Router().get("/x")(marked)


def test_the_documentation_page_brings_its_own_scripts(stranger: Client, db: None) -> None:
    answer = stranger.get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "https://" not in page
    assert "/static/ninja/swagger-ui-bundle.js" in page
    document = stranger.get("/api/v1/openapi.json").json()
    assert "/api/v1/members" in document["paths"]
