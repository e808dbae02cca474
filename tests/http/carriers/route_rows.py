"""Carriers' rows for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.carriers.services import bind
from suyuan.issuing import selectors as issuing
from suyuan.issuing.services import order_codes
from suyuan.masterdata.services import create_product
from suyuan.verification.models import Reveal

if TYPE_CHECKING:
    from tests.http.routes import World

_TAG = "3034257BF7194E4000001A85"


def _unit(world: World) -> str:
    product = create_product(
        actor=world.actor, gtin="09521234000099", name_zh="走查", granularity="item"
    )
    order = order_codes(actor=world.actor, gtin=product.gtin, count=1)
    return issuing.links(issuing.get_order(world.organisation.pk, order.number))[0]


def _bound(world: World) -> dict[str, object]:
    bind(actor=world.actor, kind="rfid", value=_TAG, unit=_unit(world))
    return {"kind": "rfid", "value": _TAG}


def _to_bind(world: World) -> dict[str, object]:
    return {"kind": "rfid", "value": _TAG, "unit": _unit(world)}


def _ending(world: World) -> dict[str, object]:
    return {**_bound(world), "reason": "lost"}


def _replacing(world: World) -> dict[str, object]:
    return {**_ending(world), "new_value": "AB" * 12, "new_kind": "rfid"}


def _resolved(world: World) -> dict[str, object]:
    _seen(world)
    return {"text": _TAG, "unit": _TAG}


def _seen(world: World) -> None:
    carrier = bind(actor=world.actor, kind="rfid", value=_TAG, unit=_unit(world))
    Reveal.objects.create(
        organisation=world.organisation, id=carrier.key, tries=5, last_at=carrier.bound_at
    )


def _locked(world: World) -> dict[str, object]:
    _seen(world)
    serial = bind(actor=world.actor, kind="rfid", value=_TAG, unit=_TAG).identity.secondary
    return {"gtin": "09521234000099", "serial": serial, "unit": _TAG, "reason": "Picture seen"}


DATA: dict[str, Callable[[World], dict[str, object]]] = {
    "carriers:one": _bound,
    "carriers:replace": _replacing,
    "carriers:release": _ending,
    "carriers:unlock": _locked,
    "api:carrier_history": _bound,
    "api:resolve_carrier": _resolved,
    "api:bind_carrier": _to_bind,
    "api:replace_carrier": _replacing,
    "api:release_carrier": _ending,
    "api:hidden_code": _resolved,
    "api:unlock_hidden_code": _locked,
}
