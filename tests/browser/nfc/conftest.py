"""The world of chips, for this folder."""

from __future__ import annotations

from tests.nfc_world import chips
from tests.scan_world import goods

__all__ = ["chips", "goods"]
