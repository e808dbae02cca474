"""Fixtures of the tests of the back office’s list of scans."""

from __future__ import annotations

from tests.scan_world import goods

__all__ = ["goods"]
