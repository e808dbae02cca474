"""What is asked and what is answered when a consumer scans a code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from suyuan.core.nfc.seal import Seal
from suyuan.lineage.values import History


class Verdict(StrEnum):
    """What is said of a code; the words are stable."""

    GENUINE_FIRST = "genuine_first"  # nobody but this device has looked at it
    GENUINE_SEEN = "genuine_seen"  # ours, but looked at before
    NOT_ACTIVATED = "not_activated"  # issued, but never reported as put on goods
    WITHDRAWN = "withdrawn"  # issued, then withdrawn: it must not be on goods
    NEVER_ISSUED = "never_issued"  # no code of ours
    RECALLED = "recalled"
    LOT_GENUINE = "lot_genuine"
    LOT_RECALLED = "lot_recalled"
    LOT_UNKNOWN = "lot_unknown"
    TAP_GENUINE = "tap_genuine"  # the item's own chip, with a message that nobody used before
    TAP_REPLAYED = "tap_replayed"  # a message of the chip that was used already
    TAP_INVALID = "tap_invalid"  # a message that no chip of ours made
    TAP_UNKNOWN = "tap_unknown"  # a chip of ours that is on no goods
    TAP_MISMATCH = "tap_mismatch"  # the chip of another item


type Untold = Callable[[int, int, Collection[int]], Collection[int]]
"""Given an organisation, an item's key and the events that mark it as recalled or clear it:
which of them no consumer is told of."""


def all_told(_organisation_id: int, _key: int, _seqs: Collection[int]) -> Collection[int]:
    """Keep no mark back: for staff."""
    return ()


MISSES = frozenset({Verdict.NEVER_ISSUED, Verdict.LOT_UNKNOWN, Verdict.TAP_INVALID})
"""Verdicts that somebody who tries codes at random would get."""

CLAIMS = MISSES | {Verdict.TAP_UNKNOWN, Verdict.TAP_MISMATCH}
"""Verdicts with which the words on the package are no more than a claim."""

GENUINE = frozenset(
    {Verdict.GENUINE_FIRST, Verdict.GENUINE_SEEN, Verdict.LOT_GENUINE, Verdict.TAP_GENUINE}
)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Who asks: as little as a verdict and a limit need. The address is never stored."""

    address: str = ""  # of the client, as text
    agent: str = ""  # its User-Agent
    region: str = ""  # a code of `masterdata.regions`
    language: str = ""
    counts: bool = True  # False for a preview or a prefetch: answered, but no scan


@dataclass(frozen=True, slots=True)
class Seen:
    """How often an item has been looked at, this time included."""

    scans: int
    first_at: datetime
    first_region: str
    own_first: bool  # the first look was this device's, minutes ago


@dataclass(frozen=True, slots=True)
class Tap:
    """What the chip's message says, whatever the verdict on the goods is.

    Attributes:
        verdict: On the message alone: one of the tap verdicts.
        seal: How the chip finds its tamper loop; None for a chip without one, or for a message
            that is not genuine.
        opened_at: When a tap first told of an open seal, this one included.
        checked_at: When this very device used the same message, minutes ago: the page was loaded
            again, rather than a link copied.
    """

    verdict: Verdict
    seal: Seal | None = None
    opened_at: datetime | None = None
    checked_at: datetime | None = None

    @property
    def broken(self) -> bool:
        """Whether the seal is open, or was ever found so."""
        return self.opened_at is not None or (self.seal is not None and self.seal.broken)


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one scan."""

    verdict: Verdict
    organisation_id: int
    gtin: str
    serial: str = ""
    lot: str = ""  # the lot by our records; as asked for if we have none
    lot_differs: bool = False  # the code names another lot than our records
    key: int | None = None
    seen: Seen | None = None
    history: History | None = None
    tap: Tap | None = None  # None: the code was scanned or typed

    @property
    def recalled(self) -> bool:
        """Whether the goods are being called back."""
        return self.verdict in {Verdict.RECALLED, Verdict.LOT_RECALLED}
