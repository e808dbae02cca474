"""What the screens of codes need: an order that is active in part, photos of its codes."""

from __future__ import annotations

import pytest
from django.test import Client

from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.issuing_world import (
    active_order,
    line,
    lot,
    order,
    other_product,
    product,
    warehouse,
)

__all__ = ["active_order", "line", "lot", "order", "other_product", "product", "warehouse"]


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    """Return a browser of an owner."""
    return client_as(Role.OWNER)
