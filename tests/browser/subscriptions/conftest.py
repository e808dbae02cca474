"""The world of subscriptions, for this folder."""

from tests.subscriptions_world import *  # noqa: F403 - its fixtures
