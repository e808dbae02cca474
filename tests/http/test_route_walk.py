"""Walk every address of the installation as everyone, and see the gates hold.

What must happen follows from the mark on each view. `tests/http/routes.py` tells how to add what
an address needs; most need nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from ninja.operation import PathView

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation, User
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role
from suyuan.tenancy.services import issue_token
from tests.http.routes import (
    ARGUMENTS,
    DATA,
    PERSONAL,
    PUBLIC,
    PUBLIC_ARGUMENTS,
    SHARED,
    World,
)

pytestmark = pytest.mark.django_db

_MISSING = object()

type MakeMember = Callable[..., User]


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its name, its marks, the parts of its address, its method where it is known."""

    name: str
    audience: str  # "members", "people", "public", "api", or "" for a library's own
    right: object  # or a tuple of rights, of which one suffices
    parts: frozenset[str]
    method: str = ""
    url_name: str = ""  # where it is not the name itself

    @property
    def own_parts(self) -> frozenset[str]:
        """The parts besides the organisation."""
        return self.parts - {"org"}

    def allows(self, role: Role) -> bool:
        """Tell whether a role's default rights suffice."""
        if isinstance(self.right, tuple):
            return not DEFAULT_GRANTS[role].isdisjoint(self.right)
        return self.right is None or self.right in DEFAULT_GRANTS[role]


