"""Verbs of docks; each is one transaction."""

from suyuan.docks.services.readers import add_reader, change_reader
from suyuan.docks.services.reading import sweep, sweep_all, take_reads

__all__ = ["add_reader", "change_reader", "sweep", "sweep_all", "take_reads"]
