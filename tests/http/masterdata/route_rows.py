"""Masterdata's and exchange's rows for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PIL import Image

from suyuan.exchange import services as exchange
from suyuan.masterdata import services

if TYPE_CHECKING:
    from tests.http.routes import World

GTIN = "09521234000013"


def _product(world: World) -> dict[str, object]:
    services.create_product(actor=world.actor, gtin=GTIN, name_zh="茶")
    return {"gtin": GTIN}


def _picture(world: World) -> dict[str, object]:
    parts = _product(world)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    picture = services.add_picture(actor=world.actor, gtin=GTIN, content=out.getvalue())
    return {**parts, "digest": picture.large}


def _picture_file(world: World) -> dict[str, object]:
    return {"digest": _picture(world)["digest"]}


def _lot(world: World) -> dict[str, object]:
    parts = _product(world)
    services.create_lot(actor=world.actor, gtin=GTIN, code="A/1", produced_on=date(2026, 3, 1))
    return {**parts, "code": "A/1"}


def _material(world: World) -> dict[str, object]:
    return {"code": services.create_material(actor=world.actor, code="M1", name_zh="叶").code}


def _material_lot(world: World) -> dict[str, object]:
    _material(world)
    services.create_material_lot(actor=world.actor, material="M1", code="R1")
    return {"material": "M1", "code": "R1"}


def _party(world: World) -> dict[str, object]:
    row = services.create_party(actor=world.actor, code="P1", kind="shop", name_zh="店")
    return {"code": row.code}


def _location(world: World) -> dict[str, object]:
    return {"code": services.create_location(actor=world.actor, code="L1", name_zh="仓").code}


def _import(world: World) -> dict[str, object]:
    body = b"code,kind,name_zh\nP1,shop,x\n"
    run = exchange.preview_import(actor=world.actor, kind="parties", file_name="a.csv", body=body)
    return {"reference": run.reference}


def _sheet(world: World) -> dict[str, object]:
    return {"kind": "products"}


def _sheet_file(world: World) -> dict[str, object]:
    return {"kind": "products", "form": "csv"}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    "masterdata:picture_add": _product,
    "masterdata:picture_remove": _picture,
    "masterdata:picture_first": _picture,
    "masterdata:picture": _picture_file,
    "masterdata:import_new": _sheet,
    "masterdata:import_template": _sheet,
    "masterdata:export": _sheet_file,
    "masterdata:import": _import,
    "masterdata:import_apply": _import,
    "masterdata:import_faults": _import,
    "api:import_run": _import,
    "api:import_rows": _import,
    "api:apply_import": _import,
    "api:export_csv": _sheet,
    "api:export_xlsx": _sheet,
}
for _name, _arguments in {
    "product": _product,
    "material": _material,
    "party": _party,
    "location": _location,
    "lot": _lot,
    "material_lot": _material_lot,
}.items():
    ARGUMENTS |= {
        f"masterdata:{_name}": _arguments,
        f"masterdata:{_name}_edit": _arguments,
        f"api:{_name}": _arguments,
        f"api:update_{_name}": _arguments,
    }

# Their parts name a kind of sheet, which no organisation owns.
SHARED = frozenset(
    {
        "masterdata:import_new",
        "masterdata:import_template",
        "masterdata:export",
        "api:export_csv",
        "api:export_xlsx",
    }
)
PUBLIC = {"masterdata:media": "pictures of published products, by their content's digest"}
PUBLIC_ARGUMENTS: dict[str, dict[str, object]] = {"masterdata:media": {"digest": "0" * 64}}