def _patterns(
    resolver: URLResolver, namespace: str = ""
) -> Iterator[tuple[str, URLPattern, frozenset[str]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _patterns(pattern, inner)
        else:
            parts = frozenset(pattern.pattern.regex.groupindex)
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern, parts


def _path_view(callback: Any) -> PathView | None:
    """Return what ninja keeps behind a view: the operations of one address."""
    cells = [cell.cell_contents for cell in getattr(callback, "__closure__", None) or ()]
    return next((cell for cell in cells if isinstance(cell, PathView)), None)


def all_routes() -> dict[str, Route]:
    """Return every address and API operation by its name."""
    routes: dict[str, Route] = {}
    addresses: dict[str, str] = {}
    for name, pattern, parts in _patterns(get_resolver()):
        view = pattern.callback
        if (behind := _path_view(view)) is not None:
            for operation in behind.operations:
                key = f"api:{operation.view_func.__name__}"
                address = str(pattern.pattern)
                assert addresses.setdefault(key, address) == address, f"two operations: {key}"
                routes[key] = Route(
                    name=key,
                    audience="api",
                    right=getattr(operation.view_func, "right", _MISSING),
                    parts=parts,
                    method=operation.methods[0],
                )
            continue
        for method, rights in getattr(view, "rights", {}).items():  # api.epcis.gate.resource
            key = f"{name} {method}"
            routes[key] = Route(key, "machines", rights, parts, method, name)
        if hasattr(view, "rights"):
            continue
        routes[name] = Route(
            name=name,
            audience=getattr(view, "audience", ""),
            right=getattr(view, "right", None),
            parts=parts,
        )
    return routes


ROUTES = all_routes()


def _named(*audiences: str) -> list[str]:
    return sorted(name for name, route in ROUTES.items() if route.audience in audiences)


@pytest.fixture
def enter(member: MakeMember) -> Callable[..., tuple[Client, User]]:
    """Return a function that gives a signed-in client of a role, and its person."""

    def sign_in(role: Role, where: Organisation) -> tuple[Client, User]:
        user = member(role, where)
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client, user

    return sign_in


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a request has done, so that the next reader finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _ask(
    client: Client,
    method: str,
    path: str,
    organisation: Organisation | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Send a request and take back what it did; for the API, `organisation` is the header's."""
    headers = {"X-Organisation": organisation.slug} if organisation else {}
    with undone():
        if method == "GET":
            answer = client.get(path, data, headers=headers)
        elif organisation:
            text = json.dumps(data or {})
            answer = client.generic(method, path, text, "application/json", headers=headers)
        else:
            answer = client.post(path, data)
        if answer.streaming:  # what is wrong with a stream shows when it is read
            b"".join(cast("Any", answer).streaming_content)
        return answer.status_code


def _arguments(route: Route, world: World) -> dict[str, object]:
    if not route.own_parts:
        return {}
    name = route.url_name or route.name
    assert name in ARGUMENTS, (
        f"{name} has the parts {sorted(route.own_parts)} in its address: "
        "add a row to ARGUMENTS in tests/http/routes.py"
    )
    return ARGUMENTS[name](world)


def _data(route: Route, world: World) -> dict[str, object]:
    name = route.url_name or route.name
    return DATA[name](world) if name in DATA else {}


def test_the_table_holds_no_route_that_is_gone() -> None:
    listed = {*ARGUMENTS, *DATA, *SHARED, *PUBLIC, *PUBLIC_ARGUMENTS, *PERSONAL}
    there = {route.url_name or name for name, route in ROUTES.items()}
    assert listed <= there, f"gone: {sorted(listed - there)}"


def test_every_route_is_gated_or_listed_with_a_reason() -> None:
    open_ones = [
        name
        for name, route in ROUTES.items()
        if route.audience in {"", "public"} and name not in PUBLIC and name not in PERSONAL
    ]
    assert not open_ones, (
        f"{open_ones} are open to everyone: gate them with web.gate.back_office or api.gate, or "
        "add a row with the reason to PUBLIC in tests/http/routes.py"
    )


def test_no_gated_route_is_listed_as_public() -> None:
    assert not [name for name in PUBLIC if ROUTES[name].audience not in {"", "public"}]


@pytest.mark.parametrize("name", _named("api"))
def test_every_operation_names_its_right(name: str) -> None:
    assert ROUTES[name].right is not _MISSING, f"{name}: put @requires(Right.…) below @router"


def _holds(status: int, allowed: bool) -> bool:
    """Tell whether a role got what it must: in, or 403; never a fault, never a lie."""
    return status not in {401, 403, 404, 405} and status < 500 if allowed else status == 403


@pytest.mark.parametrize("name", _named("members"))
def test_a_page_of_an_organisation_opens_to_those_with_its_right_alone(
    name: str,
    enter: Callable[..., tuple[Client, User]],
    organisation: Organisation,
    other_organisation: Organisation,
    actor: Actor,
) -> None:
    route = ROUTES[name]
    assert route.right is None or isinstance(route.right, Right | tuple)
    owner, reader = enter(Role.OWNER, organisation)
    other, _ = enter(Role.OWNER, other_organisation)
    world = World(organisation, actor, reader)
    arguments, data = _arguments(route, world), _data(route, world)
    path = reverse(name, kwargs={"org": organisation.slug, **arguments})
    method = "POST" if _ask(owner, "GET", path, data=data) == 405 else "GET"

    stranger = Client()
    answer = stranger.generic(method, path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert _ask(other, method, path) == 404, "another organisation's looks like nothing"
    assert _ask(other, method, path.replace(organisation.slug, "nowhere-at-all")) == 404
    if arguments and name not in SHARED:
        theirs = reverse(name, kwargs={"org": other_organisation.slug, **arguments})
        assert _ask(other, method, theirs, data=data) == 404, "our object below their own address"
    for role in Role:
        client = owner if role is Role.OWNER else enter(role, organisation)[0]
        status = _ask(client, method, path, data=data)
        assert _holds(status, route.allows(role)), f"{method} {path} as {role}: {status}"


@pytest.mark.parametrize("name", _named("api"))
def test_an_operation_opens_to_those_with_its_right_alone(
    name: str,
    enter: Callable[..., tuple[Client, User]],
    organisation: Organisation,
    other_organisation: Organisation,
    actor: Actor,
) -> None:
    route = ROUTES[name]
    owner, reader = enter(Role.OWNER, organisation)
    other, _ = enter(Role.OWNER, other_organisation)
    world = World(organisation, actor, reader)
    arguments, data = _arguments(route, world), _data(route, world)
    path = reverse(name, kwargs=arguments)
    method = route.method
    if not method:
        method = "POST" if _ask(owner, "GET", path, organisation) == 405 else "GET"

    assert _ask(Client(), method, path, organisation) == 401
    assert _ask(other, method, path, organisation) == 404
    if arguments and name not in SHARED:
        assert _ask(other, method, path, other_organisation, data) in {404, 422}, (
            "our object as theirs"
        )
    for role in Role:
        client = owner if role is Role.OWNER else enter(role, organisation)[0]
        status = _ask(client, method, path, organisation, data)
        assert _holds(status, route.allows(role)), f"{method} {path} as {role}: {status}"


@pytest.mark.parametrize("name", _named("machines"))
def test_a_resource_for_machines_opens_to_tokens_with_its_right_alone(
    name: str, organisation: Organisation, actor: Actor, other_actor: Actor
) -> None:
    route = ROUTES[name]
    founder = User.objects.filter(memberships__organisation=organisation)[0]
    world = World(organisation, actor, founder)
    arguments, data = _arguments(route, world), _data(route, world)
    path = reverse(route.url_name, kwargs=arguments)

    def ask(machine: Actor | None, rights: frozenset[Right] = frozenset(Right)) -> int:
        client = Client(raise_request_exception=False)
        if machine is not None:
            _, secret = issue_token(actor=machine, name="walk", scopes=rights, expires_at=None)
            client = Client(
                raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"}
            )
        return _ask(client, route.method, path, organisation, data)

    assert ask(None) == 401
    theirs = ask(other_actor)
    owned = arguments and route.url_name not in SHARED
    assert theirs == 404 if owned else theirs < 500
    for role in Role:
        status = ask(actor, DEFAULT_GRANTS[role])
        if role is Role.PARTNER and status in {403, 404}:
            # Its rights are for who speaks for a partner; a token that does not finds nothing.
            # What one finds that does: tests/http/partner_rights.
            continue
        assert _holds(status, route.allows(role)), f"{route.method} {path} as {role}: {status}"


@pytest.mark.parametrize("name", sorted({*_named("people"), *PERSONAL}))
def test_a_persons_own_page_asks_to_sign_in(
    name: str,
    enter: Callable[..., tuple[Client, User]],
    organisation: Organisation,
    actor: Actor,
) -> None:
    route = ROUTES[name]
    client, reader = enter(Role.PARTNER, organisation)
    arguments = _arguments(route, World(organisation, actor, reader))
    path = reverse(name, kwargs=arguments)
    method = "POST" if _ask(client, "GET", path) == 405 else "GET"
    answer = Client().generic(method, path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/")
    status = _ask(client, method, path)
    # A library's page may not be there for one without a second factor.
    assert status not in {401, 403, 405}
    assert status < 500
    assert status != 404 or name in PERSONAL


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_page_answers_a_stranger_without_a_fault(name: str, db: None) -> None:
    route = ROUTES[name]
    assert not route.parts or name in PUBLIC_ARGUMENTS, (
        f"{name} has the parts {sorted(route.parts)}: add a sample to PUBLIC_ARGUMENTS"
    )
    path = reverse(name, kwargs=PUBLIC_ARGUMENTS.get(name, {}))
    client = Client(raise_request_exception=False)
    status = _ask(client, "GET", path)
    if status == 405:
        status = _ask(client, "POST", path)
    assert status < 500
