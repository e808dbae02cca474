"""The goods with a history."""

from __future__ import annotations

from tests.recall_world import world as world
