"""Chips' rows for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.issuing.services import order_codes
from suyuan.masterdata.services import create_product
from suyuan.nfc.models import KeyProfile
from suyuan.nfc.services import ChipRow, Settings, create_profile, import_chips

if TYPE_CHECKING:
    from tests.http.routes import World

_UID = "04A1B2C3D4E5F6"


def _made(world: World) -> KeyProfile:
    return create_profile(actor=world.actor, name="walk", settings=Settings())


def _profile(world: World) -> dict[str, object]:
    return {"public_id": _made(world).public_id}


def _version(world: World) -> dict[str, object]:
    return {**_profile(world), "version": 1}


def _chip(world: World) -> dict[str, object]:
    rows = [ChipRow(1, _UID)]
    import_chips(actor=world.actor, public_id=_made(world).public_id, rows=rows)
    return {"uid": _UID}


def _order(world: World) -> dict[str, object]:
    product = create_product(
        actor=world.actor, gtin="09521234000099", name_zh="走查", granularity="item"
    )
    order = order_codes(actor=world.actor, gtin=product.gtin, count=1)
    return {"order": order.number, "first": 1, "count": 1, "chip": "ntag213"}


def _api_order(world: World) -> dict[str, object]:
    return {**_order(world), "first": 0}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    "nfc:chip": _chip,
    "nfc:revoke": _version,
    "api:nfc_chip": _chip,
    "api:revoke_nfc_keys": _version,
    **dict.fromkeys(
        (
            "nfc:profile",
            "nfc:rename",
            "nfc:keys",
            "nfc:report",
            "nfc:archive",
            "nfc:manifest",
            "nfc:table",
            "api:nfc_profile",
            "api:set_nfc_keys",
            "api:nfc_settings",
            "api:nfc_table",
            "api:report_nfc_chips",
        ),
        _profile,
    ),
}

DATA: dict[str, Callable[[World], dict[str, object]]] = {
    "nfc:table": _order,
    "nfc:plain": _order,
    "api:nfc_table": _api_order,
    "api:report_nfc_chips": lambda _world: {"chips": [{"uid": "04112233445566"}]},
    "api:make_nfc_profile": lambda _world: {"name": "walked"},
    "api:try_nfc_link": lambda _world: {"link": "https://t.example/n/x?cmac=00"},
}
PUBLIC = {"consumer:tap": "a tap of a chip: the consumer's page"}
PUBLIC_ARGUMENTS: dict[str, dict[str, object]] = {"consumer:tap": {"public_id": "0123456789"}}
