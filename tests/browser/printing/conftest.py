"""The world of printing, for this folder."""

from tests.printing_world import *  # noqa: F403 - its fixtures
