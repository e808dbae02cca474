"""Suyuan 溯源: one identity and one history for every item a brand sells."""

__version__ = "0.1.0"
