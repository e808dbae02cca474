"""Where time goes: how long goods stay in each step, at each place, of each product and partner.

Owns: the question, which items it is about, the figures. Stores nothing.
Does not own: what a stay is (lineage.stays).
"""

from suyuan.monitoring.dwell.selectors import items_behind, report
from suyuan.monitoring.dwell.values import (
    BINS,
    By,
    Group,
    Oldest,
    Question,
    Report,
    Subject,
    Week,
)

__all__ = [
    "BINS",
    "By",
    "Group",
    "Oldest",
    "Question",
    "Report",
    "Subject",
    "Week",
    "items_behind",
    "report",
]
