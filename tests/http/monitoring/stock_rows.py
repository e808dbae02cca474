"""What the walk of routes needs for dwell times (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from tests.stock_world import born, item, received, tell


def _group(world: Any) -> dict[str, object]:
    tell(world.actor, born(0, 7_001), received(3, item(7_001)))
    return {"by": "stage", "step": "commissioning", "next_step": "receiving"}


DATA = {"monitoring:dwell_group": _group}
