"""The world that tests of the trace screens look at."""

from __future__ import annotations

import pytest

from suyuan.tenancy.actor import Actor
from tests.world import World, build_world


@pytest.fixture
def world(actor: Actor) -> World:
    """Return goods with a history in the first organisation."""
    return build_world(actor)
