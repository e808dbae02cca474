"""What the walk of routes needs for the partners' API (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.masterdata.services import create_party
from suyuan.partners import services
from suyuan.partners.services.sharing import Limits


def _partner(world: Any) -> dict[str, object]:
    create_party(actor=world.actor, code="WALK", name_zh="走查", kind="factory")
    return {"code": services.connect_partner(actor=world.actor, party="WALK").code}


def _share(world: Any) -> dict[str, object]:
    code = _partner(world)["code"]
    rule = services.share(actor=world.actor, code=str(code), limits=Limits(), everything=True)
    return {"code": code, "number": rule.number}


def _token(world: Any) -> dict[str, object]:
    code = _partner(world)["code"]
    token, _ = services.issue_partner_token(actor=world.actor, code=str(code), name="walk")
    return {"code": code, "token_id": token.id}


def _sandbox(world: Any) -> dict[str, object]:
    services.open_sandbox(actor=world.actor, code=str(_partner(world)["code"]))
    return {}


ARGUMENTS = {
    **dict.fromkeys(
        (
            "api:partner",
            "api:update_partner",
            "api:end_partner",
            "api:partner_shares",
            "api:share_with_partner",
            "api:partner_tokens",
            "api:issue_partner_token",
            "api:open_sandbox",
        ),
        _partner,
    ),
    "api:end_share": _share,
    "api:revoke_partner_token": _token,
}

# Without a sandbox there is none to reset.
DATA = {"api:reset_sandbox": _sandbox}
