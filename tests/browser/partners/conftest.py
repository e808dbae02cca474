"""The world of partners, for this folder."""

from __future__ import annotations

from tests.partners_world import workshop

__all__ = ["workshop"]
