"""The gate of every API operation: a bearer token, or the session of a signed-in person.

Owns: `requires`, which says what right an operation needs, and `ApiRequest`.

    @router.get("/products")
    @requires(Right.MASTERDATA_VIEW)
    def products(request: ApiRequest) -> ...:
        request.actor

`@requires(None)` lets any member and any token of the organisation in, and nobody who speaks for a
partner: a partner gets in only where a right is named that partners can have. Of several rights
one suffices. They are checked before the input is read.
With a session, the header `X-Organisation` names the organisation by its address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.operation import Operation
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import contribute_operation_callback

from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import ForPartners
from suyuan.tenancy.models import User
from suyuan.tenancy.rights import Right
from suyuan.tenancy.selectors import actor_for
from suyuan.tenancy.services import authenticate_token

ORGANISATION_HEADER = "X-Organisation"


class ApiRequest(HttpRequest):
    """A request that has passed the gate."""

    actor: Actor


def _admit(request: HttpRequest, actor: Actor, rights: tuple[Right, ...]) -> Actor:
    if "\0" in request.path:  # no name has it, and PostgreSQL refuses to look for one
        raise NotFound
    if rights:
        actor.require(*rights)
    elif actor.holder is not None:
        raise ForPartners
    cast("ApiRequest", request).actor = actor
    return actor


class BearerToken(HttpBearer):
    """`Authorization: Bearer syn_…`."""

    def __init__(self, *rights: Right) -> None:
        """Ask for one of `rights`."""
        self.rights = rights
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the token's actor, or `None`."""
        actor = authenticate_token(token.strip())
        return None if actor is None else _admit(request, actor, self.rights)


class Session(APIKeyCookie):
    """The cookie of a signed-in person, with Django's CSRF token for what writes."""

    param_name: str = settings.SESSION_COOKIE_NAME

    def __init__(self, *rights: Right) -> None:
        """Ask for one of `rights`."""
        self.rights = rights
        super().__init__(csrf=True)

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Leave strangers to the answer 401 before looking for a CSRF token."""
        if not isinstance(request.user, User) or "Authorization" in request.headers:
            return None
        return cast("Actor | None", super().__call__(request))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """Return the person as an actor of the organisation in the header."""
        user = cast("User", request.user)
        slug = request.headers.get(ORGANISATION_HEADER, "")
        if not slug:
            raise Invalid("organisation_required", place=f"header:{ORGANISATION_HEADER}")
        return _admit(request, actor_for(user=user, slug=slug), self.rights)


def gates(*rights: Right) -> list[Callable[[HttpRequest], Any]]:
    """Return the ways in, for an operation that needs one of `rights`."""
    return [BearerToken(*rights), Session(*rights)]


def requires[Function: Callable[..., Any]](
    right: Right | None, *others: Right
) -> Callable[[Function], Function]:
    """Say what right an operation needs, or of which ones; stands below `@router.get(...)`."""
    rights = () if right is None else (right, *others)

    def mark(function: Function) -> Function:
        cast("Any", function).right = rights if others else right
        contribute_operation_callback(function, set_gate)
        return function

    def set_gate(operation: Operation) -> None:
        operation.auth_param = gates(*rights)
        operation.auth_callbacks = gates(*rights)

    return mark
