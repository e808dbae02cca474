"""What tests of quality and recalls need: goods made of a bad material lot, on shelf and sold.

Owns: fixtures that several folders import into their `conftest.py`.

Twenty items of lot L-A (serials 1 to 20) and five of lot L-B (101 to 105) come from material lot
M-1; five of lot L-C (201 to 205) from M-2. Of L-A, item 1 was delivered in a parcel, items 2 and 3
are on their way in another; all others stand in the warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.masterdata.models import Location, Product
from suyuan.masterdata.services import (
    create_location,
    create_lot,
    create_material,
    create_material_lot,
    create_product,
)
from suyuan.recalls.models import RecallCase
from suyuan.recalls.services import approve_recall, open_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Membership, Organisation, User
from suyuan.tenancy.rights import Role
from suyuan.tenancy.selectors import actor_for

GTIN = "09521234000013"
MATERIAL_GTIN = "09521234000112"
MADE = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
_BASE = "https://id.gs1.org"
SOLD_PARCEL = f"{_BASE}/00/395212340000000014"
MOVING_PARCEL = f"{_BASE}/00/395212340000000021"

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def picture(form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", size, "green").save(file, form)
    return file.getvalue()


def item(serial: int) -> str:
    """Return an item's canonical text."""
    return f"{_BASE}/01/{GTIN}/21/{serial}"


def lot(code: str) -> str:
    """Return a product lot's canonical text."""
    return f"{_BASE}/01/{GTIN}/10/{code}"


def material_lot(code: str) -> str:
    """Return a material lot's canonical text."""
    return f"{_BASE}/01/{MATERIAL_GTIN}/10/{code}"


@dataclass(frozen=True)
class World:
    """What was set up."""

    product: Product
    warehouse: Location


def approver(organisation: Organisation) -> Actor:
    """Return a person who may act on recalls, and has proposed nothing yet."""
    number = Membership.objects.filter(organisation=organisation).count()
    person = User.objects.create_user(email=f"approver.{number}@{organisation.slug}.example")
    Membership.objects.create(organisation=organisation, user=person, role=Role.QUALITY)
    return actor_for(user=person, slug=organisation.slug)


def open_approved(actor: Actor, *starts: str, **more: Any) -> RecallCase:
    """Return a recall that was proposed and approved: all its goods are held."""
    given = {"title": "Bad leaves", "reason": "Pesticide", **more}
    case = open_recall(actor=actor, starts=starts, **given)
    return approve_recall(actor=approver(actor.organisation), number=case.number)


@pytest.fixture
def world(actor: Actor) -> World:
    """Return goods with a history."""
    return make_world(actor)


def make_world(actor: Actor) -> World:
    """Give an organisation goods with a history."""
    product = create_product(
        actor=actor, gtin=GTIN, name_zh="明前龙井", name_en="Longjing", granularity="item"
    )
    create_material(actor=actor, gtin=MATERIAL_GTIN, code="LEAF", name_zh="鲜叶", name_en="Leaf")
    for code in ("M-1", "M-2"):
        create_material_lot(actor=actor, material="LEAF", code=code)
    for code in ("L-A", "L-B", "L-C"):
        create_lot(actor=actor, gtin=GTIN, code=code, produced_on=date(2026, 3, 1))
    warehouse = create_location(
        actor=actor,
        code="WH-1",
        name_zh="杭州仓",
        name_en="Hangzhou warehouse",
        kind="warehouse",
        region="330100",
    )
    events = [
        *_made("M-1", "L-A", range(1, 21)),
        *_made("M-1", "L-B", range(101, 106)),
        *_made("M-2", "L-C", range(201, 206)),
        build.object_event(
            time=MADE + timedelta(days=1),
            action="OBSERVE",
            epcs=[item(n) for n in (*range(1, 21), *range(101, 106), *range(201, 206))],
            step="storing",
            disposition="in_progress",
            location=warehouse.identifier,
        ),
        *_parcel(SOLD_PARCEL, [1], "ORDER-1", "SF-1", warehouse, delivered=True),
        *_parcel(MOVING_PARCEL, [2, 3], "=ORDER-2", "SF-2", warehouse, delivered=False),
    ]
    capture_events(actor=actor, events=events, source="tests")
    return World(product, warehouse)


def _made(material: str, code: str, serials: range) -> list[dict[str, object]]:
    return [
        build.transformation_event(
            time=MADE,
            input_quantities=[build.quantity(material_lot(material), 10, "KGM")],
            output_quantities=[build.quantity(lot(code), len(serials))],
        ),
        build.object_event(
            time=MADE + timedelta(hours=1),
            action="ADD",
            epcs=[item(n) for n in serials],
            step="commissioning",
            disposition="active",
            ilmd={"cbvmda:lotNumber": code},
        ),
    ]


def _parcel(
    unit: str, serials: list[int], order: str, waybill: str, warehouse: Location, *, delivered: bool
) -> list[dict[str, object]]:
    papers = [("po", f"urn:epcglobal:cbv:bt:9521234000006:{order}"), ("bol", waybill_uri(waybill))]
    events = [
        build.aggregation_event(
            time=MADE + timedelta(days=2),
            action="ADD",
            parent=unit,
            children=[item(n) for n in serials],
            step="packing",
            location=warehouse.identifier,
        ),
        build.object_event(
            time=MADE + timedelta(days=2, hours=1),
            action="OBSERVE",
            epcs=[unit],
            step="shipping",
            disposition="in_transit",
            read_point=warehouse.identifier,
            transactions=papers,
        ),
    ]
    if delivered:
        events.append(
            build.object_event(
                time=MADE + timedelta(days=4),
                action="OBSERVE",
                epcs=[unit],
                step="receiving",
                disposition="retail_sold",
                transactions=papers,
            )
        )
    return events


def waybill_uri(number: str) -> str:
    """Return a waybill as events name it."""
    return f"urn:epcglobal:cbv:bt:9521234000006:{number}"
