"""The ground on which scenarios stand."""

from __future__ import annotations

import pytest

from suyuan.tenancy.actor import Actor
from tests.scenario_world import Ground


@pytest.fixture
def ground(actor: Actor) -> Ground:
    """Return an organisation without events."""
    return Ground(actor)
