"""The goods with a history, and a folder for files that no other test has written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.recall_world import world as world

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """Return an empty folder in which files are kept."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
