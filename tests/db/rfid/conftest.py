"""The world of RFID, for this folder."""

from __future__ import annotations

import pytest

from suyuan.issuing.models import CodeOrder
from suyuan.rfid.models import TagRange
from suyuan.rfid.services import assign_tags
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.services import add_company_prefix
from tests.issuing_world import active_order, line, lot, order, other_product, product

__all__ = ["active_order", "line", "lot", "order", "other_product", "product"]


@pytest.fixture
def prefix(actor: Actor) -> str:
    """Return the company prefix in the product's number."""
    return add_company_prefix(actor=actor, prefix="9521234").prefix


@pytest.fixture
def made(actor: Actor, order: CodeOrder, prefix: str) -> TagRange:
    """Return numbered tags for the order's first forty items."""
    return assign_tags(actor=actor, order_number=order.number, first=0, count=40)
