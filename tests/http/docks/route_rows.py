"""What the walk of routes needs for docks (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.docks.services import add_reader
from suyuan.masterdata.services import create_location


def _reader(world: Any) -> dict[str, object]:
    place = create_location(actor=world.actor, code="WALK", name_zh="走查", kind="warehouse")
    reader = add_reader(
        actor=world.actor, code="WALK-1", name="走查", location_code=place.code, purpose="zone"
    )
    return {"code": reader.code}


ARGUMENTS = {
    "docks:reader": _reader,
    "docks:reader_live": _reader,
    "docks:stays": _reader,
    "docks:edit": _reader,
    "docks:try": _reader,
    "api:dock_reader": _reader,
    "api:change_dock_reader": _reader,
    "api:take_dock_reads": _reader,
    "api:sweep_dock": _reader,
    "api:dock_tags": _reader,
}
