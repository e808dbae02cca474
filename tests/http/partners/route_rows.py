"""Rows of partners' pages for the table of routes (`tests/http/routes.py`).

The partner's own pages lead the brand's own people elsewhere, whatever their addresses name; what a
partner gets there is in `test_pages.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.masterdata.services import create_party
from suyuan.partners.services import (
    connect_partner,
    invite_person,
    issue_partner_token,
    share,
)
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy.models import User
from suyuan.tenancy.services import accept_invitation

if TYPE_CHECKING:
    from tests.http.routes import World

_EMAIL = "walker@fab.example"


def _partner(world: World) -> dict[str, object]:
    create_party(actor=world.actor, code="WALKED", kind="factory", name_zh="走查厂")
    return {"code": connect_partner(actor=world.actor, party="WALKED").code}


def _token(world: World) -> dict[str, object]:
    found = _partner(world)
    token, _ = issue_partner_token(actor=world.actor, code=str(found["code"]), name="walk")
    return {**found, "token_id": token.id}


def _rule(world: World) -> dict[str, object]:
    found = _partner(world)
    rule = share(actor=world.actor, code=str(found["code"]), limits=Limits(own_places=True))
    return {**found, "number": rule.number}


def _person(world: World) -> dict[str, object]:
    found = _partner(world)
    user = User.objects.create_user(email=_EMAIL, password="kettle and leaves")
    _, token = invite_person(actor=world.actor, code=str(found["code"]), email=_EMAIL)
    accept_invitation(user=user, token=token)
    return found


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    **dict.fromkeys(
        (
            "partners:partner",
            "partners:edit",
            "partners:end",
            "partners:issue",
            "partners:invite",
            "partners:withdraw",
            "partners:sharing",
        ),
        _partner,
    ),
    "partners:revoke": _token,
    "partners:remove": _person,
    "partners:unshare": _rule,
    "partners:own_revoke": lambda _world: {"token_id": 1},
    "partners:delivery": lambda _world: {"job_id": 1},
    "partners:shared_document": lambda _world: {"number": "1"},
    "partners:program": lambda _world: {"name": "python"},
}
DATA: dict[str, Callable[[World], dict[str, object]]] = {
    "partners:remove": lambda _world: {"email": _EMAIL},
}
SHARED: frozenset[str] = frozenset(
    {
        "partners:own_revoke",
        "partners:delivery",
        "partners:shared_document",
        "partners:program",
    }
)
