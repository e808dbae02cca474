"""The values that RFID's services take and give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.identifiers import Identity
from suyuan.core.identifiers.binary import TagEpc, TagScheme
from suyuan.core.keyset import Keys
from suyuan.rfid.models import TagRange

ITEM_SCHEMES: Final = (TagScheme.SGTIN_96, TagScheme.SGTIN_198, TagScheme.SGTIN_PLUS)
UNIT_SCHEMES: Final = (TagScheme.SSCC_96, TagScheme.SSCC_PLUS)


class TagReason(StrEnum):
    """Why an EPC leads to no key; "" where it leads to one."""

    KNOWN = ""
    MALFORMED = "tag_unreadable"  # no EPC at all, or one that breaks the standard's rules
    UNASSIGNED = "tag_unassigned"  # our product, but no range gave out this serial
    ENDED = "tag_ended"  # the range or the single tag was ended
    UNUSED = "tag_unused"  # ours, but nothing of its kind has ever been captured
    FOREIGN = "tag_foreign"  # somebody else's, and no event names it


REASONS: Final = tuple(TagReason)
"""Reasons by their number in `TagKeys.reasons`."""


@dataclass(frozen=True, slots=True)
class TagKeys:
    """What EPCs lead to; arrays have shape (n,), in the order that was asked."""

    keys: Keys
    """Capture keys of items and units; -1 where there is none."""
    reasons: NDArray[np.int8]
    """Positions in `REASONS`."""
    ranges: Keys
    """Ids of the tag ranges that gave the serials; -1 where none did."""
    bound: NDArray[np.bool_]
    """Whether the binding of a single tag led there."""

    def reason(self, at: int) -> TagReason:
        """Return the reason of one."""
        return REASONS[int(self.reasons[at])]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it is to be written.

    Attributes:
        position: Of its item within the order, from 0.
        item: What it stands for.
        epc: What it says: the item itself, or the same GTIN with a serial of its own.
        hex: Its EPC memory, whole words.
    """

    position: int
    item: Identity
    epc: TagEpc
    hex: str


@dataclass(frozen=True, slots=True)
class TagReading:
    """What became of one text that was read.

    Attributes:
        text: As it was given.
        said: What the EPC says; None for a text that is none.
        fault: Why it is none: (code, data).
        unit: The item or logistic unit that it leads to; None for none of ours.
        range: The range that gave its serial, if one did.
        reason: Why it leads nowhere, or `KNOWN`.
        bound: Whether a single binding led there.
    """

    text: str
    said: TagEpc | Identity | None
    fault: tuple[str, dict[str, str]] | None
    unit: Identity | None
    range: TagRange | None
    reason: TagReason
    bound: bool = False
