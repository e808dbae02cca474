"""Fixtures of the tests of chips' pages."""

from __future__ import annotations

from tests.nfc_world import chips
from tests.scan_world import goods

__all__ = ["chips", "goods"]
