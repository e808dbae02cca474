"""What tests of docks need: tagged items, readers, and reports as readers send them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.docks.models import Reader
from suyuan.docks.services import add_reader
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Location
from suyuan.masterdata.services import create_location
from suyuan.rfid.selectors import tag_hexes
from suyuan.rfid.services import assign_tags
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.services import add_company_prefix
from tests.issuing_world import active_order, line, lot, order, product

# The fixtures, which a folder's `conftest.py` takes whole.
__all__ = [
    "active_order",
    "dock",
    "line",
    "lot",
    "order",
    "passage",
    "product",
    "receiving",
    "shipping",
    "tags",
]

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""When the first tag is read."""

FOREIGN = "3074257BF7194E4000001A85"
"""A tag of nobody here: GTIN 80614141123458, serial 6789."""


def read(
    epc: str, seconds: float = 0, *, antenna: int = 1, rssi: float | None = -50
) -> dict[str, object]:
    """Return a read, so many seconds after the first."""
    time = START + timedelta(seconds=seconds)
    return {"epc": epc, "antenna": antenna, "rssi": rssi, "time": time.isoformat()}


def report(*reads: dict[str, object]) -> bytes:
    """Return a report in our own shape."""
    return json.dumps({"reads": reads}).encode()


def seen(epcs: Sequence[str], seconds: float = 0, *, antenna: int = 1) -> bytes:
    """Return a report in which each tag is read once."""
    return report(*(read(epc, seconds, antenna=antenna) for epc in epcs))


@pytest.fixture
def dock(actor: Actor) -> Location:
    """Return a warehouse with a dock."""
    return create_location(
        actor=actor,
        code="DOCK-1",
        name_zh="一号月台",
        name_en="Dock 1",
        kind="warehouse",
        region="330100",
    )


@pytest.fixture
def tags(actor: Actor, active_order: CodeOrder) -> list[str]:
    """Return the tags of twenty active items."""
    add_company_prefix(actor=actor, prefix="9521234")
    made = assign_tags(actor=actor, order_number=active_order.number, first=0, count=20)
    return tag_hexes(made, first=0, count=20)


@pytest.fixture
def receiving(actor: Actor, dock: Location) -> Reader:
    """Return a reader where goods come in."""
    return add_reader(
        actor=actor, code="IN-1", name="收货门", location_code=dock.code, purpose="receiving"
    )


@pytest.fixture
def shipping(actor: Actor, dock: Location) -> Reader:
    """Return a reader where goods go out."""
    return add_reader(
        actor=actor, code="OUT-1", name="发货门", location_code=dock.code, purpose="shipping"
    )


@pytest.fixture
def passage(actor: Actor, dock: Location) -> Reader:
    """Return a reader of a gate with an inner antenna, 1, and an outer one, 2."""
    return add_reader(
        actor=actor,
        code="GATE-1",
        name="通道门",
        location_code=dock.code,
        purpose="passage",
        inner_antennas=[1],
    )
