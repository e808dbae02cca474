"""What a chip with a tamper loop says about the seal that the loop runs through.

Owns: reading the two status bytes of NTAG 424 DNA TagTamper.
Source: NXP NT4H2421Tx §8.4: the first says whether the loop was ever found open, for good; the
second how it is now. `C` is closed, `O` open, `I` not enabled or not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

STATUS_BYTES: Final = 2


class Seal(StrEnum):
    """How the seal is; the words are stable."""

    INTACT = "intact"  # closed, and never found open
    OPEN = "open"  # open at this tap
    OPENED = "opened"  # closed now, but was found open before
    UNKNOWN = "unknown"  # the loop is not enabled, or not measured

    @property
    def broken(self) -> bool:
        """Whether it is or was open."""
        return self in {Seal.OPEN, Seal.OPENED}


# The chip sets the lasting byte before it mirrors either, so `CO` should not come; if it does, the
# loop is open.
_STATUS: Final[Mapping[str, Seal]] = {
    "CC": Seal.INTACT,
    "OO": Seal.OPEN,
    "OC": Seal.OPENED,
    "CO": Seal.OPEN,
}


def read_seal(status: str) -> Seal:
    """Return what two status letters say; anything else than the four known pairs is unknown."""
    return _STATUS.get(status, Seal.UNKNOWN)
