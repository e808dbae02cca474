"""The world of consumers' scans, for this folder."""

from __future__ import annotations

from tests.scan_world import goods

__all__ = ["goods"]
