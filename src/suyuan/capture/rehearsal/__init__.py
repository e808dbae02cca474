"""Say what a document would do, and do nothing.

Owns: what is rehearsed and what it answers.
"""

from suyuan.capture.rehearsal.rehearsing import rehearse
from suyuan.capture.rehearsal.values import (
    CHANGES,
    Goods,
    PlacedFault,
    PlaceNamed,
    Quantity,
    Rehearsal,
    RehearsedEvent,
)

__all__ = [
    "CHANGES",
    "Goods",
    "PlaceNamed",
    "PlacedFault",
    "Quantity",
    "Rehearsal",
    "RehearsedEvent",
    "rehearse",
]
