"""A small believable world for tests: from tea leaves to parcels.

Owns: `build_world`, which captures real events through the services, and the names of everything
in it. What happens: a lot of leaves is made into a product lot; a hundred items of it are
commissioned; 96 go into four cases, the cases onto a pallet; the pallet goes from the factory to
the warehouse; there pallet and first case are unpacked, and sixteen items leave in eight parcels of
two. Parcels 1, 3, 5 and 7 were delivered, the others are on their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from suyuan.capture.identities import find_key
from suyuan.capture.services import CaptureOutcome, capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Sscc, parse_epc
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes
from suyuan.masterdata.models import Location, Lot, Material, MaterialLot, Party, Product
from suyuan.masterdata.services import (
    create_location,
    create_lot,
    create_material,
    create_material_lot,
    create_party,
    create_product,
)
from suyuan.tenancy.actor import Actor

BASE = "https://id.gs1.org"
BEGIN = datetime(2026, 3, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))
"""When the leaves are made into tea; every later step is hours or days after it."""

ITEMS, CASES, PER_CASE, PARCELS = 100, 4, 24, 8
_PREFIX = "6901234"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class World:
    """What was set up, with the canonical text of everything that events name.

    Attributes:
        items: all hundred items, in order; the first sixteen are in parcels, two in each.
        cases: four cases of 24; the first is unpacked. pallet: what held them on the way.
        parcels: eight parcels; those at odd positions were delivered.
        orders: the shop's order number of each parcel. waybills: its waybill.
    """

    actor: Actor
    product: Product
    lot: Lot
    material: Material
    material_lot: MaterialLot
    supplier: Party
    factory: Location
    warehouse: Location
    code_order: CodeOrder
    items: tuple[str, ...]
    cases: tuple[str, ...]
    pallet: str
    parcels: tuple[str, ...]
    orders: tuple[str, ...]
    waybills: tuple[str, ...]
    lot_text: str
    material_lot_text: str
    outcome: CaptureOutcome

    @property
    def serials(self) -> tuple[str, ...]:
        """The items' serial numbers."""
        return tuple(text.rsplit("/", 1)[-1] for text in self.items)

    def key(self, text: str) -> int:
        """Return the key of something that was captured."""
        key = find_key(self.actor.organisation_id, parse_epc(text))
        assert key is not None
        return key


def sscc(number: int) -> str:
    """Return the canonical text of a logistic unit."""
    return f"{BASE}/00/{Sscc.build(_PREFIX, 3, number).value}"


def build_world(actor: Actor) -> World:
    """Give `actor`'s organisation goods with a history."""
    supplier = create_party(
        actor=actor, code="FARM-1", name_zh="狮峰茶园", name_en="Shifeng Garden", kind="supplier"
    )
    factory = create_location(
        actor=actor,
        code="LINE-1",
        name_zh="杭州一厂",
        name_en="Hangzhou factory",
        kind="factory",
        region="330100",
    )
    warehouse = create_location(
        actor=actor,
        code="WH-1",
        name_zh="广州仓",
        name_en="Guangzhou warehouse",
        kind="warehouse",
        region="440100",
    )
    product = create_product(
        actor=actor,
        gtin="09521234000013",
        name_zh="明前龙井 50 g",
        name_en="Longjing 50 g",
        granularity="item",
        shelf_life_days=540,
    )
    material = create_material(
        actor=actor, code="LEAF", name_zh="鲜叶", name_en="Fresh leaves", uom="KGM"
    )
    material_lot = create_material_lot(
        actor=actor,
        material="LEAF",
        code="F-0228",
        supplier="FARM-1",
        received_on=date(2026, 2, 28),
    )
    lot = create_lot(
        actor=actor,
        gtin=product.gtin,
        code="L260301",
        produced_on=date(2026, 3, 1),
        line="1",
        team="A",
    )
    code_order = order_codes(actor=actor, gtin=product.gtin, count=ITEMS, lot_code=lot.code)
    items = tuple(issuing.links(code_order, count=ITEMS))
    cases = tuple(sscc(1 + number) for number in range(CASES))
    parcels = tuple(sscc(1001 + number) for number in range(PARCELS))
    pallet = sscc(101)
    slug = actor.organisation.slug
    orders = tuple(f"TB-20260303-{1 + n:03d}" for n in range(PARCELS))
    waybills = tuple(f"SF10000000{1 + n:02d}" for n in range(PARCELS))
    lot_text = f"{BASE}/01/{product.gtin}/10/{lot.code}"
    material_lot_text = f"{BASE}/01/{material.gtin}/10/{material_lot.code}"
    made, kept = factory.identifier, warehouse.identifier
    events = [
        *_production(items, lot_text, material_lot_text, lot.code, made),
        *_packing(items, cases, pallet, made),
        *_to_warehouse(items, cases, pallet, made, kept),
    ]
    for n, parcel in enumerate(parcels):
        papers = [
            ("po", f"urn:suyuan:{slug}:order:{orders[n]}"),
            ("bol", f"urn:suyuan:{slug}:waybill:{waybills[n]}"),
        ]
        pair = items[2 * n : 2 * n + 2]
        events += _parcel(parcel, pair, papers, kept, slug, delivered=n % 2 == 1)
    outcome = capture_events(actor=actor, events=events, source="tests")
    return World(
        actor=actor,
        product=product,
        lot=lot,
        material=material,
        material_lot=material_lot,
        supplier=supplier,
        factory=factory,
        warehouse=warehouse,
        code_order=code_order,
        items=items,
        cases=cases,
        pallet=pallet,
        parcels=parcels,
        orders=orders,
        waybills=waybills,
        lot_text=lot_text,
        material_lot_text=material_lot_text,
        outcome=outcome,
    )


