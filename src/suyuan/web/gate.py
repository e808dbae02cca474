"""The gate of every page: who may see it.

Owns: `back_office`, which turns (session, organisation in the address) into an `Actor`, and
`public` and `signed_in`, which say of a page that it needs none.
Invariant: what belongs to another organisation looks like what does not exist.

Every view carries `view.right`: a `Right`, a tuple of which one suffices, or `None` for any member;
and `view.audience`. A test
walks all addresses by these marks, so that no page can be forgotten.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import User
from suyuan.tenancy.rights import Right
from suyuan.tenancy.selectors import actor_for
from suyuan.web.errors import error_page

type GatedView = Callable[Concatenate[HttpRequest, Actor, ...], HttpResponseBase]
type PersonView = Callable[Concatenate[HttpRequest, User, ...], HttpResponseBase]
type PlainView = Callable[Concatenate[HttpRequest, ...], HttpResponseBase]


class PageRequest(HttpRequest):
    """A request that has passed the gate: `request.actor` is there for templates."""

    actor: Actor


def _marked(
    view: PlainView, *, audience: str, right: Right | tuple[Right, ...] | None
) -> PlainView:
    marks = cast("Any", view)
    marks.audience = audience
    marks.right = right
    return view


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


PARTNER_HOME = "partners:start"


def back_office(right: Right | None, *others: Right) -> Callable[[GatedView], PlainView]:
    """Let members with `right`, or one of `others` (or any member), see a page of theirs.

    "Any member" is nobody who speaks for a partner: such a person gets in only where a right is
    named that partners can have, and is led to the partners' own page from where none is asked.

    The view is called as `view(request, actor, **kwargs)`, where `org` of the address has become
    `actor`. A stranger is sent to the sign-in page; a person of another organisation gets the page
    for what does not exist; a member without the right reads which one is missing. A
    `SuyuanError` that the view lets through becomes a page with its status and sentence.
    """

    def gate(view: GatedView) -> PlainView:
        @functools.wraps(view)
        def gated(request: HttpRequest, *, org: str, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _sign_in_first(request)
            try:
                actor = actor_for(user=request.user, slug=org)
                cast("PageRequest", request).actor = actor
                if right is not None:
                    actor.require(right, *others)
                elif actor.holder is not None:
                    return redirect(PARTNER_HOME, org=org)
                return view(request, actor, **kwargs)
            except SuyuanError as error:
                return error_page(request, error)

        mark = (right, *others) if right is not None and others else right
        return _marked(gated, audience="members", right=mark)

    return gate


def signed_in(view: PersonView) -> PlainView:
    """Let any person who has signed in see a page; called as `view(request, user, **kwargs)`."""

    @functools.wraps(view)
    def gated(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return _sign_in_first(request)
        try:
            return view(request, request.user, **kwargs)
        except SuyuanError as error:
            return error_page(request, error)

    return _marked(gated, audience="people", right=None)


def public(view: PlainView) -> PlainView:
    """Let anyone see a page; a `SuyuanError` becomes a page."""

    @functools.wraps(view)
    def open_to_all(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except SuyuanError as error:
            return error_page(request, error)

    return _marked(open_to_all, audience="public", right=None)
