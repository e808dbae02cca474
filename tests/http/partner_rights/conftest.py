"""A brand with two partners."""

from __future__ import annotations

import pytest

from suyuan.tenancy.actor import Actor
from tests.partner_world import PartnerWorld, build_partner_world


@pytest.fixture
def partners(actor: Actor) -> PartnerWorld:
    """Return a brand with a factory and a warehouse as partners."""
    return build_partner_world(actor)