def _production(
    items: tuple[str, ...], lot: str, material_lot: str, code: str, place: str
) -> list[dict[str, Any]]:
    return [
        build.transformation_event(
            time=BEGIN,
            input_quantities=[build.quantity(material_lot, 10, "KGM")],
            output_quantities=[build.quantity(lot, len(items))],
            step="commissioning",
            location=place,
        ),
        build.object_event(
            time=BEGIN + _HOUR,
            action="ADD",
            epcs=items,
            step="commissioning",
            disposition="active",
            location=place,
            ilmd={"cbvmda:lotNumber": code},
        ),
    ]


def _packing(
    items: tuple[str, ...], cases: tuple[str, ...], pallet: str, place: str
) -> list[dict[str, Any]]:
    filled = [
        build.aggregation_event(
            time=BEGIN + 2 * _HOUR,
            action="ADD",
            parent=case,
            children=items[PER_CASE * n : PER_CASE * (n + 1)],
            step="packing",
            disposition="container_closed",
            location=place,
        )
        for n, case in enumerate(cases)
    ]
    stacked = build.aggregation_event(
        time=BEGIN + 3 * _HOUR,
        action="ADD",
        parent=pallet,
        children=cases,
        step="packing",
        disposition="container_closed",
        location=place,
    )
    return [*filled, stacked]


def _to_warehouse(
    items: tuple[str, ...], cases: tuple[str, ...], pallet: str, made: str, kept: str
) -> list[dict[str, Any]]:
    later = BEGIN + timedelta(days=1)
    return [
        build.object_event(
            time=later,
            action="OBSERVE",
            epcs=[pallet],
            step="shipping",
            disposition="in_transit",
            read_point=made,
            destinations=[("location", kept)],
        ),
        build.object_event(
            time=later + 20 * _HOUR,
            action="OBSERVE",
            epcs=[pallet],
            step="receiving",
            disposition="in_progress",
            read_point=kept,
            location=kept,
        ),
        build.aggregation_event(
            time=later + 21 * _HOUR,
            action="DELETE",
            parent=pallet,
            children=cases,
            step="unpacking",
            location=kept,
        ),
        build.aggregation_event(
            time=later + 22 * _HOUR,
            action="DELETE",
            parent=cases[0],
            children=items[:PER_CASE],
            step="unpacking",
            location=kept,
        ),
    ]


def _parcel(
    parcel: str,
    items: tuple[str, ...],
    papers: list[tuple[str, str]],
    place: str,
    slug: str,
    *,
    delivered: bool,
) -> list[dict[str, Any]]:
    later = BEGIN + timedelta(days=3)
    region = f"urn:suyuan:{slug}:region:110000"
    events = [
        build.aggregation_event(
            time=later,
            action="ADD",
            parent=parcel,
            children=items,
            step="packing",
            location=place,
            transactions=papers,
        ),
        build.object_event(
            time=later + _HOUR,
            action="OBSERVE",
            epcs=[parcel],
            step="shipping",
            disposition="in_transit",
            read_point=place,
            transactions=papers,
            destinations=[("location", region)],
        ),
    ]
    if delivered:
        events.append(
            build.object_event(
                time=later + 30 * _HOUR,
                action="OBSERVE",
                epcs=[parcel],
                step="retail_selling",
                disposition="retail_sold",
            )
        )
    return events
