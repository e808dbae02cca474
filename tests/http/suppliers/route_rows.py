"""What the walk of routes needs for suppliers' scorecards (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.masterdata.services import create_party


def _supplier(world: Any) -> dict[str, object]:
    party = create_party(actor=world.actor, code="FARM-9", name_zh="茶园", kind="supplier")
    return {"code": party.code}


_DAYS = {"since": "2026-01-01", "until": "2026-12-31"}


def _days(_world: Any) -> dict[str, object]:
    return dict(_DAYS)


ARGUMENTS = {"monitoring:supplier": _supplier, "api:supplier_lots": _supplier}
DATA = {"api:supplier_scorecards": _days, "api:supplier_lots": _days}
