"""Rows of drills and of starts for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.masterdata.services import create_lot, create_product
from suyuan.recalls.drills import announce_drill
from tests.recall_world import MADE

if TYPE_CHECKING:
    from tests.http.routes import World


def _drill(world: World) -> dict[str, object]:
    product = create_product(actor=world.actor, name_zh="茶")
    lot = create_lot(
        actor=world.actor, gtin=product.gtin, code="DRILLED", produced_on=date(2026, 3, 1)
    )
    quantity = build.quantity(lot.identity.digital_link(), 4, "KGM")
    event = build.object_event(time=MADE, action="ADD", quantities=[quantity])
    capture_events(actor=world.actor, events=[event], source="tests")
    return {"number": announce_drill(actor=world.actor).number}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = dict.fromkeys(
    (
        "recalls:drill",
        "recalls:drill_answer",
        "recalls:drill_end",
        "api:recall_drill",
        "api:answer_drill",
        "api:end_drill",
    ),
    _drill,
)
