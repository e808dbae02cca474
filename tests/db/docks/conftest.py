"""The world of docks, for this folder."""

from tests.docks_world import *  # noqa: F403 - its fixtures
