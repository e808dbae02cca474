"""Numbers of events in partners' addresses, sealed.

Owns: `sealed` and `opened`. Numbers count every event of the brand: whoever read them there would
learn how many there are between two of its own.
"""

from __future__ import annotations

from typing import Final

from suyuan.kernel.secretbox import SealBroken, seal, unseal

_PURPOSE: Final = "suyuan.partners.number"
_LONGEST: Final = 200


def sealed(seq: int) -> str:
    """Return what stands for an event's number in an address."""
    return seal(_PURPOSE, str(seq).encode()).decode()


def opened(text: str) -> int:
    """Return the number in what `sealed` made; 0 for anything else."""
    if len(text) > _LONGEST or not text.isascii():
        return 0
    try:
        return int(unseal(_PURPOSE, text.encode()))
    except SealBroken:
        return 0
