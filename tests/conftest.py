"""Fixtures that every test may ask for: organisations, people, clients, the clock.

Owns: the smallest world a test needs. What one domain needs beyond it stands in that domain's
own `conftest.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client

from suyuan.capture import identities
from suyuan.kernel import clock
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Membership, Organisation, User
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.services import create_organisation, issue_token
from suyuan.verification import memory as verification_memory

type MakeMember = Callable[..., User]
"""`member(role, organisation=None)`: a person with that role, in `organisation` by default."""

type MakeClient = Callable[..., Client]
"""`client_as(role, organisation=None)`: a browser signed in as such a person."""

type MakeApiClient = Callable[..., Client]
"""`api_client(*scopes, organisation=None)`: a client with a token; without scopes, every right."""

PASSWORD = "kettle and leaves"
"""Everybody's password."""

HELD = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
"""The time that `held_clock` shows: 12:30 in Shanghai, a Monday."""

# Playwright's loop runs in the thread that also uses the ORM, which Django would refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("suyuan", deadline=None)
hypothesis.settings.load_profile("suyuan")


def make_organisation(*, slug: str, name_zh: str, name_en: str) -> Organisation:
    """Make an organisation as its founder would: with default grants and one owner."""
    founder = User.objects.create_user(email=f"founder@{slug}.example", password=PASSWORD)
    return create_organisation(owner=founder, slug=slug, name_zh=name_zh, name_en=name_en)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Let no test see what another one's rate limits or look-ups left behind."""
    cache.clear()
    verification_memory.forget_all()
    identities.forget()
    yield
    cache.clear()
    verification_memory.forget_all()
    identities.forget()


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Return the organisation that most tests act in."""
    return make_organisation(slug="mingqian", name_zh="明前茶业", name_en="Mingqian Tea")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    """Return an organisation that must never see, or be seen by, the first."""
    return make_organisation(slug="haiyan", name_zh="海盐食品", name_en="Haiyan Foods")


@pytest.fixture
def actor(organisation: Organisation) -> Actor:
    """Return the system acting for `organisation`, with every right."""
    return system_actor(organisation)


@pytest.fixture
def other_actor(other_organisation: Organisation) -> Actor:
    """Return the system acting for `other_organisation`, with every right."""
    return system_actor(other_organisation)


@pytest.fixture
def member(request: pytest.FixtureRequest, db: None) -> MakeMember:
    """Return a function that stores a person with a role in an organisation."""
    numbers = count(1)

    def make(role: Role, organisation: Organisation | None = None) -> User:
        where = organisation or request.getfixturevalue("organisation")
        user = User.objects.create_user(
            email=f"{role.value}.{next(numbers)}@{where.slug}.example", password=PASSWORD
        )
        Membership.objects.create(organisation=where, user=user, role=role.value)
        return user

    return make


@pytest.fixture
def client_as(member: MakeMember) -> MakeClient:
    """Return a function that gives a client signed in with a role."""

    def sign_in(role: Role, organisation: Organisation | None = None) -> Client:
        client = Client()
        client.force_login(
            member(role, organisation), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in


@pytest.fixture
def api_client(request: pytest.FixtureRequest, db: None) -> MakeApiClient:
    """Return a function that gives a client which sends a bearer token."""

    def make(*scopes: Right, organisation: Organisation | None = None) -> Client:
        where = organisation or request.getfixturevalue("organisation")
        _token, secret = issue_token(
            actor=system_actor(where), name="test", scopes=scopes or tuple(Right), expires_at=None
        )
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make


@pytest.fixture
def stranger() -> Client:
    """Return a client that has not signed in."""
    return Client()


@pytest.fixture
def held_clock() -> Iterator[datetime]:
    """Hold the product's clock still at `HELD`."""
    with clock.held_at(HELD):
        yield HELD
