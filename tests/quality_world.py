"""Goods that complaints have something in common about: two suppliers, two lines, four lots.

Owns: `build_goods`. What happens: leaves of supplier GOOD (lots G-1, G-2) and of supplier BAD (B-1)
become four lots of forty items each, on line 1 or 2. Lot P-2 and P-3 have leaves of B-1 in them.
Each lot is commissioned in two hours, twenty items in each, packed in cases of ten, and put into
the one warehouse or the other.

| lot | leaves | line | hours (UTC) | warehouse |
| --- | --- | --- | --- | --- |
| P-1 | G-1 | 1 | 02, 03 on 1 March | NORTH |
| P-2 | G-1, B-1 | 2 | 02, 03 on 2 March | SOUTH |
| P-3 | B-1 | 1 | 02, 03 on 3 March | NORTH |
| P-4 | G-2 | 2 | 02, 03 on 4 March | SOUTH |

Serials: P-1 has 100 to 139, P-2 200 to 239, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Sscc
from suyuan.masterdata.models import Location
from suyuan.masterdata.services import (
    create_location,
    create_lot,
    create_material,
    create_material_lot,
    create_party,
    create_product,
)
from suyuan.tenancy.actor import Actor

GTIN: Final = "09521234000013"
LEAVES: Final = "09521234000112"
BASE: Final = "https://id.gs1.org"
FIRST: Final = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
PER_LOT: Final = 40
_LOTS: Final = (
    (1, ("G-1",), "1", "NORTH"),
    (2, ("G-1", "B-1"), "2", "SOUTH"),
    (3, ("B-1",), "1", "NORTH"),
    (4, ("G-2",), "2", "SOUTH"),
)
_SUPPLIERS: Final = {"G-1": "GOOD", "G-2": "GOOD", "B-1": "BAD"}


@dataclass(frozen=True)
class Goods:
    """What was set up."""

    factory: Location
    warehouses: dict[str, Location]


def item(serial: int) -> str:
    """Return an item's canonical text."""
    return f"{BASE}/01/{GTIN}/21/{serial}"


def lot(code: str) -> str:
    """Return a product lot's canonical text."""
    return f"{BASE}/01/{GTIN}/10/{code}"


def leaves(code: str) -> str:
    """Return a material lot's canonical text."""
    return f"{BASE}/01/{LEAVES}/10/{code}"


def case(number: int) -> str:
    """Return a case's canonical text."""
    return f"{BASE}/00/{Sscc.build('9521234', 3, number).value}"


def build_goods(actor: Actor, *, own: bool = True) -> Goods:
    """Give an organisation the goods; one alone can answer for their number as its `own`."""
    create_product(
        actor=actor, gtin=GTIN, name_zh="明前龙井", name_en="Longjing", granularity="item", own=own
    )
    for code, name_zh, name_en in (
        ("GOOD", "狮峰茶园", "Shifeng"),
        ("BAD", "山脚茶场", "Foothill"),
    ):
        create_party(actor=actor, code=code, name_zh=name_zh, name_en=name_en, kind="supplier")
    create_material(actor=actor, gtin=LEAVES, code="LEAF", name_zh="鲜叶", name_en="Leaves")
    for code, supplier in _SUPPLIERS.items():
        create_material_lot(
            actor=actor,
            material="LEAF",
            code=code,
            supplier=supplier,
            received_on=date(2026, 2, 27),
        )
    factory = create_location(
        actor=actor, code="WORKS", name_zh="一厂", name_en="Works", kind="factory"
    )
    warehouses = {
        code: create_location(
            actor=actor, code=code, name_zh=code, name_en=code.title(), kind="warehouse"
        )
        for code in ("NORTH", "SOUTH")
    }
    events = [_received(code, factory) for code in ("G-1", "B-1")]
    for number, sources, line, warehouse in _LOTS:
        day = FIRST + timedelta(days=number - 1)
        create_lot(
            actor=actor, gtin=GTIN, code=f"P-{number}", produced_on=day.date(), line=line, team="A"
        )
        events += _made(number, sources, day, factory)
        events += _stored(number, day, warehouses[warehouse])
    capture_events(actor=actor, events=events, source="tests")
    return Goods(factory, warehouses)


def _received(code: str, factory: Location) -> dict[str, Any]:
    return build.object_event(
        time=FIRST - timedelta(days=2),
        action="OBSERVE",
        quantities=[build.quantity(leaves(code), 50, "KGM")],
        step="receiving",
        disposition="in_progress",
        location=factory.identifier,
    )


def _made(
    number: int, sources: tuple[str, ...], day: datetime, factory: Location
) -> list[dict[str, Any]]:
    serials = range(100 * number, 100 * number + PER_LOT)
    made = build.transformation_event(
        time=day - timedelta(minutes=10),
        input_quantities=[build.quantity(leaves(code), 10, "KGM") for code in sources],
        output_quantities=[build.quantity(lot(f"P-{number}"), PER_LOT)],
        location=factory.identifier,
    )
    born = [
        build.object_event(
            time=day + timedelta(hours=half),
            action="ADD",
            epcs=[item(n) for n in serials[20 * half : 20 * half + 20]],
            step="commissioning",
            disposition="active",
            location=factory.identifier,
            ilmd={"cbvmda:lotNumber": f"P-{number}"},
        )
        for half in (0, 1)
    ]
    return [made, *born]


def _stored(number: int, day: datetime, warehouse: Location) -> list[dict[str, Any]]:
    serials = range(100 * number, 100 * number + PER_LOT)
    packed = [
        build.aggregation_event(
            time=day + timedelta(hours=5),
            action="ADD",
            parent=case(10 * number + n),
            children=[item(serial) for serial in serials[10 * n : 10 * n + 10]],
            step="packing",
        )
        for n in range(4)
    ]
    arrived = build.object_event(
        time=day + timedelta(hours=20),
        action="OBSERVE",
        epcs=[case(10 * number + n) for n in range(4)],
        step="receiving",
        disposition="in_progress",
        location=warehouse.identifier,
    )
    return [*packed, arrived]
