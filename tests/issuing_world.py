"""What tests of issuing and of goods on their way need: a product, a lot, places, materials.

Owns: fixtures that several folders import into their `conftest.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import commission, order_codes
from suyuan.masterdata.models import Location, Lot, Material, Party, Product
from suyuan.masterdata.services import (
    create_location,
    create_lot,
    create_material,
    create_material_lot,
    create_party,
    create_product,
)
from suyuan.tenancy.actor import Actor

MADE = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
"""When things happen in these tests."""


@pytest.fixture
def product(actor: Actor) -> Product:
    """Return an own product whose items have serials."""
    return create_product(
        actor=actor,
        gtin="09521234000013",
        name_zh="明前龙井 50 g",
        name_en="Longjing 50 g",
        granularity="item",
        shelf_life_days=540,
    )


@pytest.fixture
def other_product(other_actor: Actor) -> Product:
    """Return another organisation's product."""
    return create_product(
        actor=other_actor, gtin="09521234000020", name_zh="海盐", granularity="item"
    )


@pytest.fixture
def batch_product(actor: Actor) -> Product:
    """Return an own product that is followed by batch."""
    return create_product(actor=actor, name_zh="散装茶", granularity="batch")


@pytest.fixture
def line(actor: Actor) -> Location:
    """Return where things are made and packed."""
    return create_location(
        actor=actor, code="LINE-1", name_zh="一号线", name_en="Line 1", kind="line", region="330100"
    )


@pytest.fixture
def warehouse(actor: Actor) -> Location:
    """Return where things are kept."""
    return create_location(
        actor=actor,
        code="WH-1",
        name_zh="杭州仓",
        name_en="Hangzhou warehouse",
        kind="warehouse",
        region="330100",
    )


@pytest.fixture
def shop(actor: Actor) -> Party:
    """Return a firm that goods go to."""
    return create_party(actor=actor, code="SHOP-1", name_zh="旗舰店", name_en="Shop", kind="shop")


@pytest.fixture
def lot(actor: Actor, product: Product) -> Lot:
    """Return a batch of the product."""
    return create_lot(actor=actor, gtin=product.gtin, code="L260301", produced_on=date(2026, 3, 1))


@pytest.fixture
def leaf(actor: Actor) -> Material:
    """Return a material with two lots, F1 and F2."""
    material = create_material(actor=actor, code="LEAF", name_zh="鲜叶", name_en="Leaf", uom="KGM")
    for code in ("F1", "F2"):
        create_material_lot(actor=actor, material="LEAF", code=code, received_on=date(2026, 2, 28))
    return material


@pytest.fixture
def order(actor: Actor, product: Product, lot: Lot) -> CodeOrder:
    """Return an order of 100 codes for the lot; none is active."""
    return order_codes(actor=actor, gtin=product.gtin, count=100, lot_code=lot.code)


@pytest.fixture
def active_order(actor: Actor, order: CodeOrder, line: Location) -> CodeOrder:
    """Return the order with all its codes active."""
    commission(
        actor=actor, order_number=order.number, lot_code="", time=MADE, location_code=line.code
    )
    order.refresh_from_db()
    return order
