"""Rows of packages and sets for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.issuing import selectors as issuing
from suyuan.issuing.services import order_codes, plan_sets
from suyuan.masterdata.services import create_party, create_product
from suyuan.printhouse import services
from suyuan.printhouse.values import Wanted

if TYPE_CHECKING:
    from tests.http.routes import World

GTIN = "09521234000105"


def _order(world: World) -> str:
    create_product(actor=world.actor, gtin=GTIN, name_zh="走查", granularity="item")
    return order_codes(actor=world.actor, gtin=GTIN, count=12).number


def _order_number(world: World) -> dict[str, object]:
    return {"number": _order(world)}


def _set(world: World) -> dict[str, object]:
    plan = plan_sets(actor=world.actor, order_number=_order(world), per_case=6)
    return {"number": plan.number}


def _unit(world: World) -> dict[str, object]:
    plan = issuing.get_set(world.actor.organisation_id, str(_set(world)["number"]))
    return {"sscc": issuing.set_units(plan, kind="case")[0].sscc}


def _house(world: World) -> dict[str, object]:
    party = create_party(actor=world.actor, code="PRESS", name_zh="印刷厂", kind="printer")
    return {"code": party.code}


def _agreed(world: World) -> dict[str, object]:
    parts = _house(world)
    services.agree_password(actor=world.actor, party_code="PRESS")
    return parts


def _package(world: World) -> dict[str, object]:
    _house(world)
    wanted = Wanted(order_number=_order(world), party_code="PRESS", roll_size=4)
    number = services.make_package(actor=world.actor, wanted=wanted).package.number
    services.sum_up(world.actor.organisation_id, number)
    return {"number": number}


def _sent(world: World) -> dict[str, object]:
    parts = _package(world)
    services.mark_sent(actor=world.actor, number=str(parts["number"]))
    return parts


def _roll(world: World) -> dict[str, object]:
    return {**_sent(world), "roll": 1}


def _return(world: World) -> dict[str, object]:
    parts = _sent(world)
    row = services.preview_return(
        actor=world.actor,
        number=str(parts["number"]),
        file_name="back.csv",
        body=b"roll,used,spoiled\r\n1,4,0",
    )
    return {**parts, "ordinal": row.ordinal}


def _item(world: World) -> dict[str, object]:
    order = issuing.get_order(world.actor.organisation_id, _order(world))
    return {"gtin": GTIN, "serial": issuing.serials(order)[0]}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    **dict.fromkeys(
        (
            "issuing:withdraw",
            "api:plan_sets",
            "api:allotments",
            "api:withdrawals",
            "api:withdraw_codes",
        ),
        _order_number,
    ),
    **dict.fromkeys(
        (
            "issuing:set",
            "issuing:activate_sets",
            "issuing:cancel_sets",
            "issuing:set_progress",
            "issuing:set_labels",
            "api:set_plan",
            "api:set_labels",
            "api:cancel_sets",
            "api:activate_sets",
        ),
        _set,
    ),
    **dict.fromkeys(
        ("issuing:set_unit", "issuing:activate_unit", "api:set_unit", "api:activate_set"), _unit
    ),
    "printhouse:agree": _house,
    "printhouse:tell": _agreed,
    **dict.fromkeys(
        (
            "printhouse:package",
            "printhouse:state",
            "printhouse:file",
            "printhouse:sum_up",
            "printhouse:send",
            "printhouse:cancel",
            "api:print_package",
            "api:package_file",
            "api:package_rolls",
            "api:send_package",
            "api:cancel_package",
        ),
        _package,
    ),
    **dict.fromkeys(
        ("printhouse:close", "printhouse:upload", "api:close_package", "api:preview_return"),
        _sent,
    ),
    **dict.fromkeys(("printhouse:withdraw_roll", "api:withdraw_package_roll"), _roll),
    **dict.fromkeys(
        (
            "printhouse:return",
            "printhouse:apply",
            "printhouse:report",
            "api:package_return",
            "api:apply_return",
        ),
        _return,
    ),
    "api:rolls_of_item": _item,
}
