"""The world of packages, for this folder."""

from tests.printhouse_world import *  # noqa: F403 - its fixtures
