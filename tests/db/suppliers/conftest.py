"""The goods of two suppliers."""

from __future__ import annotations

import pytest

from suyuan.tenancy.actor import Actor
from tests.quality_world import Goods, build_goods


@pytest.fixture
def goods(actor: Actor) -> Goods:
    """Return the goods."""
    return build_goods(actor)
