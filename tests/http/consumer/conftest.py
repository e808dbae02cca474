"""Fixtures of the tests of consumers’ pages."""

from __future__ import annotations

from tests.scan_world import goods

__all__ = ["goods"]
